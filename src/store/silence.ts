import type { Millis } from '../kernel/time.ts';
import type { Row, Sql } from './sql.ts';

/** Whom events come from: an account in a region; with the region `*` an account; `*` and `*` is all there is. */
export interface Source {
  readonly account: string;
  readonly region: string;
}

/** When a source was last heard, and whether it is reported as silent. */
export interface SourceState extends Source {
  readonly lastAt: Millis;
  /** Its silence counts from here: later than `lastAt` where the bot itself was away. */
  readonly countedFrom: Millis;
  readonly silentSince: Millis | undefined;
}

/** What came of a source in one hour. */
export interface ArrivalHour extends Source {
  /** Since the epoch. */
  readonly hour: number;
  readonly events: number;
  /** The longest pause between two events that touches the hour. */
  readonly longestPause: Millis;
}

/** What arrived by itself, of others than the bot, from `from` on and before `to`, in the order of arrival. */
export async function arrivedBetween(
  sql: Sql,
  from: Millis,
  to: Millis,
): Promise<{ account: string; region: string; at: Millis; events: number }[]> {
  return sql.all(
    `select account, region, received_at as at, count(*) as events from records
      where received_at >= $1 and received_at < $2 and event_source <> 'trailbot.internal'
        and not exists (select 1 from late_records l where l.record_key = records.key)
      group by received_at, account, region order by received_at, account, region`,
    [from, to],
  );
}

/** When the first record came, from `from` on. */
export async function nextArrival(sql: Sql, from: Millis): Promise<Millis | undefined> {
  const [row] = await sql.all<{ at: number | null }>(
    'select min(received_at) as at from records where received_at >= $1',
    [from],
  );
  return row?.at ?? undefined;
}

/** When the record came that stands `count` records behind the first one from `from` on. */
export async function arrivalBehind(sql: Sql, from: Millis, count: number): Promise<Millis | undefined> {
  const [row] = await sql.all<{ at: number }>(
    'select received_at as at from records where received_at >= $1 order by received_at limit 1 offset $2',
    [from, count],
  );
  return row?.at;
}

/** Adds events to an hour, and a pause that touches it. */
export async function addArrivals(sql: Sql, hour: ArrivalHour): Promise<void> {
  await sql.run(
    `insert into arrivals (account, region, hour, events, longest_pause) values ($1, $2, $3, $4, $5)
      on conflict (account, region, hour) do update set events = arrivals.events + excluded.events,
        longest_pause = case when arrivals.longest_pause > excluded.longest_pause then arrivals.longest_pause
          else excluded.longest_pause end`,
    [hour.account, hour.region, hour.hour, hour.events, hour.longestPause],
  );
}

/** What is known of a source in these hours. */
export async function arrivalsIn(
  sql: Sql,
  { account, region }: Source,
  hours: readonly number[],
): Promise<Pick<ArrivalHour, 'hour' | 'events' | 'longestPause'>[]> {
  const places = hours.map((_, index) => `$${index + 3}`).join(', ');
  return sql.all(
    `select hour, events, longest_pause as "longestPause" from arrivals
      where account = $1 and region = $2 and hour in (${places})`,
    [account, region, ...hours],
  );
}

interface SourceRow extends Row {
  account: string;
  region: string;
  last_at: number;
  counted_from: number;
  silent_since: number | null;
}

/** `*` first, so that what holds others stands before them. */
export async function allSources(sql: Sql): Promise<SourceState[]> {
  const rows = await sql.all<SourceRow>('select * from arrival_sources order by account, region');
  return rows.map((row) => ({
    account: row.account,
    region: row.region,
    lastAt: row.last_at,
    countedFrom: row.counted_from,
    silentSince: row.silent_since ?? undefined,
  }));
}

/** Writes a source as it is now. */
export async function writeSource(sql: Sql, source: SourceState): Promise<void> {
  await sql.run(
    `insert into arrival_sources (account, region, last_at, counted_from, silent_since) values ($1, $2, $3, $4, $5)
      on conflict (account, region) do update set last_at = excluded.last_at, counted_from = excluded.counted_from,
        silent_since = excluded.silent_since`,
    [source.account, source.region, source.lastAt, source.countedFrom, source.silentSince ?? null],
  );
}

/** The bot was away: every silence counts from now on. */
export async function countFrom(sql: Sql, at: Millis): Promise<void> {
  await sql.run('update arrival_sources set counted_from = $1 where counted_from < $1', [at]);
}

/** Forgets hours before `hour`, and sources that were not heard since `before`. */
export async function pruneArrivals(sql: Sql, hour: number, before: Millis): Promise<void> {
  await sql.run('delete from arrivals where hour < $1', [hour]);
  await sql.run('delete from arrival_sources where last_at < $1', [before]);
}

/** `read`: up to when arrivals were counted. `watched`: when the bot last looked. */
type Mark = 'read' | 'watched';

/** Times of the watch itself. */
export async function readMark(sql: Sql, mark: Mark): Promise<Millis | undefined> {
  const [row] = await sql.all<{ value: number }>('select value from counters where name = $1', [
    `arrivals ${mark} until`,
  ]);
  return row?.value;
}

export async function writeMark(sql: Sql, mark: Mark, at: Millis): Promise<void> {
  await sql.run(
    `insert into counters (name, value) values ($1, $2)
      on conflict (name) do update set value = excluded.value`,
    [`arrivals ${mark} until`, at],
  );
}
