/** What goes wrong on request. */
export interface Fault {
  readonly kind:
    | 'deny'
    | 'throttle'
    | 'error'
    | 'expired'
    | 'broken answer'
    | 'empty page'
    /** No answer, until the fake stops or the client gives up. */
    | 'hang'
    /** The connection ends without an answer. */
    | 'reset';
  /** Account of the caller; every one unless said. */
  readonly account?: string;
  /** Every one unless said. */
  readonly region?: string;
  /** `LookupEvents` unless said; `*` for every operation. */
  readonly operation?: string;
  /** For so many requests; for all that come unless said. */
  readonly times?: number;
}

/** What a fault is looked up by. */
export interface Asked {
  readonly operation: string;
  readonly account: string;
  readonly region: string;
}

export class Faults {
  #faults: { readonly fault: Fault; left: number }[] = [];

  /** Returns how to end it before its time. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => {
      this.#faults = this.#faults.filter((one) => one !== entry);
    };
  }

  /** The first that this request meets; it counts as one of its times. */
  meet(asked: Asked): Fault['kind'] | undefined {
    const entry = this.#faults.find(({ fault, left }) => left > 0 && concerns(fault, asked));
    if (!entry) return undefined;
    entry.left -= 1;
    return entry.fault.kind;
  }
}

function concerns({ account, region, operation = 'LookupEvents' }: Fault, asked: Asked): boolean {
  return (
    (operation === '*' || operation === asked.operation) &&
    (account === undefined || account === asked.account) &&
    (region === undefined || region === asked.region)
  );
}
