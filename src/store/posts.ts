import { isObject, type JsonObject, parseJson } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Something that the bot says besides the messages of alerts. */
export interface Post {
  /** What it is, such as `page:A-1042:1:2:U0123`: the same is said once. */
  readonly id: string;
  /** How it is drawn. */
  readonly kind: string;
  /** A channel (`#name` or id), a person for a direct message; `undefined`: the channel of its alert. */
  readonly place: string | undefined;
  readonly alertId: string | undefined;
  /** Under the alert's message. */
  readonly inThread: boolean;
  /** A reply in the thread that the channel sees, too. */
  readonly broadcast: boolean;
  readonly content: JsonObject;
}

/** A post with what is known of it in Slack: an intent without a receipt may or may not be there. */
export interface StoredPost extends Post {
  readonly askedAt: Millis;
  readonly wanted: number;
  readonly drawn: number;
  readonly intentAt: Millis | undefined;
  readonly receipt: { readonly channel: string; readonly ts: string } | undefined;
  readonly postedAt: Millis | undefined;
  readonly refused: string | undefined;
}

type PostRow = {
  id: string;
  kind: string;
  place: string | null;
  alert_id: string | null;
  in_thread: number;
  broadcast: number;
  content: string;
  asked_at: number;
  wanted: number;
  drawn: number;
  intent_at: number | null;
  channel: string | null;
  ts: string | null;
  posted_at: number | null;
  refused: string | null;
};

/** False when a post of this id is there already; it stays as it is. */
export async function insertPost(sql: Sql, post: Post, now: Millis): Promise<boolean> {
  const { id, kind, place, alertId, inThread, broadcast, content } = post;
  const added = await sql.run(
    `insert into posts (id, kind, place, alert_id, in_thread, broadcast, content, asked_at, wanted, drawn)
      values ($1, $2, $3, $4, $5, $6, $7, $8, 1, 0) on conflict (id) do nothing`,
    [
      id,
      kind,
      place ?? null,
      alertId ?? null,
      inThread ? 1 : 0,
      broadcast ? 1 : 0,
      JSON.stringify(content),
      now,
    ],
  );
  return added === 1;
}

export async function postById(sql: Sql, id: string): Promise<StoredPost | undefined> {
  const [row] = await sql.all<PostRow>('select * from posts where id = $1', [id]);
  return row && readRow(row);
}

/** The posts about an alert, oldest first; only those of a kind where one is given. */
export async function postsOfAlert(sql: Sql, alertId: string, kind?: string): Promise<StoredPost[]> {
  const rows = await sql.all<PostRow>(
    'select * from posts where alert_id = $1 and ($2 = 0 or kind = $3) order by asked_at, id',
    [alertId, kind === undefined ? 0 : 1, kind ?? ''],
  );
  return rows.map(readRow);
}

/** To be drawn anew, from other content where it is given. False when there is no such post. */
export async function wantRedraw(sql: Sql, id: string, content?: JsonObject): Promise<boolean> {
  const changed = await sql.run(
    'update posts set wanted = wanted + 1, content = coalesce($2, content) where id = $1',
    [id, content === undefined ? null : JSON.stringify(content)],
  );
  return changed === 1;
}

/** Written before the post: Slack may have it from now on. */
export async function writePostIntent(sql: Sql, id: string, now: Millis): Promise<void> {
  await sql.run('update posts set intent_at = $2, refused = null where id = $1', [id, now]);
}

/** Slack certainly did not take it. */
export async function forgetPostIntent(sql: Sql, id: string, refused: string | undefined): Promise<void> {
  await sql.run('update posts set intent_at = null, refused = $2 where id = $1', [id, refused ?? null]);
}

/** It is not to be said any more, whoever asks for it. */
export async function deletePost(sql: Sql, id: string): Promise<void> {
  await sql.run('delete from posts where id = $1', [id]);
}

/** Slack has it, as `drawn` of the times it was asked for. */
export async function writePostReceipt(
  sql: Sql,
  id: string,
  receipt: { readonly channel: string; readonly ts: string },
  drawn: number,
  now: Millis,
): Promise<void> {
  await sql.run(
    `update posts set channel = $2, ts = $3, drawn = $4, refused = null,
        posted_at = coalesce(posted_at, $5) where id = $1`,
    [id, receipt.channel, receipt.ts, drawn, now],
  );
}

/** Deletes posts that were asked for before `before` and are about no alert. Returns how many went. */
export async function prunePosts(sql: Sql, before: Millis, limit: number): Promise<number> {
  return sql.run(
    `delete from posts where id in (
      select id from posts where asked_at < $1 and alert_id is null order by asked_at limit $2)`,
    [before, limit],
  );
}

function readRow(row: PostRow): StoredPost {
  const content = parseJson(row.content);
  return {
    id: row.id,
    kind: row.kind,
    place: row.place ?? undefined,
    alertId: row.alert_id ?? undefined,
    inThread: row.in_thread === 1,
    broadcast: row.broadcast === 1,
    content: isObject(content) ? content : {},
    askedAt: row.asked_at,
    wanted: row.wanted,
    drawn: row.drawn,
    intentAt: row.intent_at ?? undefined,
    receipt: row.channel !== null && row.ts !== null ? { channel: row.channel, ts: row.ts } : undefined,
    postedAt: row.posted_at ?? undefined,
    refused: row.refused ?? undefined,
  };
}
