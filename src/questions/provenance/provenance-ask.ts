import { globalRegionOf, parseArn } from '../../cloudtrail/arn.ts';
import { said } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { objectOf } from '../../kernel/json.ts';
import { DAY, HOUR, MINUTE, type Millis } from '../../kernel/time.ts';
import { EVENT_HISTORY_DAYS } from '../question.ts';
import { issued, issuedByName, issuedFromOutside, LONGEST_SESSION, NEAR, SKEW } from './provenance-issue.ts';
import type { Search } from './provenance-search.ts';
import { agree, beganAt, identityOf, isUseOf, type Session, sessionArnOf } from './provenance-session.ts';

/**
 * Where sign-ins of IAM users at the global address are recorded, whichever region people work in afterwards; those
 * at a region's own address are in that region. Source: CloudTrail user guide, "AWS Management Console sign-in
 * events". In other partitions that is where their global services are.
 */
function signInRegions(seen: readonly string[]): readonly string[] {
  const home = globalRegionOf(seen[0]);
  return home === 'us-east-1' ? [home, 'us-east-2', 'eu-north-1', 'ap-southeast-2'] : [home];
}

/** Longest life of a sign-in to the console. */
const LONGEST_SIGN_IN: Millis = 12 * HOUR;

/** How far the sign-in and the beginning of the session that it made may be apart. */
const SIGN_IN_TAKES: Millis = 2 * MINUTE;

/** The call that issued the key: it names the key. */
export function issueSearch(session: Session): Search {
  const { keyId, account } = session;
  return {
    attribute: { key: 'ResourceName', value: keyId ?? '' },
    stored: { column: 'named', value: keyId ?? '' },
    account,
    regions: session.regions,
    elsewhere: true,
    ...windowOf(session),
    wanted: (record) => issued(record, session) && (account === undefined || record.account === account),
  };
}

/**
 * The call that issued the key, in any other account: a caller's copy names the key too, and AssumeRoot is recorded
 * for its caller alone.
 */
export function issueOutsideSearch(session: Session): Search {
  return {
    ...issueSearch(session),
    account: undefined,
    except: session.account,
    wanted: (record) => issuedFromOutside(record, session),
  };
}

/** Any call signed with the key: it says what kind of session it is. */
export function useSearch(session: Session): Search {
  const { keyId, lastUse } = session;
  return {
    attribute: { key: 'AccessKeyId', value: keyId ?? '' },
    stored: { column: 'keyId', value: keyId ?? '' },
    account: session.account,
    regions: session.regions,
    elsewhere: true,
    from: lastUse === undefined ? session.firstUse - EVENT_HISTORY_DAYS * DAY : lastUse - LONGEST_SESSION,
    to: session.firstUse + (lastUse === undefined ? 0 : LONGEST_SESSION),
    wanted: (record) => isUseOf(record, session),
  };
}

/** The call that made a session of this name when it began; `undefined` when name or time are not known. */
export function nameSearch(session: Session): Search | undefined {
  const arn = sessionArnOf(session.record);
  const began = beganAt(session.record);
  if (arn === undefined || began === undefined) return undefined;
  return {
    attribute: { key: 'ResourceName', value: arn },
    stored: { column: 'named', value: arn },
    account: session.account,
    regions: session.regions,
    elsewhere: true,
    from: began - NEAR,
    to: began + NEAR,
    wanted: (record) => issuedByName(record, session),
  };
}

/** The same call as the account of its caller has it. */
export function copySearch(issue: CloudTrailRecord, keyId: string | undefined, account: string): Search {
  const shared = said(issue.body, 'sharedEventID');
  const name = keyId ?? said(objectOf(issue.body, 'requestParameters') ?? {}, 'roleArn') ?? '';
  return {
    attribute: { key: 'ResourceName', value: name },
    stored: { column: 'named', value: name },
    account,
    regions: [issue.region],
    elsewhere: true,
    from: issue.eventTime - NEAR,
    to: issue.eventTime + NEAR,
    wanted: (record) =>
      record.account === account &&
      shared !== undefined &&
      said(record.body, 'sharedEventID') === shared &&
      identityOf(record).type !== 'AWSAccount',
  };
}

/** The console's change of role, as the sign-in service records it for the role's account. */
export function switchSearch(session: Session): Search | undefined {
  const arn = sessionArnOf(session.record);
  const began = beganAt(session.record);
  if (arn === undefined || began === undefined) return undefined;
  return {
    attribute: { key: 'EventName', value: 'SwitchRole' },
    stored: { column: 'eventName', value: 'SwitchRole' },
    account: session.account,
    regions: [...session.regions, ...signInRegions(session.regions)],
    elsewhere: false,
    from: began - NEAR,
    to: began + NEAR,
    wanted: (record) => record.eventName === 'SwitchRole' && record.actor.arn === arn && succeeded(record),
  };
}

/** Who is looked for at the console's door. */
export interface Visitor {
  readonly kind: 'user' | 'root';
  readonly name: string;
  readonly account: string | undefined;
  readonly regions: readonly string[];
  readonly mfa: boolean | undefined;
  /** When the session of the console began; `undefined` where only a session that followed it is known. */
  readonly began: Millis | undefined;
  /** A time at which the person was in the console. */
  readonly inside: Millis;
  /** Names one sign-in and all calls after it, where AWS writes it. */
  readonly signInSession: string | undefined;
}

/**
 * The sign-in to the console: the one that AWS itself names, else one with the same MFA as the session began.
 * `undefined` where neither is known: that the person had signed in before does not make it that sign-in.
 */
export function signInSearch(visitor: Visitor): Search | undefined {
  const { signInSession, began = visitor.inside } = visitor;
  if (signInSession === undefined && visitor.began === undefined) return undefined;
  const region = parseArn(signInSession)?.region;
  const likely = [...(region ? [region] : []), ...visitor.regions, ...signInRegions(visitor.regions)];
  return {
    attribute: { key: 'EventName', value: 'ConsoleLogin' },
    stored: { column: 'eventName', value: 'ConsoleLogin' },
    account: visitor.account,
    regions: visitor.kind === 'root' ? [globalRegionOf(visitor.regions[0])] : likely,
    elsewhere: visitor.kind !== 'root',
    from: began - (signInSession === undefined ? SIGN_IN_TAKES : LONGEST_SIGN_IN),
    to: began + SIGN_IN_TAKES,
    wanted: (record) =>
      record.eventName === 'ConsoleLogin' &&
      record.actor.kind === visitor.kind &&
      record.actor.name === visitor.name &&
      succeeded(record) &&
      isSignInOf(record, visitor),
  };
}

function isSignInOf(record: CloudTrailRecord, { began, mfa, signInSession }: Visitor): boolean {
  const named = signInSessionOf(record);
  if (named !== undefined && signInSession !== undefined) return named === signInSession;
  return (
    began !== undefined && Math.abs(record.eventTime - began) <= SIGN_IN_TAKES && agree(record.actor.mfa, mfa)
  );
}

export function signInSessionOf(record: CloudTrailRecord | undefined): string | undefined {
  return record && said(identityOf(record).session, 'signInSessionArn');
}

function succeeded(record: CloudTrailRecord): boolean {
  const response = objectOf(record.body, 'responseElements') ?? {};
  return record.errorMessage === undefined && said(response, record.eventName) !== 'Failure';
}

/** When the key can have been issued. */
function windowOf({ firstUse, lastUse }: Session): { from: Millis; to: Millis } {
  const from = lastUse === undefined ? firstUse - EVENT_HISTORY_DAYS * DAY : lastUse - LONGEST_SESSION;
  return { from: Math.min(from, firstUse), to: firstUse + SKEW };
}
