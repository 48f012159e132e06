import type { Millis } from '../kernel/time.ts';
import type { Coverage } from './coverage.ts';
import type { Question } from './question.ts';

/** A piece of a line: text, an instant that each reader sees in the own zone, a link, or an access key to be masked. */
export type Span =
  | { readonly text: string; readonly style?: 'bold' | 'code' }
  /** Words of this program that lead to an address made by it. */
  | { readonly text: string; readonly url: string }
  | { readonly at: Millis; readonly form: 'date' | 'date and time' | 'time' }
  /** Shown masked in Slack, whole in a terminal. */
  | { readonly keyId: string };

export type Line = readonly Span[];

/** A piece of an answer, the same for Slack and for a terminal. */
export type Part =
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  | {
      readonly kind: 'list';
      readonly title: string;
      readonly ordered: boolean;
      readonly items: readonly Line[];
    }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly { readonly name: string; readonly align: 'left' | 'right' }[];
      readonly rows: readonly (readonly Line[])[];
      /** Rows that were left out below. */
      readonly more: number;
    }
  | {
      readonly kind: 'chart';
      /** At most 50 characters. */
      readonly title: string;
      readonly unit: string;
      /** At most 92 (a day each), each at most 20 characters. */
      readonly labels: readonly string[];
      readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
    }
  /** Text in fixed width, such as an event's JSON. */
  | { readonly kind: 'code'; readonly title: string; readonly text: string };

/** How an answer is looked at: counted, or call by call. */
export type View = { readonly kind: 'summary' } | { readonly kind: 'timeline'; readonly page: number };

export interface Answer {
  readonly question: Question;
  readonly view: View;
  /** `Who used AKIA…7EXAMPLE, last 30 days`, at most 140 characters with the key masked. */
  readonly title: Line;
  /** The answer in one or two sentences: what a phone shows. */
  readonly lead: Line;
  readonly parts: readonly Part[];
  readonly coverage: Coverage;
  /** Of a timeline; pages count from 0. */
  readonly pages: { readonly page: number; readonly of: number } | undefined;
  /** Whether there are calls to list, export and narrow. */
  readonly calls: number;
  /** Further questions that this answer raises, most telling first. */
  readonly follow: readonly { readonly label: Line; readonly question: Question }[];
  readonly unfinished: boolean;
}

/** How far a running question has come. */
export interface Progress {
  readonly places: number;
  readonly done: number;
  readonly requests: number;
  readonly events: number;
  /** A guess from what is still to be asked; `undefined` when there is nothing to guess from. */
  readonly left: Millis | undefined;
  /** What it takes, in one sentence, when that is more than ten seconds. */
  readonly cost?: string | undefined;
  /** What is known so far, when anything is. */
  readonly soFar: Answer | undefined;
}
