import type { Millis } from '../../kernel/time.ts';
import type { TimeWords } from './periods.ts';
import type { Word } from './words.ts';

/** What the words of a question depend on. */
export interface Setting {
  readonly now: Millis;
  /** By account id. */
  readonly accounts: ReadonlyMap<string, { readonly name: string }>;
}

/** What narrows a question, and the words that do not. */
export interface Narrowing {
  readonly rest: readonly Word[];
  readonly time: TimeWords;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly access?: 'reads' | 'writes' | undefined;
  readonly failed?: boolean | undefined;
  /** The first thing wrong in it, one sentence. */
  readonly mistake?: string | undefined;
}

type Mutable<Shape> = { -readonly [Member in keyof Shape]: Shape[Member] };

/** What the readers have found so far. */
export type Found = Mutable<Omit<Narrowing, 'rest' | 'time'>> & { time: Mutable<TimeWords> };

/** How many words were understood; 0 for none. */
export type Reader = (words: readonly Word[], at: number, found: Found, setting: Setting) => number;
