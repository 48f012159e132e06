import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** One target, paged of one alert by one step. */
export interface Page {
  readonly alertId: string;
  readonly round: number;
  /** Index of the step. */
  readonly step: number;
  /** A user id, a channel, or `webhook:NAME`, `pagerduty:NAME`. */
  readonly target: string;
  readonly at: Millis;
  /** The post that tells of it; pages of a storm share one. */
  readonly postId: string | undefined;
}

interface StoredPage extends Page {
  /** Why it could not be told. */
  readonly refused: string | undefined;
}

type PageRow = {
  alert_id: string;
  round: number;
  step: number;
  target: string;
  at: number;
  post_id: string | null;
  refused: string | null;
};

/** False when this step has paged the target already. */
export async function insertPage(sql: Sql, page: Page): Promise<boolean> {
  const added = await sql.run(
    `insert into pages (alert_id, round, step, target, at, post_id) values ($1, $2, $3, $4, $5, $6)
      on conflict (alert_id, round, step, target) do nothing`,
    [page.alertId, page.round, page.step, page.target, page.at, page.postId ?? null],
  );
  return added === 1;
}

/** All that were made for an alert, in order. */
export async function pagesOf(sql: Sql, alertId: string): Promise<StoredPage[]> {
  const rows = await sql.all<PageRow>(
    'select * from pages where alert_id = $1 order by round, step, target',
    [alertId],
  );
  return rows.map(readRow);
}

/** Those that a post tells of. */
export async function pagesInPost(sql: Sql, postId: string): Promise<StoredPage[]> {
  const rows = await sql.all<PageRow>('select * from pages where post_id = $1 order by at, alert_id', [
    postId,
  ]);
  return rows.map(readRow);
}

/** The pages of a target since an instant (later ones only), oldest first. */
export async function pagesSince(sql: Sql, target: string, since: Millis): Promise<StoredPage[]> {
  const rows = await sql.all<PageRow>(
    'select * from pages where target = $1 and at > $2 order by at, alert_id',
    [target, since],
  );
  return rows.map(readRow);
}

/** It could not be told, and never will. */
export async function refusePage(sql: Sql, page: Page, reason: string): Promise<void> {
  await sql.run(
    'update pages set refused = $5 where alert_id = $1 and round = $2 and step = $3 and target = $4',
    [page.alertId, page.round, page.step, page.target, reason],
  );
}

function readRow(row: PageRow): StoredPage {
  return {
    alertId: row.alert_id,
    round: row.round,
    step: row.step,
    target: row.target,
    at: row.at,
    postId: row.post_id ?? undefined,
    refused: row.refused ?? undefined,
  };
}
