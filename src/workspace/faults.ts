import type { Millis } from '../kernel/time.ts';

/** What can go wrong with one Web API call. */
export type CallFault =
  /** 429; seconds. */
  | { readonly kind: 'rate-limited'; readonly retryAfter: number }
  /** A plain HTTP error; nothing was done. */
  | { readonly kind: 'server-error'; readonly status?: number }
  /** Nothing was done and no answer ever comes. */
  | { readonly kind: 'no-answer' }
  /** Done, but the connection is cut before the answer. */
  | { readonly kind: 'lost-reply' }
  /** Done, and answered after this time. */
  | { readonly kind: 'late'; readonly by: Millis }
  /** Refused with this error code. */
  | { readonly kind: 'refused'; readonly error: string };

/** What can go wrong with one delivery to the app. */
export type DeliveryFault =
  /** The same signed request arrives two times. */
  | { readonly kind: 'twice' }
  /** It is sent this long after the person pressed. */
  | { readonly kind: 'late'; readonly by: Millis };

/** Faults that are still to come, in the order in which they were planned. */
export class FaultPlan {
  #calls: { method: string; fault: CallFault; left: number }[] = [];
  #troubles: { method: string; fault: CallFault; every: number; seen: number }[] = [];
  #deliveries: { fault: DeliveryFault; left: number }[] = [];
  #blocks: ReadonlySet<string> = new Set();

  /** The next `times` calls of `method` (`*`: of any) fail so. */
  call(method: string, fault: CallFault, times = 1): void {
    this.#calls.push({ method, fault, left: times });
  }

  /** From now on every `every`th call of `method` (`*`: of any) fails so. */
  trouble(method: string, fault: CallFault, every: number): void {
    this.#troubles.push({ method, fault, every, seen: 0 });
  }

  /** From now on blocks of these types are refused, as in a workspace that does not have them yet. */
  blocks(...types: readonly string[]): void {
    this.#blocks = new Set(types);
  }

  /** The next `times` slash commands, interactions and events are delivered so. */
  delivery(fault: DeliveryFault, times = 1): void {
    this.#deliveries.push({ fault, left: times });
  }

  clear(): void {
    this.#calls = [];
    this.#troubles = [];
    this.#deliveries = [];
    this.#blocks = new Set();
  }

  get refusedBlocks(): ReadonlySet<string> {
    return this.#blocks;
  }

  takeCall(method: string): CallFault | undefined {
    const concerns = (plan: { method: string }) => plan.method === '*' || plan.method === method;
    const planned = take(this.#calls, concerns);
    if (planned) return planned;
    const trouble = this.#troubles.find(concerns);
    if (!trouble) return undefined;
    trouble.seen += 1;
    return trouble.seen % trouble.every === 0 ? trouble.fault : undefined;
  }

  takeDelivery(): DeliveryFault | undefined {
    return take(this.#deliveries, () => true);
  }
}

function take<Plan extends { fault: unknown; left: number }>(
  plans: readonly Plan[],
  fits: (plan: Plan) => boolean,
): Plan['fault'] | undefined {
  const plan = plans.find((one) => one.left > 0 && fits(one));
  if (!plan) return undefined;
  plan.left -= 1;
  return plan.fault;
}
