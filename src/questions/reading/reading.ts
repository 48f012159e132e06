import type { EventsQuestion } from '../question.ts';
import { meantBy, readScope } from './read-scope.ts';
import type { Narrowing, Setting } from './reader.ts';
import { type Thing, thingOf } from './things.ts';
import { isFiller, isNegation, topicIn } from './vocabulary.ts';
import type { Word } from './words.ts';

/** Before the period is known, which depends on the kind. */
export type Asked =
  | { readonly thing: Thing }
  | { readonly kind: 'errors' | 'logins' | 'root' | 'stats' }
  | { readonly kind: EventsQuestion['kind']; readonly eventIds: readonly string[] };

/** What words were understood to ask. */
export interface Reading {
  readonly asked: Asked;
  readonly narrowing: Narrowing;
  readonly mistake?: string | undefined;
}

const MOST_SLIPS = 8;

export function askAbout(thing: Thing): Asked {
  if (thing.kind === 'event') return { kind: 'event', eventIds: [thing.value] };
  return { thing };
}

/** Each word beyond `wanted` values is a mistake, and is taken for what it most likely stands for. */
export function readStrictly(
  given: readonly Word[],
  wanted: number,
  setting: Setting,
): { narrowing: Narrowing; mistake?: string | undefined } {
  let words = given;
  let narrowing = readScope(words, setting);
  let mistake = narrowing.mistake;
  for (let slips = 0; slips < MOST_SLIPS; slips++) {
    const odd = narrowing.rest[wanted];
    if (!odd) break;
    mistake ??= `“${odd.text.slice(0, 40)}” is not understood`;
    // Without the negation, what it leaves out would be asked for.
    words = isNegation(odd) ? words.slice(0, words.indexOf(odd)) : replaced(words, odd, meantBy(odd) ?? []);
    narrowing = readScope(words, setting);
  }
  return { narrowing: { ...narrowing, rest: narrowing.rest.slice(0, wanted) }, mistake };
}

/** Words that mean nothing here are passed over, but not those that nearly mean something. */
export function readLoosely(
  words: readonly Word[],
  setting: Setting,
): { narrowing: Narrowing; mistake?: string | undefined } {
  const narrowing = readScope(words, setting);
  const slip = slipIn(narrowing.rest);
  if (!slip) return { narrowing, mistake: narrowing.mistake };
  const mistake = narrowing.mistake ?? `“${slip.word.text.slice(0, 40)}” is not understood`;
  return { narrowing: readScope(replaced(words, slip.word, [slip.meant]), setting), mistake };
}

/** Words behind which a narrowing probably hides: `fialed`, `yesterdya`, `30x`. */
function slipIn(words: readonly Word[]): { word: Word; meant: string } | undefined {
  for (const word of words) {
    if (word.quoted || isFiller(word) || topicIn(word) || thingOf(word.text)) continue;
    const [meant = ''] = meantBy(word) ?? [];
    const isWord = word.text.length >= 5 && meant.length >= 5 && meant[0] === word.lower[0];
    if (isWord || (/^\d+[a-z]/.test(word.lower) && meant !== '')) return { word, meant };
  }
  return undefined;
}

function replaced(words: readonly Word[], odd: Word, meant: readonly string[]): Word[] {
  return words.flatMap((word) =>
    word === odd ? meant.map((text) => ({ text, lower: text, quoted: false })) : [word],
  );
}
