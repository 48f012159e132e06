import type { Clock } from '../kernel/time.ts';
import type { Changes } from './changes.ts';
import { compareStamps, type Draft, microsOf, type StoredMessage, stampOf } from './message.ts';

/** Older ones are forgotten; enough, in each channel, for weeks of a local bot. */
const MOST_MESSAGES = 5000;
/** How many drawings of one message can still be pressed. */
const MOST_DRAWINGS = 8;

/** All messages by channel, oldest first, each with the ways it was drawn before. */
export class Messages {
  readonly #channels = new Map<string, Map<string, StoredMessage[]>>();
  readonly #lastStamp = new Map<string, number>();
  readonly #clock: Clock;
  readonly #changes: Changes;

  constructor(clock: Clock, changes: Changes) {
    this.#clock = clock;
    this.#changes = changes;
  }

  /** A `ts`: seconds and microseconds, unique and increasing in the channel whatever the clock does. */
  stamp(channel: string): string {
    const micros = Math.max(this.#clock.now() * 1000, (this.#lastStamp.get(channel) ?? 0) + 1);
    this.#lastStamp.set(channel, micros);
    return stampOf(micros);
  }

  add(draft: Draft): StoredMessage {
    const message = { ...draft, ts: this.stamp(draft.channel) };
    this.restore(message);
    this.#changes.publish({ kind: 'message', message });
    return message;
  }

  /** Puts a message back that the journal has kept; nobody is told. */
  restore(message: StoredMessage): void {
    const messages = this.#of(message.channel);
    messages.set(message.ts, [message]);
    const micros = microsOf(message.ts);
    if (micros > (this.#lastStamp.get(message.channel) ?? 0)) this.#lastStamp.set(message.channel, micros);
    const oldest = messages.keys().next();
    if (messages.size > MOST_MESSAGES && !oldest.done) messages.delete(oldest.value);
  }

  /** Draws a known message anew; same channel and ts. */
  replace(message: StoredMessage): void {
    const drawings = this.#of(message.channel).get(message.ts);
    if (!drawings) return;
    drawings.unshift(message);
    drawings.splice(MOST_DRAWINGS);
    this.#changes.publish({ kind: 'message', message });
  }

  remove(channel: string, ts: string): void {
    const message = this.find(channel, ts);
    if (!message) return;
    this.#of(channel).delete(ts);
    this.#changes.publish({ kind: 'deleted', message });
  }

  find(channel: string, ts: string): StoredMessage | undefined {
    return this.#channels.get(channel)?.get(ts)?.[0];
  }

  /** Every way the message was drawn, the present one first. */
  drawings(channel: string, ts: string): readonly StoredMessage[] {
    return this.#channels.get(channel)?.get(ts) ?? [];
  }

  /** Oldest first. */
  in(channel: string): StoredMessage[] {
    return [...(this.#channels.get(channel)?.values() ?? [])].flatMap((drawings) => drawings.slice(0, 1));
  }

  /** Of all channels, oldest first. */
  all(): StoredMessage[] {
    const all = [...this.#channels.keys()].flatMap((channel) => this.in(channel));
    return all.sort((a, b) => compareStamps(a.ts, b.ts));
  }

  /** The replies of a thread, oldest first, without its parent. */
  replies(channel: string, ts: string): StoredMessage[] {
    return this.in(channel).filter((one) => one.threadTs === ts && one.ts !== ts && !one.ephemeralTo);
  }

  #of(channel: string): Map<string, StoredMessage[]> {
    const known = this.#channels.get(channel);
    if (known) return known;
    const fresh = new Map<string, StoredMessage[]>();
    this.#channels.set(channel, fresh);
    return fresh;
  }
}
