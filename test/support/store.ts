import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import type { Database } from '../../src/store/sql.ts';

/** A fresh folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trailbot-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real database on disk, with the real schema. */
export async function temporaryStore(folder: string = temporaryFolder()): Promise<Database> {
  const db = await openStore(folder);
  onTestFinished(() => db.close().catch(() => undefined));
  return db;
}
