import type { Seen } from './seen.ts';

/** Why a formula holds for a record, or does not: its tree, with what every leaf saw. */
export type Explanation = Joined | Negated | Named | Leaf | Block;

interface Holding {
  readonly holds: boolean;
  /** How many clauses would have to turn out otherwise for the whole to hold; 0 when it does. */
  readonly missing: number;
}

interface Joined extends Holding {
  readonly kind: 'and' | 'or';
  readonly of: readonly Explanation[];
}

interface Negated extends Holding {
  readonly kind: 'not';
  readonly of: Explanation;
}

/** A selection of the detection. */
interface Named extends Holding {
  readonly kind: 'selection';
  readonly name: string;
  readonly of: Explanation;
}

export interface Leaf extends Holding {
  readonly kind: 'test';
  /** The item as a person would write it: `eventName|startswith: Get`. */
  readonly says: string;
  readonly seen: Seen;
  /** Where it fails in a way that is easily overlooked: a few words. */
  readonly hint: string | undefined;
}

/** An array block, with the member that came nearest. */
export interface Block extends Holding {
  readonly kind: 'block';
  readonly says: string;
  /** How many members the array has, and how many of them fulfil the block. */
  readonly members: number;
  readonly fulfilled: number;
  readonly nearest: { readonly index: number; readonly of: Explanation } | undefined;
}
