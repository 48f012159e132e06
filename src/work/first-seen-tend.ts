import { readRecord } from '../cloudtrail/record.ts';
import { isObject, parseJson } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, HOUR, type Millis, nextTurn, SECOND } from '../kernel/time.ts';
import type { Match, Rule } from '../rules/rule.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import {
  clearState,
  dropState,
  forgetUnseen,
  noteRead,
  recordsToRead,
  type SeenState,
  seenStates,
} from '../store/first-seen.ts';
import type { StoredRecord } from '../store/records.ts';
import type { Database } from '../store/sql.ts';
import { MOST_VALUES, rememberMatch, stateOf } from './first-seen.ts';

export interface TendTools {
  readonly db: Database;
  readonly ruleset: () => Ruleset;
  readonly clock: Clock;
  readonly log: Log;
}

/** The state of a rule in force. */
interface Kept {
  readonly rule: Rule;
  readonly state: SeenState;
}

/**
 * Looks after what first-seen rules know, one small batch a call: begins for new rules and drops what no rule uses,
 * reads the bot's own records into what has begun, forgets what was unseen too long. A crash repeats a batch, which
 * changes nothing. Returns how many rows it handled, 0 when there is nothing to do.
 */
export async function tendFirstSeen(tools: TendTools, limit: number): Promise<number> {
  const ruleset = tools.ruleset();
  const kept = await tools.db.tx(async (sql) => {
    const now = tools.clock.now();
    const found: Kept[] = [];
    for (const rule of ruleset.rules) {
      if (rule.firstSeen) found.push({ rule, state: await stateOf(sql, rule, rule.firstSeen, now) });
    }
    const used = new Set(found.map(({ state }) => state.id));
    for (const { id } of await seenStates(sql)) if (!used.has(id)) await dropState(sql, id, now);
    return found;
  });
  return (await readOwn(tools, ruleset, kept, limit)) || (await forgetSome(tools, kept, limit));
}

/** Reads the next records into every state that has not had them. */
async function readOwn(
  { db, clock, log }: TendTools,
  ruleset: Ruleset,
  kept: readonly Kept[],
  limit: number,
): Promise<number> {
  const reading = kept.filter(({ state }) => state.readAt !== null).sort(byPlace);
  const [furthestBack] = reading;
  if (!furthestBack) return 0;
  const records = await recordsToRead(db, furthestBack.state, limit);
  const last = records.at(-1);
  const taking = last
    ? reading.filter(({ state }) => (state.readAt ?? 0) <= last.receivedAt)
    : [furthestBack];
  const matches = records.flatMap((stored) => matchesIn(stored, ruleset, taking));
  await nextTurn();
  await db.tx(async (sql) => {
    for (const { state, match } of matches) await rememberMatch(sql, state, match, clock.now());
    for (const { state } of taking) await noteRead(sql, state, last);
  });
  if (!last) log.info({ rule: furthestBack.rule.name }, 'the stored records were read for a first-seen rule');
  return Math.max(1, records.length);
}

function byPlace(a: Kept, b: Kept): number {
  const [keyA, keyB] = [a.state.readKey ?? '', b.state.readKey ?? ''];
  return (a.state.readAt ?? 0) - (b.state.readAt ?? 0) || (keyA < keyB ? -1 : Number(keyA > keyB));
}

function matchesIn(
  stored: StoredRecord,
  ruleset: Ruleset,
  reading: readonly Kept[],
): { state: SeenState; match: Match }[] {
  const body = parseJson(stored.body);
  if (!isObject(body)) return [];
  const rules = ruleset.rulesFor(body);
  const wanted = reading.filter(({ rule, state }) => rules.includes(rule) && isFor(state, stored));
  if (wanted.length === 0) return [];
  const record = readRecord(body, stored);
  if ('unreadable' in record) return [];
  return wanted.map(({ rule, state }) => ({ state, match: { rule, record } }));
}

/** What arrives later is evaluated: read here before, it would not be new there. */
function isFor({ readAt, createdAt }: SeenState, { receivedAt }: StoredRecord): boolean {
  return (readAt ?? 0) <= receivedAt && receivedAt < createdAt;
}

async function forgetSome({ db }: TendTools, kept: readonly Kept[], limit: number): Promise<number> {
  for (const { id, droppedAt } of await seenStates(db)) {
    const gone = droppedAt === null ? 0 : await db.tx((sql) => clearState(sql, id, limit));
    if (gone > 0) return gone;
  }
  for (const { rule, state } of kept) {
    const forget = rule.firstSeen?.forget ?? 0;
    const gone = await db.tx((sql) => forgetUnseen(sql, state.id, forget, limit));
    if (gone > 0) return gone;
  }
  return 0;
}

const AT_ONCE = 50;
/** Above this share of time the process is too busy with what matters more. */
const BUSY = 0.6;
/** Busy or not, one batch goes after so many looks in a row, so that it never stands still. */
const MOST_PATIENCE = 10;
const LOOK_AGAIN: Millis = HOUR;

/**
 * Background work that gives way to arriving events and to the rules; each step says how long to rest after it.
 * `load`: the share of time in which the process was busy since it was last asked.
 */
export function firstSeenStep(tools: TendTools & { load: () => number }): () => Promise<Millis> {
  let patience = MOST_PATIENCE;
  const told = new Map<number, number>();
  return async () => {
    if (tools.load() > BUSY && patience > 0) {
      patience -= 1;
      return SECOND;
    }
    patience = MOST_PATIENCE;
    const startedAt = tools.clock.now();
    const handled = await tendFirstSeen(tools, AT_ONCE);
    if (handled === 0) await tellOfCrowds(tools, told);
    // Half of the time at most; its own work is no reason to wait.
    const rest = handled === 0 ? LOOK_AGAIN : tools.clock.now() - startedAt;
    tools.load();
    return rest;
  };
}

/** A rule that knows too much takes for new what it had to let go: its fields are too many, or not the right ones. */
async function tellOfCrowds({ db, ruleset, log }: TendTools, told: Map<number, number>): Promise<void> {
  for (const { id, ruleId, fields, crowdedOut, droppedAt } of await seenStates(db)) {
    if (droppedAt !== null || crowdedOut <= (told.get(id) ?? 0)) continue;
    told.set(id, crowdedOut);
    const rule = ruleset().rules.find((one) => one.id === ruleId)?.name ?? ruleId;
    log.warn(
      { rule, fields, crowdedOut },
      `a first-seen rule met more than ${MOST_VALUES} values, and those unseen longest were forgotten: they will alert again as new; let the rule match less, or look at fewer fields`,
    );
  }
}
