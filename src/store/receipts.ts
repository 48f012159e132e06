import type { Drawn } from '../alerts/group.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** What the bot knows about an alert's message: an intent without a receipt may or may not be in Slack. */
export interface MessageState {
  readonly intent: string | undefined;
  readonly intentAt: Millis | undefined;
  readonly receipt: { readonly channel: string; readonly ts: string } | undefined;
  readonly drawn: Drawn | undefined;
  readonly drawnVersion: number;
  readonly drawnCount: number;
  /** How often it was asked to be drawn anew for something beside the alert. */
  readonly wanted: number;
}

type ReceiptRow = {
  intent: string | null;
  intent_at: number | null;
  channel: string | null;
  ts: string | null;
  drawn_version: number;
  drawn_count: number;
  posted_at: number | null;
  counted_at: number | null;
  wanted: number;
  shown: number;
};

export async function messageState(sql: Sql, alertId: string): Promise<MessageState | undefined> {
  const [row] = await sql.all<ReceiptRow>('select * from receipts where alert_id = $1', [alertId]);
  if (!row) return undefined;
  const receipt = row.channel !== null && row.ts !== null ? { channel: row.channel, ts: row.ts } : undefined;
  return {
    intent: row.intent ?? undefined,
    intentAt: row.intent_at ?? undefined,
    receipt,
    drawn: receipt && {
      version: row.drawn_version,
      count: row.drawn_count,
      postedAt: row.posted_at ?? 0,
      countedAt: row.counted_at ?? undefined,
      outdated: row.wanted !== row.shown,
    },
    drawnVersion: row.drawn_version,
    drawnCount: row.drawn_count,
    wanted: row.wanted,
  };
}

/** Written before the post: what is about to be shown, under which id. */
export async function writeIntent(
  sql: Sql,
  alertId: string,
  intent: string,
  drawn: { version: number; count: number },
  now: Millis,
): Promise<void> {
  await sql.run(
    `insert into receipts (alert_id, intent, intent_at, drawn_version, drawn_count) values ($1, $2, $3, $4, $5)
      on conflict (alert_id) do update set intent = excluded.intent, intent_at = excluded.intent_at,
        drawn_version = excluded.drawn_version, drawn_count = excluded.drawn_count,
        channel = null, ts = null, posted_at = null, counted_at = null, wanted = 0, shown = 0`,
    [alertId, intent, now, drawn.version, drawn.count],
  );
}

/** Slack certainly did not take the message, or has lost it: the next try starts anew. */
export async function forgetMessage(sql: Sql, alertId: string): Promise<void> {
  await sql.run('delete from receipts where alert_id = $1', [alertId]);
}

export async function writeReceipt(
  sql: Sql,
  alertId: string,
  receipt: { channel: string; ts: string },
  now: Millis,
): Promise<void> {
  await sql.run('update receipts set channel = $2, ts = $3, posted_at = $4 where alert_id = $1', [
    alertId,
    receipt.channel,
    receipt.ts,
    now,
  ]);
}

/** Something that the message shows besides its alert has changed; goes with a job to notify. */
export async function wantMessageDrawn(sql: Sql, alertId: string): Promise<void> {
  await sql.run('update receipts set wanted = wanted + 1 where alert_id = $1', [alertId]);
}

/** The message was edited, as it was `wanted`; `counter` when only the count changed. */
export async function writeDrawn(
  sql: Sql,
  alertId: string,
  drawn: { version: number; count: number; wanted: number },
  counter: boolean,
  now: Millis,
): Promise<void> {
  await sql.run(
    `update receipts set drawn_version = $2, drawn_count = $3, shown = $6,
        counted_at = case when $4 = 1 then $5 else counted_at end
      where alert_id = $1`,
    [alertId, drawn.version, drawn.count, counter ? 1 : 0, now, drawn.wanted],
  );
}
