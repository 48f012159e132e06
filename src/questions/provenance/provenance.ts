import { said } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Hop, Origin, Trace } from '../trace.ts';
import { copySearch, issueOutsideSearch, issueSearch, nameSearch, useSearch } from './provenance-ask.ts';
import { endOf } from './provenance-end.ts';
import { hopOf } from './provenance-issue.ts';
import { account, originOf, ownerOf } from './provenance-origin.ts';
import { personAtConsole, personSwitched } from './provenance-person.ts';
import { sayCaller } from './provenance-role.ts';
import type { Steps } from './provenance-search.ts';
import {
  beganAt,
  identityOf,
  isFromConsole,
  isLongTerm,
  latestOf,
  type Session,
  type Start,
  sessionSeen,
  signerOf,
  usedBesides,
} from './provenance-session.ts';
import { look, MOST_HOPS, nearest, pass, sayStopped, type Walk } from './provenance-walk.ts';

/**
 * The way from a key back to a person, a service or a job: yields what to look for next, ends with the way.
 * It ends whatever it is told: no key and no call is passed twice, and no more than ten hops are made.
 */
export function* walkBack(start: Start): Steps<Omit<Trace, 'lookups'>> {
  const session = sessionSeen(start);
  const walk: Walk = {
    now: start.now,
    hops: [],
    caveats: new Set(usedBesides(start, session)),
    passed: new Set(),
    stopped: undefined,
  };
  let step: Session | Origin = isLongTerm(start.keyId) ? yield* ownerByUse(walk, session) : session;
  while (!('said' in step)) step = yield* back(walk, step);
  if (walk.hops.some((hop) => hop.sourceIdentity !== undefined)) {
    walk.caveats.add('A source identity is what the caller asserted: it is shown and not believed.');
  }
  return { keyId: start.keyId, hops: walk.hops, origin: step, caveats: [...walk.caveats] };
}

/** A long-term key was made by nobody's session: its owner is the origin. */
function* ownerByUse(walk: Walk, session: Session): Steps<Origin> {
  const record = session.record ?? nearest((yield* look(walk, useSearch(session))).records, undefined);
  if (!record) return endOf(session, walk);
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
    return (yield* personAtConsole(walk, session)) ?? endOf(session, walk);
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
  if (records.length > 1) {
    walk.caveats.add('More than one call issued a key of this id; the likeliest by its time is shown.');
  }
  const issue = nearest(records, beganAt(session.record));
  if (issue) return yield* through(walk, session, issue, []);
  const copy =
    outside === undefined && !isRoot(session.record) ? undefined : yield* fromOutside(walk, session);
  if (copy)
    return yield* through(walk, session, copy, outside === undefined ? [] : ["from the caller's copy"]);
  return outside === undefined ? undefined : barred(walk, session, outside);
}

/** Root's sessions are made by another account, and an account that is closed may have been called by an open one. */
function* fromOutside(walk: Walk, session: Session): Steps<CloudTrailRecord | undefined> {
  if (session.account === undefined) return undefined;
  return (yield* look(walk, issueOutsideSearch(session))).records[0];
}

function isRoot(record: CloudTrailRecord | undefined): boolean {
  return record !== undefined && identityOf(record).type === 'Root';
}

/** The account of the key cannot be asked: its own calls may tell enough. */
function barred(walk: Walk, session: Session, outside: string): Origin {
  const end = endOf(session, walk);
  const where = account(session.account);
  if (end.kind !== 'not found' && end.kind !== 'stopped') {
    walk.caveats.add(`Not asked: ${where}: ${outside}.`);
    return end;
  }
  const { record } = session;
  return {
    kind: 'other account',
    said: record
      ? `${sayCaller(record)} @ ${where}: ${outside}.`
      : `The key belongs to ${where}: ${outside}.`,
  };
}

/** No call issued the key: what its use tells, and what may be found by that. */
function* byUse(walk: Walk, given: Session): Steps<Session | Origin> {
  const session = given.record ? given : yield* recognised(walk, given);
  if (isPerson(session.record)) {
    return (yield* personAtConsole(walk, session)) ?? endOf(session, walk);
  }
  const search = nameSearch(session);
  const issues = search ? (yield* look(walk, search)).records : [];
  const issue = nearest(issues, beganAt(session.record));
  if (issue) return yield* through(walk, session, issue, ['matched by session and time']);
  return (yield* personSwitched(walk, session)) ?? endOf(session, walk);
}

function* recognised(walk: Walk, session: Session): Steps<Session> {
  const { records } = yield* look(walk, useSearch(session));
  const record = latestOf(records);
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
  const missing = walk.stopped
    ? `${sayStopped(walk.stopped)} before the copy of the call there was found`
    : 'the call was not found there';
  const why = outside ?? `${missing}; that account's own trail has the copy that says who made it`;
  return { kind: 'other account', said: `${principal} @ account ${from}: ${why}.` };
}
