import { unwrap } from '../cloudtrail/envelope.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import { Misuse } from '../kernel/problem.ts';
import { DAY, type Millis, sayInstant, sayUtc, systemClock } from '../kernel/time.ts';
import type { Rule } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { latestValues, learntSince } from '../store/first-seen.ts';
import { openStore } from '../store/open.ts';
import type { Database } from '../store/sql.ts';
import { rememberMatch, stateOf } from '../work/first-seen.ts';
import { harmlessJson, onOneLine } from './columns.ts';
import { type Piece, readPieces } from './input.ts';
import { createProgress } from './progress.ts';
import { soundRules } from './rules.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface LearnOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** What the files had. */
interface Tally {
  records: number;
  unread: number;
  /** Event times; `undefined` before the first record. */
  oldest: Millis | undefined;
  newest: Millis | undefined;
  /** By rule id. */
  readonly matches: Map<string, number>;
  readonly newValues: Map<string, number>;
}

/** What came of it for one rule. */
interface Learnt {
  readonly rule: Rule;
  readonly matches: number;
  readonly newValues: number;
  readonly values: number;
  readonly crowdedOut: number;
  readonly until: Millis;
  readonly latest: readonly string[];
}

const SHOWN = 3;
/** Between an export and the day it is read some hours pass: they count as learnt. */
const SLACK: Millis = DAY;

/**
 * Fills what first-seen rules know from events in files, and counts the time of the events as learnt. The same file
 * twice changes nothing. Throws Misuse where another process, such as the bot, has the data folder.
 */
export async function learn(
  terminal: Terminal,
  files: readonly string[],
  options: LearnOptions,
): Promise<number> {
  const ruleset = soundRules(terminal, options.rules ?? [], options.config);
  if (!ruleset.rules.some((rule) => rule.firstSeen)) {
    throw new Misuse('No rule here has "first_seen" under "trailbot:", so there is nothing to learn.');
  }
  const { config } = readSettings(terminal, options.config, { data: options.data });
  const db = await openStore(config.dataDir);
  try {
    const now = systemClock.now();
    const tally = await readFiles(terminal, files, ruleset, db, now);
    print(terminal, await learntBy(ruleset, db, tally, now), now, options.json === true);
    if (tally.unread > 0) {
      const which = '"trailbot match" with the same files says which, and why';
      terminal.err(`${tally.unread} of ${tally.records} records were not understood; ${which}.\n`);
    }
    return tally.unread > 0 && tally.unread === tally.records ? EXIT.finding : EXIT.fine;
  } finally {
    await db.close();
  }
}

async function readFiles(
  terminal: Terminal,
  files: readonly string[],
  ruleset: Ruleset,
  db: Database,
  now: Millis,
): Promise<Tally> {
  const tally: Tally = {
    records: 0,
    unread: 0,
    oldest: undefined,
    newest: undefined,
    matches: new Map(),
    newValues: new Map(),
  };
  const progress = createProgress(terminal, () => `${tally.records} records read`);
  try {
    for await (const pieces of readPieces(terminal, files)) {
      const records = pieces.flatMap(recordsOf);
      tally.records += records.length;
      const read = records.filter((record) => record !== undefined);
      tally.unread += records.length - read.length;
      await remember(read, ruleset, db, tally, now);
      progress.show();
    }
  } finally {
    progress.clear();
  }
  return tally;
}

/** `undefined` for a record that is not understood. */
function recordsOf({ value }: Piece): (CloudTrailRecord | undefined)[] {
  if (value === undefined) return [undefined];
  return unwrap(value).map((item) => {
    const record = 'reason' in item ? undefined : readRecord(item.record, item);
    return record && 'unreadable' in record ? undefined : record;
  });
}

async function remember(
  records: readonly CloudTrailRecord[],
  ruleset: Ruleset,
  db: Database,
  tally: Tally,
  now: Millis,
): Promise<void> {
  const add = (to: Map<string, number>, id: string, by: number) => to.set(id, (to.get(id) ?? 0) + by);
  await db.tx(async (sql) => {
    for (const record of records) {
      const at = Math.min(record.eventTime, now);
      tally.oldest = Math.min(tally.oldest ?? at, at);
      tally.newest = Math.max(tally.newest ?? at, at);
      for (const match of ruleset.match(record)) {
        if (!match.rule.firstSeen) continue;
        const state = await stateOf(sql, match.rule, match.rule.firstSeen, now);
        const seen = await rememberMatch(sql, state, match, now);
        add(tally.matches, match.rule.id, 1);
        add(tally.newValues, match.rule.id, seen.filter(({ before }) => !before).length);
      }
    }
  });
}

async function learntBy(ruleset: Ruleset, db: Database, tally: Tally, now: Millis): Promise<Learnt[]> {
  return db.tx(async (sql) => {
    const learnt: Learnt[] = [];
    for (const rule of ruleset.rules) {
      if (!rule.firstSeen) continue;
      const before = await stateOf(sql, rule, rule.firstSeen, now);
      const since = learntFrom(tally, before.createdAt);
      if (since !== undefined) await learntSince(sql, before.id, since);
      const { id, size, crowdedOut, since: counted } = await stateOf(sql, rule, rule.firstSeen, now);
      learnt.push({
        rule,
        matches: tally.matches.get(rule.id) ?? 0,
        newValues: tally.newValues.get(rule.id) ?? 0,
        values: size,
        crowdedOut,
        until: counted + rule.firstSeen.learn,
        latest: await latestValues(sql, id, SHOWN),
      });
    }
    return learnt;
  });
}

/** From when on the time counts as learnt: events that end long before the bot began do not vouch for what came after. */
function learntFrom({ oldest, newest }: Tally, beganAt: Millis): Millis | undefined {
  if (oldest === undefined || newest === undefined) return undefined;
  const gap = beganAt - newest;
  return gap > SLACK ? oldest + gap : oldest;
}

function print(terminal: Terminal, learnt: readonly Learnt[], now: Millis, json: boolean): void {
  if (json) {
    const rows = learnt.map(({ rule, until, ...rest }) => ({
      rule: rule.id,
      title: rule.title,
      of: rule.firstSeen?.of,
      per: rule.firstSeen?.per,
      ...rest,
      learningUntil: until > now ? sayInstant(until) : null,
    }));
    terminal.out(`${harmlessJson(JSON.stringify(rows, null, 2))}\n`);
    return;
  }
  for (const one of learnt) {
    const { rule, newValues, values, crowdedOut, until, latest } = one;
    const state = until > now ? `learning until ${sayUtc(until)}` : 'learning is over';
    const noun = values === 1 ? 'value' : 'values';
    const head = `${rule.name}: ${values} ${noun}, ${newValues} of them new; ${state}`;
    terminal.out(`${onOneLine(head)}\n`);
    for (const shown of latest) terminal.out(`  ${onOneLine(shown)}\n`);
    if (crowdedOut > 0) {
      terminal.out(`  ${crowdedOut} values that were unseen longest gave way: there were too many\n`);
    }
  }
}
