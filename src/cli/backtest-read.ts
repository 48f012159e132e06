import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { type Millis, parseInstant } from '../kernel/time.ts';
import type { Rule } from '../rules/rule.ts';
import type { Backtest, Matched } from '../work/backtest.ts';
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
  /** Event times; `undefined` before the first. */
  oldest: Millis | undefined;
  newest: Millis | undefined;
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
  test: Backtest,
): Promise<Found> {
  const found: Found = { records: 0, unread: 0, broken: 0, oldest: undefined, newest: undefined };
  let waiting: Matched[] = [];
  try {
    for await (const portion of portions) {
      if (portion.problem !== undefined) progress.clear();
      count(terminal, found, portion);
      for (const one of matchedIn(portion.outcome, rules)) waiting.push(one);
      if (waiting.length < AT_ONCE) continue;
      await test.add(waiting);
      waiting = [];
    }
  } finally {
    progress.clear();
  }
  await test.add(waiting);
  return found;
}

function count(terminal: Terminal, found: Found, { file, outcome, problem }: Portion): void {
  found.records += outcome.records;
  found.unread += outcome.unread;
  for (const time of [outcome.oldest, outcome.newest]) {
    const at = parseInstant(time);
    if (at === undefined) continue;
    found.oldest = Math.min(found.oldest ?? at, at);
    found.newest = Math.max(found.newest ?? at, at);
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
