/** What a column holds. Yes/no is 0/1, times are epoch milliseconds, JSON is text (docs/adr/0003). */
export type Value = string | number | null;

export type Row = Readonly<globalThis.Record<string, Value>>;

/** The seam: `$1` placeholders, the same statements on every engine. */
export interface Sql {
  all<T extends object = Row>(statement: string, values?: readonly Value[]): Promise<T[]>;
  /** How many rows it changed. */
  run(statement: string, values?: readonly Value[]): Promise<number>;
}

export interface Database extends Sql {
  /**
   * All or nothing. Transactions of one process run one after another; inside only SQL: no network, no
   * timers.
   */
  tx<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The disk is full, read-only or broken: the caller may try again later, nothing was half done. */
export class StorageTrouble extends Error {
  override readonly name = 'StorageTrouble';
}
