import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { sayError } from '../kernel/problem.ts';
import { type Clock, MINUTE, SECOND } from '../kernel/time.ts';
import type { Changes } from './changes.ts';
import type { FaultPlan } from './faults.ts';

/** What came back from the app within Slack's three seconds. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly why: string };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const ACK_LIMIT = 3 * SECOND;
const MOST_ANSWER = 1_000_000;
/** When an event that was not taken is sent again: at once, after a minute, after five more. */
const EVENT_RETRIES = [0, MINUTE, 5 * MINUTE];

export interface DeliverOptions {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly faults: FaultPlan;
  readonly signingSecret: string;
  readonly requestUrl: () => string;
  /** Ends everything under way. */
  readonly stopped: AbortSignal;
}

/** Signed requests to the app, as Slack sends them (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
export class Deliver {
  readonly #options: DeliverOptions;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: DeliverOptions) {
    this.#options = options;
  }

  /** A slash command, or an interaction in its `payload` field. */
  form(fields: Readonly<Record<string, string>>): Promise<Outcome> {
    const body = new URLSearchParams(fields).toString();
    return this.#withFaults('application/x-www-form-urlencoded', body);
  }

  interaction(payload: Readonly<Record<string, unknown>>): Promise<Outcome> {
    return this.form({ payload: JSON.stringify(payload) });
  }

  /** An event; the first try is awaited, later ones go on by themselves until the app takes it. */
  async event(envelope: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const body = JSON.stringify(envelope);
    const first = await this.#withFaults('application/json', body);
    if (wantsRetry(first)) void this.#track(this.#retry(body, first));
    return first;
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  async #retry(body: string, first: Outcome): Promise<void> {
    let last = first;
    for (const [index, wait] of EVENT_RETRIES.entries()) {
      await this.#options.clock.sleep(wait, this.#options.stopped);
      if (this.#options.stopped.aborted || !wantsRetry(last)) return;
      last = await this.#send('application/json', body, index + 1, {
        'x-slack-retry-reason': reasonOf(last),
      });
    }
  }

  async #withFaults(type: string, body: string): Promise<Outcome> {
    const fault = this.#options.faults.takeDelivery();
    if (fault?.kind === 'late') await this.#options.clock.sleep(fault.by, this.#options.stopped);
    const outcome = await this.#send(type, body);
    if (fault?.kind === 'twice') await this.#send(type, body);
    return outcome;
  }

  async #send(
    type: string,
    body: string,
    retry = 0,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const { clock, changes, stopped } = this.#options;
    const headers = {
      'content-type': type,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...this.#signature(body),
      ...(retry > 0 ? { 'x-slack-retry-num': String(retry) } : {}),
      ...extra,
    };
    const done = new AbortController();
    const cut = AbortSignal.any([done.signal, stopped]);
    const answer = post(this.#options.requestUrl(), headers, body, cut);
    const late = clock.sleep(ACK_LIMIT, cut).then((): Outcome => ({ kind: 'timeout' }));
    const outcome = await this.#track(Promise.race([answer, late]));
    done.abort();
    const result = outcome.kind === 'answered' ? outcome.status : outcome.kind;
    changes.publish({ kind: 'delivery', delivery: { retry, result, at: clock.now() } });
    return outcome;
  }

  #signature(body: string): Record<string, string> {
    const seconds = String(Math.floor(this.#options.clock.now() / 1000));
    const hmac = createHmac('sha256', this.#options.signingSecret)
      .update(`v0:${seconds}:${body}`)
      .digest('hex');
    return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${hmac}` };
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

function reasonOf(outcome: Outcome): string {
  if (outcome.kind === 'timeout') return 'http_timeout';
  return outcome.kind === 'unreachable' ? 'connection_failed' : 'http_error';
}

/** One POST on its own connection. Never rejects: whatever goes wrong is an outcome. */
function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ kind: 'unreachable', why: sayError(error) });
    try {
      const options = { method: 'POST', agent: false, headers: { ...headers }, signal } as const;
      const sent = request(url, options, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_ANSWER) answer.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        answer.on('error', failed);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ kind: 'answered', status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        });
      });
      sent.on('error', failed);
      sent.end(body);
    } catch (error) {
      failed(error);
    }
  });
}
