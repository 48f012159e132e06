import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { type Millis, sayInstant } from '../../../src/kernel/time.ts';
import { type Accounts, type Caller, DEFAULT_REGIONS } from './accounts.ts';
import type { EventHistory } from './lookup-events.ts';
import { elements, Refusal, type Reply, text, type Wire } from './refusal.ts';

/** What an operation works with. */
export interface Call {
  readonly caller: Caller;
  readonly region: string;
  readonly params: JsonObject;
  readonly emptyPage: boolean;
  /** Aborted when the one who asked is there no more. */
  readonly gone: AbortSignal;
}

/** An answer: a JSON object, or the members of an XML result, which are texts of XML. Throws Refusal. */
export type Operation = (call: Call) => JsonObject | Promise<JsonObject>;

/** One request of a service whose operations are methods and paths. */
export interface RestCall extends Omit<Call, 'params' | 'emptyPage'> {
  readonly method: string;
  /** With the query, as it came. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A service of the fake beyond the four that it always has. */
export interface FakeService {
  /** The name that requests are signed for: `events`, `sqs`, `s3`, `organizations`. */
  readonly name: string;
  readonly wire: Wire;
  /** By the name of the operation. */
  readonly operations?: Readonly<Record<string, Operation>>;
  /** For the wire `s3`: what the operation is called, and its answer. Throws Refusal. */
  readonly rest?: {
    operationOf(call: Pick<RestCall, 'method' | 'path'>): string;
    answer(call: RestCall): Reply | Promise<Reply>;
  };
}

/** Regions that an account has only after it asked for them. */
const OPT_IN_REGIONS = ['af-south-1', 'ap-east-1', 'eu-south-1', 'il-central-1', 'me-south-1'];

/** The operations by service. Sources: API references of CloudTrail, STS, IAM and Account Management. */
export function operations(
  accounts: Accounts,
  history: EventHistory,
): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  return {
    cloudtrail: {
      LookupEvents: ({ caller, region, params, emptyPage }) =>
        history.lookup(caller.account, region, params, emptyPage),
    },
    sts: {
      GetCallerIdentity: ({ caller }) => ({
        Arn: text(caller.arn),
        UserId: text(caller.userId),
        Account: caller.account,
      }),
      AssumeRole: (call) => assumeRole(accounts, call),
      GetAccessKeyInfo: ({ params }) => {
        const keyId = wellFormed('accessKeyId', params.AccessKeyId, /^\w{16,128}$/);
        const account = accounts.accountOf(keyId);
        if (account === undefined) throw invalid(`${keyId} is not an access key ID`);
        return { Account: account };
      },
    },
    iam: { GetAccessKeyLastUsed: (call) => lastUse(accounts, call) },
    account: { ListRegions: (call) => listRegions(accounts, call) },
  };
}

function assumeRole(accounts: Accounts, { caller, params }: Call): Record<string, string> {
  const role = wellFormed('roleArn', params.RoleArn, /^arn:[\s\S]{16,2044}$/);
  const name = wellFormed('roleSessionName', params.RoleSessionName, /^[\w+=,.@-]{2,64}$/);
  const seconds = Number(params.DurationSeconds ?? 3600);
  const longest = caller.session ? 3600 : 43_200;
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > longest) {
    throw invalid(`The requested DurationSeconds must be between 900 and ${longest}.`);
  }
  const session = accounts.assume(caller, role, name, seconds);
  return {
    Credentials: elements({
      AccessKeyId: session.keyId,
      SecretAccessKey: text(session.secret),
      SessionToken: text(session.session?.token ?? ''),
      Expiration: sayTime(session.session?.until ?? 0),
    }),
    AssumedRoleUser: elements({ AssumedRoleId: text(session.userId), Arn: text(session.arn) }),
  };
}

function lastUse(accounts: Accounts, { caller, params }: Call): Record<string, string> {
  const keyId = wellFormed('accessKeyId', params.AccessKeyId, /^\w{16,128}$/);
  const key = accounts.keyOf(caller.account, keyId);
  if (!key) throw unknownKey(accounts, caller, keyId);
  const { lastUsed } = key;
  const use = elements({
    LastUsedDate: lastUsed && sayTime(lastUsed.at),
    ServiceName: text(lastUsed?.service ?? 'N/A'),
    Region: text(lastUsed?.region ?? 'N/A'),
  });
  return { UserName: text(key.userName), AccessKeyLastUsed: use };
}

/** A key of somebody else is not told apart from one that may not be read. */
function unknownKey(accounts: Accounts, caller: Caller, keyId: string): Refusal {
  const owner = accounts.ownerOf(keyId);
  if (owner !== undefined && owner !== caller.account) {
    const what = `iam:GetAccessKeyLastUsed on resource: access key ${keyId}`;
    return new Refusal('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${what}`);
  }
  return new Refusal('NoSuchEntity', `The Access Key with id ${keyId} cannot be found.`, 404);
}

function listRegions(accounts: Accounts, { caller, params }: Call): JsonObject {
  if (params.AccountId !== undefined) {
    throw new Refusal('AccessDeniedException', `User: ${caller.arn} may not list regions of another account`);
  }
  const { RegionOptStatusContains: wanted, MaxResults: most = 50, NextToken: token } = params;
  if (typeof most !== 'number' || most < 1 || most > 50) {
    throw new Refusal('ValidationException', 'MaxResults must be between 1 and 50');
  }
  const enabled = accounts.regionsOf(caller.account);
  const all = [...new Set([...DEFAULT_REGIONS, ...OPT_IN_REGIONS, ...enabled])].sort().map((name) => ({
    RegionName: name,
    RegionOptStatus: statusOf(name, enabled),
  }));
  const chosen = all.filter((one) => !Array.isArray(wanted) || wanted.includes(one.RegionOptStatus));
  const start = Number(typeof token === 'string' ? token : 0);
  const end = start + most;
  const regions = chosen.slice(start, end);
  return end < chosen.length ? { Regions: regions, NextToken: String(end) } : { Regions: regions };
}

function statusOf(region: string, enabled: readonly string[]): string {
  if (!enabled.includes(region)) return 'DISABLED';
  return (DEFAULT_REGIONS as readonly string[]).includes(region) ? 'ENABLED_BY_DEFAULT' : 'ENABLED';
}

function wellFormed(name: string, value: unknown, form: RegExp): string {
  if (typeof value === 'string' && form.test(value)) return value;
  const said = typeof value === 'string' ? `Value '${value}' at '${name}'` : `Value null at '${name}'`;
  throw invalid(`1 validation error detected: ${said} failed to satisfy constraint`);
}

function invalid(message: string): Refusal {
  return new Refusal('ValidationError', message);
}

function sayTime(at: Millis): string {
  return sayInstant(at).replace(/\.\d{3}Z$/, 'Z');
}
