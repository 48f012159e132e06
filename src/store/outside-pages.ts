import type { Sql } from './sql.ts';

/** Something that is told to a service outside of Slack. */
export interface OutsidePage {
  /** `webhook:A-7:1:0:siem`, `pagerduty:A-7:security`. */
  readonly id: string;
  readonly kind: 'webhook' | 'pagerduty';
  readonly name: string;
  readonly alertId: string;
  /** Of the step that asked for it last. */
  readonly round: number;
  readonly step: number;
  /** How often it was asked for, and how many of these are told, or given up. */
  readonly wanted: number;
  readonly told: number;
  /** What was said last: `trigger`, `acknowledge`, `resolve`. */
  readonly said: string | undefined;
  /** Tries in a row that failed. */
  readonly tries: number;
}

type OutsideRow = {
  id: string;
  kind: string;
  name: string;
  alert_id: string;
  round: number;
  step: number;
  wanted: number;
  told: number;
  said: string | null;
  tries: number;
};

/** Asks for it, once more where it was asked for before. */
export async function wantOutsidePage(
  sql: Sql,
  page: Pick<OutsidePage, 'id' | 'kind' | 'name' | 'alertId' | 'round' | 'step'>,
): Promise<void> {
  await sql.run(
    `insert into outside_pages (id, kind, name, alert_id, round, step, wanted, told, tries)
      values ($1, $2, $3, $4, $5, $6, 1, 0, 0)
      on conflict (id) do update set wanted = outside_pages.wanted + 1, tries = 0,
        round = excluded.round, step = excluded.step`,
    [page.id, page.kind, page.name, page.alertId, page.round, page.step],
  );
}

export async function outsidePage(sql: Sql, id: string): Promise<OutsidePage | undefined> {
  const [row] = await sql.all<OutsideRow>('select * from outside_pages where id = $1', [id]);
  return row && readRow(row);
}

export async function outsidePagesOf(sql: Sql, alertId: string): Promise<OutsidePage[]> {
  const rows = await sql.all<OutsideRow>('select * from outside_pages where alert_id = $1 order by id', [
    alertId,
  ]);
  return rows.map(readRow);
}

/** Told, or given up, as `told` of the times it was asked for. */
export async function writeOutsideTold(
  sql: Sql,
  id: string,
  told: number,
  said: string | undefined,
): Promise<void> {
  await sql.run('update outside_pages set told = $2, said = $3, tries = 0 where id = $1', [
    id,
    told,
    said ?? null,
  ]);
}

export async function writeOutsideTries(sql: Sql, id: string, tries: number): Promise<void> {
  await sql.run('update outside_pages set tries = $2 where id = $1', [id, tries]);
}

/** What this installation calls itself outside; made up the first time, from `fresh`. */
export async function installationId(sql: Sql, fresh: () => string): Promise<string> {
  const [known] = await sql.all<{ id: string }>('select id from installation');
  if (known) return known.id;
  const id = fresh();
  await sql.run('insert into installation (id) values ($1)', [id]);
  return id;
}

function readRow(row: OutsideRow): OutsidePage {
  return {
    id: row.id,
    kind: row.kind === 'pagerduty' ? 'pagerduty' : 'webhook',
    name: row.name,
    alertId: row.alert_id,
    round: row.round,
    step: row.step,
    wanted: row.wanted,
    told: row.told,
    said: row.said ?? undefined,
    tries: row.tries,
  };
}
