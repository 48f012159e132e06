import { isObject, type JsonObject } from '../kernel/json.ts';

/** What an object probably is that is no CloudTrail record, by members that give it away. */
const LOOKALIKES: readonly (readonly [readonly string[], string])[] = [
  [['digestStartTime', 'logFiles'], 'a CloudTrail digest file, which lists log files and holds no events'],
  [
    ['EventId', 'EventName'],
    'LookupEvents output without its CloudTrailEvent member, where the record stands',
  ],
  [['logEvents', 'logGroup'], 'a CloudWatch Logs subscription message'],
  [['detail-type'], 'an EventBridge event without its detail'],
  [['class_uid', 'metadata'], 'an event in OCSF, as Security Lake stores it'],
  [['eventname', 'useridentity'], 'a row of an Athena query'],
  [['event', 'cloud'], 'an event in the Elastic Common Schema'],
  [['srcaddr', 'dstaddr'], 'a VPC flow log record'],
  [['GeneratorId', 'ProductArn'], 'a Security Hub finding'],
  [['schemaVersion', 'severity'], 'a GuardDuty finding'],
  [['configurationItem'], 'an AWS Config item'],
  [['AlarmName', 'NewStateValue'], 'a CloudWatch alarm'],
];

/** Why a value is no record, in words: what is missing and what it probably is. */
export function sayMissing(object: JsonObject, missing: readonly string[]): string {
  if (Object.keys(object).length === 0) return 'An empty object, not a CloudTrail record.';
  const lookalike = LOOKALIKES.find(([members]) => members.every((member) => Object.hasOwn(object, member)));
  const list = new Intl.ListFormat('en').format(missing);
  if (lookalike) return `Not a CloudTrail record (no ${list}): this is probably ${lookalike[1]}.`;
  const closer = missing.length < 3 ? 'a CloudTrail record that was cut or changed on its way' : undefined;
  return `Not a CloudTrail record: it has no ${list}${closer ? `; probably ${closer}` : ''}.`;
}

/** `a list`, `a text`, `null`: what a value is when it should have been an object. */
export function sayKind(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
