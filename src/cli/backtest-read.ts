import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { parseInstant } from '../kernel/time.ts';
import type { Rule } from '../rules/rule.ts';
import type { Matched } from '../work/backtest.ts';
import { EventDays } from '../work/event-days.ts';
import { onOneLine } from './columns.ts';
import type { Bulk } from './replay/bulk.ts';
import type { Outcome } from './replay/outcome.ts';
import type { Portion } from './replay/replay.ts';
import type { Terminal } from './terminal.ts';

/** What was read of the input. */
export interface Found {
  /** Those that were not understood included. */
  records: number;
  unread: number;
  /** Files that could not be read, or not to their end. */
  broken: number;
  readonly days: EventDays;
}

/** So many are written into the store at once, or a few more. */
const AT_ONCE = 300;
/** After so many, files that cannot be read are only counted. */
const MOST_SHOWN = 20;

/** Reads the input to its end, or until it is stopped, and hands over what matched. `rules`: those it was matched with. */
export async function readMatched(
  terminal: Terminal,
  { portions, progress }: Bulk,
  rules: readonly Rule[],
  take: (matched: readonly Matched[]) => Promise<void>,
): Promise<Found> {
  const found: Found = { records: 0, unread: 0, broken: 0, days: new EventDays() };
  let waiting: Matched[] = [];
  try {
    for await (const portion of portions) {
      if (portion.problem !== undefined) progress.clear();
      count(terminal, found, portion);
      for (const one of matchedIn(portion.outcome, rules)) waiting.push(one);
      if (waiting.length < AT_ONCE) continue;
      await take(waiting);
      waiting = [];
    }
  } finally {
    progress.clear();
  }
  await take(waiting);
  return found;
}

/** Why nothing was read; `undefined` when something was. */
export function sayNothingRead(found: Omit<Found, 'days'>, stopped: boolean): string | undefined {
  const { records, unread, broken } = found;
  if (records > unread) return undefined;
  if (stopped) return 'You stopped it before an event was read.';
  if (records > 0) return 'No record was understood; "trailbot match" with the same files says why.';
  return broken > 0 ? 'There was no event that could be read.' : 'There are no events in the input.';
}

function count(terminal: Terminal, found: Found, { file, outcome, problem }: Portion): void {
  found.records += outcome.records;
  found.unread += outcome.unread;
  for (const time of outcome.times) {
    const at = parseInstant(time);
    if (at !== undefined) found.days.add(at);
  }
  if (problem === undefined) return;
  found.broken += 1;
  if (found.broken <= MOST_SHOWN) terminal.err(`${onOneLine(file)} cannot be read: ${problem}.\n`);
}

/** The records of an outcome that matched, each with its rules. */
function matchedIn({ hits, texts }: Outcome, rules: readonly Rule[]): Matched[] {
  const matched: { record: CloudTrailRecord; rules: Rule[] }[] = [];
  const lines = texts.split('\n');
  let before: number | undefined;
  for (let at = 0; at < hits.length; at += 2) {
    const [index, rule] = [hits[at], rules[hits[at + 1] ?? 0]];
    if (index !== before) matched.push({ record: JSON.parse(lines[matched.length] ?? ''), rules: [] });
    before = index;
    if (rule) matched.at(-1)?.rules.push(rule);
  }
  return matched;
}
