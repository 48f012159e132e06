import { isIP } from 'node:net';
import { parseArn } from '../../cloudtrail/arn.ts';
import { findThings, inAccount, KEY_LENGTH, type Thing, thingOf } from './things.ts';
import { isMention, mentionedName, type Word } from './words.ts';

/** The questions about one thing. */
export type ValueWord = 'key' | 'user' | 'ip' | 'role' | 'resource' | 'who';

/** What is asked about; with a mistake, what was probably meant. */
export interface Value {
  readonly thing: Thing;
  readonly mistake?: string | undefined;
}

/** Names longer than this are none, and the corrected command must fit into one message. */
const LONGEST = 300;

/** Values that show what a command looks like. Source: AWS documentation's example ids; RFC 5737 for the address. */
const EXAMPLES: Readonly<Record<ValueWord, Thing>> = {
  key: { kind: 'key', value: 'AKIAIOSFODNN7EXAMPLE' },
  user: { kind: 'user', value: 'alice@example.com' },
  ip: { kind: 'address', value: '203.0.113.7' },
  role: { kind: 'role', value: 'Admin' },
  resource: { kind: 'resource', value: 'acme-backups' },
  who: { kind: 'user', value: 'alice@example.com' },
};

const WANTED: Readonly<Record<ValueWord, string>> = {
  key: 'an access key id',
  user: 'the name of a user or of a role session',
  ip: 'an address',
  role: 'the name of a role',
  resource: 'the name, id or ARN of a resource',
  who: 'something to ask about: a key, an address, a user, a role or a resource',
};

/** Principals and other things whose ids look like those of keys. Source: IAM user guide, "Unique identifiers". */
const PREFIXES: Readonly<Record<string, string>> = {
  AIDA: 'a user',
  AROA: 'a role',
  AGPA: 'a group',
  AIPA: 'an instance profile',
  ANPA: 'a policy',
  ANVA: 'a version of a policy',
  ASCA: 'a certificate',
  APKA: 'a public key',
};

const MASKED = /^(?:AKIA|ASIA)[A-Z0-9]*(?:…|\.{2,}|\*{2,}|•+|_{3,})/i;

/** A key whose middle is left out. */
export function isMasked({ text }: Word): boolean {
  return MASKED.test(text) || /^(?:AKIA|ASIA)$/.test(text);
}

/** What begins as a key id does, and has its signs, but not its length. */
export function isMisfit({ text }: Word): boolean {
  return misfit(text) !== undefined;
}

function misfit(text: string): string | undefined {
  const looksLikeOne =
    /^(?:AKIA|ASIA)[A-Z0-9]{8,124}$/.test(text) || /^a[ks]ia(?=.*\d)[a-z0-9]{8,124}$/.test(text);
  if (!looksLikeOne || text.length === KEY_LENGTH) return undefined;
  const fault =
    text.length < KEY_LENGTH ? 'a letter may have been lost in copying' : 'too much may have been copied';
  return `${text.slice(0, 80)} has ${text.length} characters, and an access key id has ${KEY_LENGTH}: ${fault}`;
}

/** Where a value is missing. */
export function noValue(word: ValueWord): Value {
  return { thing: EXAMPLES[word], mistake: `After “${word}” goes ${WANTED[word]}` };
}

/** The thing that a word names when it follows `word`. */
export function readValue(word: ValueWord, value: Word): Value {
  if (value.text.length > LONGEST) {
    return { thing: EXAMPLES[word], mistake: `A name has at most ${LONGEST} characters` };
  }
  if (isMasked(value) && word !== 'resource') {
    const mistake = `${value.text} is not the whole key, because Slack shows keys masked: press “Follow this key” where it stands, or copy it whole from AWS`;
    return { thing: EXAMPLES.key, mistake };
  }
  if (isMention(value)) return mentioned(word, value);
  const wrong = word === 'resource' ? undefined : misfit(value.text);
  return wrong === undefined ? READERS[word](value.text) : { thing: EXAMPLES.key, mistake: wrong };
}

function mentioned(word: ValueWord, value: Word): Value {
  const name = mentionedName(value);
  const thing: Thing = name === undefined ? EXAMPLES.user : { kind: 'user', value: name };
  const mistake = `Slack knows ${name === undefined ? 'this person' : `@${name}`}, and AWS does not: only a name that AWS uses can be looked up, such as an e-mail address`;
  return { thing: word === 'role' && name !== undefined ? { kind: 'role', value: name } : thing, mistake };
}

const READERS: Readonly<Record<ValueWord, (value: string) => Value>> = {
  key: readKey,
  user: readUser,
  ip: readAddress,
  role: readRole,
  resource: (value) => ({ thing: { kind: 'resource', value } }),
  who: readAnything,
};

function readKey(value: string): Value {
  const upper = value.toUpperCase();
  if (/^(?:AKIA|ASIA)/.test(upper) && /^[A-Z0-9]+$/.test(upper) && upper.length === KEY_LENGTH) {
    return { thing: { kind: 'key', value: upper } };
  }
  const prefix = /^([A-Z]{4})[A-Z0-9]{8,124}$/.exec(upper)?.[1] ?? '';
  const what = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix] : undefined;
  if (what !== undefined) {
    const mistake = `${value} is the id of ${what}, not of an access key`;
    return { thing: { kind: 'anything', value: upper }, mistake };
  }
  if (/^(?:AKIA|ASIA)/.test(upper)) {
    const mistake = `${value} is no whole access key id: AKIA or ASIA, then ${KEY_LENGTH - 4} letters and digits`;
    return { thing: findThings(value).find(({ kind }) => kind === 'key') ?? EXAMPLES.key, mistake };
  }
  return otherwise(value, 'no access key id: those begin with AKIA or ASIA');
}

/** Not a name, whatever else: a network, an address with a slip in it, the id of an account. */
function readAnything(value: string): Value {
  const thing = thingOf(value);
  if (thing) return { thing };
  if (looksLikeAddress(value)) return readAddress(value);
  if (!/^\d{12}$/.test(value)) return { thing: { kind: 'anything', value } };
  const mistake = `${value} is an account id: put “in” before it, and what to look for before that`;
  return { thing: inAccount(EXAMPLES.who, value), mistake };
}

function looksLikeAddress(value: string): boolean {
  const [address = '', bits = '0', ...others] = value.split('/');
  return (
    others.length === 0 &&
    /^\d+$/.test(bits) &&
    (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) || isIP(address) > 0)
  );
}

function readUser(value: string): Value {
  const thing = thingOf(value);
  if (looksLikeAddress(value)) return otherwise(value, 'no name of a user or of a role session');
  if (!thing || thing.kind === 'user') return { thing: thing ?? { kind: 'user', value } };
  // Sessions of an instance's role bear the name of the instance.
  if (thing.kind === 'resource' && !value.startsWith('arn:')) return { thing: { kind: 'user', value } };
  return otherwise(value, 'no name of a user or of a role session');
}

function readAddress(value: string): Value {
  if (isIP(value) > 0 || /^AWS Internal$/i.test(value)) return { thing: { kind: 'address', value } };
  const thing = thingOf(value);
  if (thing?.kind === 'address') return { thing };
  const [address = '', ...bits] = value.split('/');
  if (bits.length === 1 && isIP(address) > 0) {
    const mistake = `${value} is a network, and CloudTrail is asked for one address`;
    return { thing: { kind: 'address', value: address }, mistake };
  }
  const plain = address.replace(/(^|\.)0+(?=\d)/g, '$1');
  if (isIP(plain) > 0) {
    return { thing: { kind: 'address', value: plain }, mistake: `${value} is no IPv4 or IPv6 address` };
  }
  return otherwise(value, 'no IPv4 or IPv6 address');
}

/** Every session's ARN names its role. */
function readRole(value: string): Value {
  const arn = parseArn(value);
  const role = /^assumed-role\/([^/]+)\//.exec(arn?.resource ?? '')?.[1];
  if (role !== undefined) return { thing: inAccount({ kind: 'role', value: role }, arn?.account) };
  const thing = thingOf(value);
  if (thing?.kind === 'role') return { thing };
  const isName = !thing || !/^arn:/.test(value);
  if (isName && thing?.kind !== 'key' && thing?.kind !== 'address' && thing?.kind !== 'event') {
    return { thing: { kind: 'role', value } };
  }
  return otherwise(value, 'no name and no ARN of a role');
}

/** The value is of another kind, which its form tells or nobody knows. */
function otherwise(value: string, what: string): Value {
  return { thing: guess(value), mistake: `${value.slice(0, 80)} is ${what}` };
}

function guess(value: string): Thing {
  const thing = thingOf(value) ?? findThings(value)[0];
  if (thing) return thing;
  if (!looksLikeAddress(value)) return readAnything(value).thing;
  const [address = ''] = value.split('/');
  return isIP(address) > 0 ? { kind: 'address', value: address } : EXAMPLES.ip;
}
