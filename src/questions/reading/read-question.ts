import { nearest } from '../../kernel/nearest.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Mistake, Question, Scope } from '../question.ts';
import { isSentence, subjectOf, topicOf } from './free-text.ts';
import { settlePeriod } from './periods.ts';
import { readEvents } from './read-events.ts';
import { meantBy, readScope } from './read-scope.ts';
import type { Narrowing, Setting } from './reader.ts';
import { type Asked, askAbout, type Reading, readLoosely, readStrictly } from './reading.ts';
import { sayQuestion } from './say-question.ts';
import { findThings, questionAbout } from './things.ts';
import { noValue, readValue, type ValueWord } from './values.ts';
import { type Word, wordsOf } from './words.ts';

/** The words that a question begins with. */
export const QUESTION_WORDS = [
  'key',
  'who',
  'user',
  'ip',
  'role',
  'resource',
  'errors',
  'logins',
  'root',
  'event',
  'compare',
  'stats',
] as const satisfies readonly string[];

type QuestionWord = (typeof QUESTION_WORDS)[number];

const LONGEST = 500;
const NOTHING_NAMED = 'The question names nothing to look up: no key, address, user, role or resource';
const NO_ACCOUNTS: Setting['accounts'] = new Map();

/**
 * The question that a person typed, as it follows `/trail` (`key AKIA… 30d`) or as a sentence with a thing in it
 * (`what did alice@example.com do yesterday?`). Times without a zone are UTC. With `accounts` (by id), these can be
 * called by name.
 */
export function readQuestion(
  text: string,
  now: Millis,
  accounts: Setting['accounts'] = NO_ACCOUNTS,
): Question | Mistake {
  const setting = { now, accounts };
  if (text.length > LONGEST) return tooLong(text, now);
  const words = withoutCall(wordsOf(text));
  const [first, ...rest] = words;
  const word = first && !first.quoted ? QUESTION_WORDS.find((one) => one === first.lower) : undefined;
  return settle(word ? readCommand(word, rest, setting) : readSentence(words, setting), now);
}

/** `/trail key …` and `@trailbot key …`, copied as a whole. */
function withoutCall(words: readonly Word[]): readonly Word[] {
  const [first, second] = words;
  if (first?.lower === 'trailbot' && second?.lower === 'lookup') return words.slice(2);
  if (!first || first.quoted) return words;
  return /^(?:\/\w{1,30}|@\S+|trail|trailbot)$/.test(first.lower) ? words.slice(1) : words;
}

function tooLong(text: string, now: Millis): Mistake {
  const [thing = noValue('who').thing] = findThings(text);
  const mistake = `A question has at most ${LONGEST} characters, and this one has ${text.length}.`;
  return { mistake, corrected: `/trail ${sayQuestion(questionAbout(thing, now))}` };
}

function readCommand(word: QuestionWord, words: readonly Word[], setting: Setting): Reading {
  switch (word) {
    case 'errors':
    case 'logins':
    case 'root':
    case 'stats':
      return readTopic(word, words, setting);
    case 'event':
    case 'compare':
      return readEvents(word, words, setting);
    case 'who':
      return readWho(words, setting);
    default:
      return readAbout(word, words, setting);
  }
}

/** One value, and nothing else that is not understood. */
function readAbout(word: ValueWord, words: readonly Word[], setting: Setting): Reading {
  const { narrowing, mistake } = readStrictly(words, 1, setting);
  const [value] = narrowing.rest;
  const read = value ? readValue(word, value) : noValue(word);
  return { asked: askAbout(read.thing), narrowing, mistake: read.mistake ?? mistake };
}

function readWho(words: readonly Word[], setting: Setting): Reading {
  const one = readScope(words, setting);
  if (one.rest.length <= 1) return readAbout('who', words, setting);
  const { narrowing, mistake } = readLoosely(words, setting);
  const subject = subjectOf(narrowing.rest, true) ?? noValue('who');
  return { asked: askAbout(subject.thing), narrowing, mistake: mistake ?? subject.mistake };
}

function readTopic(
  kind: 'errors' | 'logins' | 'root' | 'stats',
  words: readonly Word[],
  setting: Setting,
): Reading {
  const [extra] = readScope(words, setting).rest;
  if (extra && !meantBy(extra) && kind !== 'stats') {
    const { narrowing } = readStrictly(words, 1, setting);
    const { thing } = readValue('who', extra);
    const failed = kind === 'errors' ? { ...narrowing, failed: true } : narrowing;
    return { asked: askAbout(thing), narrowing: failed, mistake: `“${kind}” takes no name` };
  }
  const { narrowing, mistake } = readStrictly(words, 0, setting);
  return { asked: { kind }, narrowing, mistake };
}

/** What begins with no question word: a sentence, or a command with a slip in its first word. */
function readSentence(words: readonly Word[], setting: Setting): Reading {
  const [first] = words;
  if (!first)
    return {
      asked: askAbout(noValue('who').thing),
      narrowing: none(words),
      mistake: 'The question is missing',
    };
  const { narrowing, mistake } = readLoosely(words, setting);
  const asking = isSentence(words);
  const subject = subjectOf(narrowing.rest, false);
  if (subject) return { asked: askAbout(subject.thing), narrowing, mistake: mistake ?? subject.mistake };
  const topic = asking ? topicOf(words, setting) : undefined;
  if (topic)
    return {
      asked: { kind: topic },
      narrowing: { ...narrowing, failed: topic === 'errors' ? undefined : narrowing.failed },
      mistake,
    };
  const named = asking ? subjectOf(narrowing.rest, true) : undefined;
  if (named) return { asked: askAbout(named.thing), narrowing, mistake: mistake ?? named.mistake };
  if (!asking) return readSlip(first, words, setting);
  return { asked: askAbout(noValue('who').thing), narrowing, mistake: NOTHING_NAMED };
}

function readSlip(first: Word, words: readonly Word[], setting: Setting): Reading {
  const near = QUESTION_WORDS.find((one) => one === nearest(first.lower, QUESTION_WORDS));
  const mistake = `“${first.text.slice(0, 40)}” is no question that Trailbot knows`;
  if (near) return { ...readCommand(near, words.slice(1), setting), mistake };
  return { ...readAbout('who', words, setting), mistake };
}

function none(rest: readonly Word[]): Narrowing {
  return { rest, time: {} };
}

/** Puts period and narrowing to what is asked; with a mistake anywhere, the command that was probably meant. */
function settle({ asked, narrowing, mistake }: Reading, now: Millis): Question | Mistake {
  const kind = 'thing' in asked ? asked.thing.kind : asked.kind;
  const { period, mistake: late } = settlePeriod(narrowing.time, kind, now);
  const { scope, mistake: odd } = scopeFor(kind, narrowing, period);
  const question = questionOf(asked, scope);
  const wrong = mistake ?? narrowing.mistake ?? late ?? odd;
  return wrong === undefined
    ? question
    : { mistake: `${wrong}.`, corrected: `/trail ${sayQuestion(question)}` };
}

function questionOf(asked: Asked, scope: Scope): Question {
  if ('thing' in asked) {
    const { kind, value } = asked.thing;
    return kind === 'event' ? { kind, eventIds: [value], scope } : { kind, value, scope };
  }
  if (asked.kind === 'event' || asked.kind === 'compare') return { ...asked, scope };
  return asked.kind === 'stats' ? { kind: 'stats', scope } : { kind: asked.kind, value: '', scope };
}

/** One event is what it is, and alerts are counted over all accounts. */
function scopeFor(
  kind: Question['kind'],
  { account, region, access, failed }: Narrowing,
  period: Scope['period'],
): { scope: Scope; mistake?: string } {
  const place = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  const calls = { ...(access === undefined ? {} : { access }), ...(failed ? { failed } : {}) };
  const takesCalls = kind !== 'event' && kind !== 'compare' && kind !== 'stats';
  const scope = { period, ...(kind === 'stats' ? {} : place), ...(takesCalls ? calls : {}) };
  if (kind === 'stats' && Object.keys({ ...place, ...calls }).length > 0) {
    return { scope, mistake: '“stats” takes a period and nothing else' };
  }
  return !takesCalls && Object.keys(calls).length > 0
    ? { scope, mistake: `“${kind}” shows events whole: reads, writes and failed narrow lists of calls` }
    : { scope };
}
