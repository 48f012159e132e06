import type { Millis } from '../kernel/time.ts';
import type { Args } from './args.ts';
import type { Changes } from './changes.ts';

/** One Web API call as it came in; the token is left out. */
export interface Call {
  readonly method: string;
  readonly args: Args;
  readonly ok: boolean;
  readonly error?: string;
  readonly at: Millis;
}

const MOST_CALLS = 2000;

/** The latest calls, oldest first. */
export class Calls {
  readonly #calls: Call[] = [];
  readonly #changes: Changes;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  add(call: Call): void {
    this.#calls.push(call);
    if (this.#calls.length > MOST_CALLS) this.#calls.splice(0, MOST_CALLS / 10);
    this.#changes.publish({ kind: 'call' });
  }

  list(method?: string): Call[] {
    return this.#calls.filter((call) => method === undefined || call.method === method);
  }
}
