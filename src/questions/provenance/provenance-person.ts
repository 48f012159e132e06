import { parseArn } from '../../cloudtrail/arn.ts';
import { said, tail } from '../../cloudtrail/identity.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { objectOf } from '../../kernel/json.ts';
import { MINUTE } from '../../kernel/time.ts';
import type { Origin } from '../trace.ts';
import { signInSearch, signInSessionOf, switchSearch, type Visitor } from './provenance-ask.ts';
import { hopOf } from './provenance-issue.ts';
import { account, ofIdentityCenter, ownerOf, permissionSetOf } from './provenance-origin.ts';
import type { Steps } from './provenance-search.ts';
import { beganAt, identityOf, isFromConsole, type Session } from './provenance-session.ts';
import { look, MOST_HOPS, nearest, pass, type Walk } from './provenance-walk.ts';

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
    before: began,
    signInSession: signInSessionOf(record),
  };
  const signIn = yield* findSignIn(walk, visitor);
  const sure = isFromConsole(record);
  // Without the console's mark only a sign-in at the very time is more than a coincidence.
  if (!signIn || (!sure && Math.abs(signIn.eventTime - began) > MINUTE)) {
    return sure ? withoutSignIn(ownerOf(identity).name, record.actor.mfa) : undefined;
  }
  return arrive(walk, session, signIn, ownerOf(identity).name, sure ? [] : ['guessed by time']);
}

function* findSignIn(walk: Walk, visitor: Visitor): Steps<CloudTrailRecord | undefined> {
  const { records } = yield* look(walk, signInSearch(visitor));
  return nearest(records, visitor.before);
}

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

function withoutSignIn(person: string, mfa: boolean | undefined): Origin {
  return { kind: 'console', said: `${person}, in the console${withMfa(mfa)}; the sign-in was not found.` };
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
  const signIn = yield* findSignIn(walk, {
    kind: 'user',
    name: person.user,
    account: person.account,
    regions: session.regions,
    before: change.eventTime,
    signInSession: signInSessionOf(change),
  });
  const key: Session = { ...session, keyId: undefined };
  return signIn
    ? arrive(walk, key, signIn, person.label, ['guessed by time'])
    : withoutSignIn(person.label, change.actor.mfa);
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
        : `session ${session} of role ${role} in ${account(of)}`;
  const set = permissionSetOf(role);
  const origin: Origin =
    set !== undefined && session !== undefined
      ? ofIdentityCenter(session, set, of)
      : { kind: 'console', said: `In the console: ${label}; who that was the record does not say.` };
  return { label, user, account: of, origin };
}
