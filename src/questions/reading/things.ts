import { isIP } from 'node:net';
import { parseArn } from '../../cloudtrail/arn.ts';
import type { Millis } from '../../kernel/time.ts';
import type { ActivityKind, Question } from '../question.ts';
import { usualPeriod } from './periods.ts';

/** Something that a question can be asked about. */
export interface Thing {
  readonly kind: ActivityKind | 'event';
  readonly value: string;
  /** Twelve digits, where the form tells whose it is: the names of users are unique in one account only. */
  readonly account?: string | undefined;
}

/** As much of a text as is looked through. */
const MOST_TEXT = 200_000;
const MOST_THINGS = 50;

/** Every key id that AWS has issued has 20 characters, though the IAM API (`AccessKey`) would allow 16 to 128. */
export const KEY_LENGTH = 20;
const KEY = new RegExp(`^(?:AKIA|ASIA)[A-Z0-9]{${KEY_LENGTH - 4}}$`);
const EVENT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EMAIL = /^[\w.+=%-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?\.[a-z]{2,24}$/i;
/** Ids that AWS makes for things in EC2 and VPC: 8 hexadecimal digits, or 17 since 2016. */
const RESOURCE =
  /^(?:i|vol|sg|subnet|eni|vpc|ami|snap|rtb|igw|nat|acl|eipalloc|vpce|lt|tgw|pcx)-(?:[0-9a-f]{17}|[0-9a-f]{8})$/;

/** Most telling first. */
const ORDER: readonly Thing['kind'][] = ['key', 'user', 'role', 'root', 'resource', 'address', 'event'];

/**
 * What an investigator would look up in a text of any kind and length (a message, a log): access keys, ARNs,
 * e-mail addresses, ids of EC2 and VPC, IP addresses, event ids; most telling first, each once, at most 50.
 */
export function findThings(text: string): Thing[] {
  const found = new Map<string, Thing>();
  const pieces = text.slice(0, MOST_TEXT).matchAll(/[^\s"'`<>()[\]{}|,;\\…“”‘’]+/g);
  let before = '';
  for (const [piece] of pieces) {
    for (const thing of thingsIn(piece, before)) {
      const id = `${thing.kind} ${thing.value}`;
      if (found.size < MOST_THINGS) found.set(id, sameThing(found.get(id), thing));
    }
    before = piece;
  }
  return byTelling([...found.values()]);
}

/** Named with one account here and with another or none there, it may be the thing of any account. */
function sameThing(before: Thing | undefined, thing: Thing): Thing {
  return before && before.account !== thing.account ? { kind: thing.kind, value: thing.value } : thing;
}

/** Sorted, most telling first; things of one kind stay in their order. */
export function byTelling(things: readonly Thing[]): Thing[] {
  return things.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** The question that is asked first about a thing, for its usual period. */
export function questionAbout(thing: Thing, now: Millis): Question {
  const { account } = thing;
  const scope = { period: usualPeriod(thing.kind, now), ...(account === undefined ? {} : { account }) };
  return thing.kind === 'event'
    ? { kind: 'event', eventIds: [thing.value], scope }
    : { kind: thing.kind, value: thing.value, scope };
}

/** What a whole word is, told by its form alone; `undefined` for a plain name. */
export function thingOf(word: string): Thing | undefined {
  const upper = word.toUpperCase();
  // A name may begin with asia too: digits tell a key that was typed in lower case.
  if (KEY.test(word) || (KEY.test(upper) && /\d/.test(word))) return { kind: 'key', value: upper };
  if (EVENT.test(word)) return { kind: 'event', value: word.toLowerCase() };
  if (isIP(word) > 0) return { kind: 'address', value: word };
  if (/^[a-z0-9.-]{1,100}\.amazonaws\.com(?:\.cn)?$/.test(word)) return { kind: 'address', value: word };
  if (EMAIL.test(word)) return { kind: 'user', value: word };
  if (RESOURCE.test(word)) return { kind: 'resource', value: word };
  return ofArn(word) ?? ofPrincipal(word);
}

/** Users and sessions by name, since that is what records are asked by; roles and all else by the whole ARN. */
function ofArn(word: string): Thing | undefined {
  const arn = parseArn(word);
  if (!arn) return undefined;
  const { service, resource, account } = arn;
  if (service !== 'iam' && service !== 'sts') return { kind: 'resource', value: word };
  if (resource === 'root') return inAccount({ kind: 'root', value: '' }, account);
  const [, kind = '', rest = ''] = /^(user|federated-user|role|assumed-role)\/(.+)$/.exec(resource) ?? [];
  const name = rest.slice(rest.lastIndexOf('/') + 1);
  if (kind === 'role' && name !== '') return inAccount({ kind: 'role', value: word }, account);
  return kind !== '' && name !== ''
    ? inAccount({ kind: 'user', value: name }, account)
    : { kind: 'resource', value: word };
}

/** The thing with the account that its ARN names. */
export function inAccount(thing: Thing, account: string | undefined): Thing {
  return account !== undefined && /^\d{12}$/.test(account) ? { ...thing, account } : thing;
}

/** `AROA…:alice`, as a principal id names a session. */
function ofPrincipal(word: string): Thing | undefined {
  const session = /^AROA[A-Z0-9]{12,124}:([\w+=,.@-]{2,64})$/.exec(word)?.[1];
  return session === undefined ? undefined : { kind: 'user', value: session };
}

/** Within a piece of text without spaces: `accessKeyId=AKIA…`, `https://203.0.113.7/login`. */
function thingsIn(piece: string, before: string): Thing[] {
  if (piece.length > 2_000) return [];
  const arn = piece.indexOf('arn:');
  if (arn >= 0 && !/[\w-]$/.test(piece.slice(0, arn))) {
    const thing = ofArn(withoutTail(piece.slice(arn)));
    if (thing) return [thing];
  }
  const things: Thing[] = [];
  for (const [part] of piece.matchAll(/[\w.:@%+-]+/g)) {
    const word = withoutTail(part);
    const thing =
      inText(word) ?? inText(word.slice(word.lastIndexOf(':') + 1)) ?? inText(word.split(':')[0] ?? '');
    if (thing && !(thing.kind === 'address' && isNoAddress(piece, thing.value, before))) things.push(thing);
  }
  return things;
}

/** Stricter than `thingOf`: nobody said that the word is a thing. */
function inText(word: string): Thing | undefined {
  const thing = thingOf(word);
  if (thing?.kind === 'key') return KEY.test(word) ? thing : undefined;
  if (thing?.kind === 'address') return isTelling(word) ? thing : undefined;
  return thing;
}

/** An address somebody can come from: `::`, `dead::beef`, `0.0.0.0` and names of services are not looked up. */
function isTelling(word: string): boolean {
  return isIP(word) === 4
    ? !/^(?:0|127|255)\./.test(word)
    : /^(?:[23f][0-9a-f]{3}|64:ff9b|:):/i.test(word) && word.length > 3;
}

/** `aws-cli/2.17.3.1`, `os/linux#6.1.0.4`, `version 1.2.3.4`, and networks such as `10.0.0.0/8`. */
function isNoAddress(piece: string, address: string, before: string): boolean {
  const at = piece.indexOf(address);
  const front = piece.slice(0, at);
  const behind = piece.slice(at + address.length);
  if (/(?:\w\/|#|v(?:er(?:sion)?)?[:=])$/i.test(front) || /^\/(?!32(?!\d))\d/.test(behind)) return true;
  return front === '' && /^v(?:er(?:sion)?)?[:=.]?$/i.test(before);
}

function withoutTail(word: string): string {
  return word.replace(/[.,;:!?*_~-]{1,20}$/, (tail) => (tail === '::' ? tail : ''));
}
