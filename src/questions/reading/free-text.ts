import type { Narrowing, Setting } from './reader.ts';
import { askAbout, type Reading, readLoosely } from './reading.ts';
import { byTelling, findThings, thingOf } from './things.ts';
import { isMasked, isMisfit, noValue, readValue, type Value, type ValueWord } from './values.ts';
import {
  isFiller,
  isNegation,
  isPastTense,
  isTimeOrNumber,
  nounOf,
  type Topic,
  topicIn,
} from './vocabulary.ts';
import { isMention, type Word } from './words.ts';

/** A word that something is asked about, and what it names. */
interface Subject {
  readonly at: number;
  readonly word: Word;
  readonly value: Value;
}

const NOTHING_NAMED = 'The question names nothing to look up: no key, address, user, role or resource';

/**
 * What a sentence asks. Each of its words is what it asks about, narrows that, or is plain English that leaves nothing
 * out: any other is a mistake, since an answer that passes over it would answer another question. In a sentence
 * with `who`, one word that means nothing else is the name.
 */
export function readSentence(words: readonly Word[], who: boolean, setting: Setting): Reading {
  const negation = words.find(isNegation);
  if (!negation) return readPositive(words, who, setting);
  const before = words.slice(0, words.indexOf(negation));
  const named = before.some((word) => thingsOf(word).length > 0);
  const behind = words.slice(before.length + 1).filter((word) => !named && thingsOf(word).length > 0);
  const mistake = `“${short(negation)}” is not understood: no question can leave something out`;
  return { ...readPositive([...before, ...behind], who, setting), mistake };
}

function readPositive(words: readonly Word[], who: boolean, setting: Setting): Reading {
  const { narrowing, mistake } = readLoosely(words, setting);
  const reading = readRest(narrowing, who);
  return { ...reading, mistake: mistake ?? reading.mistake };
}

function readRest(narrowing: Narrowing, who: boolean): Reading {
  const { rest } = narrowing;
  const subjects = subjectsIn(rest, who);
  const taken = new Set(subjects.map(({ at }) => at));
  const others = rest.map((word, at) => ({ word, at })).filter(({ at }) => !taken.has(at));
  const topics = [...new Set(others.flatMap(({ word }) => topicIn(word) ?? []))];
  const odd = others.filter(({ at }) => !isPlain(rest, at)).map(({ word }) => word);
  const unread = odd.length > 0 ? notUnderstood(rest, odd) : undefined;
  const [subject] = subjects;
  if (subject) return readSubject(subject, { subjects, topics, unread, narrowing });
  if (topics.length > 0 || narrowing.failed) return readTopics(topics, unread, narrowing);
  const name = odd.findLast((word) => !isTimeOrNumber(word));
  if (name) {
    const value = readValue('who', name);
    return { asked: askAbout(value.thing), narrowing, mistake: value.mistake ?? unread };
  }
  const { thing, mistake } = noValue('who');
  return { asked: askAbout(thing), narrowing, mistake: unread ?? (who ? mistake : NOTHING_NAMED) };
}

function readSubject(
  { value }: Subject,
  {
    subjects,
    topics,
    unread,
    narrowing,
  }: {
    readonly subjects: readonly Subject[];
    readonly topics: readonly Topic[];
    readonly unread: string | undefined;
    readonly narrowing: Narrowing;
  },
): Reading {
  const failed = topics.includes('errors') || narrowing.failed;
  const topic = topics.find((one) => one !== 'errors');
  const inOrder = subjects.toSorted((a, b) => a.at - b.at);
  const texts = [...new Set(inOrder.map(({ word }) => short(word)))];
  const mistake =
    value.mistake ??
    (severalThings(subjects)
      ? `One thing can be asked about, not ${texts.slice(0, 3).join(' and ')}`
      : undefined) ??
    (topic === undefined ? undefined : `“${topic}” takes no name`) ??
    unread;
  return { asked: askAbout(value.thing), narrowing: { ...narrowing, failed }, mistake };
}

/** `show failed logins`, `login failures`, `what failed today`. */
function readTopics(topics: readonly Topic[], unread: string | undefined, narrowing: Narrowing): Reading {
  const [topic = 'errors', second] = topics.filter((one) => one !== 'errors');
  const noun = narrowing.rest.find(nounOf);
  const nameless = topic === 'errors' && noun ? `“${short(noun)}” needs a name behind it` : undefined;
  const failed = topic === 'errors' ? undefined : topics.includes('errors') || narrowing.failed;
  const mistake = second ? `One thing can be asked about, not ${topic} and ${second}` : (unread ?? nameless);
  // Who signed in as the root user is asked as what that user did.
  const kind = topics.includes('root') ? 'root' : topic;
  return { asked: { kind }, narrowing: { ...narrowing, failed }, mistake };
}

/**
 * What the words may ask about, the likeliest first, told by its form (`AKIA…`), by quotes, by the noun before it
 * (`bucket acme-backups`), and only without all these by its place (`what did alice do`).
 */
function subjectsIn(words: readonly Word[], who: boolean): Subject[] {
  const telling = words.flatMap((word, at) =>
    thingsOf(word).map((thing): Subject => ({ at, word, value: { thing } })),
  );
  const order = byTelling(telling.map(({ value }) => value.thing));
  const sorted = telling.toSorted((a, b) => order.indexOf(a.value.thing) - order.indexOf(b.value.thing));
  const found = new Set(sorted.map(({ at }) => at));
  const named = words.flatMap((word, at): Subject[] => {
    if (found.has(at)) return [];
    if (isMasked(word) || isMisfit(word)) return [{ at, word, value: readValue('key', word) }];
    const noun = nounOf(words[at - 1]);
    if (!word.quoted && !isMention(word) && (noun === undefined || !isName(words, at))) return [];
    return [{ at, word, value: readValue(askedAs(noun, who), word) }];
  });
  const all = [...sorted, ...named];
  return all.length > 0 ? all : bareNames(words, who);
}

/** `who deleted acme-backups`, `what did alice do`, `created by bob`. */
function bareNames(words: readonly Word[], who: boolean): Subject[] {
  const names = words.flatMap((word, at): Subject[] => {
    const placed = who || /^(?:did|by|does|has)$/.test(beforeArticle(words, at));
    return placed && isName(words, at) ? [{ at, word, value: readValue('who', word) }] : [];
  });
  const last = names.at(-1);
  return last ? [last, ...names.slice(0, -1)] : [];
}

function beforeArticle(words: readonly Word[], at: number): string {
  const before = words.slice(0, at).findLast(({ lower }) => !/^(?:the|a|an|my|our)$/.test(lower));
  return before?.lower ?? '';
}

function isName(words: readonly Word[], at: number): boolean {
  const word = words[at];
  return word !== undefined && !isPlain(words, at) && !isTimeOrNumber(word);
}

/** Plain English that changes nothing. */
function isPlain(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (!word || word.quoted) return false;
  return (
    isFiller(word) || nounOf(word) !== undefined || topicIn(word) !== undefined || isPastTense(words, at)
  );
}

/** `who deleted user bob` does not ask what bob did. */
function askedAs(noun: ValueWord | undefined, who: boolean): ValueWord {
  return noun === undefined || (who && (noun === 'user' || noun === 'role')) ? 'who' : noun;
}

function severalThings(subjects: readonly Subject[]): boolean {
  const ids = subjects.map(({ word, value: { thing, mistake } }) =>
    mistake === undefined ? [thing.kind, thing.value, thing.account].join(' ') : word.text,
  );
  return new Set(ids).size > 1;
}

function thingsOf(word: Word): ReturnType<typeof findThings> {
  const thing = thingOf(word.text);
  return thing ? [thing] : findThings(word.text);
}

/** The first words that mean nothing here, as far as they stand together: `before noon`. */
function notUnderstood(words: readonly Word[], odd: readonly Word[]): string {
  const start = words.findIndex((word) => odd.includes(word));
  const length = words.slice(start).findIndex((word) => !odd.includes(word));
  const together = words.slice(start, length < 0 ? undefined : start + length);
  return `“${together.slice(0, 3).map(short).join(' ')}” is not understood`;
}

function short({ text }: Word): string {
  return text.slice(0, 40);
}
