import type { Millis } from '../../kernel/time.ts';
import { lengthOf, type Moment, momentOf, unitOf } from './periods.ts';
import type { Found, Setting } from './reader.ts';
import type { Word } from './words.ts';

export function readSince(words: readonly Word[], at: number, found: Found, { now }: Setting): number {
  const word = words[at]?.lower ?? '';
  if (!/^(?:since|from|after)$/.test(word)) return 0;
  const next = readMoment(words, at + 1, now);
  if (!next) return word === 'since' ? noTime(words, at, found) : 0;
  if (found.time.since) found.mistake ??= 'Two beginnings are given';
  found.time.since ??= next.moment;
  return 1 + next.took;
}

export function readUntil(words: readonly Word[], at: number, found: Found, { now }: Setting): number {
  const word = words[at]?.lower ?? '';
  if (!/^(?:until|till|to|before)$/.test(word)) return 0;
  const next = readMoment(words, at + 1, now);
  if (!next) return word === 'until' ? noTime(words, at, found) : 0;
  if (found.time.until) found.mistake ??= 'Two ends are given';
  found.time.until ??= next.moment;
  return 1 + next.took;
}

/** `between 10:00 and 12:00`, `2026-11-01 to 2026-11-03`, `2026-11-01..2026-11-03`. */
export function readRange(words: readonly Word[], at: number, found: Found, { now }: Setting): number {
  const apart = /^(?:between|from|on)$/.test(words[at]?.lower ?? '') ? 1 : 0;
  const between = words[at]?.lower === 'between';
  const ends = endsIn(words[at + apart]);
  const parts = ends ? [...ends, ...words.slice(at + apart + 1)] : words.slice(at + apart);
  const first = readMoment(parts, 0, now);
  if (!first || (first.moment.ago && !between)) return 0;
  const joint = ends ? '' : (parts[first.took]?.lower ?? '');
  const joined = ends
    ? first.took === 1
    : (between ? /^(?:and|to|until|till)$/ : /^(?:to|until|till)$/).test(joint);
  const second = joined ? readMoment(parts, first.took + (ends ? 0 : 1), now) : undefined;
  if (!second) return 0;
  if (found.time.since || found.time.until) found.mistake ??= 'That is more than one period';
  found.time.since ??= first.moment;
  found.time.until ??= second.moment;
  return apart + first.took + second.took + (ends ? -1 : 1);
}

/** Both ends of a range that was typed as one word. */
function endsIn(word: Word | undefined): Word[] | undefined {
  if (!word || word.quoted) return undefined;
  const [, from, to] =
    /^([\dtz:+-]+)\.{2,3}([\dtz:+-]+)$/.exec(word.lower) ??
    /^(\d\d?:\d\d)-(\d\d?:\d\d)$/.exec(word.lower) ??
    [];
  if (from === undefined || to === undefined) return undefined;
  return [from, to].map((text) => ({ text, lower: text, quoted: false }));
}

/** What follows is taken along when it looks like a time: a misspelt one is no value. */
function noTime(words: readonly Word[], at: number, found: Found): number {
  const next = words[at + 1];
  const said = words[at]?.lower ?? '';
  if (!next) {
    found.mistake ??= `“${said}” needs a time behind it`;
    return 1;
  }
  found.mistake ??= `“${said} ${next.text.slice(0, 40)}” names no time that Trailbot knows`;
  return /^\d[\d:/.TtZz+-]*$/.test(next.text) || /^[a-z]{1,12}$/.test(next.text) ? 2 : 1;
}

/** `2026-11-01`, `2026-11-01 10:00`, `10:00 UTC`, `3d`, `3 days ago`. */
function readMoment(
  words: readonly Word[],
  at: number,
  now: Millis,
): { moment: Moment; took: number } | undefined {
  const [first = '', second = '', third = ''] = words
    .slice(at, at + 3)
    .map((word) => (word.quoted ? '' : word.lower));
  const tries: readonly (readonly [string, number])[] = [
    [third === 'utc' ? `${first}t${second}z` : '', 3],
    [third === 'ago' && /^\d+$/.test(first) && unitOf(second) ? `${first}${second}` : '', 3],
    [`${first}t${second}`, 2],
    [second === 'utc' ? `${first}z` : '', 2],
    [second === 'ago' ? first : '', 2],
    [/^\d+$/.test(first) && unitOf(second) ? `${first}${second}` : '', 2],
    [first, 1],
  ];
  for (const [word, took] of tries) {
    const moment = word === '' ? undefined : momentOf(word, now);
    if (moment) return { moment, took };
  }
  return undefined;
}

/** `last 7d`, `last 2 hours`, `past week`. */
export function readLast(words: readonly Word[], at: number, found: Found): number {
  if (!/^(?:last|past|previous)$/.test(words[at]?.lower ?? '')) return 0;
  const next = words[at + 1];
  const unit = next && !next.quoted ? unitOf(next.lower) : undefined;
  if (unit !== undefined && next && next.lower.length > 1) return setLength(found, unit, 2);
  const length = readAmount(words, at + 1);
  if (length) return setLength(found, length.length, 1 + length.took);
  if (words[at]?.lower === 'last') found.mistake ??= '“last” needs a length behind it';
  return words[at]?.lower === 'last' ? 1 : 0;
}

export function readLength(words: readonly Word[], at: number, found: Found, { now }: Setting): number {
  const amount = readAmount(words, at);
  if (!amount) return 0;
  if (words[at + amount.took]?.lower !== 'ago') return setLength(found, amount.length, amount.took);
  found.time.since ??= { from: now - amount.length, to: now - amount.length, ago: true };
  return amount.took + 1;
}

export function readAmount(words: readonly Word[], at: number): { length: Millis; took: number } | undefined {
  const [first, second] = [words[at], words[at + 1]];
  if (!first || first.quoted) return undefined;
  const length = lengthOf(first.lower);
  if (length !== undefined) return { length, took: 1 };
  if (!second || second.quoted || !/^\d{1,9}$/.test(first.lower) || !unitOf(second.lower)) return undefined;
  const both = lengthOf(`${first.lower}${second.lower}`);
  return both === undefined ? undefined : { length: both, took: 2 };
}

function setLength(found: Found, length: Millis, took: number): number {
  if (found.time.length !== undefined && found.time.length !== length) {
    found.mistake ??= 'That is more than one period';
  }
  found.time.length ??= length;
  return took;
}

/** `yesterday`, `today`, `2026-11-01`, `on 2026-11-01`; of a bare instant nobody can tell which end it is. */
export function readDay(words: readonly Word[], at: number, found: Found, { now }: Setting): number {
  const on = words[at]?.lower === 'on' ? 1 : 0;
  const word = words[at + on];
  if (!word || word.quoted || word.lower === 'now' || lengthOf(word.lower) !== undefined) return 0;
  const read = readMoment(words, at + on, now);
  if (!read || read.moment.ago) return 0;
  const { moment } = read;
  if (moment.from === moment.to) {
    found.mistake ??= `“${word.text}” may be the beginning or the end`;
    found.time.since ??= moment;
  } else {
    setDay(found, moment);
  }
  return on + read.took;
}

/** Of two days, the first and the last of a period were probably meant. */
function setDay(found: Found, moment: Moment): void {
  const { day, since } = found.time;
  if (!day || day.from === moment.from) {
    found.time.day ??= moment;
    return;
  }
  found.mistake ??= 'That is more than one period';
  if (since || found.time.until) return;
  const [first, last] = day.from < moment.from ? [day, moment] : [moment, day];
  found.time = { ...found.time, day: undefined, since: first, until: last };
}
