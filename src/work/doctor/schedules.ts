import type { Schedule } from '../../alerts/schedule/schedule.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Sql } from '../../store/sql.ts';
import { createCalendarCopies } from '../on-call/calendar-copy.ts';
import { createRoster } from '../on-call/create-roster.ts';
import { scheduleTroubles } from '../on-call/troubles.ts';
import type { Checkup, Diagnosis } from './checkup.ts';

const AREA = 'on call';
const CHECK = 'schedules';

/** Whether somebody is on call everywhere; nothing where there are no schedules. */
export function scheduleCheckups(
  sql: Sql,
  schedules: ReadonlyMap<string, Schedule>,
  clock: Clock,
): Checkup[] {
  if (schedules.size === 0) return [];
  const roster = createRoster({ schedules: () => schedules, events: createCalendarCopies().events });
  return [
    {
      area: AREA,
      check: CHECK,
      async look(): Promise<Diagnosis[]> {
        const troubles = await scheduleTroubles(sql, schedules, roster, clock.now());
        if (troubles.length === 0) {
          const says = `somebody is on call in each of ${schedules.size} schedules that has no gap now`;
          return [{ area: AREA, check: CHECK, verdict: 'fine', says }];
        }
        return troubles.map(({ says, remedy }) => ({
          area: AREA,
          check: CHECK,
          verdict: 'fault',
          says,
          remedy,
        }));
      },
    },
  ];
}
