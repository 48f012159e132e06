import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Misuse, sayError } from '../kernel/problem.ts';
import { type Migration, migrate } from './migrate.ts';
import type { Database } from './sql.ts';
import { openSqlite } from './sqlite.ts';

const SCHEMA = join(import.meta.dirname, 'schema');

/** Opens the data folder, making it where needed. Throws Misuse when it cannot be used. */
export async function openStore(folder: string): Promise<Database> {
  let db: Database;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    db = openSqlite(join(folder, 'trailbot.db'));
  } catch (error) {
    throw new Misuse(
      `The data folder ${folder} cannot be used (${sayError(error)}). Give a folder that this user may write with --data, or data_dir in the configuration.`,
    );
  }
  try {
    await migrate(db, schemaFiles());
    return db;
  } catch (error) {
    await db.close();
    throw new Misuse(
      `The database in ${folder} cannot be used: ${sayError(error)}. Free the disk or the lock, or start with another folder.`,
    );
  }
}

function schemaFiles(): Migration[] {
  return readdirSync(SCHEMA)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(SCHEMA, name), 'utf8') }));
}
