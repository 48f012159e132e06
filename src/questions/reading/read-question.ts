import { nearest } from '../../kernel/nearest.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Mistake, Question, Scope } from '../question.ts';
import { readSentence } from './free-text.ts';
import { isNotYet } from './not-yet.ts';
import { settlePeriod } from './periods.ts';
import { readEvents } from './read-events.ts';
import { meantBy, readScope } from './read-scope.ts';
import type { Narrowing, Setting } from './reader.ts';
import { type Asked, askAbout, type Reading, readStrictly } from './reading.ts';
import { sayQuestion } from './say-question.ts';
import { findThings, questionAbout, thingOf } from './things.ts';
import { isMasked, isMisfit, noValue, readValue, type ValueWord } from './values.ts';
import {
  isGreeting,
  isNegation,
  isPlainEnglish,
  isSentence,
  TOPIC_WORDS,
  type Topic,
  topicIn,
} from './vocabulary.ts';
import { isMention, type Word, wordsOf } from './words.ts';

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
  'explain',
  'compare',
  'stats',
] as const satisfies readonly string[];

type QuestionWord = (typeof QUESTION_WORDS)[number];

const LONGEST = 500;
const NO_ACCOUNTS: Setting['accounts'] = new Map();
const NOTHING: Narrowing = { rest: [], time: {} };

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
  return readWords(withoutCall(wordsOf(text)), setting);
}

function readWords(typed: readonly Word[], setting: Setting): Question | Mistake {
  const greeting = typed.findIndex((word) => !isGreeting(word));
  const words = typed.slice(Math.max(greeting, 0));
  const [first, ...rest] = words;
  if (first && !first.quoted && isNotYet(first.lower)) return refuse(first, rest, setting);
  const word = first && !first.quoted ? QUESTION_WORDS.find((one) => one === first.lower) : undefined;
  const reading = first && word ? readCommand(word, first, rest, setting) : readOther(words, setting);
  return settle(reading, setting.now);
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

function readCommand(word: QuestionWord, typed: Word, words: readonly Word[], setting: Setting): Reading {
  switch (word) {
    case 'errors':
    case 'logins':
    case 'root':
    case 'stats':
      return readTopic(word, words, setting);
    case 'event':
    case 'explain':
    case 'compare':
      return readEvents(word, words, setting);
    case 'who':
      return readWho(words, typed, setting);
    default:
      return readAbout(word, words, setting);
  }
}

/** One value, and nothing else that is not understood. */
function readAbout(word: ValueWord, words: readonly Word[], setting: Setting): Reading {
  const { narrowing, mistake } = readStrictly(words, 1, setting);
  const [value] = narrowing.rest;
  const several = word === 'user' || word === 'resource' ? nameIn(words, setting) : undefined;
  const read = value ? readValue(word, several ?? value) : noValue(word);
  const unquoted = several && `A name of several words goes in quotes`;
  return { asked: askAbout(read.thing), narrowing, mistake: read.mistake ?? unquoted ?? mistake };
}

/** `John Smith`, where all that is not understood stands together. */
function nameIn(words: readonly Word[], setting: Setting): Word | undefined {
  const { rest } = readScope(words, setting);
  const [first] = rest;
  const start = first ? words.indexOf(first) : -1;
  const together = rest.every((word, place) => words[start + place] === word);
  const isPart = (word: Word): boolean =>
    !word.quoted && !isMention(word) && !isNegation(word) && !thingOf(word.text) && !isQuestionWord(word);
  const plain = rest.every((word) => isPart(word) && (word === first || !meantBy(word)));
  if (rest.length < 2 || !together || !plain) return undefined;
  const text = rest.map((word) => word.text).join(' ');
  return { text, lower: text.toLowerCase(), quoted: true };
}

function readWho(words: readonly Word[], who: Word, setting: Setting): Reading {
  const [only, ...others] = readScope(words, setting).rest;
  const isValue = others.length === 0 && !(only && isPlainEnglish(only));
  return isValue ? readAbout('who', words, setting) : readSentence([who, ...words], true, setting);
}

function readTopic(kind: Topic, words: readonly Word[], setting: Setting): Reading {
  const extras = readScope(words, setting).rest;
  const isName = (word: Word): boolean => !isPlainEnglish(word) && !isNegation(word) && !meantBy(word);
  const extra = extras.find(({ text }) => thingOf(text)) ?? extras.find(isName);
  if (extra && kind !== 'stats' && !extras.some(isNegation)) {
    const { narrowing } = readStrictly(words, 1, setting);
    const { thing } = readValue('who', extra);
    const failed = kind === 'errors' ? { ...narrowing, failed: true } : narrowing;
    return { asked: askAbout(thing), narrowing: failed, mistake: `“${kind}” takes no name` };
  }
  const { narrowing, mistake } = readStrictly(words, 0, setting);
  return { asked: { kind }, narrowing, mistake };
}

/** What begins with no question word: a sentence, a thing alone, or a command with a slip in its first word. */
function readOther(words: readonly Word[], setting: Setting): Reading {
  const [first] = words;
  if (!first)
    return { asked: askAbout(noValue('who').thing), narrowing: NOTHING, mistake: 'The question is missing' };
  if (isSentence(words)) return readSentence(words, false, setting);
  const [thing, ...others] = readScope(words, setting).rest;
  const alone = thing && others.length === 0 && (thingOf(thing.text) || isMasked(thing) || isMisfit(thing));
  return alone ? readAbout('who', words, setting) : readSlip(first, words, setting);
}

function readSlip(first: Word, words: readonly Word[], setting: Setting): Reading {
  if (thingOf(first.text)) return readSentence(words, true, setting);
  const mistake = `“${first.text.slice(0, 40)}” is no question that Trailbot knows`;
  const isGrammar = readScope([first], setting).rest.length === 0;
  const word = first.quoted || isGrammar ? undefined : nearestQuestion(first);
  const reading = word
    ? readCommand(word, first, words.slice(1), setting)
    : readSentence(words, true, setting);
  return { ...reading, mistake };
}

function nearestQuestion({ lower }: Word): QuestionWord | undefined {
  const near = nearest(lower, [...QUESTION_WORDS, ...TOPIC_WORDS]) ?? '';
  return QUESTION_WORDS.find((one) => one === near) ?? topicIn({ text: near, lower: near, quoted: false });
}

function isQuestionWord({ lower }: Word): boolean {
  return QUESTION_WORDS.some((one) => one === lower);
}

/** What can be asked in place of a command that this version does not have. */
function refuse(word: Word, rest: readonly Word[], setting: Setting): Mistake {
  if (word.lower.startsWith('mute')) {
    const mistake = 'A pattern is muted from an alert in Slack, with Mute pattern… or /trail mute A-12.';
    return { mistake, corrected: '/trail help' };
  }
  const mistake = `“${word.text}” cannot be answered by this version of Trailbot.`;
  const tells = word.lower === 'explain' || word.lower === 'timeline';
  if (!tells || rest.length === 0) return { mistake, corrected: '/trail help' };
  const near = readWords(rest, setting);
  return { mistake, corrected: 'mistake' in near ? near.corrected : `/trail ${sayQuestion(near)}` };
}

/** Puts period and narrowing to what is asked; with a mistake anywhere, the command that was probably meant. */
function settle({ asked, narrowing, mistake }: Reading, now: Millis): Question | Mistake {
  const kind = 'thing' in asked ? asked.thing.kind : asked.kind;
  const { period, mistake: late } = settlePeriod(narrowing.time, kind, now);
  const { account, mistake: foreign } = accountOf(asked, narrowing);
  const { scope, mistake: odd } = scopeFor(kind, { ...narrowing, account }, period);
  const question = questionOf(asked, scope);
  const wrong = mistake ?? narrowing.mistake ?? foreign ?? late ?? odd;
  return wrong === undefined
    ? question
    : { mistake: `${wrong}.`, corrected: `/trail ${sayQuestion(question)}` };
}

/** An ARN says whose it is: names of users are unique in one account only. */
function accountOf(asked: Asked, { account }: Narrowing): { account: string | undefined; mistake?: string } {
  const own = 'thing' in asked ? asked.thing.account : undefined;
  if (own === undefined || account === undefined || own === account) return { account: own ?? account };
  return { account: own, mistake: `The ARN is of account ${own}, and “in” names ${account}` };
}

function questionOf(asked: Asked, scope: Scope): Question {
  if ('thing' in asked) {
    const { kind, value } = asked.thing;
    return kind === 'event' ? { kind, eventIds: [value], scope } : { kind, value, scope };
  }
  if ('eventIds' in asked) return { ...asked, scope };
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
  const takesCalls = kind !== 'event' && kind !== 'explain' && kind !== 'compare' && kind !== 'stats';
  const scope = { period, ...(kind === 'stats' ? {} : place), ...(takesCalls ? calls : {}) };
  if (kind === 'stats' && Object.keys({ ...place, ...calls }).length > 0) {
    return { scope, mistake: '“stats” takes a period and nothing else' };
  }
  return !takesCalls && Object.keys(calls).length > 0
    ? { scope, mistake: `“${kind}” shows events whole: reads, writes and failed narrow lists of calls` }
    : { scope };
}
