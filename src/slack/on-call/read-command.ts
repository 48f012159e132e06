import { nearest } from '../../kernel/nearest.ts';
import { type Millis, parseDuration } from '../../kernel/time.ts';
import type { Mistake } from '../../questions/question.ts';
import type { Stretch } from '../../work/on-call/swap.ts';
import type { Zone } from '../snooze.ts';
import { isTimeLike, readDay, readMoment } from './read-time.ts';

/** What somebody wants to know or change. `schedule`: the one that was named. */
export type Command =
  | { readonly kind: 'now' | 'next' | 'end'; readonly schedule: string | undefined }
  | {
      readonly kind: 'override';
      readonly schedule: string;
      readonly person: string;
      readonly from: Millis;
      readonly until: Millis;
    }
  | {
      readonly kind: 'swap';
      readonly schedule: string | undefined;
      readonly person: string;
      readonly day: Stretch | undefined;
    };

/** What a command is understood by. */
export interface CommandSetting {
  /** Of all schedules. */
  readonly names: readonly string[];
  /** Who typed. */
  readonly me: string;
  readonly now: Millis;
  /** On whose clocks the times are that were typed. */
  readonly zone: Zone;
}

const WORDS = ['now', 'next', 'override', 'swap', 'end', 'help'];
const ME = new Set(['me', 'myself', 'i']);

/** Reads what comes after `/trail oncall`, in which Slack has put people as `<@U…|name>`. */
export function readCommand(text: string, setting: CommandSetting): Command | Mistake {
  const words = text
    .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/gu, ' <@$1> ')
    .split(/\s+/u)
    .filter(Boolean);
  const [first = 'now', ...rest] = words;
  const word = first.toLowerCase();
  switch (word) {
    case 'now':
    case 'next':
    case 'end':
      return readLook(word, rest, setting);
    case 'override':
    case 'swap':
      return readChange(word, text, rest, setting);
    default: {
      const schedule = scheduleOf(first, setting.names);
      if (schedule !== undefined && rest.length === 0) return { kind: 'now', schedule };
      const near = nearest(word, [...WORDS, ...setting.names]);
      return mistake(
        `"${first}" is neither a schedule nor a command. ${sayNames(setting.names)}`,
        ['/trail oncall', near ?? '', ...(near === undefined ? [] : rest)].join(' ').trim(),
      );
    }
  }
}

function readLook(
  kind: 'now' | 'next' | 'end',
  [name, ...rest]: readonly string[],
  { names }: CommandSetting,
): Command | Mistake {
  const schedule = name === undefined ? undefined : scheduleOf(name, names);
  if (rest.length === 0 && (name === undefined || schedule !== undefined)) return { kind, schedule };
  const near = nearest(name ?? '', names) ?? '';
  return mistake(
    `There is no schedule "${name}". ${sayNames(names)}`,
    `/trail oncall ${kind} ${near}`.trim(),
  );
}

/** What was said about a change, before it is put together. */
interface Said {
  person?: string;
  length?: Millis;
  from?: Millis;
  until?: Millis;
  day?: Stretch;
  schedule?: string;
}

/** Reads one thing at `at`; returns how many words it took, or what is wrong with it. */
type Taker = (words: readonly string[], at: number, said: Said, setting: CommandSetting) => number | string;

const FILLERS = new Set(['for', 'on', 'in', 'with', 'at', 'schedule']);

function readChange(
  kind: 'override' | 'swap',
  text: string,
  words: readonly string[],
  setting: CommandSetting,
): Command | Mistake {
  const said: Said = {};
  const take = kind === 'override' ? takeOverride : takeSwap;
  for (let at = 0; at < words.length; ) {
    const took = takeAny(words, at, said, setting, take);
    if (typeof took === 'string') return mistake(took, correctedFor(kind, text, said, setting));
    at += took;
  }
  return kind === 'override' ? override(text, said, setting) : swap(text, said, setting);
}

function takeAny(
  words: readonly string[],
  at: number,
  said: Said,
  setting: CommandSetting,
  take: Taker,
): number | string {
  const word = words[at] ?? '';
  const lower = word.toLowerCase();
  const person = ME.has(lower) ? setting.me : /^<@([UW][A-Z0-9]+)>$/u.exec(word)?.[1];
  if (person !== undefined) {
    if (said.person !== undefined) return 'One person can be named, not two.';
    said.person = person;
    return 1;
  }
  const schedule = scheduleOf(word, setting.names);
  if (schedule !== undefined) {
    said.schedule = schedule;
    return 1;
  }
  if (FILLERS.has(lower)) return 1;
  if (word.startsWith('@'))
    return `Slack does not say who ${word} is. Choose the person from the list that appears after typing @.`;
  return take(words, at, said, setting);
}

const takeOverride: Taker = (words, at, said, setting) => {
  const word = (words[at] ?? '').toLowerCase();
  const length = parseDuration(word);
  if (length !== undefined) {
    said.length = length;
    return 1;
  }
  if (word === 'now') {
    said.from = setting.now;
    return 1;
  }
  if (word !== 'from' && word !== 'until' && word !== 'to') return unknown(words[at] ?? '', setting);
  const after = word === 'from' ? setting.now : (said.from ?? setting.now);
  const next = words.slice(at + 1).map((one) => one.toLowerCase());
  if (word === 'from' && next[0] === 'now') {
    said.from = setting.now;
    return 2;
  }
  const moment = readMoment(next, after, setting.zone);
  if (!moment) return `After "${word}" comes a time such as 22:00, fri 22:00 or 2026-11-23 22:00.`;
  said[word === 'from' ? 'from' : 'until'] = moment.at;
  return 1 + moment.took;
};

const takeSwap: Taker = (words, at, said, setting) => {
  const day = readDay((words[at] ?? '').toLowerCase(), setting.now, setting.zone);
  if (!day) return unknown(words[at] ?? '', setting);
  said.day = day;
  return 1;
};

function unknown(word: string, { names }: CommandSetting): string {
  if (isTimeLike(word.toLowerCase())) return `Say "from" or "until" before ${word}.`;
  return `"${word}" is neither a time nor a schedule. ${sayNames(names)}`;
}

function override(text: string, said: Said, setting: CommandSetting): Command | Mistake {
  const { person, schedule = onlyOne(setting.names) } = said;
  const corrected = correctedFor('override', text, said, setting);
  if (person === undefined) return mistake('Say who is to have the pager.', corrected);
  const from = said.from ?? setting.now;
  const until = said.until ?? (said.length === undefined ? undefined : from + said.length);
  if (until === undefined) return mistake('Say for how long.', corrected);
  if (said.until !== undefined && said.length !== undefined)
    return mistake('Say how long, or until when; not both.', corrected);
  if (until <= from) return mistake('It would end before it begins.', corrected);
  if (schedule === undefined)
    return mistake(`There are several schedules: ${setting.names.join(', ')}. Say which.`, corrected);
  return { kind: 'override', schedule, person, from, until };
}

function swap(text: string, said: Said, setting: CommandSetting): Command | Mistake {
  const { person, day } = said;
  if (person === undefined)
    return mistake('Say with whom you want to swap.', correctedFor('swap', text, said, setting));
  return { kind: 'swap', schedule: said.schedule ?? onlyOne(setting.names), person, day };
}

/** The same wish as a command that works, with whom and what was understood of it. */
function correctedFor(kind: 'override' | 'swap', text: string, said: Said, setting: CommandSetting): string {
  const { names, me } = setting;
  const which = said.schedule ?? (names.length > 1 && kind === 'override' ? names[0] : undefined);
  const who = said.person === me && kind === 'override' ? 'me' : handleIn(text, said.person);
  const length = kind === 'swap' ? [] : [sayLength(said)];
  const fallback = kind === 'swap' ? '@colleague' : 'me';
  return ['/trail oncall', kind, who ?? fallback, ...length, which ?? ''].join(' ').trim();
}

function sayLength({ length = 4 * 3_600_000 }: Said): string {
  const minutes = Math.max(1, Math.round(length / 60_000));
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

/** As it was typed: Slack makes a mention of it again. */
function handleIn(text: string, person: string | undefined): string | undefined {
  if (person === undefined) return undefined;
  const name = new RegExp(`<@${person}\\|([^>]+)>`, 'u').exec(text)?.[1];
  return name === undefined ? '@colleague' : `@${name}`;
}

function scheduleOf(word: string, names: readonly string[]): string | undefined {
  return names.find((name) => name.toLowerCase() === word.toLowerCase());
}

function onlyOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

function sayNames(names: readonly string[]): string {
  return `Schedules: ${names.slice(0, 10).join(', ')}. Commands: now, next, override, swap, end.`;
}

function mistake(wrong: string, corrected: string): Mistake {
  return { mistake: wrong, corrected };
}
