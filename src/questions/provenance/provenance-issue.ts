import { parseArn } from '../../cloudtrail/arn.ts';
import { said, tail } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { type JsonObject, objectOf } from '../../kernel/json.ts';
import { HOUR, MINUTE, type Millis, SECOND } from '../../kernel/time.ts';
import { sayAction } from '../call.ts';
import type { Hop } from '../trace.ts';
import { sayCaller } from './provenance-role.ts';
import { identityOf, type Session, sessionArnOf } from './provenance-session.ts';

/** Longest session that each call can make. Source: STS API reference, `DurationSeconds` of each action. */
const LONGEST: ReadonlyMap<string, Millis> = new Map([
  ['AssumeRole', 12 * HOUR],
  ['AssumeRoleWithSAML', 12 * HOUR],
  ['AssumeRoleWithWebIdentity', 12 * HOUR],
  ['AssumeRoot', 15 * MINUTE],
]);

/** Longest of all: `GetSessionToken` and `GetFederationToken`. */
export const LONGEST_SESSION: Millis = 36 * HOUR;

/** How far the clocks of two services of AWS may be apart; event times are whole seconds besides. */
export const SKEW: Millis = 5 * SECOND;

/** How far `creationDate` of a session and the time of the call that made it may be apart. */
export const NEAR: Millis = 5 * MINUTE;

/**
 * Whether this call made the session: it succeeded, issued this very key (an id alone is not unique: account,
 * time and session must agree too), before the key was used and not longer ago than such a session lasts.
 */
export function issued(record: CloudTrailRecord, session: Session): boolean {
  return (
    session.keyId !== undefined &&
    issuedKey(record) === session.keyId &&
    fits(record, session) &&
    agrees(sessionIssued(record), session)
  );
}

/** The same where the call was made in another account: the session itself has to be one of the key's account. */
export function issuedFromOutside(record: CloudTrailRecord, session: Session): boolean {
  const into = parseArn(sessionIssued(record))?.account ?? targetOf(record);
  return record.account !== session.account && into === session.account && issued(record, session);
}

/** Whether this call made a session of that very name, and no record says that it issued another key. */
export function issuedByName(record: CloudTrailRecord, session: Session): boolean {
  const name = sessionIssued(record);
  const key = issuedKey(record);
  return (
    /^AssumeRole/.test(record.eventName) &&
    (key === undefined || session.keyId === undefined || key === session.keyId) &&
    name !== undefined &&
    name === sessionArnOf(session.record) &&
    fits(record, session)
  );
}

function fits(record: CloudTrailRecord, session: Session): boolean {
  if (record.errorCode !== undefined || record.eventTime > session.firstUse + SKEW) return false;
  // No session makes itself; the console's GetSigninToken may name the key that it was signed with.
  if (session.keyId !== undefined && record.accessKeyId === session.keyId) return false;
  const longest = LONGEST.get(record.eventName) ?? LONGEST_SESSION;
  return session.lastUse === undefined || session.lastUse - record.eventTime <= longest + SKEW;
}

function agrees(name: string | undefined, session: Session): boolean {
  const known = sessionArnOf(session.record);
  return name === undefined || known === undefined || name === known;
}

function issuedKey(record: CloudTrailRecord): string | undefined {
  const credentials = objectOf(responseOf(record), 'credentials');
  return credentials && said(credentials, 'accessKeyId');
}

function sessionIssued(record: CloudTrailRecord): string | undefined {
  const response = responseOf(record);
  const made = objectOf(response, 'assumedRoleUser') ?? objectOf(response, 'federatedUser');
  return made && said(made, 'arn');
}

function responseOf(record: CloudTrailRecord): JsonObject {
  return objectOf(record.body, 'responseElements') ?? {};
}

export function requestOf(record: CloudTrailRecord): JsonObject {
  return objectOf(record.body, 'requestParameters') ?? {};
}

/**
 * The hop that this call is.
 * @param told the caller's own copy of the call, which knows more of the caller, or the record itself
 * @param notes what a reader should know besides
 */
export function hopOf(
  session: Session,
  record: CloudTrailRecord,
  told: CloudTrailRecord,
  notes: readonly string[],
): Hop {
  const request = requestOf(record);
  const { role, name } = madeBy(record);
  return {
    keyId: session.keyId ?? issuedKey(record),
    action: sayAction({ source: record.eventSource, name: record.eventName }),
    at: record.eventTime,
    account: record.account,
    region: record.region,
    eventId: record.eventId,
    role,
    session: name,
    sourceIdentity:
      said(request, 'sourceIdentity') ??
      said(responseOf(record), 'sourceIdentity') ??
      told.actor.sourceIdentity,
    mfa: said(requestOf(told), 'serialNumber') === undefined ? told.actor.mfa : true,
    address: told.sourceAddress,
    client: told.userAgent,
    caller: sayCaller(told),
    callerKeyId: told.accessKeyId,
    notes: [...notes, ...remarks(record, told)],
  };
}

/** Role and session as the request names them, else as the answer does. */
export function madeBy(record: CloudTrailRecord): { role: string | undefined; name: string | undefined } {
  const request = requestOf(record);
  const roleArn = said(request, 'roleArn');
  const [, role, name] =
    /^assumed-role\/([^/]+)\/([\s\S]+)$/.exec(parseArn(sessionIssued(record))?.resource ?? '') ?? [];
  return {
    role: roleArn === undefined ? role : tail(roleArn),
    name: said(request, 'roleSessionName') ?? name ?? said(request, 'name'),
  };
}

function remarks(record: CloudTrailRecord, told: CloudTrailRecord): string[] {
  const { type, invokedBy } = identityOf(told);
  const request = requestOf(record);
  const member = targetOf(record);
  const policy = objectOf(request, 'taskPolicyArn');
  const task = said(request, 'taskPolicyArn') ?? (policy && said(policy, 'arn'));
  return [
    ...(isRoleSwitch(told) ? ['role switched in the console'] : []),
    ...(invokedBy !== undefined && type !== 'AWSService' && !isRoleSwitch(told)
      ? [`called through ${invokedBy}`]
      : []),
    ...(member === undefined ? [] : [`root of account ${member}`]),
    ...(task === undefined ? [] : [`limited to ${tail(task)}`]),
  ];
}

/** The account whose root `AssumeRoot` was asked for. */
function targetOf(record: CloudTrailRecord): string | undefined {
  const member = said(requestOf(record), 'targetPrincipal');
  return parseArn(member)?.account ?? member;
}

/** The console's "Switch role": the sign-in service calls AssumeRole for the person. */
function isRoleSwitch(record: CloudTrailRecord): boolean {
  const { invokedBy } = identityOf(record);
  return (
    record.eventName === 'AssumeRole' &&
    (/^AWS Signin\b/.test(record.userAgent ?? '') ||
      record.sourceAddress === 'signin.amazonaws.com' ||
      invokedBy === 'signin.amazonaws.com')
  );
}
