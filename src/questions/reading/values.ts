import { isIP } from 'node:net';
import { parseArn } from '../../cloudtrail/arn.ts';
import type { ActivityKind } from '../question.ts';
import { findThings, type Thing, thingOf } from './things.ts';
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
  return READERS[word](value.text);
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
  who: (value) => ({ thing: thingOf(value) ?? { kind: 'anything', value } }),
};

function readKey(value: string): Value {
  const upper = value.toUpperCase();
  if (/^(?:AKIA|ASIA)[A-Z0-9]{12,124}$/.test(upper)) return { thing: { kind: 'key', value: upper } };
  const prefix = /^([A-Z]{4})[A-Z0-9]{8,124}$/.exec(upper)?.[1] ?? '';
  const what = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix] : undefined;
  if (what !== undefined) {
    const mistake = `${value} is the id of ${what}, not of an access key`;
    return { thing: { kind: 'anything', value: upper }, mistake };
  }
  if (/^(?:AKIA|ASIA)/.test(upper)) {
    const mistake = `${value} is no whole access key id: AKIA or ASIA, then at least 12 letters and digits`;
    return { thing: findThings(value).find(({ kind }) => kind === 'key') ?? EXAMPLES.key, mistake };
  }
  return otherwise(value, 'no access key id: those begin with AKIA or ASIA');
}

function readUser(value: string): Value {
  const thing = thingOf(value);
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
  return otherwise(value, 'no IPv4 or IPv6 address');
}

/** Every session's ARN names its role. */
function readRole(value: string): Value {
  const session = /^assumed-role\/([^/]+)\//.exec(parseArn(value)?.resource ?? '')?.[1];
  if (session !== undefined) return { thing: { kind: 'role', value: session } };
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
  const thing = thingOf(value) ?? findThings(value)[0] ?? { kind: 'anything' as ActivityKind, value };
  return { thing, mistake: `${value.slice(0, 80)} is ${what}` };
}
