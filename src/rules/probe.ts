import type { Comparison } from './modifiers.ts';
import type { TimePart } from './time-part.ts';
import type { Pattern } from './wildcard.ts';

interface TextProbe {
  /** The value as the rule has it. */
  readonly says: string;
  readonly test: (text: string) => boolean;
}

interface NumberProbe extends TextProbe {
  readonly comparison: 'eq' | Comparison;
  readonly number: number;
}

/**
 * What one value of an item asks of a field: that it is null or absent, or that its text passes a test. Exact texts
 * and patterns are folded unless the item minds case. `time` compares a part of a timestamp, in UTC.
 */
export type Probe =
  | { readonly kind: 'null'; readonly says: string }
  | ({ readonly kind: 'exact'; readonly text: string } & TextProbe)
  | ({ readonly kind: 'pattern'; readonly pattern: Pattern } & TextProbe)
  | ({ readonly kind: 'number' } & NumberProbe)
  | ({ readonly kind: 'time'; readonly part: TimePart } & NumberProbe)
  | ({ readonly kind: 'network' } & TextProbe)
  | ({ readonly kind: 'regex'; readonly source: string; readonly flags: string } & TextProbe);
