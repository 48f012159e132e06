/** What is done at once, by one thread. */
export type Unit =
  /** A whole file of so many bytes, read by whoever does it. */
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  /** Whole lines of a longer input. */
  | { readonly kind: 'lines'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Members of a long array, with the commas between them. */
  | { readonly kind: 'members'; readonly bytes: Uint8Array<ArrayBuffer> };

/** A record, or something in place of one, that was not understood. */
export interface Complaint {
  /** Index of the record within the unit, from 0. */
  readonly record: number;
  /** Line of its JSON text within the unit, from 1. */
  readonly line: number;
  readonly reason: string;
}

/** What came of a unit. */
export interface Outcome {
  /** Records, those that were not understood included. */
  readonly records: number;
  readonly unread: number;
  /** Event times, as text: of each day the first and the last. */
  readonly times: readonly string[];
  /** The first of those that were not understood. */
  readonly complaints: readonly Complaint[];
  /** Pairs in order: index of a record within the unit, index of a rule that is true for it. */
  readonly hits: Uint32Array<ArrayBuffer>;
  /** A line for each record that has hits: what was asked for of it, as JSON. */
  readonly texts: string;
}

/** `again`: it cannot be done at once, or not alone; read it piece by piece. */
export type Done = Outcome | 'again';

/** What is asked for of each record that matched: its id as JSON text, or the whole `CloudTrailRecord`. */
export type Wanted = 'id' | 'record';

export const NOTHING: Outcome = {
  records: 0,
  unread: 0,
  times: [],
  complaints: [],
  hits: new Uint32Array(),
  texts: '',
};

/** After so many of one unit, complaints are only counted. */
export const MOST_COMPLAINTS = 100;
