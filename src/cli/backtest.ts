import { createLog } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import { systemRandom } from '../kernel/random.ts';
import { DAY, type Millis, parseDuration } from '../kernel/time.ts';
import { sayNumber } from '../questions/lines.ts';
import { openTemporaryStore } from '../store/open.ts';
import { StorageTrouble } from '../store/sql.ts';
import { type Backtest, startBacktest } from '../work/backtest.ts';
import { type Found, readMatched } from './backtest-read.ts';
import { alertsADay, backtestJson, backtestLines, type Report } from './backtest-text.ts';
import { harmlessJson } from './columns.ts';
import { sortPaths } from './match.ts';
import { createProgress } from './progress.ts';
import { type Bulk, bulk } from './replay/bulk.ts';
import { soundSource } from './replay/rule-source.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface BacktestOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly resolveAfter?: string;
  readonly learnt?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  /** Alerts a day. */
  readonly failOver?: number;
}

const RESOLVE_AFTER: Millis = DAY;
const NARROWEST = 60;
const WIDTH = 100;

/**
 * What the rules, with all that the bot does between a match and a message, would have made of events. Nothing is
 * kept. Exit 1 when nothing could be read, or there are more alerts a day than `failOver`.
 */
export async function backtest(
  terminal: Terminal,
  files: readonly string[],
  options: BacktestOptions,
): Promise<number> {
  const resolveAfter = resolveAfterOf(options.resolveAfter);
  const { config } = readSettings(terminal, options.config);
  const given = sortPaths(terminal, options.rules ?? []);
  const { ruleset, source } = soundSource(terminal, given.rules, options.config);
  const input = bulk(terminal, [...given.events, ...files], { ruleset, source, wanted: 'record' });
  const db = await openTemporaryStore();
  try {
    const test = await startBacktest({
      db,
      ruleset,
      settings: () => config,
      random: systemRandom,
      log: createLog('silent'),
      resolveAfter,
      learnt: options.learnt === true,
    });
    const found = await readMatched(terminal, input, ruleset.rules, test);
    const until = await evaluate(terminal, test, found, input);
    const reading = { ...found, newest: until ?? found.newest, stopped: input.stopped };
    return report(terminal, { reading, outcome: await test.outcome(), resolveAfter }, options);
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error;
    throw new Misuse(
      `What matched could not be kept in a temporary file: ${error.message}. Make room, or set SQLITE_TMPDIR to a folder that has some.`,
    );
  } finally {
    await db.close();
  }
}

/** Returns the time up to which all is decided, where somebody did not want to wait for the rest. */
async function evaluate(
  terminal: Terminal,
  test: Backtest,
  { oldest }: Found,
  input: Bulk,
): Promise<Millis | undefined> {
  if (oldest === undefined) return undefined;
  let said = '';
  const progress = createProgress(terminal, () => said);
  // Who stops the reading wants to see what was read.
  const toTheEnd = input.stopped;
  try {
    return await test.run(oldest, (done, of) => {
      said = `evaluated ${sayNumber(done)} of ${sayNumber(of)} events that matched`;
      progress.show();
      return toTheEnd || !input.stopped;
    });
  } finally {
    progress.clear();
  }
}

function report(terminal: Terminal, found: Report, options: BacktestOptions): number {
  const { records, unread } = found.reading;
  const all = options.all === true;
  if (options.json) terminal.out(`${harmlessJson(JSON.stringify(backtestJson(found, all), null, 2))}\n`);
  else if (records > unread) {
    const room = Math.max(NARROWEST, Math.min(terminal.columns ?? WIDTH, WIDTH));
    terminal.out(`${backtestLines(found, all, room).join('\n')}\n`);
  }
  if (records === unread) {
    terminal.err('There was no event that could be read; "trailbot match" with the same files says why.\n');
    return EXIT.finding;
  }
  return alertsADay(found) > (options.failOver ?? Number.POSITIVE_INFINITY) ? EXIT.finding : EXIT.fine;
}

function resolveAfterOf(text: string | undefined): Millis {
  if (text === undefined) return RESOLVE_AFTER;
  const time = parseDuration(text);
  if (time !== undefined && time > 0) return time;
  throw new Misuse(
    `"${text}" is not a time after which an alert counts as resolved. Write it as 30m, 24h or 7d.`,
  );
}
