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
  /** What a field is compared with, or in which easily overlooked way it fails: a few words. */
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

/** How many clauses would have to turn out otherwise for what holds to hold no more; 0 when it does not. */
export function toUndo(part: Explanation): number {
  if (!part.holds) return 0;
  switch (part.kind) {
    case 'and':
      return part.of.reduce(
        (least, inner) => Math.min(least, toUndo(inner)),
        part.of.length > 0 ? Infinity : 1,
      );
    case 'or':
      return part.of.reduce((sum, inner) => sum + toUndo(inner), 0);
    case 'not':
      return part.of.missing;
    case 'selection':
      return toUndo(part.of);
    default:
      return 1;
  }
}
