import type { Alert } from '../alerts/alert.ts';
import { parseArn } from '../cloudtrail/arn.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import { parseJson } from '../kernel/json.ts';
import type { Refusal } from '../kernel/problem.ts';
import { DAY, type Millis } from '../kernel/time.ts';
import type { ActivityKind, Question } from '../questions/question.ts';
import { alertById } from '../store/alerts.ts';
import { firstRecordOf } from '../store/memberships.ts';
import type { Sql } from '../store/sql.ts';

/** What somebody is followed by. */
type Handle = readonly [kind: ActivityKind, value: string];

/**
 * What somebody asks first about an alert: what its access key did, from a day before the alert until now; else
 * what its actor did, else what came from its address. When its events are no longer kept, the alert's own words
 * tell as much.
 */
export async function subjectOf(sql: Sql, alertId: string, now: Millis): Promise<Question | Refusal> {
  const alert = await alertById(sql, alertId);
  if (!alert) {
    return { refused: `${alertId} is not known here; it may belong to another installation of Trailbot.` };
  }
  const record = await recordOf(sql, alertId);
  const handle = record ? handleIn(record) : handleLeft(alert);
  if (handle) return questionAbout(alert, handle, now);
  const why = record ? '' : ', and its events are no longer kept (history.records says how long they are)';
  return { refused: `${alertId} names no key, actor or address to look into${why}.` };
}

async function recordOf(sql: Sql, alertId: string): Promise<CloudTrailRecord | undefined> {
  const stored = await firstRecordOf(sql, alertId);
  if (!stored) return undefined;
  const { account, region } = stored;
  const record = readRecord(parseJson(stored.body), { account, region });
  return 'unreadable' in record ? undefined : record;
}

function questionAbout(alert: Alert, [kind, value]: Handle, now: Millis): Question {
  const from = alert.firstAt - DAY;
  const period = { from, to: Math.max(now, from), said: `since a day before ${alert.id}` };
  return { kind, value, scope: { period } };
}

const KEY = /^A(KIA|SIA)[A-Z0-9]{12,}$/;

/** The narrowest thing that the actor can be followed by. */
function handleIn(record: CloudTrailRecord): Handle | undefined {
  const { accessKeyId, actor, sourceAddress } = record;
  if (accessKeyId !== undefined && KEY.test(accessKeyId)) return ['key', accessKeyId];
  if (actor.kind === 'root') return ['root', ''];
  if (actor.kind === 'user' && actor.name !== 'unknown user') return ['user', actor.name];
  if (actor.session !== undefined) return ['user', actor.session];
  return addressed(sourceAddress);
}

function addressed(address: string | undefined): Handle | undefined {
  return address === undefined ? undefined : ['address', address];
}

/** The same from what the alert has kept of its first event. */
function handleLeft({ facts }: Alert): Handle | undefined {
  const key = facts.fields.find(([path, value]) => path === 'userIdentity.accessKeyId' && KEY.test(value));
  if (key) return ['key', key[1]];
  const { resource = '' } = parseArn(facts.actorArn) ?? {};
  if (resource === 'root') return ['root', ''];
  const [kind, ...path] = resource.split('/');
  const name = path.at(-1);
  const named = kind === 'user' || (kind === 'assumed-role' && path.length === 2);
  if (named && name) return ['user', name];
  return addressed(facts.sourceAddress);
}
