import { onCallAt, type Plan, type Stint, stintAt, stintsBetween } from '../../alerts/schedule/on-call.ts';
import type { CalendarEvent, Schedule } from '../../alerts/schedule/schedule.ts';
import { DAY, type Millis } from '../../kernel/time.ts';
import { overridesBetween } from '../../store/overrides.ts';
import { knownAddresses } from '../../store/schedule-people.ts';
import type { Sql } from '../../store/sql.ts';
import type { Roster, Shift } from './roster.ts';

export interface RosterTools {
  /** Those in force; a reload may change them. */
  readonly schedules: () => ReadonlyMap<string, Schedule>;
  /** What the calendar of a schedule says of a period. */
  readonly events: (
    sql: Sql,
    schedule: Schedule,
    from: Millis,
    until: Millis,
  ) => Promise<readonly CalendarEvent[]>;
  /** What takes the place of an e-mail address that Slack does not know; without it, nobody does. */
  readonly unknown?: (address: string) => string;
}

/** How far a shift reaches at most before and after the instant that it is asked for. */
const REACH: Millis = 100 * DAY;

/** Asks the store alone, never Slack or a calendar: it may be used inside a transaction. */
export function createRoster(tools: RosterTools): Roster {
  async function planOf(sql: Sql, name: string, from: Millis, until: Millis): Promise<Plan | undefined> {
    const schedule = tools.schedules().get(name);
    if (!schedule) return undefined;
    const addresses = await knownAddresses(sql);
    return {
      schedule,
      overrides: await overridesBetween(sql, name, from, until),
      events: schedule.calendar === undefined ? [] : await tools.events(sql, schedule, from, until),
      known: (person) =>
        isAddress(person) ? (addresses.get(person.toLowerCase())?.user ?? tools.unknown?.(person)) : person,
    };
  }

  return {
    names: () => [...tools.schedules().keys()],
    async onCall(sql, name, at) {
      const now = await planOf(sql, name, at, at + 1);
      // Most ask for nothing else, and nobody has no shift.
      if (!now || !onCallAt(now, at)) return undefined;
      const plan = await planOf(sql, name, at - REACH, at + REACH);
      const stint = plan && stintAt(plan, at, REACH);
      return stint && shiftOf(name, stint);
    },
    async shifts(sql, name, from, until) {
      const plan = await planOf(sql, name, from, until);
      return plan ? stintsBetween(plan, from, until).map((stint) => shiftOf(name, stint)) : [];
    },
  };
}

/** An e-mail address, as opposed to a Slack user id. */
export function isAddress(person: string): boolean {
  return person.includes('@');
}

function shiftOf(schedule: string, stint: Stint): Shift {
  return { schedule, ...stint };
}
