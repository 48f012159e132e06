import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { sayError } from '../kernel/problem.ts';
import { type Database, type Sql, StorageTrouble, type Value } from './sql.ts';

const PRAGMAS = [
  'pragma busy_timeout = 5000',
  'pragma journal_mode = wal',
  'pragma synchronous = full',
  'pragma foreign_keys = on',
  'pragma cache_size = -8000',
  'pragma temp_store = memory',
];

/**
 * SQLite's primary result codes that are the fault of a statement or of its values: SQL logic, constraint,
 * mismatch, misuse, range. Every other one (full, busy, read-only, input and output …) is trouble with storage.
 * Source: SQLite, "Result and Error Codes".
 */
const OWN_FAULT = new Set([1, 19, 20, 21, 25]);

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : Number.NaN;
    if (Number.isNaN(code) || OWN_FAULT.has(code & 0xff)) throw error;
    throw new StorageTrouble(`the database is in trouble: ${sayError(error)}`, { cause: error });
  }
}

/**
 * Holds a file as long as the process lives, however it ends; returns how to let it go. `undefined` when
 * another process holds it. (An open exclusive transaction is a lock that the system drops with the process.)
 */
export function holdFile(file: string): (() => void) | undefined {
  const connection = new DatabaseSync(file);
  try {
    connection.exec('begin exclusive');
  } catch (error) {
    connection.close();
    if (error instanceof Error && 'errcode' in error && Number(error.errcode) === BUSY) return undefined;
    throw error;
  }
  return () => connection.close();
}

const BUSY = 5;

/** Statements on one connection, each prepared once. */
function statementsOn(connection: DatabaseSync): Sql {
  const statements = new Map<string, StatementSync>();

  function prepared(statement: string): StatementSync {
    let found = statements.get(statement);
    if (!found) {
      found = connection.prepare(statement.replace(/\$(\d+)/g, '?$1'));
      statements.set(statement, found);
    }
    return found;
  }

  return {
    async all<T extends object>(statement: string, values: readonly Value[] = []) {
      return guarded(() => prepared(statement).all(...values) as T[]);
    },
    async run(statement, values = []) {
      return guarded(() => Number(prepared(statement).run(...values).changes));
    },
  };
}

function connect(file: string, readOnly: boolean, pragmas: readonly string[]): DatabaseSync {
  try {
    const connection = new DatabaseSync(file, { readOnly });
    for (const pragma of pragmas) connection.exec(pragma);
    return connection;
  } catch (error) {
    throw new StorageTrouble(`${file} cannot be opened: ${sayError(error)}`, { cause: error });
  }
}

/**
 * Opens a database file that another process may be writing; every statement sees the last commit. Throws
 * StorageTrouble when there is none, or it cannot be read.
 */
export function openSqliteForReading(file: string): Sql & { close(): Promise<void> } {
  const connection = connect(file, true, ['pragma busy_timeout = 5000', 'pragma temp_store = memory']);
  return {
    ...statementsOn(connection),
    async close() {
      connection.close();
    },
  };
}

/** Opens (and creates) the database file. Throws StorageTrouble when the folder cannot be written. */
export function openSqlite(file: string): Database {
  const connection = connect(file, false, PRAGMAS);
  const inside = statementsOn(connection);

  // One connection: a transaction holds it until it ends, everything else waits its turn.
  let turn: Promise<unknown> = Promise.resolve();
  function queued<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  async function transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    guarded(() => connection.exec('begin immediate'));
    try {
      const result = await work(inside);
      guarded(() => connection.exec('commit'));
      return result;
    } catch (error) {
      if (connection.isTransaction) connection.exec('rollback');
      throw error;
    }
  }

  return {
    all: (statement, values) => queued(() => inside.all(statement, values)),
    run: (statement, values) => queued(() => inside.run(statement, values)),
    tx: (work) => queued(() => transaction(work)),
    async close() {
      await queued(async () => connection.close());
    },
  };
}
