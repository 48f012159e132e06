import { type Identity, readIdentity, said } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { type Millis, parseInstant } from '../../kernel/time.ts';

/** Credentials whose maker the walk looks for. */
export interface Session {
  /** `undefined` where the record of their use has none. */
  readonly keyId: string | undefined;
  /** `undefined` where nothing tells it: then every account within reach is asked. */
  readonly account: string | undefined;
  /** Any call that was signed with them. */
  readonly record: CloudTrailRecord | undefined;
  /** Issued no later than this. */
  readonly firstUse: Millis;
  /** `undefined` when no use is known. */
  readonly lastUse: Millis | undefined;
  /** Where they were used, most likely first. */
  readonly regions: readonly string[];
}

/** Places that are worth a question of their own before all others are asked at once. */
const MOST_HINTS = 2;

/** The session that signed this call. */
export function signerOf(record: CloudTrailRecord): Session {
  return {
    keyId: record.accessKeyId,
    account: accountOf(record),
    record,
    firstUse: record.eventTime,
    lastUse: record.eventTime,
    regions: [record.region],
  };
}

/** Where a walk begins. */
export interface Start {
  readonly keyId: string;
  /** Twelve digits; `undefined` where nothing tells it. */
  readonly account: string | undefined;
  /** Calls signed with the key, any order; may be empty. */
  readonly seen: readonly CloudTrailRecord[];
  /** A use that no call of `seen` is known of. */
  readonly usedAt?: Millis | undefined;
  readonly now: Millis;
}

/**
 * What is known of a key before the walk. The id of a temporary key is not unique: of its calls those count that
 * belong to one session of the account, the latest.
 */
export function sessionSeen({ keyId, account, seen, usedAt, now }: Start): Session {
  const uses = usesOf(keyId, account, seen);
  const times = uses.length > 0 || usedAt === undefined ? uses.map(({ eventTime }) => eventTime) : [usedAt];
  return {
    keyId,
    account,
    record: latestOf(uses),
    firstUse: times.length > 0 ? Math.min(...times) : now,
    lastUse: times.length > 0 ? Math.max(...times) : undefined,
    regions: usual(uses.map((record) => record.region)),
  };
}

function usesOf(
  keyId: string,
  account: string | undefined,
  seen: readonly CloudTrailRecord[],
): CloudTrailRecord[] {
  const uses = seen
    .filter((record) => record.accessKeyId === keyId && isOf(record, account))
    .sort((a, b) => b.eventTime - a.eventTime);
  const latest = latestOf(uses);
  return uses.filter((record) => latest !== undefined && areOneSession(record, latest));
}

/** The latest that names its session, else the latest. */
export function latestOf(uses: readonly CloudTrailRecord[]): CloudTrailRecord | undefined {
  return uses.find(({ actor }) => actor.arn !== undefined) ?? uses[0];
}

/** As far as both records say whose session it is and when it began. */
function areOneSession(one: CloudTrailRecord, other: CloudTrailRecord): boolean {
  return agree(one.actor.arn, other.actor.arn) && agree(beganAt(one), beganAt(other));
}

/** What two records say agrees, also where one of them says nothing. */
export function agree<T>(one: T | undefined, other: T | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Who else used a key of this id: each one sentence, none when only the session did. */
export function usedBesides({ keyId, account, seen }: Start, session: Session): string[] {
  const others = seen.filter((record) => record.accessKeyId === keyId && !isUseOf(record, session));
  const accounts = new Set(others.map(accountOf).filter((of) => !agree(of, account)));
  const again = 'AWS may give the id of a temporary key out twice, and that use is not walked back.';
  return [
    ...[...accounts].map((of) => `A key of this id was also used by account ${of}: ${again}`),
    ...(others.some((record) => isOf(record, account))
      ? [`A key of this id was also used by another session of this account: ${again}`]
      : []),
  ];
}

/** Whether this session signed the call, as far as the two say. */
export function isUseOf(record: CloudTrailRecord, session: Session): boolean {
  return (
    record.accessKeyId === session.keyId &&
    isOf(record, session.account) &&
    (session.record === undefined || areOneSession(record, session.record))
  );
}

function isOf(record: CloudTrailRecord, account: string | undefined): boolean {
  return agree(accountOf(record), account);
}

/** The account that the signing key belongs to. */
function accountOf(record: CloudTrailRecord): string {
  return record.actor.account ?? record.account;
}

function usual(regions: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const region of regions) counts.set(region, (counts.get(region) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_HINTS)
    .map(([region]) => region);
}

export function identityOf(record: CloudTrailRecord): Identity {
  return readIdentity(record.body.userIdentity, record.body);
}

/** When the session began, as its own calls say. */
export function beganAt(record: CloudTrailRecord | undefined): Millis | undefined {
  return record && parseInstant(said(identityOf(record).attributes, 'creationDate') ?? '');
}

/** Whether the session began with MFA: what a service does in its name does not change that. */
export function mfaOf(record: CloudTrailRecord): boolean | undefined {
  const told = said(identityOf(record).attributes, 'mfaAuthenticated');
  return told === undefined ? record.actor.mfa : told === 'true';
}

/** `arn:aws:sts::…:assumed-role/Role/session` or `…:federated-user/name` of the caller. */
export function sessionArnOf(record: CloudTrailRecord | undefined): string | undefined {
  const arn = record?.actor.arn;
  return arn !== undefined && /:(?:assumed-role|federated-user)\//.test(arn) ? arn : undefined;
}

/** Whether the call was signed with credentials that the console holds for a person. */
export function isFromConsole(record: CloudTrailRecord | undefined): boolean {
  return record !== undefined && String(record.body.sessionCredentialFromConsole) === 'true';
}

/** Keys that do not expire have an owner and no maker. */
export function isLongTerm(keyId: string | undefined): boolean {
  return keyId === undefined || keyId.startsWith('AKIA');
}
