import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, SECOND } from '../kernel/time.ts';
import { createPoster, type Verdict } from './poster.ts';

export interface SendOptions {
  /** The whole address of the webhook: `http://127.0.0.1:8080/events`. */
  readonly url: string;
  readonly key: string;
  /** One envelope, as JSON text, a request. */
  readonly events: AsyncIterable<string> | Iterable<string>;
  /** Events a second; as fast as answers come when left out. */
  readonly rate?: number;
  readonly concurrency: number;
  /** How often one event is tried again. */
  readonly retries: number;
  /** False (as an API destination does) opens a connection for every request. */
  readonly keepAlive?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly onProgress?: (soFar: SendResult) => void;
}

export interface SendResult {
  /** Events taken from the source and done with, whatever came of them. */
  readonly sent: number;
  /** Records, as the webhook counted them: newly stored, there already, not understood but kept. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Events that were refused for good or whose retries ran out. */
  readonly failed: number;
  /** Further tries of all events together. */
  readonly retried: number;
  /** Why the first event failed that did. */
  readonly firstFailure: string | undefined;
}

const FIRST_BACKOFF: Millis = 200;
const MAX_BACKOFF: Millis = 30 * SECOND;

/**
 * Posts events the way an EventBridge API destination does: its headers, 5 s for an answer, its choice of
 * what to try again, `Retry-After`, no redirects. Throws Misuse for an address that is none; a failure of an
 * event is counted, and the rest goes on.
 * Source: Amazon EventBridge user guide, "API destinations".
 */
export async function sendEvents(options: SendOptions): Promise<SendResult> {
  const { close, post } = createPoster(options);
  const source = paced(options);
  const total = { sent: 0, accepted: 0, duplicates: 0, rejected: 0, failed: 0, retried: 0 };
  let firstFailure: string | undefined;

  async function work(): Promise<void> {
    for await (const event of source) {
      const { verdict, retried } = await deliver(event, post, options);
      total.sent += 1;
      total.retried += retried;
      if (verdict.is === 'done') {
        total.accepted += verdict.accepted;
        total.duplicates += verdict.duplicates;
        total.rejected += verdict.rejected;
      } else {
        total.failed += 1;
        firstFailure ??= verdict.why;
      }
      options.onProgress?.({ ...total, firstFailure });
    }
  }

  try {
    await Promise.all(Array.from({ length: options.concurrency }, work));
  } finally {
    close();
  }
  return { ...total, firstFailure };
}

/** The events, each not before its time. An async generator, so that several workers may draw from it. */
async function* paced({ events, rate, clock }: SendOptions): AsyncGenerator<string, void, void> {
  const start = clock.now();
  let count = 0;
  for await (const event of events) {
    const early = rate === undefined ? 0 : start + (count * SECOND) / rate - clock.now();
    if (early > 0) await clock.sleep(early);
    count += 1;
    yield event;
  }
}

async function deliver(
  event: string,
  post: (event: string) => Promise<Verdict>,
  { retries, clock, random }: SendOptions,
): Promise<{ verdict: Verdict; retried: number }> {
  let retried = 0;
  let verdict = await post(event);
  while (verdict.is === 'later' && retried < retries) {
    await clock.sleep(Math.max(verdict.after, backoff(retried, random)));
    retried += 1;
    verdict = await post(event);
  }
  return { verdict, retried };
}

/** Doubles with every try; half of it is chance, so that many events do not come back at once. */
function backoff(retried: number, random: Random): Millis {
  return Math.min(MAX_BACKOFF, FIRST_BACKOFF * 2 ** retried) * (0.5 + random.fraction() / 2);
}
