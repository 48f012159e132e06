import { spellName } from '../known-events.ts';

/** What reaches the bot, as far as the configuration says it (key `sources`). */
export interface Sources {
  /** Which management events come: those that write alone, or all; `undefined` = not said. */
  readonly management: 'writes' | 'all' | undefined;
  /** Folded event sources whose data events come. */
  readonly data: readonly string[] | undefined;
  readonly insights: boolean | undefined;
  /** Folded event sources whose network activity events come. */
  readonly network: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
}

/**
 * Data events by service. Source: AWS CloudTrail user guide, "Logging data events", and the guides of the services.
 */
const DATA_EVENTS: Readonly<Record<string, string>> = {
  's3.amazonaws.com': `AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject
    DeleteObjects DeleteObjectTagging GetObject GetObjectAcl GetObjectAttributes GetObjectTagging GetObjectTorrent
    HeadObject ListObjects ListParts PutObject PutObjectAcl PutObjectTagging RestoreObject SelectObjectContent UploadPart
    UploadPartCopy`,
  'lambda.amazonaws.com': 'Invoke',
  'dynamodb.amazonaws.com': `BatchExecuteStatement BatchGetItem BatchWriteItem DeleteItem ExecuteStatement
    ExecuteTransaction GetItem PutItem Query Scan TransactGetItems TransactWriteItems UpdateItem`,
  'ebs.amazonaws.com': 'GetSnapshotBlock ListChangedBlocks ListSnapshotBlocks PutSnapshotBlock',
  'kinesis.amazonaws.com': 'GetRecords GetShardIterator PutRecord PutRecords SubscribeToShard',
  'sns.amazonaws.com': 'Publish PublishBatch',
  'sqs.amazonaws.com': `ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch
    ReceiveMessage SendMessage SendMessageBatch`,
  'cognito-identity.amazonaws.com': `GetCredentialsForIdentity GetId GetOpenIdToken GetOpenIdTokenForDeveloperIdentity
    UnlinkIdentity`,
};

const S3 = 's3.amazonaws.com';

const DATA = new Map(
  Object.entries(DATA_EVENTS).map(([source, names]) => [source, new Set(names.toLowerCase().split(/\s+/))]),
);

/** Verbs of calls that only read. Source: EventBridge user guide, "Read-only management events from AWS services". */
const READING = ['describe', 'get', 'list', 'lookup', 'batchget'];
const ALSO_READING = new Set([
  'assumerole',
  'assumerolewithsaml',
  'assumerolewithwebidentity',
  'getcalleridentity',
]);

/**
 * Names that look like reading and are logged as writing, as a service's own event, or as a data event in some
 * service. Sources: IAM and sign-in user guides, "Logging with CloudTrail".
 */
const NOT_SURELY_READING = [
  'getsessiontoken',
  'getfederationtoken',
  'getwebidentitytoken',
  'getdelegatedaccesstoken',
  'getsignintoken',
  'getrolecredentials',
  'getclustercredentials',
  'getclustercredentialswithiam',
  'getcredentials',
  'getdataaccess',
  'getworkloadaccesstoken',
  'getresourceoauth2token',
  'getresourceapikey',
  'listaccountroles',
  'listaccounts',
  'listapplications',
  'listprofilesforapplication',
  'listmultipartuploads',
  'listobjectsv2',
  'listobjectversions',
  'getqueueattributes',
  'getqueueurl',
  'listqueues',
  'listqueuetags',
  'listdeadlettersourcequeues',
  ...Array.from(DATA.values(), (names) => [...names]).flat(),
];

const NEVER_READING: ReadonlySet<string> = new Set(NOT_SURELY_READING);

/** Services that log in us-east-1. Source: AWS CloudTrail user guide, "About global service events". */
const GLOBAL = new Set([
  'cloudfront.amazonaws.com',
  'iam.amazonaws.com',
  'organizations.amazonaws.com',
  'route53.amazonaws.com',
]);
const HOME = 'us-east-1';
/** "Some global service events are logged in other regions such as us-east-2 or us-west-2" (same source). */
const HOMES = [HOME, 'us-east-2', 'us-west-2'];

/** Why events of that name, of one of the sources or of any, do not come; `undefined` when they may. */
export function missingName(
  name: string,
  of: readonly string[] | undefined,
  sources: Sources,
): string | undefined {
  const data = missingData(name, of, sources.data);
  if (data !== undefined) return data;
  if (sources.management !== 'writes' || NEVER_READING.has(name)) return undefined;
  const reads = ALSO_READING.has(name) || READING.some((verb) => name.startsWith(verb));
  return reads ? `${spellName(name)} only reads, and sources.management is writes` : undefined;
}

function missingData(
  name: string,
  of: readonly string[] | undefined,
  coming: readonly string[] | undefined,
): string | undefined {
  if (!coming) return undefined;
  const having = (source: string) => DATA.get(source)?.has(name) === true;
  // Without a source, a name like Query or ExecuteStatement may be one of some other service.
  const all = of ?? [S3].filter(having);
  const missing = all.filter((source) => having(source) && !coming.includes(source));
  if (all.length === 0 || missing.length < all.length) return undefined;
  return `${spellName(name)} is a data event of ${missing[0]}, which is not under sources.data`;
}

/** Why no event comes whose name begins so: one that begins with a verb that reads. */
export function missingPrefix(prefix: string, sources: Sources): string | undefined {
  if (sources.management !== 'writes' || !READING.some((verb) => prefix.startsWith(verb))) return undefined;
  if (NOT_SURELY_READING.some((name) => name.startsWith(prefix))) return undefined;
  return `calls that begin with ${prefix} only read, and sources.management is writes`;
}

/** Why no event with that text in `readOnly` comes. */
export function missingReads(readOnly: string, { management, data }: Sources): string | undefined {
  const none = readOnly === 'true' && management === 'writes' && data?.length === 0;
  return none ? 'it asks for reading, sources.management is writes, and sources.data is empty' : undefined;
}

/** Why no event of any of the regions comes. */
export function missingRegions(regions: readonly string[], sources: Sources): string | undefined {
  const coming = sources.regions;
  // Some sign-in events say "global".
  if (!coming || regions.some((region) => coming.includes(region) || region === 'global')) return undefined;
  return `${regions.slice(0, 3).join(', ')} ${regions.length === 1 ? 'is' : 'are'} not under sources.regions`;
}

/** Why no event of any of the sources comes: they log in one region, and that one is missing. */
export function missingHome(of: readonly string[], rootOnly: boolean, sources: Sources): string | undefined {
  const { regions } = sources;
  if (
    !regions ||
    regions.some((region) => HOMES.includes(region)) ||
    regions.some((region) => /^(cn|us-gov|us-iso|eu-isoe)/.test(region))
  ) {
    return undefined;
  }
  const inHome = (source: string) => GLOBAL.has(source) || (rootOnly && source === 'signin.amazonaws.com');
  if (of.length === 0 || !of.every(inHome)) return undefined;
  return `${of[0]} logs in ${HOME}, which is not under sources.regions`;
}

/** Why no event of that type or category comes. */
export function missingCategory(
  type: string,
  of: readonly string[] | undefined,
  sources: Sources,
): string | undefined {
  switch (type) {
    case 'awscloudtrailinsight':
    case 'insight':
      return sources.insights === false ? 'sources.insights is false' : undefined;
    case 'awsvpceevent':
    case 'awsvpceevents':
    case 'networkactivity':
      return noneOf(of, sources.network)
        ? 'its network activity events are not under sources.network'
        : undefined;
    case 'data':
      return noneOf(of, sources.data) ? 'its data events are not under sources.data' : undefined;
    default:
      return undefined;
  }
}

function noneOf(of: readonly string[] | undefined, coming: readonly string[] | undefined): boolean {
  if (!coming) return false;
  return of ? !of.some((source) => coming.includes(source)) : coming.length === 0;
}
