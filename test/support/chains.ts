import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { DAY, MINUTE, type Millis, sayInstant, sayUtc } from '../../src/kernel/time.ts';
import type { Part, Span } from '../../src/questions/answer.ts';
import { drawTrace } from '../../src/questions/drawing/draw-up-trace.ts';
import type { Names } from '../../src/questions/material.ts';
import type { Trace } from '../../src/questions/trace.ts';
import { keyIdOf } from './aws/accounts.ts';
import { EVENT_TIME, readable } from './records.ts';

/** Accounts of the chains. */
export const HERE = '111122223333';
export const THERE = '444455556666';

/** The instant of the walk, and instants before it. */
export const NOW: Millis = EVENT_TIME + 60 * MINUTE;

export function ago(minutes: number): Millis {
  return NOW - minutes * MINUTE;
}

export function daysAgo(days: number): Millis {
  return NOW - days * DAY;
}

/** The n-th temporary key of an account, of the form that AWS issues. */
export function tempKey(n: number, account = HERE): string {
  return keyIdOf('ASIA', account, n);
}

export function userKey(n: number, account = HERE): string {
  return keyIdOf('AKIA', account, n);
}

function time(at: Millis): string {
  return sayInstant(at).replace('.000Z', 'Z');
}

/** What a session says of itself. */
interface SessionFacts {
  readonly key?: string;
  readonly account?: string;
  readonly began?: Millis;
  readonly mfa?: boolean;
  /** Of the role: `aws-reserved/sso.amazonaws.com/`. */
  readonly path?: string;
  readonly more?: JsonObject;
}

function attributes({ began, mfa = false }: SessionFacts): JsonObject {
  return began === undefined
    ? {}
    : { attributes: { creationDate: time(began), mfaAuthenticated: String(mfa) } };
}

/** `userIdentity` of a user, with a long-term key, a temporary one (then with `began`), or none. */
export function asUser(name: string, facts: SessionFacts = {}): JsonObject {
  const { key, account = HERE } = facts;
  return {
    type: 'IAMUser',
    principalId: 'AIDACKCEVSQ6C2EXAMPLE',
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    ...(key === undefined ? {} : { accessKeyId: key }),
    userName: name,
    ...(facts.began === undefined ? {} : { sessionContext: { ...attributes(facts), ...facts.more } }),
  };
}

export function asRoot(facts: SessionFacts): JsonObject {
  const { key, account = HERE } = facts;
  return {
    type: 'Root',
    principalId: account,
    arn: `arn:aws:iam::${account}:root`,
    accountId: account,
    ...(key === undefined ? {} : { accessKeyId: key }),
    sessionContext: { ...attributes(facts), ...facts.more },
  };
}

export function asRole(role: string, session: string, facts: SessionFacts): JsonObject {
  const { key, account = HERE, path = '' } = facts;
  return {
    type: 'AssumedRole',
    principalId: `AROACKCEVSQ6C2EXAMPLE:${session}`,
    arn: sessionArn(role, session, account),
    accountId: account,
    ...(key === undefined ? {} : { accessKeyId: key }),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROACKCEVSQ6C2EXAMPLE',
        arn: `arn:aws:iam::${account}:role/${path}${role}`,
        accountId: account,
        userName: role,
      },
      webIdFederationData: {},
      ...attributes(facts),
      ...facts.more,
    },
  };
}

export function asFederated(name: string, by: string, facts: SessionFacts): JsonObject {
  const { key, account = HERE } = facts;
  return {
    type: 'FederatedUser',
    principalId: `${account}:${name}`,
    arn: `arn:aws:sts::${account}:federated-user/${name}`,
    accountId: account,
    ...(key === undefined ? {} : { accessKeyId: key }),
    sessionContext: {
      sessionIssuer: {
        type: 'IAMUser',
        principalId: 'AIDACKCEVSQ6C2EXAMPLE',
        arn: `arn:aws:iam::${account}:user/${by}`,
        accountId: account,
        userName: by,
      },
      ...attributes(facts),
    },
  };
}

/** A caller of another account, as the account that was called sees it. */
export function asAccount(account: string, principalId: string): JsonObject {
  return { type: 'AWSAccount', principalId, accountId: account };
}

export function asService(name: string): JsonObject {
  return { type: 'AWSService', invokedBy: name };
}

export function asWeb(provider: string, subject: string): JsonObject {
  return {
    type: 'WebIdentityUser',
    principalId: `arn:aws:iam::${HERE}:oidc-provider/${provider}:sts.amazonaws.com:${subject}`,
    userName: subject,
    identityProvider: `arn:aws:iam::${HERE}:oidc-provider/${provider}`,
  };
}

export function asSaml(name: string): JsonObject {
  return {
    type: 'SAMLUser',
    principalId: `q8hVBvPc3rXdaEwnnd0yPmXZ1sI=:${name}`,
    userName: name,
    identityProvider: 'https://acme.okta.example/saml',
  };
}

function sessionArn(role: string, session: string, account = HERE): string {
  return `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
}

/** Where and how a call was made; further members replace whole top-level fields of the record. */
interface Deed {
  readonly at: Millis;
  readonly account?: string;
  readonly region?: string;
  readonly more?: JsonObject;
}

/** A call to STS. */
function stsCall(name: string, by: JsonObject, deed: Deed, fields: JsonObject): CloudTrailRecord {
  const { at, account = HERE, region = 'eu-west-1', more = {} } = deed;
  return readable({
    eventSource: 'sts.amazonaws.com',
    eventName: name,
    eventTime: time(at),
    userIdentity: by,
    awsRegion: region,
    recipientAccountId: account,
    sourceIPAddress: '192.0.2.10',
    userAgent: 'aws-cli/2.17.3 md/awscrt#0.20.11',
    readOnly: name.startsWith('AssumeRole'),
    ...fields,
    ...more,
  });
}

function credentials(key: string, at: Millis): JsonObject {
  return { accessKeyId: key, sessionToken: 'FwoGZXIvYXdzEXAMPLE', expiration: time(at + 60 * MINUTE) };
}

/** `AssumeRole`, `AssumeRoleWithSAML` or `AssumeRoleWithWebIdentity`: `by` gets `key` for a session of a role. */
export function assumes(
  by: JsonObject,
  role: string,
  session: string,
  key: string,
  deed: Deed & { readonly call?: string; readonly owner?: string; readonly request?: JsonObject },
): CloudTrailRecord {
  const owner = deed.owner ?? deed.account ?? HERE;
  return stsCall(deed.call ?? 'AssumeRole', by, deed, {
    requestParameters: {
      roleArn: `arn:aws:iam::${owner}:role/${role}`,
      roleSessionName: session,
      ...deed.request,
    },
    responseElements: {
      credentials: credentials(key, deed.at),
      assumedRoleUser: {
        assumedRoleId: `AROACKCEVSQ6C2EXAMPLE:${session}`,
        arn: sessionArn(role, session, owner),
      },
    },
  });
}

/** Any other call of STS that issues `key`. */
export function takes(
  call: string,
  by: JsonObject,
  key: string,
  deed: Deed & { readonly request?: JsonObject; readonly response?: JsonObject },
): CloudTrailRecord {
  return stsCall(call, by, deed, {
    requestParameters: { durationSeconds: 3600, ...deed.request },
    responseElements: { credentials: credentials(key, deed.at), ...deed.response },
  });
}

/** An event of the sign-in service. */
export function signIn(
  name: string,
  by: JsonObject,
  deed: Deed & { readonly further?: JsonObject; readonly response?: JsonObject },
): CloudTrailRecord {
  const { at, account = HERE, region = 'us-east-1', more = {} } = deed;
  return readable({
    eventSource: 'signin.amazonaws.com',
    eventName: name,
    eventTime: time(at),
    eventType: 'AwsConsoleSignIn',
    userIdentity: by,
    awsRegion: region,
    recipientAccountId: account,
    sourceIPAddress: '192.0.2.10',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/142.0.0.0 Safari/537.36',
    requestParameters: null,
    responseElements: deed.response ?? { [name]: 'Success' },
    additionalEventData: { MobileVersion: 'No', ...deed.further },
    ...more,
  });
}

/** Any call that was signed with the identity's key: where an investigation begins. */
export function uses(by: JsonObject, deed: Deed): CloudTrailRecord {
  const { at, account = HERE, region = 'eu-west-1', more = {} } = deed;
  return readable({
    eventTime: time(at),
    userIdentity: by,
    awsRegion: region,
    recipientAccountId: account,
    ...more,
  });
}

const NAMES: Names = { account: (id) => id, networks: () => [] };

/** The way back as a person reads it, with keys as `ASIA#1`: the n-th of its kind. */
export function tell(trace: Trace): string[] {
  const question = { kind: 'stats', scope: { period: { from: 0, to: NOW, said: 'ever' } } } as const;
  const coverage = {
    scope: question.scope,
    store: { off: '' },
    lookup: { off: '' },
    blind: [],
  };
  const asked = { question, material: { calls: [], coverage }, names: NAMES, now: NOW };
  return drawTrace(trace, asked).flatMap(tellPart);
}

function tellPart(part: Part): string[] {
  if (part.kind === 'lines') return part.lines.map(tellLine);
  return part.kind === 'list' ? part.items.map(tellLine) : [];
}

function tellLine(line: readonly Span[]): string {
  return line.map(tellSpan).join('');
}

function tellSpan(span: Span): string {
  if ('text' in span) return span.text;
  if ('at' in span) return sayUtc(span.at).slice(11, 19);
  return `${span.keyId.slice(0, 4)}#${BigInt(`0x${number(span.keyId)}`)}`;
}

/** The last 35 bits of a key's id. */
function number(keyId: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = 0n;
  for (const letter of keyId.slice(13)) bits = (bits << 5n) | BigInt(letters.indexOf(letter));
  return bits.toString(16);
}
