import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BUILTIN } from '../app/rule-files.ts';
import { sayCount } from '../questions/lines.ts';
import type { Rule } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { type Bulk, bulk } from './replay/bulk.ts';
import type { Portion } from './replay/replay.ts';
import { soundSource } from './replay/rule-source.ts';
import { EVENT_FILE } from './replay/sources.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface MatchOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly count?: boolean;
  readonly threads?: number;
}

/** What became of the records so far. */
interface Tally {
  /** Records, those that were not understood included: the index of the next one. */
  records: number;
  unread: number;
  /** Files that could not be read, or not to their end. */
  broken: number;
  /** How often each rule was true, in their order. */
  readonly counts: number[];
}

const YAML = /\.ya?ml$/;
/** As much as is written at once. */
const CHUNK = 64 * 1024;
/** After so many, records that were not understood are only counted: the input is something else. */
const MOST_SHOWN = 100;

/**
 * Events through the rules, no state kept. Prints each match, or with `count` how often each rule matched.
 * Exit 1 when there were records and not one of them was understood, or when it was stopped; 2 when a file could not
 * be read.
 */
export async function match(
  terminal: Terminal,
  files: readonly string[],
  options: MatchOptions,
): Promise<number> {
  const given = sortPaths(terminal, options.rules ?? []);
  const { ruleset, source } = soundSource(terminal, given.rules, options.config);
  const tally: Tally = { records: 0, unread: 0, broken: 0, counts: ruleset.rules.map(() => 0) };
  const { threads } = options;
  const input = bulk(terminal, [...given.events, ...files], { ruleset, source, wanted: 'id', threads });
  const read = await printAll(
    terminal,
    input,
    printer(terminal, input, ruleset, tally, options.count === true),
  );
  if (options.count) printCounts(terminal, ruleset, tally.counts);
  if (read) sayUnread(terminal, tally);
  if (input.stopped)
    terminal.err(`Stopped after ${sayCount(tally.records, 'record')}; there may be more in the input.\n`);
  if (tally.broken > 0) return EXIT.misuse;
  const nothing = tally.unread > 0 && tally.unread === tally.records;
  return nothing || input.stopped ? EXIT.finding : EXIT.fine;
}

/** False when nobody reads what is printed any longer. */
async function printAll(
  terminal: Terminal,
  { portions, progress }: Bulk,
  print: (portion: Portion) => string,
): Promise<boolean> {
  let text = '';
  try {
    for await (const portion of portions) {
      text += print(portion);
      if (text.length < CHUNK) continue;
      progress.clear();
      terminal.out(text);
      text = '';
      if (!(await terminal.outReady())) return false;
    }
    return true;
  } finally {
    // Also when the input breaks off: what was found before holds.
    progress.clear();
    if (text !== '') terminal.out(text);
  }
}

/**
 * `--rules PATH… FILE…` leaves open where the rules end: at the first name, from the second on, that is neither YAML
 * nor a folder with YAML in it.
 */
export function sortPaths(
  terminal: Terminal,
  paths: readonly string[],
): { rules: string[]; events: string[] } {
  const isRules = (path: string, index: number) =>
    index === 0 || path === BUILTIN || YAML.test(path) || holdsRules(resolve(terminal.folder, path));
  const end = paths.findIndex((path, index) => !isRules(path, index));
  return end < 0
    ? { rules: [...paths], events: [] }
    : { rules: paths.slice(0, end), events: paths.slice(end) };
}

/** Whether the first file in the folder that is either is one of rules rather than one of events. */
function holdsRules(folder: string): boolean {
  return firstIn(folder) === 'rules';
}

function firstIn(folder: string): 'rules' | 'events' | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      const found = firstIn(join(folder, entry.name));
      if (found) return found;
    } else if (YAML.test(entry.name)) return 'rules';
    else if (EVENT_FILE.test(entry.name)) return 'events';
  }
  return undefined;
}

/** Makes the lines to print for each portion, and says on standard error what is wrong with it. */
function printer(
  terminal: Terminal,
  { progress }: Bulk,
  ruleset: Ruleset,
  tally: Tally,
  countOnly: boolean,
): (portion: Portion) => string {
  const starts = ruleset.rules.map(startOf);
  return (portion) => {
    const { file, outcome, problem } = portion;
    if (problem !== undefined || (outcome.unread > 0 && tally.unread < MOST_SHOWN)) progress.clear();
    sayComplaints(terminal, tally, portion);
    if (problem !== undefined) {
      tally.broken += 1;
      terminal.err(`${file} cannot be read: ${problem}.\n`);
    }
    const text = countOnly ? '' : linesOf(portion, starts, tally.records);
    if (countOnly) countHits(portion, tally.counts);
    tally.records += outcome.records;
    tally.unread += outcome.unread;
    return text;
  };
}

/** The output line of a rule up to the id of the event. */
function startOf({ id, title, level }: Rule): string {
  return `${JSON.stringify({ rule: id, title, level }).slice(0, -1)},"event":`;
}

function linesOf({ outcome }: Portion, starts: readonly string[], before: number): string {
  const { hits } = outcome;
  const events = outcome.texts.split('\n');
  let text = '';
  let event = -1;
  let last = -1;
  for (let at = 0; at < hits.length; at += 2) {
    const record = hits[at] ?? 0;
    if (record !== last) event += 1;
    last = record;
    text += `${starts[hits[at + 1] ?? 0]}${events[event]},"line":${before + record}}\n`;
  }
  return text;
}

function countHits({ outcome: { hits } }: Portion, counts: number[]): void {
  for (let at = 1; at < hits.length; at += 2) {
    const rule = hits[at] ?? 0;
    counts[rule] = (counts[rule] ?? 0) + 1;
  }
}

function sayComplaints(terminal: Terminal, tally: Tally, { file, line, outcome }: Portion): void {
  for (const { record, line: own, reason } of outcome.complaints.slice(0, MOST_SHOWN - tally.unread)) {
    const index = tally.records + record;
    terminal.err(`${file}:${line + own}: record ${index} was not understood: ${printable(reason)}\n`);
  }
}

function printCounts(terminal: Terminal, { rules }: Ruleset, counts: readonly number[]): void {
  for (const [index, { id, title, level }] of rules.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0) terminal.out(`${JSON.stringify({ rule: id, title, level, count })}\n`);
  }
}

function sayUnread(terminal: Terminal, { unread, records }: Tally): void {
  if (unread === 0) return;
  const shown = unread > MOST_SHOWN ? `; the first ${MOST_SHOWN} are shown above` : '';
  const were = unread === 1 ? 'was' : 'were';
  terminal.err(`${unread} of ${records} records ${were} not understood and matched nothing${shown}.\n`);
}

/** Reasons quote what stood in the input, and that must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}
