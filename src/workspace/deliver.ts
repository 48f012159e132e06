import { type Clock, MINUTE, SECOND } from '../kernel/time.ts';
import type { Changes } from './changes.ts';
import type { FaultPlan } from './faults.ts';

/** What came back from the app within Slack's three seconds. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly why: string };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What the app is told: the fields of a slash command, an interaction, or an event in its envelope. */
export interface Payload {
  readonly kind: 'command' | 'interaction' | 'event';
  readonly content: Readonly<Record<string, unknown>>;
}

/** Which try of an event it is (0: the first), and why the one before was none. */
export interface Retry {
  readonly number: number;
  readonly reason: 'timeout' | 'connection_failed' | 'error' | undefined;
}

/** The way to the app. Never rejects: whatever goes wrong is an outcome. */
export interface Carrier {
  /** `cut` ends the waiting for an answer. */
  carry(payload: Payload, retry: Retry, cut: AbortSignal): Promise<Outcome>;
}

const ACK_LIMIT = 3 * SECOND;
const FIRST: Retry = { number: 0, reason: undefined };
/** When an event that was not taken is sent again: at once, after a minute, after five more. */
const EVENT_RETRIES = [0, MINUTE, 5 * MINUTE];

export interface DeliverOptions {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly faults: FaultPlan;
  readonly carrier: Carrier;
  /** Ends everything under way. */
  readonly stopped: AbortSignal;
}

/** What the app is told, with Slack's patience: three seconds, and further tries for events. */
export class Deliver {
  readonly #options: DeliverOptions;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: DeliverOptions) {
    this.#options = options;
  }

  /** A slash command. */
  command(fields: Readonly<Record<string, string>>): Promise<Outcome> {
    return this.#withFaults({ kind: 'command', content: fields });
  }

  interaction(payload: Readonly<Record<string, unknown>>): Promise<Outcome> {
    return this.#withFaults({ kind: 'interaction', content: payload });
  }

  /** An event; the first try is awaited, later ones go on by themselves until the app takes it. */
  async event(envelope: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const payload: Payload = { kind: 'event', content: envelope };
    const first = await this.#withFaults(payload);
    if (wantsRetry(first)) void this.#track(this.#retry(payload, first));
    return first;
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  async #retry(payload: Payload, first: Outcome): Promise<void> {
    let last = first;
    for (const [index, wait] of EVENT_RETRIES.entries()) {
      await this.#options.clock.sleep(wait, this.#options.stopped);
      if (this.#options.stopped.aborted || !wantsRetry(last)) return;
      last = await this.#send(payload, { number: index + 1, reason: reasonOf(last) });
    }
  }

  async #withFaults(payload: Payload): Promise<Outcome> {
    const fault = this.#options.faults.takeDelivery();
    if (fault?.kind === 'late') await this.#options.clock.sleep(fault.by, this.#options.stopped);
    const outcome = await this.#send(payload);
    if (fault?.kind === 'twice') await this.#send(payload);
    return outcome;
  }

  async #send(payload: Payload, retry: Retry = FIRST): Promise<Outcome> {
    const { clock, changes, carrier, stopped } = this.#options;
    const done = new AbortController();
    const cut = AbortSignal.any([done.signal, stopped]);
    const answer = carrier.carry(payload, retry, cut);
    const late = clock.sleep(ACK_LIMIT, cut).then((): Outcome => ({ kind: 'timeout' }));
    const outcome = await this.#track(Promise.race([answer, late]));
    done.abort();
    const result = outcome.kind === 'answered' ? outcome.status : outcome.kind;
    changes.publish({ kind: 'delivery', delivery: { retry: retry.number, result, at: clock.now() } });
    return outcome;
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }
}

function wantsRetry(outcome: Outcome): boolean {
  if (outcome.kind !== 'answered') return true;
  const taken = outcome.status >= 200 && outcome.status < 300;
  return !taken && outcome.headers['x-slack-no-retry'] !== '1';
}

function reasonOf(outcome: Outcome): Retry['reason'] {
  if (outcome.kind === 'timeout') return 'timeout';
  return outcome.kind === 'unreachable' ? 'connection_failed' : 'error';
}
