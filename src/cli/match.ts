import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { BUILTIN } from '../app/rule-files.ts';
import { unwrap } from '../cloudtrail/envelope.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { type Piece, readPieces } from './input.ts';
import { createProgress } from './progress.ts';
import { soundRules } from './rules.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface MatchOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly count?: boolean;
}

/** What became of the records so far. */
interface Tally {
  /** Records, those that were not understood included: the index of the next one. */
  records: number;
  unread: number;
  readonly counts: Map<string, number>;
}

/** As much as is written at once. */
const CHUNK = 64 * 1024;
/** After so many, records that were not understood are only counted: the input is something else. */
const MOST_SHOWN = 100;

/**
 * Events through the rules, no state kept. Prints each match, or with `count` how often each rule matched.
 * Exit 1 when there were records and not one of them was understood.
 */
export async function match(
  terminal: Terminal,
  files: readonly string[],
  options: MatchOptions,
): Promise<number> {
  const given = sortPaths(terminal, options.rules ?? []);
  const ruleset = soundRules(terminal, given.rules, options.config);
  const tally: Tally = { records: 0, unread: 0, counts: new Map() };
  const progress = createProgress(terminal, () => `${tally.records} records read`);
  let text = '';
  let read = true;
  try {
    for await (const pieces of readPieces(terminal, [...given.events, ...files])) {
      for (const piece of pieces) text += matchPiece(terminal, ruleset, piece, tally, options.count === true);
      progress.show();
      if (text.length < CHUNK) continue;
      terminal.out(text);
      text = '';
      read = await terminal.outReady();
      if (!read) break;
    }
  } finally {
    // Also when the input breaks off: what was found before holds.
    progress.clear();
    if (text !== '') terminal.out(text);
  }
  if (options.count) printCounts(terminal, ruleset, tally.counts);
  if (read) sayUnread(terminal, tally);
  return tally.unread > 0 && tally.unread === tally.records ? EXIT.finding : EXIT.fine;
}

/**
 * `--rules PATH… FILE…` leaves open where the rules end: at the first name, from the second on, that is neither
 * a folder nor YAML. Events are never that.
 */
function sortPaths(terminal: Terminal, paths: readonly string[]): { rules: string[]; events: string[] } {
  const isRules = (path: string, index: number) =>
    index === 0 || path === BUILTIN || /\.ya?ml$/.test(path) || isFolder(resolve(terminal.folder, path));
  const end = paths.findIndex((path, index) => !isRules(path, index));
  return end < 0
    ? { rules: [...paths], events: [] }
    : { rules: paths.slice(0, end), events: paths.slice(end) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The lines to print for the records of one piece. */
function matchPiece(
  terminal: Terminal,
  ruleset: Ruleset,
  piece: Piece,
  tally: Tally,
  countOnly: boolean,
): string {
  let text = '';
  for (const record of recordsOf(piece)) {
    const line = tally.records;
    tally.records += 1;
    if ('unreadable' in record) {
      tally.unread += 1;
      if (tally.unread <= MOST_SHOWN) {
        terminal.err(
          `${piece.file}:${piece.line}: record ${line} was not understood: ${printable(record.unreadable)}\n`,
        );
      }
      continue;
    }
    for (const { rule } of ruleset.match(record)) {
      if (countOnly) tally.counts.set(rule.id, (tally.counts.get(rule.id) ?? 0) + 1);
      else {
        const { id, title, level } = rule;
        text += `${JSON.stringify({ rule: id, title, level, event: record.eventId, line })}\n`;
      }
    }
  }
  return text;
}

/** The records of a piece in their order; why not, where one is none. */
function recordsOf({ value }: Piece): (CloudTrailRecord | { unreadable: string })[] {
  if (value === undefined) return [{ unreadable: 'It is no JSON.' }];
  return unwrap(value).map((item) =>
    'reason' in item ? { unreadable: item.reason } : readRecord(item.record, item),
  );
}

function printCounts(terminal: Terminal, ruleset: Ruleset, counts: ReadonlyMap<string, number>): void {
  for (const { id, title, level } of ruleset.rules) {
    const count = counts.get(id);
    if (count !== undefined) terminal.out(`${JSON.stringify({ rule: id, title, level, count })}\n`);
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
