import type { Database } from './sql.ts';

/** One schema file: its name orders it, its text is plain SQL for every engine. */
export interface Migration {
  readonly name: string;
  readonly text: string;
}

/**
 * Brings the schema up to date, each file once, all in one transaction. Throws when the data was written by
 * a newer version: an older program must not touch it.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<void> {
  await db.run('create table if not exists migrations (name text primary key)');
  await db.tx(async (sql) => {
    const done = new Set(
      (await sql.all<{ name: string }>('select name from migrations')).map((row) => row.name),
    );
    for (const name of done) {
      if (!migrations.some((migration) => migration.name === name)) {
        throw new Error(
          `the data was written by a newer version of Trailbot (schema ${name} is unknown here)`,
        );
      }
    }
    for (const migration of migrations) {
      if (done.has(migration.name)) continue;
      for (const statement of statementsOf(migration.text)) await sql.run(statement);
      await sql.run('insert into migrations (name) values ($1)', [migration.name]);
    }
  });
}

function statementsOf(text: string): string[] {
  return text
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
