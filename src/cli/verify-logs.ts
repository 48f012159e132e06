import { namesOf } from '../app/names.ts';
import { openTrails } from '../app/trails.ts';
import type { Config } from '../config/config.ts';
import { createLog } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import { type Clock, type Millis, systemClock } from '../kernel/time.ts';
import { LookupTrouble } from '../work/cloud-history.ts';
import type { Wanted } from '../work/verify/choose.ts';
import type { VerifyState } from '../work/verify/counting.ts';
import type { Trails } from '../work/verify/trails.ts';
import { type Verified, verifyTrails } from '../work/verify/verify-trails.ts';
import { awsHere } from './aws-here.ts';
import { onOneLine } from './columns.ts';
import { createProgress, sayPace } from './progress.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { verifiedJson } from './verify-logs-json.ts';
import { type PeriodOptions, readPeriod } from './verify-logs-period.ts';
import { verdictOf, verifiedText } from './verify-logs-text.ts';

export interface VerifyOptions extends PeriodOptions {
  /** Name or ARN. */
  readonly trail?: string;
  /** Twelve digits, or names from the configuration. */
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly unreferenced?: boolean;
  readonly json?: boolean;
  readonly config?: string;
}

type Open = (config: Config, clock: Clock) => Promise<Trails & { close(): void }>;

/** Files that are read at the same time. */
const TOGETHER = 24;

const openHere =
  (terminal: Terminal): Open =>
  (config, clock) => {
    const log = createLog('error', { write: terminal.err });
    return openTrails(config, { clock, log, standIn: awsHere(terminal) });
  };

/**
 * Verifies the log files of trails by their digests and prints what is broken. Ctrl-C ends the work, not the
 * command: what was found is printed.
 */
export async function verifyLogs(
  terminal: Terminal,
  options: VerifyOptions,
  open: Open = openHere(terminal),
  clock: Clock = systemClock,
): Promise<number> {
  const period = readPeriod(options, clock.now());
  const { config } = readSettings(terminal, options.config);
  const wanted: Wanted = {
    trail: options.trail,
    accounts: options.account?.map((one) => accountIn(config, one)),
    regions: options.region,
    unreferenced: options.unreferenced,
    period,
  };
  const trails = await open(config, clock);
  try {
    const found = await verify(terminal, trails, wanted, clock);
    const names = namesOf(config);
    terminal.out(options.json ? verifiedJson(found) : verifiedText(found, names, terminal.columns));
    return verdictOf(found) === 'intact' ? EXIT.fine : EXIT.finding;
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    const { what, remedy } = error.trouble;
    const troubles = [{ place: options.trail ?? 'AWS', trouble: error.trouble }];
    if (options.json) terminal.out(verifiedJson({ period, trails: [], chains: [], troubles }));
    terminal.err(`Nothing could be verified: ${onOneLine(what)}. To do: ${onOneLine(remedy)}.\n`);
    return EXIT.finding;
  } finally {
    trails.close();
  }
}

async function verify(terminal: Terminal, trails: Trails, wanted: Wanted, clock: Clock): Promise<Verified> {
  const stop = new AbortController();
  terminal.onStop(() => stop.abort());
  const began = clock.now();
  let state: VerifyState | undefined;
  const progress = createProgress(terminal, () => (state ? sayState(state, clock.now() - began) : ''), clock);
  const hear = (latest: VerifyState): void => {
    state = latest;
    progress.show();
  };
  try {
    return await verifyTrails({ trails, signal: stop.signal, together: TOGETHER, hear }, wanted);
  } finally {
    progress.clear();
  }
}

/** Short enough for one line of a terminal. */
function sayState({ chains, chainsDone, digests, logs, breaks, share }: VerifyState, took: Millis): string {
  const pace = sayPace(digests + logs, 'files', { done: share, all: 1 }, took);
  return `${breaks} broken, ${chainsDone} of ${chains} chains, ${pace} (Ctrl-C: show what is found)`;
}

/** The id of an account that is called by its id or its name. */
function accountIn({ accounts }: Config, called: string): string {
  if (/^\d{12}$/.test(called)) return called;
  const known = [...accounts].find(([, { name }]) => name.toLowerCase() === called.toLowerCase());
  if (known) return known[0];
  const names = [...accounts.values()].map(({ name }) => name);
  const which = names.length > 0 ? `, or one of these names: ${names.join(', ')}` : '';
  throw new Misuse(`--account takes an account id of 12 digits${which}; not ${onOneLine(called)}.`);
}
