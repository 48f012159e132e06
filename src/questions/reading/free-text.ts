import { meantBy, readScope } from './read-scope.ts';
import type { Setting } from './reader.ts';
import { byTelling, findThings, type Thing, thingOf } from './things.ts';
import { isMasked, readValue, type ValueWord } from './values.ts';
import { isMention, type Word } from './words.ts';

/** What a sentence asks about. */
export interface Subject {
  readonly thing: Thing;
  readonly mistake?: string | undefined;
}

/** Words before a name that say what it is the name of. */
const NOUNS: Readonly<Record<string, ValueWord>> = {
  key: 'key',
  user: 'user',
  session: 'user',
  person: 'user',
  ip: 'ip',
  address: 'ip',
  role: 'role',
  resource: 'resource',
  bucket: 'resource',
  instance: 'resource',
  table: 'resource',
  function: 'resource',
  secret: 'resource',
  queue: 'resource',
  topic: 'resource',
  cluster: 'resource',
  database: 'resource',
  policy: 'resource',
  group: 'resource',
  trail: 'resource',
};

/** Words of an English question that name nothing; verbs in the past tense are told by their end. */
const FILLER =
  /^(?:who(?:se|m)?|what|which|when|where|how|why|do|does|did|done|doing|has|have|had|having|is|was|are|were|been|be|being|the|a|an|this|that|these|those|my|our|your|any|all|some|much|many|me|us|it|its|they|them|their|he|she|his|her|and|or|but|of|to|for|from|by|with|without|in|on|at|as|about|into|out|up|off|use|uses|using|make|makes|made|making|call|calls|api|aws|events?|activity|activities|actions?|access(?:es|ing)?|happen|happens|happened|happening|used|changed|created|deleted|touched|show|find|list|get|gets|got|give|tell|look|lookup|see|investigate|check|trace|please|can|could|would|should|you|i|we|else|ever|recently|there|through|via|during|within|between|things?|anything|everything|somebody|someone|anyone|people|went|ran|run|runs|over|wrote|took|put|sent|let|hey|hi|hello|ok|so|just|now|time|times|again|today|account|region|utc|e?mail|id|ids|arn|keys|users|roles|named|called|like)$/;
const PAST_TENSE = /^[a-z]{2,20}ed$/;

/** A sentence that asks for something begins with one of these, and not with a name. */
const OPENER =
  /^(?:who(?:se)?|what|which|when|where|how|why|did|does|do|has|have|is|was|were|show|find|list|get|give|tell|look|investigate|check|trace|please|can|could|hey|hi)$/;

/** Whether words look like a sentence, not like a command with a slip in it. */
export function isSentence([first]: readonly Word[]): boolean {
  return first !== undefined && OPENER.test(first.lower);
}

/**
 * What the words of a sentence ask about, told by its form (`AKIA…`) or by the noun before it (`bucket acme-backups`).
 * `undefined` when there is none. With `who`, the words ask who touched it: whatever bears the name, and any word that
 * means nothing else may be one.
 */
export function subjectOf(words: readonly Word[], who: boolean): Subject | undefined {
  const masked = words.find(isMasked);
  const [telling] = byTelling(words.flatMap(thingsOf));
  if (telling) return { thing: telling };
  if (masked) return readValue('key', masked);
  const quoted = words.findIndex((word) => word.quoted);
  const at = quoted >= 0 ? quoted : words.findIndex((_, place) => isNamedAt(words, place));
  const word = words[at];
  if (word) return readValue(askedAs(nounBefore(words, at), who), word);
  const mention = words.find(isMention);
  if (mention) return readValue('who', mention);
  return who ? onlyName(words) : undefined;
}

/** Words behind which a narrowing probably hides: `fialed`, `yesterdya`. */
export function slipIn(words: readonly Word[]): { word: Word; meant: string } | undefined {
  for (const word of words) {
    if (word.quoted || word.text.length < 5 || FILLER.test(word.lower) || thingOf(word.text)) continue;
    const [meant = ''] = meantBy(word) ?? [];
    if (meant.length >= 5 && meant[0] === word.lower[0]) return { word, meant };
  }
  return undefined;
}

function thingsOf(word: Word): Thing[] {
  const thing = thingOf(word.text);
  return thing ? [thing] : findThings(word.text);
}

function isNamedAt(words: readonly Word[], at: number): boolean {
  const word = words[at];
  return word !== undefined && nounBefore(words, at) !== undefined && !isNothing(word) && !isNoun(word);
}

function nounBefore(words: readonly Word[], at: number): ValueWord | undefined {
  const noun = words[at - 1];
  return noun && isNoun(noun) ? NOUNS[noun.lower] : undefined;
}

/** `who deleted user bob` does not ask what bob did. */
function askedAs(noun: ValueWord | undefined, who: boolean): ValueWord {
  return noun === undefined || (who && (noun === 'user' || noun === 'role')) ? 'who' : noun;
}

function isNoun(word: Word): boolean {
  return !word.quoted && Object.hasOwn(NOUNS, word.lower);
}

function isNothing({ lower }: Word): boolean {
  return FILLER.test(lower) || PAST_TENSE.test(lower);
}

/** `who acme-backups`, `what did alice do`: with two names left, nobody can tell. */
function onlyName(words: readonly Word[]): Subject | undefined {
  const names = words.filter((word) => !isNoun(word) && !FILLER.test(word.lower));
  const others = names.filter((word) => !PAST_TENSE.test(word.lower));
  const candidates = [others, names, words.filter(isNoun)].find((some) => some.length > 0) ?? [];
  const last = candidates.at(-1);
  if (!last) return undefined;
  const value = readValue('who', last);
  if (candidates.length === 1) return value;
  const all = candidates.slice(0, 3).map(({ text }) => text.slice(0, 40));
  return {
    thing: value.thing,
    mistake: value.mistake ?? `One thing can be asked about, not ${all.join(' and ')}`,
  };
}

/** What a sentence asks for where it names no thing: `show failed logins`. */
export function topicOf(
  words: readonly Word[],
  setting: Setting,
): 'errors' | 'logins' | 'root' | 'stats' | undefined {
  const said = new Set(words.map(({ lower }) => lower));
  const any = (...names: string[]): boolean => names.some((name) => said.has(name));
  if (any('logins', 'login', 'sign-ins', 'sign-in', 'signins', 'logged', 'signed')) return 'logins';
  if (any('root')) return 'root';
  if (any('stats', 'statistics')) return 'stats';
  if (any('errors', 'error', 'denied', 'denials', 'failures') || readScope(words, setting).failed)
    return 'errors';
  return undefined;
}
