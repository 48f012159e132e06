import type { Policy } from '../alerts/escalation.ts';
import type { Millis } from '../kernel/time.ts';
import type { Sql } from './sql.ts';

/** Who was last seen on call in a schedule. */
export interface SeenOnCall {
  /** `undefined`: nobody. */
  readonly person: string | undefined;
  readonly seenAt: Millis;
  readonly version: number;
}

/** `undefined` when the schedule was never looked at. */
export async function seenOnCall(sql: Sql, schedule: string): Promise<SeenOnCall | undefined> {
  const [row] = await sql.all<{ person: string | null; seen_at: number; version: number }>(
    'select person, seen_at, version from on_call where schedule = $1',
    [schedule],
  );
  return row && { person: row.person ?? undefined, seenAt: row.seen_at, version: row.version };
}

/** Compare-and-set: false when somebody has looked since `before` was read. */
export async function writeOnCall(
  sql: Sql,
  schedule: string,
  before: SeenOnCall | undefined,
  person: string | undefined,
  now: Millis,
): Promise<boolean> {
  const values = [schedule, person ?? null, now];
  const written = before
    ? await sql.run(
        'update on_call set person = $2, seen_at = $3, version = version + 1 where schedule = $1 and version = $4',
        [...values, before.version],
      )
    : await sql.run(
        `insert into on_call (schedule, person, seen_at, version) values ($1, $2, $3, 1)
          on conflict (schedule) do nothing`,
        values,
      );
  return written === 1;
}

/** What became of the user group of a schedule. */
export interface GroupState {
  readonly group: string;
  /** Its one member, as the bot has made it; `undefined`: not yet. */
  readonly member: string | undefined;
  /** Why Slack refuses the last change. */
  readonly trouble: string | undefined;
  readonly toldAt: Millis | undefined;
}

export async function groupState(sql: Sql, schedule: string): Promise<GroupState | undefined> {
  const [row] = await sql.all<{
    user_group: string;
    member: string | null;
    trouble: string | null;
    told_at: number | null;
  }>('select user_group, member, trouble, told_at from on_call_groups where schedule = $1', [schedule]);
  if (!row) return undefined;
  return {
    group: row.user_group,
    member: row.member ?? undefined,
    trouble: row.trouble ?? undefined,
    toldAt: row.told_at ?? undefined,
  };
}

export async function writeGroupState(sql: Sql, schedule: string, state: GroupState): Promise<void> {
  await sql.run(
    `insert into on_call_groups (schedule, user_group, member, trouble, told_at) values ($1, $2, $3, $4, $5)
      on conflict (schedule) do update set user_group = excluded.user_group, member = excluded.member,
        trouble = excluded.trouble, told_at = excluded.told_at`,
    [schedule, state.group, state.member ?? null, state.trouble ?? null, state.toldAt ?? null],
  );
}

/** The escalations of the alerts that are open, by alert. */
export async function openPolicies(sql: Sql): Promise<Map<string, Policy>> {
  const rows = await sql.all<{ alert_id: string; policy: string }>(
    `select alert_id, policy from escalations
      where alert_id in (select id from alerts where state <> 'resolved')`,
  );
  return new Map(rows.map((row) => [row.alert_id, JSON.parse(row.policy)]));
}
