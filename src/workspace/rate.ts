import { type Clock, SECOND } from '../kernel/time.ts';
import { Denied } from './denied.ts';

/** One message a second in each channel, with a short burst on top (Slack: "short bursts tolerated"). */
const BURST = 10;

/** The limit on new messages, one bucket a channel. */
export class Rate {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #clock: Clock;
  readonly #enabled: boolean;

  constructor(clock: Clock, enabled: boolean) {
    this.#clock = clock;
    this.#enabled = enabled;
  }

  /** Counts one message; throws 429 with Retry-After in whole seconds when the channel has had too many. */
  take(channel: string): void {
    if (!this.#enabled) return;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(channel) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / SECOND);
    if (tokens < 1) throw rateLimited(Math.max(1, Math.ceil(1 - tokens)));
    this.#buckets.set(channel, { tokens: tokens - 1, at: now });
  }
}

/** 429 as Slack answers it. */
export function rateLimited(retryAfter: number): Denied {
  return new Denied('ratelimited', { status: 429, headers: { 'retry-after': String(retryAfter) } });
}
