import { statfs } from 'node:fs/promises';
import { openSqliteForReading } from './sqlite.ts';

/** What SQLite finds wrong with a database file, nothing when it is whole. Source: SQLite, "PRAGMA quick_check". */
export async function damageOf(file: string): Promise<string[]> {
  const sql = openSqliteForReading(file);
  try {
    const rows = await sql.all<{ quick_check: string }>('pragma quick_check(5)');
    return rows.map((row) => row.quick_check).filter((said) => said !== 'ok');
  } finally {
    await sql.close();
  }
}

/** Bytes that may still be written where a folder is, and bytes in all. */
export async function spaceAt(folder: string): Promise<{ free: number; all: number }> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, all: blocks * bsize };
}
