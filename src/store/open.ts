import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sayFileError } from '../kernel/file-error.ts';
import { Misuse, sayError } from '../kernel/problem.ts';
import { chainEntriesBefore } from './audit-before.ts';
import { type Migration, migrate } from './migrate.ts';
import type { Database, Sql } from './sql.ts';
import { holdFile, openSqlite, openSqliteForReading } from './sqlite.ts';

const SCHEMA = join(import.meta.dirname, 'schema');

/**
 * Opens the data folder, making it where needed; one process at a time. Throws Misuse when it cannot be used.
 */
export async function openStore(folder: string): Promise<Database> {
  let db: Database;
  let letGo: (() => void) | undefined;
  try {
    makeFolder(folder);
    letGo = holdFile(join(folder, 'lock'));
    if (!letGo) throw new Error('another Trailbot is running with it');
    db = closingWith(openSqlite(join(folder, 'trailbot.db')), letGo);
  } catch (error) {
    letGo?.();
    throw new Misuse(
      `The data folder ${folder} cannot be used: ${sayFileError(error)}. Give a folder that this user may write with --data, or data_dir in the configuration.`,
    );
  }
  try {
    await migrate(db, schemaFiles());
    await chainEntriesBefore(db);
    return db;
  } catch (error) {
    await db.close();
    throw new Misuse(
      `The database in ${folder} cannot be used: ${sayError(error)}. Free the disk or the lock, or start with another folder.`,
    );
  }
}

/**
 * An empty database of this process alone, gone when it is closed and however the process ends: in memory while it is
 * small, beyond that in a temporary file. Source: SQLite, "In-Memory Databases", "Temporary Databases".
 */
export async function openTemporaryStore(): Promise<Database> {
  const db = openSqlite('');
  // What it sorts may be more than fits into memory.
  await db.run('pragma temp_store = file');
  await migrate(db, schemaFiles());
  return db;
}

/**
 * The database of a data folder for questions only, beside a bot that may be running with it. `undefined` when there
 * is none. Throws Misuse when it cannot be read, or when another version of the program wrote it.
 */
export async function openStoreForReading(
  folder: string,
): Promise<(Sql & { close(): Promise<void> }) | undefined> {
  const file = join(folder, 'trailbot.db');
  if (!existsSync(file)) return undefined;
  let sql: (Sql & { close(): Promise<void> }) | undefined;
  try {
    sql = openSqliteForReading(file);
    const known = schemaFiles().map(({ name }) => name);
    const found = (await sql.all<{ name: string }>('select name from migrations')).map(({ name }) => name);
    const missing = known.find((name) => !found.includes(name));
    const unknown = found.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new Error(`a newer version of Trailbot wrote it (schema ${unknown} is unknown here)`);
    }
    if (missing !== undefined) {
      throw new Error(
        `an older version of Trailbot wrote it (schema ${missing} is missing; starting the bot brings it up to date)`,
      );
    }
    return sql;
  } catch (error) {
    await sql?.close();
    throw new Misuse(
      `The database in ${folder} cannot be read: ${sayError(error)}. Use the version of Trailbot that runs there, or give another folder with --data.`,
    );
  }
}

function closingWith(db: Database, after: () => void): Database {
  return {
    ...db,
    async close() {
      await db.close();
      after();
    },
  };
}

/** Step by step: on a file system that has no folders to give, such as /proc, Node's `recursive` never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error('it is a file');
    return;
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const nowhere = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw nowhere ? new Error('it cannot be made there') : error;
  }
}

function schemaFiles(): Migration[] {
  return readdirSync(SCHEMA)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(SCHEMA, name), 'utf8') }));
}
