import { partitionOf } from '../../cloudtrail/arn.ts';
import { nearest } from '../../kernel/nearest.ts';
import { readAmount, readDay, readLast, readLength, readRange, readSince, readUntil } from './read-time.ts';
import type { Found, Narrowing, Reader, Setting } from './reader.ts';
import { thingOf } from './things.ts';
import type { Word } from './words.ts';

/** Words of the grammar, for "did you mean". */
const MODIFIERS = [
  'since',
  'until',
  'yesterday',
  'today',
  'region',
  'reads',
  'writes',
  'failed',
  'last',
  'in',
];

/** Where most accounts have something, and so what half-written names most likely mean. */
const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-north-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ca-central-1',
  'sa-east-1',
];

const READERS: readonly Reader[] = [
  readSince,
  readUntil,
  readRange,
  readLast,
  readDay,
  readLength,
  readRegion,
  readAccount,
  readWord,
];

/** Takes the period, account, region and the like out of the words, wherever they stand. */
export function readScope(words: readonly Word[], setting: Setting): Narrowing {
  const found: Found = { time: {} };
  const rest: Word[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at];
    if (!word) break;
    const took = word.quoted ? 0 : firstOf(words, at, found, setting);
    if (took === 0) rest.push(word);
    at += Math.max(1, took);
  }
  return { ...found, rest };
}

function firstOf(words: readonly Word[], at: number, found: Found, setting: Setting): number {
  for (const read of READERS) {
    const took = read(words, at, found, setting);
    if (took > 0) return took;
  }
  return 0;
}

/** Words that begin something, and numbers, which may: what stands behind them decides. */
const BEGINNING =
  /^(?:since|from|after|until|till|to|before|last|past|previous|on|in|region|now|ago|utc|the|account|\d+)$/;

/** Whether a word, unless it is quoted, could be taken for one of the grammar. */
export function isModifier(word: Word, setting: Setting): boolean {
  return BEGINNING.test(word.lower) || readScope([word], setting).rest.length === 0;
}

/** The words of the grammar that an unknown word most likely stands for. */
export function meantBy({ lower }: Word): string[] | undefined {
  if (/^\d{1,3}$/.test(lower) && Number(lower) > 0) return [`${Number(lower)}d`];
  if (/^\d{12}$/.test(lower)) return ['in', lower];
  const amount = /^(\d{1,3})[a-z]$/.exec(lower)?.[1];
  if (amount !== undefined && Number(amount) > 0) return [`${Number(amount)}d`];
  if (/^(?:denied|denials?|errors?|fail|failures?|failing)$/.test(lower)) return ['failed'];
  const near = nearest(lower, MODIFIERS);
  return near === undefined || near === 'in' ? undefined : [near];
}

/** `region eu-west-1`, `in eu-west-1`, `eu-west-1`. */
function readRegion(words: readonly Word[], at: number, found: Found): number {
  const said = words[at]?.lower ?? '';
  const named = said === 'region';
  const next = named || said === 'in' ? words[at + 1] : words[at];
  const name = next?.lower ?? '';
  const took = next === words[at] ? 1 : 2;
  if (partitionOf(name) !== undefined) return setRegion(found, name, took);
  if (!named) return 0;
  if (/^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(name)) return setRegion(found, name, took);
  if (!next) {
    found.mistake ??= '“region” needs the name of a region behind it';
    return 1;
  }
  found.mistake ??= `“${next.text.slice(0, 40)}” is no region`;
  const near = REGIONS.find((one) => name.startsWith(one)) ?? nearest(name, REGIONS);
  found.region ??= near ?? (/global|iam/.test(name) ? 'us-east-1' : undefined);
  return took;
}

function setRegion(found: Found, name: string, took: number): number {
  if (found.region !== undefined && found.region !== name) {
    found.mistake ??= 'One region can be named, or none for all of them';
  }
  found.region ??= name;
  return took;
}

/** `in 111122223333`, `in account Production`. */
function readAccount(words: readonly Word[], at: number, found: Found, { accounts }: Setting): number {
  if (words[at]?.lower !== 'in') return 0;
  const skip = ['the', 'account'].includes(words[at + 1]?.lower ?? '') ? 2 : 1;
  const names = words.slice(at + skip, at + skip + 5);
  const id = names[0]?.text.replace(/-/g, '') ?? '';
  if (/^\d{12}$/.test(id)) return setAccount(found, id, skip + 1);
  for (let count = names.length; count > 0; count--) {
    const name = names.slice(0, count).map(({ lower }) => lower);
    const known = [...accounts].find(([, account]) => account.name.toLowerCase() === name.join(' '));
    if (known) return setAccount(found, known[0], skip + count);
  }
  // `in the last two hours`, `in yesterday's log`: not about accounts at all.
  if (names[0] && isTime(names)) return skip;
  // `port 22 in sg-0123456789abcdef0`, `who signed in as root`: the word before or behind tells what `in` is.
  if (names[0] && thingOf(names[0].text)) return skip;
  if (/^(?:sign|log)(?:s|ed|ged|ging|ing)?$/.test(words[at - 1]?.lower ?? '')) return 1;
  return unknownAccount(names[0], skip, found, accounts);
}

function isTime(words: readonly Word[]): boolean {
  const [word] = words;
  const lower = word?.lower ?? '';
  return /^(?:last|past|previous|yesterday|today)$/.test(lower) || readAmount(words, 0) !== undefined;
}

function unknownAccount(
  word: Word | undefined,
  skip: number,
  found: Found,
  accounts: Setting['accounts'],
): number {
  if (!word) {
    found.mistake ??= '“in” needs an account behind it';
    return skip;
  }
  const named = new Map([...accounts].map(([id, { name }]) => [name.toLowerCase(), id]));
  const near = nearest(word.lower, named.keys());
  found.mistake ??= /^\d+$/.test(word.text)
    ? `An account id has twelve digits, and ${word.text.slice(0, 40)} has ${word.text.length}`
    : `“${word.text.slice(0, 40)}” is no account that Trailbot knows by name`;
  found.account ??= near === undefined ? undefined : named.get(near);
  return skip + 1;
}

function setAccount(found: Found, id: string, took: number): number {
  if (found.account !== undefined && found.account !== id) {
    found.mistake ??= 'One account can be named, or none for all of them';
  }
  found.account ??= id;
  return took;
}

function readWord(words: readonly Word[], at: number, found: Found): number {
  const lower = words[at]?.lower;
  if (lower === 'failed') {
    found.failed = true;
    return 1;
  }
  const access = lower === 'reads' || lower === 'read' ? 'reads' : lower?.replace(/^write$/, 'writes');
  if (access !== 'reads' && access !== 'writes') return 0;
  if (found.access !== undefined && found.access !== access) {
    found.mistake ??= 'Reads and writes together are everything, which needs no word';
  }
  found.access ??= access;
  return 1;
}
