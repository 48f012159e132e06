import { said } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Hop, Origin, Trace } from '../trace.ts';
import { copySearch, issueSearch, nameSearch, rootIssueSearch, useSearch } from './provenance-ask.ts';
import { endOf } from './provenance-end.ts';
import { hopOf } from './provenance-issue.ts';
import { account, originOf, ownerOf } from './provenance-origin.ts';
import { personAtConsole, personSwitched } from './provenance-person.ts';
import type { Steps } from './provenance-search.ts';
import {
  beganAt,
  identityOf,
  isFromConsole,
  isLongTerm,
  type Session,
  sessionSeen,
  signerOf,
} from './provenance-session.ts';
import { look, MOST_HOPS, nearest, pass, type Walk } from './provenance-walk.ts';

/** Where a walk begins. */
export interface Start {
  readonly keyId: string;
  /** Twelve digits; `undefined` where nothing tells it. */
  readonly account: string | undefined;
  /** Calls signed with the key, any order; may be empty. */
  readonly seen: readonly CloudTrailRecord[];
  readonly usedAt?: Millis | undefined;
  readonly now: Millis;
}

/**
 * The way from a key back to a person, a service or a job: yields what to look for next, ends with the way.
 * It ends whatever it is told: no key and no call is passed twice, and no more than ten hops are made.
 */
export function* walkBack(start: Start): Steps<Omit<Trace, 'lookups'>> {
  const walk: Walk = {
    now: start.now,
    hops: [],
    caveats: new Set(),
    passed: new Set(),
    stopped: undefined,
  };
  const session = sessionSeen(start.keyId, start.account, start.seen, start.usedAt, start.now);
  let step: Session | Origin = isLongTerm(start.keyId) ? yield* ownerByUse(walk, session) : session;
  while (!('said' in step)) step = yield* back(walk, step);
  if (walk.hops.some((hop) => hop.sourceIdentity !== undefined)) {
    walk.caveats.add('A source identity is what the caller asserted: it is shown and not believed.');
  }
  return {
    keyId: start.keyId,
    hops: walk.hops,
    origin: cutShort(walk, step),
    caveats: [...walk.caveats],
  };
}

/** What was not found because the walk had to stop is no finding. */
function cutShort({ stopped }: Walk, origin: Origin): Origin {
  if (stopped === undefined || origin.kind !== 'not found') return origin;
  const why =
    stopped === 'cancelled' ? 'The walk was stopped before its end.' : 'The walk ran out of lookups.';
  return { kind: 'stopped', said: `${why} ${origin.said}` };
}

/** A long-term key was made by nobody's session: its owner is the origin. */
function* ownerByUse(walk: Walk, session: Session): Steps<Origin> {
  const record = session.record ?? nearest((yield* look(walk, useSearch(session))).records, undefined);
  if (!record) return endOf(session, walk.now);
  const owner = ownerOf(identityOf(record));
  return {
    kind: owner.kind,
    said: `${owner.name}, with a long-term access key: there is nothing to walk back.`,
  };
}

/** One step: the session that made this one, or the end. */
function* back(walk: Walk, session: Session): Steps<Session | Origin> {
  const circle = session.keyId === undefined ? undefined : pass(walk, session.keyId);
  if (circle) return circle;
  if (walk.hops.length >= MOST_HOPS) {
    return {
      kind: 'stopped',
      said: `The walk stopped after ${MOST_HOPS} hops: no chain of roles is that long by intent.`,
    };
  }
  // The console makes keys for a person without a call that names them.
  if (isPerson(session.record) && isFromConsole(session.record)) {
    return (yield* personAtConsole(walk, session)) ?? endOf(session, walk.now);
  }
  return (yield* byKey(walk, session)) ?? (yield* byUse(walk, session));
}

function isPerson(record: CloudTrailRecord | undefined): boolean {
  const type = record && identityOf(record).type;
  return type === 'IAMUser' || type === 'Root';
}

/** The call that issued this very key. */
function* byKey(walk: Walk, session: Session): Steps<Session | Origin | undefined> {
  if (session.keyId === undefined) return undefined;
  const { records, outside } = yield* look(walk, issueSearch(session));
  const issue = records[0] ?? (outside === undefined ? yield* rootIssue(walk, session) : undefined);
  if (issue) {
    if (records.length > 1)
      walk.caveats.add('More than one call issued a key of this id; the newest is shown.');
    return yield* through(walk, session, issue, []);
  }
  return outside === undefined ? undefined : barred(walk, session, outside);
}

/** Root's sessions are made by another account. */
function* rootIssue(walk: Walk, session: Session): Steps<CloudTrailRecord | undefined> {
  const { record } = session;
  if (!record || identityOf(record).type !== 'Root') return undefined;
  return (yield* look(walk, rootIssueSearch(session))).records[0];
}

/** The account of the key cannot be asked: its own calls may tell enough. */
function barred(walk: Walk, session: Session, outside: string): Origin {
  const end = endOf(session, walk.now);
  const where = account(session.account);
  if (end.kind !== 'not found') {
    walk.caveats.add(`Not asked: ${where}: ${outside}.`);
    return end;
  }
  const actor = session.record?.actor;
  return {
    kind: 'other account',
    said: actor ? `${actor.label} @ ${where}: ${outside}.` : `The key belongs to ${where}: ${outside}.`,
  };
}

/** No call issued the key: what its use tells, and what may be found by that. */
function* byUse(walk: Walk, given: Session): Steps<Session | Origin> {
  const session = given.record ? given : yield* recognised(walk, given);
  if (isPerson(session.record)) {
    return (yield* personAtConsole(walk, session)) ?? endOf(session, walk.now);
  }
  const search = nameSearch(session);
  const issues = search ? (yield* look(walk, search)).records : [];
  const issue = nearest(issues, beganAt(session.record));
  if (issue) return yield* through(walk, session, issue, ['matched by session and time']);
  return (yield* personSwitched(walk, session)) ?? endOf(session, walk.now);
}

function* recognised(walk: Walk, session: Session): Steps<Session> {
  const [record] = (yield* look(walk, useSearch(session))).records;
  if (!record) return session;
  return { ...signerOf(record), keyId: session.keyId };
}

/** Notes the call as a hop and goes on to who made it. */
function* through(
  walk: Walk,
  session: Session,
  issue: CloudTrailRecord,
  notes: readonly string[],
): Steps<Session | Origin> {
  const circle = pass(walk, issue.key);
  if (circle) return circle;
  const caller = identityOf(issue);
  if (caller.type === 'AWSAccount' && caller.account !== undefined && issue.actor.kind !== 'service') {
    return yield* acrossAccounts(walk, session, issue, caller.account);
  }
  walk.hops.push(hopOf(session, issue, issue, notes));
  return originOf(issue, issue) ?? signerOf(issue);
}

/** The caller's own account has a copy of the call that says who it was. */
function* acrossAccounts(
  walk: Walk,
  session: Session,
  issue: CloudTrailRecord,
  from: string,
): Steps<Session | Origin> {
  const { records, outside } = yield* look(walk, copySearch(issue, session.keyId, from));
  const [copy] = records;
  const hop: Hop = hopOf(
    session,
    issue,
    copy ?? issue,
    copy ? [`matched in account ${from} by sharedEventID`] : [],
  );
  walk.hops.push(hop);
  if (copy) return originOf(issue, copy) ?? signerOf(copy);
  const principal = said(identityOf(issue).raw, 'principalId') ?? 'unknown principal';
  const why =
    outside ?? "the call was not found there; that account's own trail has the copy that says who made it";
  return { kind: 'other account', said: `${principal} @ account ${from}: ${why}.` };
}
