import { isObject, type Json, type JsonObject, objectOf } from '../kernel/json.ts';
import { type Arn, parseArn, partitionOf } from './arn.ts';
import type { Thing, ThingKind } from './console-pages.ts';
import { said } from './identity.ts';
import type { CloudTrailRecord } from './record.ts';

type Named = { readonly kind: ThingKind; readonly id: string; readonly arn?: Arn | undefined };
type Find = (call: CallParts) => Named | undefined;

/** What a call said, and what it was answered. */
interface CallParts {
  readonly name: string;
  readonly request: JsonObject;
  readonly response: JsonObject;
  readonly record: CloudTrailRecord;
}

const FINDERS: ReadonlyMap<string, Find> = new Map<string, Find>([
  ['iam', iam],
  ['ec2', ec2],
  ['s3', ({ request }) => found('bucket', said(request, 'bucketName'), /^[a-z0-9][a-z0-9.-]{1,62}$/)],
  ['kms', kms],
  [
    'lambda',
    ({ request }) => found('function', functionName(said(request, 'functionName')), /^[\w-]{1,140}$/),
  ],
  ['rds', ({ request }) => found('database', said(request, 'dBInstanceIdentifier'), /^[\w-]{1,63}$/)],
  ['dynamodb', ({ request }) => found('table', tailOf(said(request, 'tableName')), /^[\w.-]{3,255}$/)],
  ['secretsmanager', secret],
  ['cloudformation', stack],
  ['cloudtrail', trail],
]);

/**
 * The thing that an event is about, where it has a page in the console. `undefined` where the service or the form of
 * the name is not known, and for what the call has just taken away.
 */
export function thingOf(record: CloudTrailRecord): Thing | undefined {
  const { eventName: name, body, errorCode } = record;
  if (errorCode === undefined && takesAway(name)) return undefined;
  const service = record.eventSource.split('.')[0] ?? '';
  const request = objectOf(body, 'requestParameters') ?? {};
  const response = objectOf(body, 'responseElements') ?? {};
  const named = FINDERS.get(service)?.({ name, request, response, record });
  if (!named) return undefined;
  const { kind, id, arn } = named;
  return { kind, id, account: arn?.account || record.account, region: arn?.region || record.region };
}

const PARTS_OF =
  /^Delete(?:(?:User|Role|Group|Policy|Bucket|Table|Secret|Trail|Function|Resource|Instance)[A-Z]|Object|Item|AccessKey|LoginProfile|Tags)/;

/** `DeleteUserPolicy` takes a part away, and the user stays. */
function takesAway(name: string): boolean {
  return /^(?:Delete|Terminate)/.test(name) && !PARTS_OF.test(name);
}

function found(kind: ThingKind, id: string | undefined, form: RegExp, arn?: Arn): Named | undefined {
  return id !== undefined && form.test(id) ? { kind, id, arn } : undefined;
}

const IAM_NAME = /^[\w+=,.@-]{1,128}$/;

function iam({ request, response }: CallParts): Named | undefined {
  const key = objectOf(response, 'accessKey') ?? {};
  const policy = said(request, 'policyArn') ?? said(objectOf(response, 'policy') ?? {}, 'arn');
  return (
    found('role', said(request, 'roleName'), IAM_NAME) ??
    found('user', said(request, 'userName') ?? said(key, 'userName'), IAM_NAME) ??
    (parseArn(policy)?.service === 'iam' && policy !== undefined
      ? found('policy', policy, /^[\w+=,.@:/-]{1,512}$/)
      : undefined)
  );
}

/** By the form of the id: what each looks like, which word in the call's name means it, which members name it. */
const EC2: readonly (readonly [kind: ThingKind, word: RegExp, form: RegExp])[] = [
  ['instance', /Instance/, /^i-[0-9a-f]{8,17}$/],
  ['security group', /SecurityGroup/, /^sg-[0-9a-f]{8,17}$/],
  ['volume', /Volume/, /^vol-[0-9a-f]{8,17}$/],
  ['image', /Image/, /^ami-[0-9a-f]{8,17}$/],
  ['snapshot', /Snapshot/, /^snap-[0-9a-f]{8,17}$/],
  ['subnet', /Subnet/, /^subnet-[0-9a-f]{8,17}$/],
  ['VPC', /Vpc/, /^vpc-[0-9a-f]{8,17}$/],
];

/** A call names many things: the one that its own name speaks of comes first (`CreateImage` of an instance). */
function ec2({ name, request, response }: CallParts): Named | undefined {
  const ids = [...idsIn(request), ...idsIn(response)];
  const order = [...EC2.filter(([, word]) => word.test(name)), ...EC2.filter(([, word]) => !word.test(name))];
  for (const [kind, , form] of order) {
    const id = ids.find((one) => form.test(one));
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}

const MOST_IDS = 200;
const DEEPEST = 6;

/** Texts of the form of an id of EC2, in their order. */
function idsIn(value: Json): string[] {
  const ids: string[] = [];
  const visit = (inner: Json, depth: number): void => {
    if (ids.length >= MOST_IDS || depth > DEEPEST) return;
    if (typeof inner === 'string') {
      if (/^[a-z]{1,6}-[0-9a-f]{8,17}$/.test(inner)) ids.push(inner);
    } else if (Array.isArray(inner)) for (const one of inner) visit(one, depth + 1);
    else if (isObject(inner)) for (const one of Object.values(inner)) visit(one, depth + 1);
  };
  visit(value, 0);
  return ids;
}

const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function kms({ request, response, record }: CallParts): Named | undefined {
  const listed = Array.isArray(record.body.resources) ? record.body.resources.filter(isObject) : [];
  const names = [
    said(request, 'keyId'),
    said(objectOf(response, 'keyMetadata') ?? {}, 'keyId'),
    said(response, 'keyId'),
    ...listed.map((one) => said(one, 'ARN')),
  ];
  for (const name of names) {
    const arn = parseArn(name);
    const key = found('KMS key', arn ? arn.resource.replace(/^key\//, '') : name, KEY_ID, arn);
    if (key) return key;
  }
  return undefined;
}

/** A name, an ARN, or `111122223333:function:name`. */
function functionName(name: string | undefined): string | undefined {
  return /(?:^|:)function:([^:]+)/.exec(name ?? '')?.[1] ?? name;
}

/** AWS adds a dash and six letters to the name of a secret. */
function secret({ request, response }: CallParts): Named | undefined {
  const arn = parseArn(said(request, 'secretId')) ?? parseArn(said(response, 'aRN') ?? said(response, 'arn'));
  const name = arn?.resource.replace(/^secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '');
  return found(
    'secret',
    name ?? said(request, 'secretId') ?? said(request, 'name'),
    /^[\w/+=.@!-]{1,512}$/,
    arn,
  );
}

/** Its page wants the whole ARN. */
function stack({ request, response }: CallParts): Named | undefined {
  const names = [said(request, 'stackName'), said(response, 'stackId'), said(request, 'stackId')];
  for (const name of names) {
    const arn = parseArn(name);
    if (arn?.service === 'cloudformation' && name !== undefined) {
      return found('stack', name, /^[\w:/-]{1,400}$/, arn);
    }
  }
  return undefined;
}

function trail({ request, response, record }: CallParts): Named | undefined {
  const name = said(response, 'trailARN') ?? said(request, 'name') ?? said(request, 'trailName');
  const arn = parseArn(name);
  if (arn) return found('trail', name, /^arn:[\w:/.-]{1,300}$/, arn);
  const partition = partitionOf(record.region);
  if (name === undefined || partition === undefined || !/^[\w.-]{3,128}$/.test(name)) return undefined;
  const whole = `arn:${partition}:cloudtrail:${record.region}:${record.account}:trail/${name}`;
  return { kind: 'trail', id: whole };
}

function tailOf(name: string | undefined): string | undefined {
  return parseArn(name)?.resource.replace(/^table\//, '') ?? name;
}
