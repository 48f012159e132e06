import type { ValueWord } from './values.ts';
import type { Word } from './words.ts';

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

/** What can be asked without a thing. */
export type Topic = 'errors' | 'logins' | 'root' | 'stats';

/** Words for what can be asked without a thing. */
const TOPICS: Readonly<Record<string, Topic>> = {
  errors: 'errors',
  error: 'errors',
  denied: 'errors',
  denial: 'errors',
  denials: 'errors',
  failure: 'errors',
  failures: 'errors',
  logins: 'logins',
  login: 'logins',
  'sign-in': 'logins',
  'sign-ins': 'logins',
  signin: 'logins',
  signins: 'logins',
  log: 'logins',
  logged: 'logins',
  sign: 'logins',
  signed: 'logins',
  root: 'root',
  stats: 'stats',
  statistics: 'stats',
};

/** A sentence that asks for something begins with one of these, and not with a name. */
const OPENER =
  /^(?:who(?:se|m|'s)?|what(?:'s)?|which|when|where|how|why|did|does|do|has|have|is|was|are|were|show|find|list|get|give|tell|look|investigate|check|trace|would)$/;

/** Words of an English question that name nothing and leave nothing out. */
const FILLER =
  /^(?:who(?:se|m|'s)?|what(?:'s)?|which|when|where|how|why|do|does|did|done|doing|has|have|had|having|is|was|are|were|been|be|being|the|a|an|this|that|these|those|my|our|your|any|all|some|much|many|me|us|it|its|they|them|their|he|she|his|her|and|or|of|to|for|from|by|with|in|on|at|as|about|into|out|up|off|make|makes|made|making|api|apis|aws|calls?|called|calling|events?|activity|activities|actions?|things?|anything|everything|something|please|can|could|would|should|you|i|we|else|ever|recently|there|through|via|during|within|between|somebody|someone|anyone|anybody|people|went|gone|go|over|wrote|written|took|taken|put|sent|let|hey|hi|hello|ok|so|just|only|now|times?|again|today|account|region|utc|e?mail|ids?|arn|named|like|more|ports?|trailbot|keys|users|sessions|persons|addresses|ips|roles|resources|buckets|instances|tables|functions|secrets|queues|topics|clusters|databases|policies|groups|trails)$/;

/** Verbs in their other forms; those in the past tense are told by their end. */
const VERB =
  /^(?:us|creat|delet|chang|modify|modifi|updat|stop|stopp|start|terminat|launch|reboot|touch|open|clos|add|remov|attach|detach|assum|enabl|disabl|describ|access|invok|revok|grant|rotat|happen|show|find|list|get|gett|give|tell|look|lookup|see|investigat|check|trac|run|runn|ran|sign|log)(?:e|es|s|ing)?$/;
const PAST_TENSE = /^[a-z]{2,20}ed$/;
/** Behind these stands a name, even one that ends like a verb. */
const BEFORE_NAME = /^(?:by|of|as|for|from|with|did)$/;

/** What it leaves out, no question can: `not in Production`, `except bob`. */
const NEGATION =
  /^(?:not|no|none|never|nor|neither|except|excepting|excluding|exclude|without|besides|but|unless|other|others|\w{2,10}n't)$/;

/** Times that the grammar does not have. */
const TIME =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tue|wed|thu|fri|sat|sun|mornings?|noon|midday|evenings?|afternoons?|nights?|tonight|midnight|weekends?|tomorrow|(?:second|minute|hour|day|week|month|quarter|year)s?|ago|since|until|till|before|after|earlier|later|january|february|march|april|june|july|august|september|october|november|december|\d{1,2}(?:st|nd|rd|th|am|pm))$/;

/** Whether words look like a sentence, not like a command with a slip in it. */
export function isSentence([first]: readonly Word[]): boolean {
  return first !== undefined && !first.quoted && OPENER.test(first.lower);
}

/** What a noun before a name says that it is; `undefined` for any other word. */
export function nounOf(word: Word | undefined): ValueWord | undefined {
  if (!word || word.quoted) return undefined;
  return Object.hasOwn(NOUNS, word.lower) ? NOUNS[word.lower] : undefined;
}

export function topicIn(word: Word): Topic | undefined {
  return !word.quoted && Object.hasOwn(TOPICS, word.lower) ? TOPICS[word.lower] : undefined;
}

/** For "did you mean": words for what can be asked without a thing. */
export const TOPIC_WORDS: readonly string[] = Object.keys(TOPICS);

export function isNegation({ lower, quoted }: Word): boolean {
  return !quoted && NEGATION.test(lower);
}

/** A time, or a number, which is no name in a sentence. */
export function isTimeOrNumber({ lower, quoted }: Word): boolean {
  return !quoted && (TIME.test(lower) || /^\d{1,11}$/.test(lower));
}

export function isFiller({ lower, quoted }: Word): boolean {
  return !quoted && (FILLER.test(lower) || VERB.test(lower));
}

/** A word that, behind `who`, belongs to a sentence and is no name. */
export function isPlainEnglish(word: Word): boolean {
  const topic = topicIn(word);
  // AWS records what the root user does under the name root.
  return isFiller(word) || isTimeOrNumber(word) || (topic !== undefined && topic !== 'root');
}

/** What people say before they ask. */
export function isGreeting({ lower, quoted }: Word): boolean {
  return !quoted && /^(?:please|pls|can|could|you|hey|hi|hello|ok|trailbot)$/.test(lower);
}

/** `created`, where it stands as a verb: `by fred` and `deleted and fred` have names. */
export function isPastTense(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (!word || word.quoted || !PAST_TENSE.test(word.lower)) return false;
  const before = words[at - 1];
  if (!before) return true;
  if (/^(?:and|or)$/.test(before.lower)) return at > 1 && isPastTense(words, at - 2);
  return !BEFORE_NAME.test(before.lower) && nounOf(before) === undefined;
}
