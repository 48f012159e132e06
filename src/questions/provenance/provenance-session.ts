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
    account: record.actor.account ?? record.account,
    record,
    firstUse: record.eventTime,
    lastUse: record.eventTime,
    regions: [record.region],
  };
}

/** What is known of a key before the walk: its calls (all signed with it, any order), or nothing. */
export function sessionSeen(
  keyId: string,
  account: string | undefined,
  seen: readonly CloudTrailRecord[],
  usedAt: Millis | undefined,
  now: Millis,
): Session {
  const uses = seen
    .filter((record) => record.accessKeyId === keyId)
    .sort((a, b) => b.eventTime - a.eventTime);
  const [newest] = uses;
  const times = [...uses.map((record) => record.eventTime), ...(usedAt === undefined ? [] : [usedAt])];
  return {
    keyId,
    account,
    record: newest,
    firstUse: times.length > 0 ? Math.min(...times) : now,
    lastUse: times.length > 0 ? Math.max(...times) : undefined,
    regions: usual(uses.map((record) => record.region)),
  };
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
