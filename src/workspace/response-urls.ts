import type { Random } from '../kernel/random.ts';
import { type Clock, MINUTE } from '../kernel/time.ts';
import { Denied } from './denied.ts';

/** What a `response_url` may do: five answers within 30 minutes, to one person in one place. */
export interface ResponseUrl {
  readonly user: string;
  readonly channel: string;
  /** The message that was pressed, or the last one that was sent through this URL. */
  original: string | undefined;
  /** It came with a press on a message, which stays the original whatever else is sent. */
  readonly pressed: boolean;
  readonly mintedAt: number;
  uses: number;
}

const LIFE = 30 * MINUTE;
const MOST_USES = 5;
const MOST_URLS = 10_000;

/** The `response_url`s that are out there, by the secret part of their path. */
export class ResponseUrls {
  readonly #open = new Map<string, ResponseUrl>();
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The secret part of a fresh URL. */
  mint(user: string, channel: string, original?: string): string {
    const oldest = this.#open.keys().next();
    if (this.#open.size >= MOST_URLS && !oldest.done) this.#open.delete(oldest.value);
    const secret = this.#random.id().replaceAll('-', '');
    const pressed = original !== undefined;
    this.#open.set(secret, { user, channel, original, pressed, mintedAt: this.#clock.now(), uses: 0 });
    return secret;
  }

  /** Without counting a use: for the answer that a slash command gives with its acknowledgement. */
  peek(secret: string): ResponseUrl | undefined {
    return this.#open.get(secret);
  }

  /** One use of the URL; throws what Slack answers when there is none left. */
  use(secret: string): ResponseUrl {
    const url = this.#open.get(secret);
    if (!url) throw new Denied('invalid_url', { status: 404 });
    if (this.#clock.now() - url.mintedAt > LIFE) throw new Denied('expired_url', { status: 404 });
    if (url.uses >= MOST_USES) throw new Denied('used_url', { status: 404 });
    url.uses += 1;
    return url;
  }
}
