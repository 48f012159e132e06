import { isObject, type JsonObject, objectOf } from '../kernel/json.ts';
import { parseArn } from './arn.ts';
import { said } from './identity.ts';
import type { CloudTrailRecord } from './record.ts';

type Say = (request: JsonObject) => string | undefined;

/** How each service names what a data event is about. Sources: the services' guides, "Logging with CloudTrail". */
const THINGS: ReadonlyMap<string, Say> = new Map([
  ['s3', object],
  ['s3express', object],
  ['dynamodb', item],
  ['lambda', (request) => short(said(request, 'functionName'))],
  ['sns', (request) => short(said(request, 'topicArn') ?? said(request, 'targetArn'))],
  ['sqs', (request) => said(request, 'queueUrl')?.replace(/^.*\//, '')],
  ['ebs', (request) => said(request, 'snapshotId')],
  ['kinesis', (request) => said(request, 'streamName') ?? short(said(request, 'streamARN'))],
]);

const LONGEST = 300;

/** The object, table item, function, … that a data event is about: `acme-backups/db/dump.sql`; else `undefined`. */
export function touchedThing(record: CloudTrailRecord): string | undefined {
  const service = record.eventSource.split('.')[0] ?? '';
  const request = objectOf(record.body, 'requestParameters') ?? {};
  return (THINGS.get(service)?.(request) ?? firstResource(record.body))?.slice(0, LONGEST).toWellFormed();
}

function object(request: JsonObject): string | undefined {
  const bucket = said(request, 'bucketName');
  const key = said(request, 'key') ?? said(request, 'prefix');
  return bucket !== undefined && key !== undefined ? `${bucket}/${key}` : (bucket ?? key);
}

const MOST_KEYS = 3;

/** A table with the key of the item, where the call is about one: `orders (id 42)`. */
function item(request: JsonObject): string | undefined {
  const table = short(said(request, 'tableName'));
  const keys = Object.entries(objectOf(request, 'key') ?? {}).flatMap(([name, value]) => {
    const text = isObject(value) ? Object.values(value)[0] : value;
    return typeof text === 'string' || typeof text === 'number' ? [`${name} ${text}`] : [];
  });
  if (table === undefined || keys.length === 0) return table;
  return `${table} (${keys.slice(0, MOST_KEYS).join(', ')})`;
}

/** What AWS itself lists first. */
function firstResource(body: JsonObject): string | undefined {
  const [first] = Array.isArray(body.resources) ? body.resources.filter(isObject) : [];
  return first && short(said(first, 'ARN') ?? said(first, 'ARNPrefix'));
}

/** An ARN by what follows the account, without its type: `…:table/orders` as `orders`. */
function short(name: string | undefined): string | undefined {
  const resource = parseArn(name)?.resource;
  return resource === undefined ? name : resource.replace(/^[\w-]+[:/](?=.)/, '');
}
