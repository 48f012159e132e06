import type { Question, Scope } from '../question.ts';
import { periodWords } from './periods.ts';
import { isModifier } from './read-scope.ts';
import { isPlainEnglish } from './vocabulary.ts';
import { isMention, plainText, wordsOf } from './words.ts';

const WORDS: Readonly<Record<Question['kind'], string>> = {
  key: 'key',
  user: 'user',
  address: 'ip',
  role: 'role',
  resource: 'resource',
  anything: 'who',
  errors: 'errors',
  logins: 'logins',
  root: 'root',
  event: 'event',
  explain: 'explain',
  compare: 'compare',
  stats: 'stats',
};

/**
 * The words that ask a question again, as they follow `/trail`: `key AKIA… 30d reads`. A period that was counted
 * back from now is counted back from the time of asking.
 */
export function sayQuestion(question: Question): string {
  const { scope } = question;
  const all = 'eventIds' in question && scope.period.said === 'last 90 days';
  return [
    WORDS[question.kind],
    ...valuesOf(question),
    ...(all ? [] : [periodWords(scope.period)]),
    ...narrowingOf(scope),
  ].join(' ');
}

function valuesOf(question: Question): readonly string[] {
  if ('eventIds' in question) return question.eventIds;
  return 'value' in question && question.value !== ''
    ? [asOneWord(question.value, question.kind === 'anything')]
    : [];
}

function narrowingOf({ account, region, access, failed }: Scope): string[] {
  const words = [
    account === undefined ? [] : ['in', account],
    region === undefined ? [] : ['region', region],
  ];
  return [...words.flat(), ...(access === undefined ? [] : [access]), ...(failed ? ['failed'] : [])];
}

/** In quotes where it would be read as several words, as a part of the grammar, or not as it stands. */
function asOneWord(value: string, afterWho: boolean): string {
  const plain = plainText(value).replaceAll('"', '').trim();
  const [word, ...others] = wordsOf(plain);
  const isGrammar = word && isModifier(word, { now: 0, accounts: new Map() });
  const special = isGrammar || (word && (isMention(word) || (afterWho && isPlainEnglish(word))));
  const asItIs = word?.text === plain && others.length === 0 && !special;
  return asItIs ? plain : `"${plain}"`;
}
