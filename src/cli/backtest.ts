import { createLog } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import { systemRandom } from '../kernel/random.ts';
import { DAY, type Millis, parseDuration } from '../kernel/time.ts';
import { sayNumber } from '../questions/lines.ts';
import { openTemporaryStore } from '../store/open.ts';
import { StorageTrouble } from '../store/sql.ts';
import { type Backtest, startBacktest } from '../work/backtest.ts';
import { longGaps, type Stretch } from '../work/event-days.ts';
import { readMatched, sayNothingRead } from './backtest-read.ts';
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
 * kept. Exit 1 when nothing could be read, or there are more alerts a day than `failOver`, or somebody stopped it
 * before that was known.
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
    const found = await readMatched(terminal, input, ruleset.rules, test.add);
    const until = await evaluate(terminal, test, found.days.stretches(), input, options);
    const stretches = found.days.stretches(until);
    const reading = {
      ...found,
      oldest: stretches[0]?.from,
      newest: stretches.at(-1)?.to,
      gaps: longGaps(stretches),
      stopped: input.stopped,
    };
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
  stretches: readonly Stretch[],
  input: Bulk,
  { failOver }: BacktestOptions,
): Promise<Millis | undefined> {
  if (stretches.length === 0) return undefined;
  let said = '';
  const progress = createProgress(terminal, () => said);
  // Who stops the reading wants to see what was read; a check has failed with that.
  const toTheEnd = input.stopped && failOver === undefined;
  try {
    return await test.run(stretches, (done, of) => {
      said = `evaluated ${sayNumber(done)} of ${sayNumber(of)} events that matched`;
      progress.show();
      return toTheEnd || !input.stopped;
    });
  } finally {
    progress.clear();
  }
}

function report(terminal: Terminal, found: Report, options: BacktestOptions): number {
  const { stopped } = found.reading;
  const nothing = sayNothingRead(found.reading, stopped);
  const all = options.all === true;
  if (options.json) terminal.out(`${harmlessJson(JSON.stringify(backtestJson(found, all), null, 2))}\n`);
  else if (nothing === undefined) {
    const room = Math.max(NARROWEST, Math.min(terminal.columns ?? WIDTH, WIDTH));
    terminal.out(`${backtestLines(found, all, room).join('\n')}\n`);
  }
  if (nothing !== undefined) {
    terminal.err(`${nothing}\n`);
    return EXIT.finding;
  }
  const { failOver } = options;
  if (failOver === undefined) return EXIT.fine;
  if (stopped) terminal.err('You stopped it before it was known whether there are too many alerts a day.\n');
  return stopped || alertsADay(found) > failOver ? EXIT.finding : EXIT.fine;
}

function resolveAfterOf(text: string | undefined): Millis {
  if (text === undefined) return RESOLVE_AFTER;
  const time = parseDuration(text);
  if (time !== undefined && time > 0) return time;
  throw new Misuse(
    `"${text}" is not a time after which an alert counts as resolved. Write it as 30m, 24h or 7d.`,
  );
}
