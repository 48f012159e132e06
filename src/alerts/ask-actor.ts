import type { Actor } from '../cloudtrail/actor.ts';
import type { ActorKind } from '../cloudtrail/naming.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';
import { LEVELS, type Level } from '../rules/rule.ts';
import type { TimeInterval } from './time-interval.ts';

/** Who did it, as far as it helps to find the human: what an event says, and nothing of it is proven. */
export interface Doer {
  /** The same for one human: all sessions of a role under one name, one user. */
  readonly key: string;
  readonly kind: ActorKind;
  /** What an alert shows. */
  readonly label: string;
  /** The account that the identity belongs to; `undefined` where it is not said. */
  readonly account: string | undefined;
  readonly arn: string | undefined;
  /** ARNs, names, addresses: what `people` is looked up with. */
  readonly names: readonly string[];
}

/** Somebody under `people`: whom a name, an ARN, an address or a pattern with `*` means. */
export interface PersonEntry {
  readonly pattern: string;
  /** A Slack user id, or an e-mail address. */
  readonly who: string;
}

/** How people are asked whether it was them. */
export interface ActorQuestions {
  /** The configuration speaks of it: threads then also say why nobody was asked. */
  readonly isSetUp: boolean;
  /** How long an answer may take. */
  readonly wait: Millis;
  /** How long a yes keeps repeats quiet. */
  readonly quietFor: Millis;
  /** When people may be asked; `undefined`: always. */
  readonly hours: { readonly name: string; readonly intervals: readonly TimeInterval[] } | undefined;
  /** Alerts of these levels are resolved as expected by a yes. */
  readonly resolve: readonly Level[];
}

/** Whom to ask: a Slack user, or whoever Slack knows under one of the addresses; or why nobody. */
export type WhomToAsk =
  | { readonly user: string }
  | { readonly addresses: readonly string[] }
  | { readonly nobody: string };

const ADDRESS = /^[^\s@<>"',;:()|*]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,63}$/u;
const HUMAN: ReadonlySet<ActorKind> = new Set([
  'user',
  'role',
  'federated',
  'directory',
  'identity-center',
  'saml',
  'web-identity',
]);
const LONGEST_NAME = 300;
const MOST_NAMES = 20;

/** Who did it. A role may be many people's: its session, or the source identity behind it, tells them apart. */
export function doerOf({ actor, body }: CloudTrailRecord): Doer {
  const { kind, label, account, arn } = actor;
  const person = actor.sourceIdentity ?? actor.session;
  const key = kind === 'role' && person !== undefined ? `${actor.id} ${person}` : actor.id;
  return { key, kind, label, account, arn, names: namesOf(actor, body) };
}

/** The most trustworthy first: a source identity outlives roles, a session's name may be anybody's choice. */
function namesOf(actor: Actor, body: JsonObject): string[] {
  const identity = objectOf(body, 'userIdentity') ?? {};
  const principal = textOf(identity, 'principalId') ?? '';
  const further = objectOf(body, 'additionalEventData') ?? {};
  const all = [
    actor.arn,
    actor.sourceIdentity,
    actor.session,
    textOf(identity, 'userName'),
    actor.kind === 'role' ? undefined : actor.name,
    principal.includes(':') ? principal.slice(principal.indexOf(':') + 1) : undefined,
    textOf(further, 'UserName'),
    ...tagsOf(body),
    actor.id,
  ];
  const said = all.filter((name) => name !== undefined && name !== '' && name.length <= LONGEST_NAME);
  return [...new Set(said as string[])].slice(0, MOST_NAMES);
}

/** Session tags that are addresses: what an identity provider says of the person. */
function tagsOf(body: JsonObject): string[] {
  const request = objectOf(body, 'requestParameters') ?? {};
  const tags = objectOf(request, 'principalTags');
  const values = isObject(tags) ? Object.values(tags) : [];
  return values.filter((value): value is string => typeof value === 'string' && ADDRESS.test(value));
}

/** Decides whom to ask. `known`: ids of the accounts that are the organization's own. */
export function whomToAsk(
  doer: Doer,
  people: readonly PersonEntry[],
  known: { readonly account: string; readonly accounts: ReadonlySet<string> },
): WhomToAsk {
  const { kind, account, label } = doer;
  if (kind === 'root') return { nobody: 'the root user is nobody in particular' };
  if (!HUMAN.has(kind)) return { nobody: `${label} is not a person` };
  if (account !== undefined && account !== known.account && !known.accounts.has(account)) {
    return { nobody: `${label} belongs to account ${account}, which is not one of yours` };
  }
  const mapped = personOf(people, doer.names);
  if (mapped !== undefined) return isUser(mapped) ? { user: mapped } : { addresses: [mapped] };
  const addresses = doer.names.filter((name) => ADDRESS.test(name));
  return addresses.length > 0 ? { addresses } : { nobody: unmapped(doer) };
}

/** Slack, or the configuration, knows nobody behind it. */
export function unmapped({ arn, label }: Doer): string {
  return `nobody in Slack is mapped to ${arn ?? label}; add it under people`;
}

/** A name that is written out goes before patterns, of which the first counts. Upper and lower case are the same. */
function personOf(people: readonly PersonEntry[], names: readonly string[]): string | undefined {
  const wanted = names.map((name) => name.toLowerCase());
  const exact = people.find(
    ({ pattern }) => !pattern.includes('*') && wanted.includes(pattern.toLowerCase()),
  );
  if (exact) return exact.who;
  const patterns = people.filter(({ pattern }) => pattern.includes('*'));
  return patterns.find(({ pattern }) => wanted.some((name) => fits(pattern.toLowerCase(), name)))?.who;
}

/** `*` is any text. No expression is built of it: one with many stars would take for ever. */
function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

export function isUser(text: string): boolean {
  return /^[UW][A-Z0-9]{2,20}$/u.test(text);
}

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** What an answer by the very identity that may be stolen says less about: its own credentials, its own sign-in. */
export function isAboutOwnCredentials({ eventSource, eventName, actor, body }: CloudTrailRecord): boolean {
  if (eventSource.startsWith('signin.')) return true;
  if (eventSource === 'sts.amazonaws.com') return /^Get(Session|Federation)Token$/u.test(eventName);
  if (eventSource !== 'iam.amazonaws.com' || !OWN.test(eventName)) return false;
  const whose = textOf(objectOf(body, 'requestParameters') ?? {}, 'userName');
  return whose === undefined || whose === actor.name;
}

const OWN =
  /AccessKey|MFADevice|LoginProfile|ChangePassword|SSHPublicKey|SigningCertificate|ServiceSpecificCredential/u;

/** Where a yes is not believed of another address than the one that was confirmed. */
export function isGrave(level: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf('high');
}
