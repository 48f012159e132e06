import { parseArn } from '../cloudtrail/arn.ts';
import { HIDDEN } from '../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { isObject, type Json, type JsonObject, objectOf, textOf } from '../kernel/json.ts';

/** A name that a record has for something it is about, best first. */
export interface Naming {
  readonly name: string;
  /** Said by the request, as opposed to its result or AWS's own list of resources. */
  readonly asked: boolean;
}

const MOST_NAMES = 64;
const MOST_LEAVES = 600;
const DEEPEST = 8;
const LONGEST = 512;

/** Members whose text names a thing: `bucketName`, `instanceId`, `roleArn`, `dBInstanceIdentifier`, `SwitchFrom` … */
const NAMING =
  /(names?|ids?|identifiers?|arns?|bucket|alias|group|role|user|instance|table|queue|queueUrl|topic|stream|secret|trail|cluster|function|key|resource|from)$/i;
/** The same words where they name no thing. */
const NO_NAME =
  /(request|token|event|version|owner|account|correlation|trace|transaction|host|region|engine|metric|attribute|type|protocol|availabilityZone|device|tag)-?(name|key|id|ids)$|^(valid|paid|key-?type|idempoten.*|x-amz-id-2)$/i;
/** Subtrees that describe or select: full of words that name nothing the call is about. */
const ASIDE =
  /^(tags?|tagSet|tagList|tagKeys?|tagSpecifications?|tagSpecificationSet|resourceTags|filters?|filterSet)$/i;

/** Ids that tell by their form what they are, whatever member they stand in: ARNs, IAM's unique ids, `i-0abc…`. */
const TELLING =
  /^(?:arn:[^:]+:[^:]+:|(?:AKIA|ASIA|AROA|AIDA|AGPA|AIPA|ANPA|APKA|ASCA)[A-Z0-9]{12,}(?::|$)|[a-z]{1,10}-[0-9a-f]{8}(?:[0-9a-f]{9})?$)/;
/**
 * Text that is no name wherever it stands: numbers (account ids among them), regions, times, services, JSON, what was
 * masked, and flags.
 */
const NOTHING =
  /^(?:[\d.,:-]*|[a-z]{2}(?:-[a-z]+){1,3}-\d[a-z]?|\d{4}-\d\d-\d\dT.*|[\w.-]+\.amazonaws\.com(?:\.cn)?|[[{<"].*|\*+|true|false|null|none|default|-)$/i;

/**
 * What a record names: the names, ids and ARNs in request and response, and the resources that AWS lists, each ARN
 * also by its telling parts. `LookupEvents{ResourceName}` is asked with one of these.
 */
export function namesIn(record: CloudTrailRecord): Naming[] {
  const { body } = record;
  const found = new Map<string, Naming>();
  // First: whatever the request names, a key can be traced to the call that issued it.
  add(found, issuedKeyOf(body) ?? '', false);
  collect(body.requestParameters, true, found);
  collect(body.responseElements, false, found);
  collect(body.additionalEventData, false, found);
  collect(body.serviceEventDetails, false, found);
  const resources = Array.isArray(body.resources) ? body.resources.filter(isObject) : [];
  for (const resource of resources)
    add(found, textOf(resource, 'ARN') ?? textOf(resource, 'arn') ?? '', false);
  add(found, textOf(body, 'vpcEndpointId') ?? '', false);
  // Start and end of an Insight have nothing else in common that nothing else has.
  if (objectOf(body, 'insightDetails')) add(found, textOf(body, 'sharedEventID') ?? '', false);
  return [...found.values()];
}

function issuedKeyOf(body: JsonObject): string | undefined {
  const credentials = objectOf(objectOf(body, 'responseElements') ?? {}, 'credentials');
  return credentials && textOf(credentials, 'accessKeyId');
}

/** The shortest form of what the request was about: `acme-backups`, `i-0abc…`. */
export function targetOf(names: readonly Naming[]): string | undefined {
  const best = names.find(({ asked }) => asked) ?? names[0];
  return best && (partsOf(best.name)[0] ?? best.name);
}

/** Where an ARN of a service has its name, when that is not simply the last part. */
const PARTS: ReadonlyMap<string, RegExp> = new Map([
  ['s3', /^(?!accesspoint\/)([^/]+)/],
  ['lambda', /^(?:function|layer):([^:]+)/],
  ['logs', /^log-group:([^:]+)/],
  ['sns', /^([^:]+)/],
  ['dynamodb', /^(?:table|global-table)\/([^/]+)/],
  ['cloudformation', /^(?:stack|stackset)\/([^/:]+)/],
  ['elasticloadbalancing', /^(?:loadbalancer|listener|targetgroup)\/(?:(?:app|net|gwy)\/)?([^/]+)/],
  ['ecr', /^repository\/(.+)/],
  ['ssm', /^parameter(\/.+\/.+)/],
  ['secretsmanager', /^secret:(.+?)(?:-[A-Za-z0-9]{6})?$/],
]);

/**
 * The short names of a thing with a long one: an ARN's `role/path/Admin` as `Admin`, a role session as its role and
 * its session, a secret with and without the letters that AWS adds to its name.
 */
export function partsOf(name: string): string[] {
  const arn = parseArn(name);
  if (!arn) return shortOf(name);
  const { service, resource } = arn;
  const [, role, session] = /^assumed-role\/([^/]+)\/([\s\S]+)$/.exec(resource) ?? [];
  if (role !== undefined && session !== undefined) return [role, session];
  const own = PARTS.get(service)?.exec(resource)?.[1];
  if (service === 'secretsmanager' && own !== undefined) {
    return [...new Set([own, resource.slice('secret:'.length)])];
  }
  const part = own || resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1);
  return part === '' || part === '*' ? [] : [part];
}

/** A queue's address by the queue's name, `/hostedzone/Z1…` and `alias/…` by what follows. */
function shortOf(name: string): string[] {
  const [, short] = /^(?:https:\/\/[\w.-]+\/\d{12}\/|\/?hostedzone\/|alias\/)([^/]+)$/.exec(name) ?? [];
  return short === undefined ? [] : [short];
}

function add(found: Map<string, Naming>, name: string, asked: boolean): void {
  if (name.length > LONGEST || found.size >= MOST_NAMES || found.has(name)) return;
  if (NOTHING.test(name) || /\s/.test(name) || name === HIDDEN) return;
  found.set(name, { name, asked });
  for (const part of partsOf(name)) {
    if (!found.has(part) && !NOTHING.test(part)) found.set(part, { name: part, asked });
  }
}

/** Adds what the texts of a part of the record name, in their order. */
function collect(value: Json | undefined, asked: boolean, found: Map<string, Naming>): void {
  let left = MOST_LEAVES;
  const visit = (inner: Json, named: boolean, depth: number): void => {
    left -= 1;
    if (left < 0 || depth > DEEPEST) return;
    if (typeof inner === 'string') {
      if (named || TELLING.test(inner)) add(found, inner, asked);
    } else if (Array.isArray(inner)) {
      for (const entry of inner) visit(entry, named, depth + 1);
    } else if (isObject(inner)) {
      visitMembers(inner, depth);
    }
  };
  const visitMembers = (object: JsonObject, depth: number): void => {
    for (const key of Object.keys(object)) {
      const sort = sortOf(key);
      if (sort !== 'aside') visit(object[key] ?? null, sort === 'naming', depth + 1);
    }
  };
  if (value !== undefined) visit(value, false, 0);
}

type Sort = 'naming' | 'aside' | 'other';

/** The same few hundred members come again and again. They are the events' own, so their number is bounded. */
const SORTS = new Map<string, Sort>();
const MOST_SORTS = 5000;

function sortOf(key: string): Sort {
  const known = SORTS.get(key);
  if (known) return known;
  const sort = ASIDE.test(key) ? 'aside' : NAMING.test(key) && !NO_NAME.test(key) ? 'naming' : 'other';
  if (SORTS.size < MOST_SORTS && key.length < 100) SORTS.set(key, sort);
  return sort;
}
