import type { Schedule } from '../alerts/schedule/schedule.ts';
import { writeCalendar } from '../alerts/schedule/write-calendar.ts';
import { Misuse } from '../kernel/problem.ts';
import { DAY, type Millis, sayInstant, systemClock } from '../kernel/time.ts';
import { instantOf, parseWallTime, sayLocal } from '../kernel/zone.ts';
import { suggest } from '../rules/spelling.ts';
import { calendarOf } from '../store/calendars.ts';
import { openStoreForReading, openTemporaryStore } from '../store/open.ts';
import { operatorNames } from '../store/operators.ts';
import type { Sql } from '../store/sql.ts';
import { createCalendarCopies } from '../work/on-call/calendar-copy.ts';
import { createRoster } from '../work/on-call/create-roster.ts';
import type { Roster, Shift } from '../work/on-call/roster.ts';
import { aligned, harmlessJson, onOneLine } from './columns.ts';
import { readSettings } from './settings.ts';
import { EXIT, type Terminal } from './terminal.ts';

interface Options {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly from?: string;
  readonly days?: number;
}

/** What is known of the schedules: configuration, and the store of the bot where there is one. */
interface Known {
  readonly terminal: Terminal;
  readonly sql: Sql;
  readonly roster: Roster;
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly nameOf: (person: string) => string;
  readonly now: Millis;
}

const LEFT = ['left', 'left', 'left', 'left'] as const;

/** Who is on call now, one line a schedule. */
export function printOnCall(terminal: Terminal, options: Options): Promise<number> {
  return withSchedules(terminal, options, async (known) => {
    const { schedules, roster, sql, now } = known;
    if (schedules.size === 0) {
      throw new Misuse('The configuration has no schedules; docs/on-call.md says how to write one.');
    }
    const all: { schedule: Schedule; shift: Shift | undefined }[] = [];
    for (const schedule of schedules.values()) {
      await warnOfCalendar(terminal, sql, schedule);
      all.push({ schedule, shift: await roster.onCall(sql, schedule.name, now) });
    }
    if (options.json) {
      const told = all.map(({ schedule, shift }) => ({
        schedule: schedule.name,
        onCall: shift ? plain(shift, known) : null,
      }));
      terminal.out(`${harmlessJson(JSON.stringify(told, null, 2))}\n`);
    } else {
      const rows = all.map(({ schedule, shift }) =>
        shift
          ? [
              schedule.name,
              known.nameOf(shift.person),
              `until ${sayLocal(shift.until, schedule.zone)}`,
              schedule.zone,
            ]
          : [schedule.name, 'nobody', '', schedule.zone],
      );
      terminal.out(`${aligned(rows, LEFT, terminal.columns).join('\n')}\n`);
    }
    const missing = all.some(({ schedule, shift }) => !shift && !schedule.gaps);
    return missing ? EXIT.finding : EXIT.fine;
  });
}

/** The shifts of one schedule, and the times without anybody. */
export function showSchedule(terminal: Terminal, name: string, options: Options): Promise<number> {
  return withSchedules(terminal, options, async (known) => {
    const { schedule, shifts, from, until } = await shiftsOf(known, name, options, 14);
    if (options.json) {
      terminal.out(
        `${harmlessJson(
          JSON.stringify(
            shifts.map((shift) => plain(shift, known)),
            null,
            2,
          ),
        )}\n`,
      );
      return EXIT.fine;
    }
    const say = (at: Millis) => sayLocal(at, schedule.zone);
    const rows: string[][] = [];
    let last = from;
    for (const shift of [...shifts, undefined]) {
      const next = shift?.from ?? until;
      if (next > last) rows.push([say(last), say(next), 'nobody', '']);
      if (shift) rows.push([say(shift.from), say(shift.until), known.nameOf(shift.person), because(shift)]);
      last = shift?.until ?? until;
    }
    const heading = ['from', 'until', 'on call', 'because of'];
    terminal.out(`${name}, on the clocks of ${schedule.zone}\n`);
    terminal.out(`${aligned([heading, ...rows], LEFT, terminal.columns).join('\n')}\n`);
    return EXIT.fine;
  });
}

/** The shifts of one schedule as iCalendar. */
export function exportSchedule(terminal: Terminal, name: string, options: Options): Promise<number> {
  return withSchedules(terminal, options, async (known) => {
    const current =
      options.from === undefined ? await known.roster.onCall(known.sql, name, known.now) : undefined;
    const { shifts } = await shiftsOf({ ...known, now: current?.from ?? known.now }, name, options, 90);
    terminal.out(writeCalendar({ schedule: name, stints: shifts, nameOf: known.nameOf, now: known.now }));
    return EXIT.fine;
  });
}

async function withSchedules(
  terminal: Terminal,
  { config, data }: Options,
  work: (known: Known) => Promise<number>,
): Promise<number> {
  const { dataDir, schedules } = readSettings(terminal, config, { data }).config;
  const sql = (await openStoreForReading(dataDir)) ?? (await openTemporaryStore());
  try {
    const names = await operatorNames(sql);
    const { events } = createCalendarCopies();
    const roster = createRoster({ schedules: () => schedules, events, unknown: (address) => address });
    const nameOf = (person: string) => {
      const called = names.get(person);
      return onOneLine(called === undefined ? person : `${called} (${person})`);
    };
    return await work({ terminal, sql, roster, schedules, nameOf, now: systemClock.now() });
  } finally {
    await sql.close();
  }
}

async function warnOfCalendar(terminal: Terminal, sql: Sql, { name, calendar }: Schedule): Promise<void> {
  if (calendar === undefined) return;
  const stored = await calendarOf(sql, name, calendar);
  if (stored?.content === undefined) {
    terminal.err(`The calendar of ${name} has not been read yet; the bot does that while it runs.\n`);
  } else if (stored.trouble) {
    terminal.err(
      `The calendar of ${name} is out of reach (${onOneLine(stored.trouble.what)}); an older copy is shown.\n`,
    );
  }
}

async function shiftsOf(
  { terminal, sql, roster, schedules, now }: Known,
  name: string,
  options: Options,
  days: number,
) {
  const schedule = schedules.get(name);
  if (!schedule) {
    const remedy = suggest(
      name,
      schedules.keys(),
      `the schedules are ${[...schedules.keys()].join(', ') || 'none'}`,
    );
    throw new Misuse(`There is no schedule ${name}; ${remedy}`);
  }
  await warnOfCalendar(terminal, sql, schedule);
  const from = options.from === undefined ? now : dayIn(options.from, schedule.zone);
  const until = from + (options.days ?? days) * DAY;
  return { schedule, from, until, shifts: await roster.shifts(sql, name, from, until) };
}

function dayIn(text: string, zone: string): Millis {
  const wall = parseWallTime(text.includes('T') ? text : `${text}T00:00`);
  if (wall) return instantOf(wall, zone);
  throw new Misuse(`${text} is no day; give one such as 2026-01-31, or 2026-01-31T09:00.`);
}

function because({ because, layer }: Shift): string {
  return layer === undefined ? because : `layer ${onOneLine(layer)}`;
}

function plain(shift: Shift, { nameOf }: Known) {
  return {
    ...shift,
    name: nameOf(shift.person),
    from: sayInstant(shift.from),
    until: sayInstant(shift.until),
  };
}
