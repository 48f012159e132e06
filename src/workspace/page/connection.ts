import type { PageEvent, PageRequest, Snapshot } from '../page-api.ts';
import { after } from './time.ts';

const RETRY_MS = 2000;

/** Everything this person may see, as the server has it now. */
export async function loadState(as: string): Promise<Snapshot> {
  const response = await fetch(`/client/state?as=${encodeURIComponent(as)}`);
  if (!response.ok) throw new Error(`The workspace answered ${response.status}: ${await response.text()}`);
  const snapshot: Snapshot = await response.json();
  return snapshot;
}

/** What went wrong, in Slack's words; nothing when the server took it. */
export async function post(request: PageRequest): Promise<string | undefined> {
  try {
    const response = await fetch('/client/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const answer: { ok: boolean; error?: string } = await response.json();
    return answer.ok ? undefined : (answer.error ?? 'The workspace refused this without a reason.');
  } catch {
    return 'The workspace does not answer. Is it still running?';
  }
}

/** Who listens to the stream of events. */
export interface Listener {
  /** The stream stands: now, or again after it broke. What was missed must be loaded. */
  opened(): void;
  lost(): void;
  heard(event: PageEvent): void;
}

/** Listens for as long as the page is open, however often the stream breaks. */
export function listen(as: string, listener: Listener): void {
  const source = new EventSource(`/client/events?as=${encodeURIComponent(as)}`);
  source.addEventListener('open', () => listener.opened());
  source.addEventListener('message', (message: MessageEvent<string>) => {
    const event: PageEvent = JSON.parse(message.data);
    listener.heard(event);
  });
  source.addEventListener('error', () => {
    listener.lost();
    if (source.readyState !== EventSource.CLOSED) return;
    after(RETRY_MS, () => listen(as, listener));
  });
}
