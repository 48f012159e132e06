import { Misuse } from '../kernel/problem.ts';
import { type Millis, sayInstant, sayUtc, systemClock } from '../kernel/time.ts';
import { sayCount } from '../questions/lines.ts';
import type { Rule } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { latestValues, learntSince } from '../store/first-seen.ts';
import { openStore } from '../store/open.ts';
import type { Database } from '../store/sql.ts';
import type { Matched } from '../work/backtest.ts';
import { type EventDays, lengthOf } from '../work/event-days.ts';
import { rememberMatch, stateOf } from '../work/first-seen.ts';
import { type Found, readMatched, sayNothingRead } from './backtest-read.ts';
import { harmlessJson, onOneLine } from './columns.ts';
import { sortPaths } from './match.ts';
import { bulk } from './replay/bulk.ts';
import { soundSource } from './replay/rule-source.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

export interface LearnOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** What the files had for each rule, by its id. */
interface Tally {
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

/**
 * Fills what first-seen rules know from events in files, and counts the time of the events as learnt. The same files
 * twice change nothing. Exit 1 when nothing could be read, or somebody stopped it: what was read is learnt then, but
 * its time does not count. Throws Misuse where another process, such as the bot, has the data folder.
 */
export async function learn(
  terminal: Terminal,
  files: readonly string[],
  options: LearnOptions,
): Promise<number> {
  const given = sortPaths(terminal, options.rules ?? []);
  const { ruleset, source } = soundSource(terminal, given.rules, options.config);
  if (!ruleset.rules.some((rule) => rule.firstSeen)) {
    throw new Misuse('No rule here has "first_seen" under "trailbot:", so there is nothing to learn.');
  }
  const { config } = readSettings(terminal, options.config, { data: options.data });
  const input = bulk(terminal, [...given.events, ...files], { ruleset, source, wanted: 'record' });
  const db = await openStore(config.dataDir);
  try {
    const now = systemClock.now();
    const tally: Tally = { matches: new Map(), newValues: new Map() };
    const take = (matched: readonly Matched[]) => remember(matched, db, tally, now);
    const found = await readMatched(terminal, input, ruleset.rules, take);
    const { stopped } = input;
    const days = stopped ? undefined : found.days;
    const nothing = sayNothingRead(found, stopped);
    if (nothing === undefined || options.json) {
      print(terminal, await learntBy(ruleset, db, tally, days, now), now, options.json === true);
    }
    if (nothing === undefined) sayRest(terminal, found, stopped);
    else terminal.err(`${nothing}\n`);
    return stopped || nothing !== undefined ? EXIT.finding : EXIT.fine;
  } finally {
    await db.close();
  }
}

async function remember(
  matched: readonly Matched[],
  db: Database,
  { matches, newValues }: Tally,
  now: Millis,
): Promise<void> {
  const add = (to: Map<string, number>, id: string, by: number) => to.set(id, (to.get(id) ?? 0) + by);
  await db.tx(async (sql) => {
    for (const { record, rules } of matched) {
      for (const rule of rules) {
        if (!rule.firstSeen) continue;
        const state = await stateOf(sql, rule, rule.firstSeen, now);
        const seen = await rememberMatch(sql, state, { rule, record }, now);
        add(matches, rule.id, 1);
        add(newValues, rule.id, seen.filter(({ before }) => !before).length);
      }
    }
  });
}

/** `days`: those of the events; `undefined` when their time does not count. */
async function learntBy(
  ruleset: Ruleset,
  db: Database,
  tally: Tally,
  days: EventDays | undefined,
  now: Millis,
): Promise<Learnt[]> {
  return db.tx(async (sql) => {
    const learnt: Learnt[] = [];
    for (const rule of ruleset.rules) {
      if (!rule.firstSeen) continue;
      const { id, createdAt } = await stateOf(sql, rule, rule.firstSeen, now);
      // The bot itself knows of everything after its first sight of the rule: that counts as an event.
      if (days) await learntSince(sql, id, createdAt - lengthOf(days.stretches(createdAt)));
      const { size, crowdedOut, since } = await stateOf(sql, rule, rule.firstSeen, now);
      learnt.push({
        rule,
        matches: tally.matches.get(rule.id) ?? 0,
        newValues: tally.newValues.get(rule.id) ?? 0,
        values: size,
        crowdedOut,
        until: since + rule.firstSeen.learn,
        latest: await latestValues(sql, id, SHOWN),
      });
    }
    return learnt;
  });
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

/** What stands in the way of having learnt all. */
function sayRest(terminal: Terminal, { records, unread, broken }: Found, stopped: boolean): void {
  if (unread > 0) {
    const which = '"trailbot match" with the same files says which, and why';
    terminal.err(`${unread} of ${records} records were not understood; ${which}.\n`);
  }
  if (broken > 0) terminal.err(`${sayCount(broken, 'file')} not read, or not to the end.\n`);
  if (stopped) {
    const values = 'values are learnt, but their time does not count; run it again to learn all';
    terminal.err(`You stopped it after ${sayCount(records, 'event')}: their ${values}.\n`);
  }
}
