import type { Alert } from '../alerts/alert.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import { parseJson } from '../kernel/json.ts';
import { DAY, type Millis } from '../kernel/time.ts';
import type { ActivityKind, Question } from '../questions/question.ts';
import { alertById } from '../store/alerts.ts';
import { firstRecordOf } from '../store/memberships.ts';
import type { Sql } from '../store/sql.ts';

/**
 * What somebody asks first about an alert: what its access key did, from a day before the alert until now; else
 * what its actor did, else what came from its address. `undefined` when its events are no longer kept.
 */
export async function subjectOf(sql: Sql, alertId: string, now: Millis): Promise<Question | undefined> {
  const alert = await alertById(sql, alertId);
  const stored = await firstRecordOf(sql, alertId);
  if (!alert || !stored) return undefined;
  const { account, region } = stored;
  const record = readRecord(parseJson(stored.body), { account, region });
  return 'unreadable' in record ? undefined : questionAbout(alert, record, now);
}

function questionAbout(alert: Alert, record: CloudTrailRecord, now: Millis): Question | undefined {
  const [kind, value] = handleOf(record);
  if (value === undefined) return undefined;
  const from = alert.firstAt - DAY;
  const period = { from, to: Math.max(now, from), said: `since a day before ${alert.id}` };
  return { kind, value, scope: { period } };
}

/** The narrowest thing that the actor can be followed by. */
function handleOf(record: CloudTrailRecord): [ActivityKind, string | undefined] {
  const { accessKeyId, actor, sourceAddress } = record;
  if (accessKeyId !== undefined && /^A(KIA|SIA)[A-Z0-9]{12,}$/.test(accessKeyId)) return ['key', accessKeyId];
  if (actor.kind === 'root') return ['root', ''];
  if (actor.kind === 'user' && actor.name !== 'unknown user') return ['user', actor.name];
  if (actor.session !== undefined) return ['user', actor.session];
  return ['address', sourceAddress];
}
