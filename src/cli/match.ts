import { unwrap } from '../cloudtrail/envelope.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import type { Json } from '../kernel/json.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { type Piece, readPieces } from './input.ts';
import { soundRules } from './rules.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface MatchOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly count?: boolean;
}

/** Events through the rules, no state kept. Prints each match, or with `count` how often each rule matched. */
export async function match(
  terminal: Terminal,
  files: readonly string[],
  options: MatchOptions,
): Promise<number> {
  const ruleset = soundRules(terminal, options.rules ?? [], options.config);
  const counts = new Map<string, number>();
  let line = 0;
  let unread = 0;
  for await (const piece of readPieces(terminal, files)) {
    for (const record of recordsOf(piece)) {
      if (typeof record === 'string') {
        unread += 1;
        terminal.err(`${piece.file}:${piece.line}: record ${line} was not understood: ${record}\n`);
      } else if (options.count) {
        for (const { rule } of ruleset.match(record)) counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
      } else {
        terminal.out(lines(ruleset, record, line));
      }
      line += 1;
    }
  }
  if (options.count) printCounts(terminal, ruleset, counts);
  if (unread > 0) terminal.err(`${unread} of ${line} records were not understood and matched nothing.\n`);
  return EXIT.fine;
}

/** The records of a piece in their order; text where one is none, saying why. */
function recordsOf(piece: Piece): (CloudTrailRecord | string)[] {
  let value: Json;
  try {
    value = JSON.parse(piece.text) as Json;
  } catch {
    return ['it is no JSON'];
  }
  return unwrap(value).map((item) => {
    if ('reason' in item) return item.reason;
    const record = readRecord(item.record, item);
    return 'unreadable' in record ? record.unreadable : record;
  });
}

function lines(ruleset: Ruleset, record: CloudTrailRecord, line: number): string {
  return ruleset
    .match(record)
    .map(
      ({ rule }) =>
        `${JSON.stringify({ rule: rule.id, title: rule.title, level: rule.level, event: record.eventId, line })}\n`,
    )
    .join('');
}

function printCounts(terminal: Terminal, ruleset: Ruleset, counts: ReadonlyMap<string, number>): void {
  for (const rule of ruleset.rules) {
    const count = counts.get(rule.id);
    if (count !== undefined) {
      terminal.out(`${JSON.stringify({ rule: rule.id, title: rule.title, level: rule.level, count })}\n`);
    }
  }
}
