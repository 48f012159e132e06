import { Fault, sayError } from '../kernel/problem.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';

/** One POST of JSON to a service. */
export interface Outgoing {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

const TIMEOUT: Millis = 10 * SECOND;
const ANSWER_LIMIT = 2000;

/**
 * Resolves when the service took it, with what it answered. Rejects with a Fault: `later` after 429, 5xx, a lost
 * connection or no answer within ten seconds, else `never`. No redirect is followed: what is said is meant for one
 * address.
 */
export async function postJson(clock: Clock, { url, body, headers, signal }: Outgoing): Promise<string> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(TIMEOUT, done.signal).then(() => {
    if (!done.signal.aborted) late.abort();
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Trailbot', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
    });
    const answer = await beginningOf(response);
    if (response.status >= 200 && response.status < 300) return answer;
    throw refusal(response.status, response.headers.get('retry-after'), answer);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (late.signal.aborted) throw Fault.later('no answer within 10 s', SECOND, { uncertain: true });
    throw Fault.later(`the connection failed (${reasonOf(error)})`, SECOND, {
      cause: error,
      uncertain: true,
    });
  } finally {
    done.abort();
  }
}

/** So much of an answer as is worth reading; a service may send without an end. */
async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= ANSWER_LIMIT) break;
  }
  return text.slice(0, ANSWER_LIMIT);
}

function refusal(status: number, retryAfter: string | null, answer: string): Fault {
  const detail = answer.trim() === '' ? '' : `: ${answer.trim().slice(0, 200)}`;
  const words = `answered ${status}${detail}`;
  if (status !== 408 && status !== 429 && status < 500) return Fault.never(words);
  const seconds = /^\d{1,5}$/.test(retryAfter ?? '') ? Number(retryAfter) : 1;
  return Fault.later(words, Math.max(1, seconds) * SECOND);
}

/** fetch hides the reason in the cause of its error. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return sayError(cause ?? error);
}
