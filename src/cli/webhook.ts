import { sayError } from '../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';

const ANSWER_WITHIN: Millis = 5 * SECOND;

/**
 * Why no server answers at an address; `undefined` when one does, whatever it says. Asked before events are
 * sent, because each of those would be tried again for a while.
 */
export async function whyNobodyAnswers(url: string, clock: Clock): Promise<string | undefined> {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return undefined;
  const timer = new AbortController();
  const late = clock.sleep(ANSWER_WITHIN, timer.signal).then(() => 'no answer within 5 s');
  const asked = fetch(new URL('/', url), { method: 'HEAD', redirect: 'manual', signal: timer.signal }).then(
    () => undefined,
    (error: unknown) => reasonOf(error),
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    timer.abort();
  }
}

/** `fetch` only says that it failed; why is behind that. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host is known';
  return sayError(cause);
}
