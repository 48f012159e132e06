import type { Millis } from '../kernel/time.ts';
import { addToCounter } from './counters.ts';
import type { StoredRecord } from './records.ts';
import type { Sql } from './sql.ts';

/** What is kept for one first-seen rule besides its values. */
export interface SeenState {
  readonly id: number;
  readonly ruleId: string;
  readonly fields: string;
  readonly createdAt: Millis;
  /** Learning counts from here. */
  readonly since: Millis;
  readonly size: number;
  /** Values that gave way to others, because there were too many. */
  readonly crowdedOut: number;
  /** How far the bot's own records are read into it; `null` when all are. */
  readonly readAt: Millis | null;
  readonly readKey: string | null;
  readonly reach: Millis | null;
  readonly droppedAt: Millis | null;
}

const COLUMNS = `id, rule_id as "ruleId", fields, created_at as "createdAt", since, size,
  crowded_out as "crowdedOut", read_at as "readAt", read_key as "readKey", reach, dropped_at as "droppedAt"`;

/** Those of rules in force, and those that are being dropped. */
export async function seenStates(sql: Sql): Promise<SeenState[]> {
  return sql.all<SeenState>(`select ${COLUMNS} from first_seen order by id`);
}

/**
 * The state of a rule that looks at these fields. A new one learns from `now` on; the bot's own records, as far back
 * as `learn`, are to be read into it.
 */
export async function seenState(
  sql: Sql,
  rule: { readonly ruleId: string; readonly fields: string; readonly learn: Millis },
  now: Millis,
): Promise<SeenState> {
  const found = await findState(sql, rule.ruleId, rule.fields);
  if (found) return found;
  const from = now - rule.learn;
  const [oldest] = await sql.all<{ at: number | null }>('select min(received_at) as at from records');
  const toRead = oldest?.at != null && oldest.at < now && from < now;
  const state: SeenState = {
    id: await addToCounter(sql, 'first-seen states', 1),
    ruleId: rule.ruleId,
    fields: rule.fields,
    createdAt: now,
    since: now,
    size: 0,
    crowdedOut: 0,
    readAt: toRead ? from : null,
    readKey: toRead ? '' : null,
    reach: toRead ? Math.max(from, oldest.at ?? now) : null,
    droppedAt: null,
  };
  const { id, ruleId, fields, createdAt, since, readAt, readKey, reach } = state;
  const inserted = await sql.run(
    `insert into first_seen (id, rule_id, fields, created_at, since, size, crowded_out, read_at, read_key, reach)
      values ($1, $2, $3, $4, $5, 0, 0, $6, $7, $8) on conflict do nothing`,
    [id, ruleId, fields, createdAt, since, readAt, readKey, reach],
  );
  return inserted === 1 ? state : ((await findState(sql, ruleId, fields)) ?? state);
}

async function findState(sql: Sql, ruleId: string, fields: string): Promise<SeenState | undefined> {
  const [state] = await sql.all<SeenState>(
    `select ${COLUMNS} from first_seen where rule_id = $1 and fields = $2 and dropped_at is null`,
    [ruleId, fields],
  );
  return state;
}

/** Learning counts from `since`, unless it already counts from before. */
export async function learntSince(sql: Sql, stateId: number, since: Millis): Promise<void> {
  await sql.run('update first_seen set since = $2 where id = $1 and since > $2', [stateId, since]);
}

/** First and last event time of a value. */
export interface Sighting {
  readonly firstAt: Millis;
  readonly lastAt: Millis;
}

/**
 * Remembers that a value was seen at `at` (event time), in whatever order; returns what was known of it before. What
 * was seen more than `forget` before `at` is not known.
 */
export async function rememberValue(
  sql: Sql,
  stateId: number,
  value: { readonly key: string; readonly shown: string },
  at: Millis,
  forget: Millis,
): Promise<Sighting | undefined> {
  const place = [stateId, value.key];
  const [known] = await sql.all<Sighting>(
    `select first_at as "firstAt", last_at as "lastAt" from first_seen_values where state_id = $1 and key = $2`,
    place,
  );
  if (!known) {
    const inserted = await sql.run(
      `insert into first_seen_values (state_id, key, shown, first_at, last_at) values ($1, $2, $3, $4, $4)
        on conflict (state_id, key) do nothing`,
      [...place, value.shown, at],
    );
    // Another process was faster: it has the alert.
    if (inserted === 0) return { firstAt: at, lastAt: at };
    await sql.run('update first_seen set size = size + 1 where id = $1', [stateId]);
    return undefined;
  }
  const forgotten = at > known.lastAt + forget;
  const first = forgotten ? at : Math.min(at, known.firstAt);
  const last = Math.max(at, known.lastAt);
  if (first !== known.firstAt || last !== known.lastAt) {
    await sql.run(
      'update first_seen_values set first_at = $3, last_at = $4 where state_id = $1 and key = $2',
      [...place, first, last],
    );
  }
  return forgotten ? undefined : known;
}

/** Where there are more values than `most`, those go that were unseen longest; returns how many. */
export async function crowdOut(sql: Sql, stateId: number, most: number): Promise<number> {
  const [row] = await sql.all<{ size: number }>('select size from first_seen where id = $1', [stateId]);
  const over = (row?.size ?? 0) - most;
  if (over <= 0) return 0;
  const gone = await forgetOldest(sql, stateId, Number.MAX_SAFE_INTEGER, over);
  await sql.run('update first_seen set crowded_out = crowded_out + $2 where id = $1', [stateId, gone]);
  return gone;
}

/** Forgets at most `limit` values that were last seen more than `forget` before the newest; returns how many. */
export async function forgetUnseen(
  sql: Sql,
  stateId: number,
  forget: Millis,
  limit: number,
): Promise<number> {
  const [newest] = await sql.all<{ at: number | null }>(
    'select max(last_at) as at from first_seen_values where state_id = $1',
    [stateId],
  );
  return newest?.at == null ? 0 : forgetOldest(sql, stateId, newest.at - forget, limit);
}

async function forgetOldest(sql: Sql, stateId: number, before: Millis, limit: number): Promise<number> {
  const gone = await sql.run(
    `delete from first_seen_values where state_id = $1 and key in
      (select key from first_seen_values where state_id = $1 and last_at < $2 order by last_at, key limit $3)`,
    [stateId, before, limit],
  );
  if (gone > 0) await sql.run('update first_seen set size = size - $2 where id = $1', [stateId, gone]);
  return gone;
}

/** From here on the state is nobody's. */
export async function dropState(sql: Sql, stateId: number, at: Millis): Promise<void> {
  await sql.run('update first_seen set dropped_at = $2 where id = $1 and dropped_at is null', [stateId, at]);
}

/** Deletes at most `limit` values of a dropped state, or at last the state; returns how many rows went. */
export async function clearState(sql: Sql, stateId: number, limit: number): Promise<number> {
  const values = await forgetOldest(sql, stateId, Number.MAX_SAFE_INTEGER, limit);
  return values > 0 ? values : sql.run('delete from first_seen where id = $1', [stateId]);
}

/** The values that were seen last, for people. */
export async function latestValues(sql: Sql, stateId: number, limit: number): Promise<string[]> {
  const rows = await sql.all<{ shown: string }>(
    'select shown from first_seen_values where state_id = $1 order by last_at desc, key desc limit $2',
    [stateId, limit],
  );
  return rows.map(({ shown }) => shown);
}

/** Stored records in the order of their arrival, after a place in it and from before `createdAt`. */
export async function recordsToRead(
  sql: Sql,
  { readAt, readKey, createdAt }: SeenState,
  limit: number,
): Promise<StoredRecord[]> {
  return sql.all<StoredRecord>(
    `select key, account, region, body, received_at as "receivedAt" from records where key in
      (select key from records where (received_at, key) > ($1, $2) and received_at < $3
        order by received_at, key limit $4)
      order by received_at, key`,
    [readAt, readKey, createdAt, limit],
  );
}

/** Notes how far the own records are read; without a place, that all are, so that learning counts from `reach`. */
export async function noteRead(
  sql: Sql,
  state: SeenState,
  place: { readonly receivedAt: Millis; readonly key: string } | undefined,
): Promise<void> {
  if (!place) await learntSince(sql, state.id, state.reach ?? state.since);
  await sql.run('update first_seen set read_at = $2, read_key = $3 where id = $1', [
    state.id,
    place?.receivedAt ?? null,
    place?.key ?? null,
  ]);
}
