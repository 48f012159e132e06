import type { Operator } from '../../alerts/alert.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { StoredOverride } from '../../store/overrides.ts';
import type { Give, Given } from '../../work/on-call/change.ts';
import type { ScheduleLook } from '../../work/on-call/look.ts';
import type { SwapOffer, SwapWish } from '../../work/on-call/swap.ts';

/** What people in Slack may ask of schedules, and change in them. */
export interface OnCallDesk {
  /** The schedules' names, in the order of the configuration. */
  schedules(): readonly string[];
  look(schedule: string): Promise<ScheduleLook>;
  give(give: Give): Promise<{ readonly given: Given } | Refusal>;
  offer(wish: SwapWish): Promise<SwapOffer | Refusal>;
  swap(offer: SwapOffer, by: Operator, other: Operator): Promise<{ readonly swapped: SwapOffer } | Refusal>;
  /** Those that hold or will, the earliest first. */
  overrides(): Promise<readonly StoredOverride[]>;
  end(id: string, by: Operator): Promise<{ readonly ended: readonly StoredOverride[] } | Refusal>;
}
