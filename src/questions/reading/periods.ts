import { DAY, HOUR, MINUTE, type Millis, parseInstant, SECOND, sayInstant } from '../../kernel/time.ts';
import type { Period, Question } from '../question.ts';

/** A point in time, or a day, as a person names it. */
export interface Moment {
  readonly from: Millis;
  /** Its last millisecond, which a period up to it includes. */
  readonly to: Millis;
  /** `yesterday` stays `yesterday` in what is said. */
  readonly word?: 'yesterday' | 'today' | undefined;
  /** A time of day without its day. */
  readonly clock?: boolean | undefined;
  /** Counted back from now. */
  readonly ago?: boolean | undefined;
}

/** What was said about time, before it is put together. */
export interface TimeWords {
  readonly since?: Moment | undefined;
  readonly until?: Moment | undefined;
  readonly day?: Moment | undefined;
  readonly length?: Millis | undefined;
}

const USUAL: Readonly<Record<Question['kind'], Millis>> = {
  key: 30 * DAY,
  user: 2 * DAY,
  address: 2 * DAY,
  role: 2 * DAY,
  resource: 2 * DAY,
  anything: 2 * DAY,
  errors: HOUR,
  logins: DAY,
  root: 90 * DAY,
  event: 90 * DAY,
  explain: 90 * DAY,
  compare: 90 * DAY,
  stats: 7 * DAY,
};

/** CloudTrail was announced on 2013-11-13: nothing is older. */
const BEGINNING: Millis = 1_384_300_800_000;

const UNITS: readonly (readonly [RegExp, Millis])[] = [
  [/^(?:s|secs?|seconds?)$/, SECOND],
  [/^(?:m|mins?|minutes?)$/, MINUTE],
  [/^(?:h|hrs?|hours?)$/, HOUR],
  [/^(?:d|days?)$/, DAY],
  [/^(?:w|wks?|weeks?)$/, 7 * DAY],
  [/^(?:mo|months?)$/, 30 * DAY],
];

/** The period of a question that names none. */
export function usualPeriod(kind: Question['kind'], now: Millis): Period {
  return lastPeriod(USUAL[kind], now);
}

/** The unit that a word names, in milliseconds: `h`, `hours`, `min`. */
export function unitOf(word: string): Millis | undefined {
  return UNITS.find(([form]) => form.test(word))?.[1];
}

/** `30m`, `2h`, `90days`, `1h30m` in lower case; `undefined` when it is none of these. */
export function lengthOf(word: string): Millis | undefined {
  if (!/^(?:\d{1,9}[a-z]{1,7}){1,6}$/.test(word)) return undefined;
  let total = 0;
  for (const [, amount, name = ''] of word.matchAll(/(\d+)([a-z]+)/g)) {
    const unit = unitOf(name);
    if (unit === undefined) return undefined;
    total += Number(amount) * unit;
  }
  return total;
}

/** `2026-11-01`, `2026-11-01T10:00Z` (UTC unless it says otherwise), `10:00`, `yesterday`, `3d` (ago). */
export function momentOf(word: string, now: Millis): Moment | undefined {
  const today = now - (now % DAY);
  if (word === 'today') return { ...dayFrom(today), word: 'today' };
  if (word === 'yesterday') return { ...dayFrom(today - DAY), word: 'yesterday' };
  if (word === 'now') return { from: now, to: now };
  const ago = lengthOf(word);
  if (ago !== undefined) return { from: now - ago, to: now - ago, ago: true };
  if (/^\d{4}-\d\d-\d\d$/.test(word)) {
    const at = exactly(`${word}T00:00:00Z`, word);
    return at === undefined ? undefined : dayFrom(at);
  }
  return instantOf(word, today);
}

function instantOf(word: string, today: Millis): Moment | undefined {
  const [, day, time, seconds = ':00', zone = 'z'] =
    /^(?:(\d{4}-\d\d-\d\d)t)?(\d\d?:\d\d)(:\d\d(?:\.\d{1,3})?)?(z|utc|[+-]\d\d:?\d\d)?$/.exec(word) ?? [];
  if (time === undefined) return undefined;
  const date = day ?? sayInstant(today).slice(0, 10);
  if (exactly(`${date}T00:00:00Z`, date) === undefined) return undefined;
  const at = parseInstant(
    `${date}T${time.padStart(5, '0')}${seconds}${zone.replace('utc', 'z').toUpperCase()}`,
  );
  if (at === undefined) return undefined;
  return day === undefined ? { from: at, to: at, clock: true } : { from: at, to: at };
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function exactly(instant: string, day: string): Millis | undefined {
  const at = parseInstant(instant);
  return at !== undefined && sayInstant(at).startsWith(day) ? at : undefined;
}

function dayFrom(from: Millis): Moment {
  return { from, to: from + DAY - 1 };
}

/** The period up to now. */
function lastPeriod(length: Millis, now: Millis): Period {
  return { from: now - length, to: now, said: sayLast(length) };
}

/** The period that the words come to; with a mistake, the one that was probably meant. */
export function settlePeriod(
  words: TimeWords,
  kind: Question['kind'],
  now: Millis,
): { period: Period; mistake?: string } {
  const usual = usualPeriod(kind, now);
  const { since, until, day, length } = words;
  if (length === 0) return { period: usual, mistake: 'A period of no length holds no events' };
  if ((day && (since || until || length !== undefined)) || (since && until && length !== undefined)) {
    const first = day ? { day } : { since, until };
    return { period: settlePeriod(first, kind, now).period, mistake: 'That is more than one period' };
  }
  const start = day ?? since;
  if (start && start.from >= now) return laterThanNow(start, until, usual, now);
  const { from, to } = bounds(words, usual, now);
  if (Math.min(from, to) < BEGINNING) {
    return { period: usual, mistake: 'There was no CloudTrail before November 2013' };
  }
  if (from >= to) {
    const mistake = from > to ? 'The period ends before it begins' : 'A period of no length holds no events';
    return { period: since && until && from > to ? range(until.from, since.to, now) : usual, mistake };
  }
  return { period: phrase(words, from, to, now) };
}

/** `since 10:00` at nine means yesterday's ten o'clock. */
function laterThanNow(
  start: Moment,
  until: Moment | undefined,
  usual: Period,
  now: Millis,
): { period: Period; mistake: string } {
  const mistake = `${sayMoment(start.from)} has not come yet (it is ${sayMoment(now)})`;
  const end = until?.clock && until.to > start.from ? until.to - DAY : now;
  return { period: start.clock ? range(start.from - DAY, end, now) : usual, mistake };
}

function bounds(words: TimeWords, usual: Period, now: Millis): { from: Millis; to: Millis } {
  const { since, until, day, length } = words;
  const start = day ?? since;
  if (start) {
    const end = day?.to ?? until?.to ?? (length === undefined ? now : start.from + length);
    return { from: start.from, to: Math.min(end, now) };
  }
  // The future has no events: a period that reaches into it ends now.
  const to = Math.min(until?.to ?? now, now);
  const end = isDayEnd(to) ? to + 1 : to;
  return { from: end - (length ?? usual.to - usual.from), to };
}

/** Words that go on being true the next day stay as they were typed. */
function phrase(words: TimeWords, from: Millis, to: Millis, now: Millis): Period {
  const { since, until, day, length } = words;
  if (day?.word) return { from, to, said: `${day.word} (UTC)` };
  if (to < now) return range(from, to, now);
  if (since?.word === 'today') return { from, to, said: 'today (UTC)' };
  if (since?.word) return { from, to, said: `since ${since.word} (UTC)` };
  const relative = since ? since.ago : until === undefined || length !== undefined;
  return relative ? lastPeriod(to - from, now) : range(from, to, now);
}

function range(from: Millis, end: Millis, now: Millis): Period {
  if (end >= now) return { from, to: now, said: `since ${sayMoment(from)}` };
  if (from % DAY === 0 && end === from + DAY - 1) {
    return { from, to: end, said: `on ${sayMoment(from)} (UTC)` };
  }
  const last = isDayEnd(end) ? sayMoment(end - DAY + 1) : sayMoment(end);
  return { from, to: end, said: `${sayMoment(from)} to ${last}` };
}

/** The words that ask for a period again: `30d`, `yesterday`, `since 2026-11-01 until 2026-11-10`. */
export function periodWords({ from, to, said }: Period): string {
  if (said === sayLast(to - from)) return compact(to - from);
  if (said === 'yesterday (UTC)' || said === 'today (UTC)') return said.slice(0, -' (UTC)'.length);
  if (said === 'since yesterday (UTC)') return 'since yesterday';
  const since = `since ${from % DAY === 0 ? sayInstant(from).slice(0, 10) : brief(from)}`;
  if (said === `since ${sayMoment(from)}`) return since;
  return `${since} until ${isDayEnd(to) ? sayInstant(to).slice(0, 10) : brief(to)}`;
}

function isDayEnd(at: Millis): boolean {
  return (at + 1) % DAY === 0;
}

/** `2026-11-01T10:00Z`, as exact as it must be. */
function brief(at: Millis): string {
  return sayInstant(at)
    .replace('.000Z', 'Z')
    .replace(/(T\d\d:\d\d):00Z$/, '$1Z');
}

/** `2026-11-01` for a midnight, else `2026-11-01 10:00 UTC`. */
function sayMoment(at: Millis): string {
  if (at % DAY === 0) return sayInstant(at).slice(0, 10);
  const end = at % MINUTE < SECOND ? 16 : 19;
  return `${sayInstant(at).slice(0, end).replace('T', ' ')} UTC`;
}

/** `last 30 days`, `last hour`, `last 24 hours`. */
function sayLast(length: Millis): string {
  if (length === DAY) return 'last 24 hours';
  const parts = partsOf(length);
  const [first] = parts;
  if (parts.length === 1 && first?.amount === 1) return `last ${first.name}`;
  return `last ${parts.map(({ amount, name }) => `${amount} ${name}${amount === 1 ? '' : 's'}`).join(' ')}`;
}

function compact(length: Millis): string {
  return partsOf(length)
    .map(({ amount, name }) => `${amount}${name.charAt(0)}`)
    .join('');
}

function partsOf(length: Millis): { amount: number; name: string }[] {
  const names: readonly (readonly [string, Millis])[] = [
    ['day', DAY],
    ['hour', HOUR],
    ['minute', MINUTE],
    ['second', SECOND],
  ];
  let left = length;
  const parts = names.map(([name, unit]) => {
    const amount = Math.floor(left / unit);
    left -= amount * unit;
    return { amount, name };
  });
  return parts.filter(({ amount }) => amount > 0);
}
