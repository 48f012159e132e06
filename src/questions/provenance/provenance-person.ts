import { parseArn } from '../../cloudtrail/arn.ts';
import { said, tail } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { objectOf } from '../../kernel/json.ts';
import { DAY, MINUTE } from '../../kernel/time.ts';
import { EVENT_HISTORY_DAYS } from '../question.ts';
import type { Origin } from '../trace.ts';
import { signInSearch, signInSessionOf, switchSearch, type Visitor } from './provenance-ask.ts';
import { hopOf } from './provenance-issue.ts';
import { account, ownerOf } from './provenance-origin.ts';
import { sayRole } from './provenance-role.ts';
import type { Found, Steps } from './provenance-search.ts';
import { beganAt, identityOf, isFromConsole, mfaOf, type Session } from './provenance-session.ts';
import { look, MOST_HOPS, nearest, pass, sayStopped, type Walk } from './provenance-walk.ts';

/**
 * A person at the console: the origin is known, the sign-in tells where they came from and whether with MFA.
 * `undefined` when nothing says that the session is one of the console.
 */
export function* personAtConsole(walk: Walk, session: Session): Steps<Origin | undefined> {
  const { record } = session;
  const began = beganAt(record);
  if (!record || began === undefined) return undefined;
  const identity = identityOf(record);
  const visitor: Visitor = {
    kind: identity.type === 'Root' ? 'root' : 'user',
    name: record.actor.name,
    account: session.account,
    regions: session.regions,
    mfa: mfaOf(record),
    began,
    inside: began,
    signInSession: signInSessionOf(record),
  };
  const { signIn, why } = yield* findSignIn(walk, visitor);
  const sure = isFromConsole(record);
  // Without the console's mark only a sign-in at the very time is more than a coincidence.
  if (!signIn || (!sure && Math.abs(signIn.eventTime - began) > MINUTE)) {
    return sure ? withoutSignIn(ownerOf(identity).name, visitor.mfa, why) : undefined;
  }
  return arrive(walk, session, signIn, ownerOf(identity).name, howMatched(signIn, visitor, sure));
}

function howMatched(signIn: CloudTrailRecord, { signInSession }: Visitor, sure: boolean): string[] {
  if (signInSession !== undefined && signInSessionOf(signIn) === signInSession) return [];
  return [sure ? 'matched by name and time' : 'guessed by time'];
}

interface SignIn {
  readonly signIn: CloudTrailRecord | undefined;
  /** Why there is none: completes `alice, in the console; …`. */
  readonly why: string;
}

function* findSignIn(walk: Walk, visitor: Visitor): Steps<SignIn> {
  const search = signInSearch(visitor);
  if (!search) return { signIn: undefined, why: 'which sign-in that was no record says' };
  const found = yield* look(walk, search);
  const { records } = found;
  const { signInSession } = visitor;
  const named = records.filter((record) => signInSession && signInSessionOf(record) === signInSession);
  const fitting = named.length > 0 ? named : records;
  if (fitting.length > 1) {
    walk.caveats.add('More than one sign-in fits; the one nearest to the beginning of the session is shown.');
  }
  return {
    signIn: nearest(fitting, visitor.inside),
    why: sayNotFound(found, search.to < walk.now - EVENT_HISTORY_DAYS * DAY),
  };
}

function sayNotFound({ asked = [], outside, stopped }: Found, old: boolean): string {
  if (stopped !== undefined) return `${sayStopped(stopped)} before the sign-in was found`;
  if (outside !== undefined) return `the sign-in could not be looked for: ${outside}`;
  if (old) {
    return `the sign-in was not found, and CloudTrail's event history goes back only ${EVENT_HISTORY_DAYS} days`;
  }
  if (asked.length === 0) return 'the sign-in was not found';
  const where = asked.length > MOST_REGIONS ? `any of the ${asked.length} regions asked` : asked.join(', ');
  return `the sign-in was not found in ${where}`;
}

/** So many are named, more are counted. */
const MOST_REGIONS = 6;

function arrive(
  walk: Walk,
  session: Session,
  signIn: CloudTrailRecord,
  person: string,
  notes: readonly string[],
): Origin {
  const circle = pass(walk, signIn.key);
  if (circle) return circle;
  if (walk.hops.length < MOST_HOPS) walk.hops.push(hopOf(session, signIn, signIn, notes));
  return {
    kind: 'console',
    said: `${person}, signed in to the console${withMfa(signIn.actor.mfa)} from ${signIn.sourceAddress ?? 'an unknown address'}.`,
  };
}

function withoutSignIn(person: string, mfa: boolean | undefined, why: string): Origin {
  return { kind: 'console', said: `${person}, in the console${withMfa(mfa)}; ${why}.` };
}

function withMfa(mfa: boolean | undefined): string {
  return mfa === undefined ? '' : mfa ? ' with MFA' : ' without MFA';
}

/**
 * Somebody who changed roles in the console: the sign-in service records from which identity. `undefined` when no
 * such change was found.
 */
export function* personSwitched(walk: Walk, session: Session): Steps<Origin | undefined> {
  const search = isFromConsole(session.record) ? switchSearch(session) : undefined;
  if (!search) return undefined;
  const change = nearest((yield* look(walk, search)).records, beganAt(session.record));
  const from = change && said(objectOf(change.body, 'additionalEventData') ?? {}, 'SwitchFrom');
  if (!change || from === undefined) return undefined;
  const circle = pass(walk, change.key);
  if (circle) return circle;
  const person = nameOf(from);
  walk.hops.push({
    ...hopOf(session, change, change, ['matched by session and time']),
    role: session.record?.actor.role,
    session: session.record?.actor.session,
    caller: person.label,
  });
  if (person.user === undefined) return person.origin;
  const { signIn, why } = yield* findSignIn(walk, {
    kind: 'user',
    name: person.user,
    account: person.account,
    regions: session.regions,
    mfa: undefined,
    began: undefined,
    inside: change.eventTime,
    signInSession: signInSessionOf(change),
  });
  const key: Session = { ...session, keyId: undefined };
  return signIn ? arrive(walk, key, signIn, person.label, []) : withoutSignIn(person.label, undefined, why);
}

interface Person {
  readonly label: string;
  /** Name of the IAM user; `undefined` for a session of a role. */
  readonly user: string | undefined;
  readonly account: string | undefined;
  readonly origin: Origin;
}

/** Who an ARN names: a user of IAM, or a session of a role. */
function nameOf(arn: string): Person {
  const parsed = parseArn(arn);
  const of = parsed?.account;
  const [, role, session] = /^assumed-role\/([^/]+)\/([\s\S]+)$/.exec(parsed?.resource ?? '') ?? [];
  const user = parsed?.resource.startsWith('user/') ? tail(arn) : undefined;
  const label =
    user !== undefined
      ? `IAM user ${user} of ${account(of)}`
      : role === undefined
        ? arn
        : `session ${session} of role ${sayRole(role)} in ${account(of)}`;
  const origin: Origin = {
    kind: 'console',
    said: `In the console: ${label}; who that was the record does not say.`,
  };
  return { label, user, account: of, origin };
}
