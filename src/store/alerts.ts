import type {
  Acknowledgement,
  Alert,
  AlertFacts,
  AlertState,
  Disposition,
  Loudness,
} from '../alerts/alert.ts';
import type { Change } from '../alerts/change.ts';
import type { Millis } from '../kernel/time.ts';
import type { Level } from '../rules/rule.ts';
import { addToCounter } from './counters.ts';
import type { Row, Sql, Value } from './sql.ts';

interface AlertRow extends Row {
  id: string;
  fingerprint: string;
  rule_id: string;
  rule_name: string;
  title: string;
  level: string;
  author: string | null;
  why: string | null;
  runbook: string | null;
  quiet_for: number;
  facts: string;
  state: string;
  version: number;
  snoozed_until: number | null;
  snoozed_by: string | null;
  match_count: number;
  first_at: number;
  last_at: number;
  opened_at: number;
  again: number;
  needs: number;
  acknowledgements: string;
  acknowledged_by: string | null;
  acknowledged_at: number | null;
  assignee: string | null;
  assigned_by: string | null;
  taken_from: string | null;
  held_since: number | null;
  confirm_by: number | null;
  resolved_by: string | null;
  resolved_at: number | null;
  disposition: string | null;
  note: string | null;
  channel: string;
  group_wait: number;
  loudness: string;
}

function readAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    ruleId: row.rule_id,
    ruleName: row.rule_name,
    title: row.title,
    level: row.level as Level,
    author: row.author ?? undefined,
    why: row.why ?? undefined,
    runbook: row.runbook ?? undefined,
    quietFor: row.quiet_for,
    facts: JSON.parse(row.facts),
    state: row.state as AlertState,
    version: row.version,
    snoozedUntil: row.snoozed_until ?? undefined,
    snoozedBy: row.snoozed_by ?? undefined,
    count: row.match_count,
    firstAt: row.first_at,
    lastAt: row.last_at,
    openedAt: row.opened_at,
    again: row.again === 1,
    needs: row.needs,
    acknowledgements: readAcknowledgements(row.acknowledgements),
    acknowledgedBy: row.acknowledged_by ?? undefined,
    acknowledgedAt: row.acknowledged_at ?? undefined,
    assignee: row.assignee ?? undefined,
    assignedBy: row.assigned_by ?? undefined,
    takenFrom: row.taken_from ?? undefined,
    heldSince: row.held_since ?? undefined,
    confirmBy: row.confirm_by ?? undefined,
    resolvedBy: row.resolved_by ?? undefined,
    resolvedAt: row.resolved_at ?? undefined,
    disposition: (row.disposition as Disposition | null) ?? undefined,
    note: row.note ?? undefined,
    channel: row.channel,
    groupWait: row.group_wait,
    loudness: row.loudness as Loudness,
  };
}

function readAcknowledgements(text: string): Acknowledgement[] {
  const list: [string, Millis][] = JSON.parse(text);
  return list.map(([userId, at]) => ({ userId, at }));
}

function writeAcknowledgements(list: readonly Acknowledgement[]): string {
  return JSON.stringify(list.map(({ userId, at }) => [userId, at]));
}

/** A fresh alert id, `A-1`, `A-2`, … */
export async function nextAlertId(sql: Sql): Promise<string> {
  return `A-${await addToCounter(sql, 'alerts', 1)}`;
}

export async function insertAlert(sql: Sql, alert: Alert): Promise<void> {
  const values: [string, Value][] = [
    ['id', alert.id],
    ['fingerprint', alert.fingerprint],
    ['rule_id', alert.ruleId],
    ['rule_name', alert.ruleName],
    ['title', alert.title],
    ['level', alert.level],
    ['author', alert.author ?? null],
    ['why', alert.why ?? null],
    ['runbook', alert.runbook ?? null],
    ['quiet_for', alert.quietFor],
    ['facts', JSON.stringify(alert.facts)],
    ['state', alert.state],
    ['version', alert.version],
    ['again', alert.again ? 1 : 0],
    ['needs', alert.needs],
    ['acknowledgements', writeAcknowledgements(alert.acknowledgements)],
    ['match_count', alert.count],
    ['first_at', alert.firstAt],
    ['last_at', alert.lastAt],
    ['opened_at', alert.openedAt],
    ['channel', alert.channel],
    ['group_wait', alert.groupWait],
    ['loudness', alert.loudness],
  ];
  await sql.run(
    `insert into alerts (${values.map(([column]) => column).join(', ')})
      values (${values.map((_, index) => `$${index + 1}`).join(', ')})`,
    values.map(([, value]) => value),
  );
}

export async function alertById(sql: Sql, id: string): Promise<Alert | undefined> {
  const [row] = await sql.all<AlertRow>('select * from alerts where id = $1', [id]);
  return row && readAlert(row);
}

export async function openAlert(sql: Sql, fingerprint: string): Promise<Alert | undefined> {
  const [row] = await sql.all<AlertRow>(
    `select * from alerts where fingerprint = $1 and state <> 'resolved'`,
    [fingerprint],
  );
  return row && readAlert(row);
}

/** The alert of this fingerprint that was resolved last. */
export async function lastResolved(sql: Sql, fingerprint: string): Promise<Alert | undefined> {
  const [row] = await sql.all<AlertRow>(
    `select * from alerts where fingerprint = $1 and state = 'resolved' order by resolved_at desc limit 1`,
    [fingerprint],
  );
  return row && readAlert(row);
}

const CHANGED: Readonly<globalThis.Record<keyof Change, string>> = {
  level: 'level',
  state: 'state',
  again: 'again',
  snoozedUntil: 'snoozed_until',
  snoozedBy: 'snoozed_by',
  acknowledgements: 'acknowledgements',
  acknowledgedBy: 'acknowledged_by',
  acknowledgedAt: 'acknowledged_at',
  assignee: 'assignee',
  assignedBy: 'assigned_by',
  takenFrom: 'taken_from',
  heldSince: 'held_since',
  confirmBy: 'confirm_by',
  resolvedBy: 'resolved_by',
  resolvedAt: 'resolved_at',
  disposition: 'disposition',
  note: 'note',
};

/** Compare-and-set: writes the change and the next version only where the version is still `version`. */
export async function changeAlert(sql: Sql, id: string, version: number, change: Change): Promise<boolean> {
  const columns: string[] = [];
  const values: Value[] = [id, version];
  for (const [member, value] of Object.entries(change)) {
    values.push(writeValue(value));
    columns.push(`${CHANGED[member as keyof Change]} = $${values.length}`);
  }
  const changed = await sql.run(
    `update alerts set ${['version = version + 1', ...columns].join(', ')} where id = $1 and version = $2`,
    values,
  );
  return changed === 1;
}

function writeValue(value: Change[keyof Change]): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? writeAcknowledgements(value) : (value ?? null);
}

/**
 * The assignee was reminded and has until `confirmBy` to answer. False when that was done already, or the alert has
 * changed. It is no change of state: buttons drawn before stay good.
 */
export async function askToConfirm(sql: Sql, alert: Alert, confirmBy: Millis): Promise<boolean> {
  const changed = await sql.run(
    'update alerts set confirm_by = $3 where id = $1 and version = $2 and confirm_by is null',
    [alert.id, alert.version, confirmBy],
  );
  return changed === 1;
}

/** Adds matches to an open alert. Counting is no change of state: buttons drawn before stay good. */
export async function addMatch(sql: Sql, alert: Alert, eventTime: Millis): Promise<boolean> {
  const changed = await sql.run(
    `update alerts set match_count = match_count + 1,
        first_at = case when first_at < $3 then first_at else $3 end,
        last_at = case when last_at > $3 then last_at else $3 end
      where id = $1 and version = $2`,
    [alert.id, alert.version, eventTime],
  );
  return changed === 1;
}

/** What the alert says, when a later event tells more of the same; the caller counts that event beside it. */
export async function changeFacts(sql: Sql, alert: Alert, facts: AlertFacts): Promise<void> {
  await sql.run('update alerts set facts = $3 where id = $1 and version = $2', [
    alert.id,
    alert.version,
    JSON.stringify(facts),
  ]);
}

/** Compare-and-set: false when it was as loud already. It is no change of state. */
export async function changeLoudness(sql: Sql, id: string, to: Loudness): Promise<boolean> {
  return (await sql.run('update alerts set loudness = $2 where id = $1 and loudness <> $2', [id, to])) === 1;
}

/** Another channel for an alert that nobody has seen yet; false when it changed meanwhile. */
export async function moveAlert(
  sql: Sql,
  alert: Alert,
  to: { channel: string; fingerprint: string },
): Promise<boolean> {
  const changed = await sql.run(
    'update alerts set channel = $3, fingerprint = $4 where id = $1 and version = $2',
    [alert.id, alert.version, to.channel, to.fingerprint],
  );
  return changed === 1;
}

/** Newest first; `mine`: given to this person, or acknowledged by them. */
export async function listAlerts(
  sql: Sql,
  filter: { states: readonly AlertState[]; mine?: string; limit: number },
): Promise<Alert[]> {
  const states = filter.states.map((_, index) => `$${index + 3}`).join(', ');
  const rows = await sql.all<AlertRow>(
    `select * from alerts where state in (${states})
        and ($1 = '' or assignee = $1 or acknowledgements like '%"' || $1 || '"%')
      order by opened_at desc, id desc limit $2`,
    [filter.mine ?? '', filter.limit, ...filter.states],
  );
  return rows.map(readAlert);
}

export async function countAlerts(sql: Sql): Promise<globalThis.Record<AlertState, number>> {
  const rows = await sql.all<{ state: string; number: number }>(
    'select state, count(*) as number from alerts group by state',
  );
  const counts = { firing: 0, acknowledged: 0, resolved: 0 };
  for (const row of rows) counts[row.state as AlertState] = row.number;
  return counts;
}
