import { absentFields, seenValues } from '../alerts/first-seen.ts';
import { type Millis, sayUtc } from '../kernel/time.ts';
import type { FirstSeen } from '../rules/first-seen.ts';
import type { Match, Rule } from '../rules/rule.ts';
import { crowdOut, rememberValue, type SeenState, type Sighting, seenState } from '../store/first-seen.ts';
import type { Sql } from '../store/sql.ts';
import type { Suppression } from '../store/suppressions.ts';

/** So many values are kept for one rule; beyond, those go that were unseen longest. 100,000 take about 20 MB. */
export const MOST_VALUES = 100_000;

/**
 * Whether a match may alert as far as `trailbot.first_seen` goes, in the transaction that marks its record evaluated:
 * `undefined` when a value of it is new (or the rule does not ask), else why not. Remembers its values either way, so
 * it comes before everything else that may keep a match from alerting. Times are event times, and never after `now`.
 */
export async function admitFirstSeen(
  sql: Sql,
  match: Match,
  now: Millis,
  most: number = MOST_VALUES,
): Promise<Suppression | undefined> {
  const { rule, record } = match;
  if (!rule.firstSeen) return undefined;
  const place = { recordKey: record.key, ruleId: rule.id };
  const state = await stateOf(sql, rule, rule.firstSeen, now);
  const seen = await rememberMatch(sql, state, match, now, most);
  const [first] = seen;
  if (!first) {
    const fields = absentFields(record, rule.firstSeen).join(', ');
    return { ...place, kind: 'seen', reason: `nothing is new: the event has no ${fields}` };
  }
  const fresh = seen.find(({ before }) => !before);
  if (!fresh) return { ...place, kind: 'seen', reason: sayKnown(first, seen.length - 1) };
  const { learn } = rule.firstSeen;
  const until = state.since + learn;
  if (learn === 0 || eventTime(match, now) >= until) return undefined;
  const orRead = state.readAt === null ? '' : ', or until the stored records are read';
  const reason = `still learning until ${sayUtc(until)}${orRead}: ${fresh.shown} is new, and only remembered`;
  return { ...place, kind: 'learning', reason };
}

/** The rule's state; one that it does not have yet is made. */
export function stateOf(sql: Sql, rule: Rule, firstSeen: FirstSeen, now: Millis): Promise<SeenState> {
  return seenState(sql, { ruleId: rule.id, fields: fieldsKey(firstSeen), learn: firstSeen.learn }, now);
}

/** What tells the states of one rule apart. */
function fieldsKey({ of, per }: FirstSeen): string {
  return JSON.stringify({ of, per });
}

interface Remembered {
  readonly shown: string;
  /** What was known of it; `undefined` for a new one. */
  readonly before: Sighting | undefined;
}

/** Remembers every value of a match; twice is as good as once. */
export async function rememberMatch(
  sql: Sql,
  state: SeenState,
  match: Match,
  now: Millis,
  most: number = MOST_VALUES,
): Promise<Remembered[]> {
  const { rule, record } = match;
  if (!rule.firstSeen) return [];
  const { forget } = rule.firstSeen;
  const at = eventTime(match, now);
  const seen: Remembered[] = [];
  for (const value of seenValues(record, rule.firstSeen)) {
    seen.push({ shown: value.shown, before: await rememberValue(sql, state.id, value, at, forget) });
  }
  if (seen.some(({ before }) => !before)) await crowdOut(sql, state.id, most);
  return seen;
}

/** An event from the future must not make all others look old. */
function eventTime({ record }: Match, now: Millis): Millis {
  return Math.min(record.eventTime, now);
}

function sayKnown({ shown, before }: Remembered, others: number): string {
  const [first, last] = [sayUtc(before?.firstAt ?? 0), sayUtc(before?.lastAt ?? 0)];
  const and = others === 0 ? '' : `; so ${others === 1 ? 'was 1 other' : `were ${others} others`}`;
  return `seen before: ${shown}, first on ${first}, last on ${last}${and}`;
}
