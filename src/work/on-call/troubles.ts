import type { Schedule } from '../../alerts/schedule/schedule.ts';
import { type Millis, sayDuration, sayUtc } from '../../kernel/time.ts';
import { calendarOf } from '../../store/calendars.ts';
import { knownAddresses } from '../../store/schedule-people.ts';
import type { Sql } from '../../store/sql.ts';
import { isAddress } from './create-roster.ts';
import type { Roster } from './roster.ts';

/** Why a schedule is not as it should be: a sentence without its end, and what to do. */
export interface ScheduleTrouble {
  readonly schedule: string;
  readonly says: string;
  readonly remedy: string;
}

/** Calendars that cannot be had, people whom Slack does not know, and schedules without anybody now. */
export async function scheduleTroubles(
  sql: Sql,
  schedules: ReadonlyMap<string, Schedule>,
  roster: Pick<Roster, 'onCall'>,
  now: Millis,
): Promise<ScheduleTrouble[]> {
  const troubles: ScheduleTrouble[] = [];
  for (const schedule of schedules.values()) {
    const found = [...(await calendarTroubles(sql, schedule, now)), ...(await unknownPeople(sql, schedule))];
    troubles.push(...found);
    if (!schedule.gaps && !(await roster.onCall(sql, schedule.name, now))) troubles.push(nobodyIn(schedule));
  }
  return troubles;
}

async function calendarTroubles(
  sql: Sql,
  { name, calendar }: Schedule,
  now: Millis,
): Promise<ScheduleTrouble[]> {
  if (calendar === undefined) return [];
  const stored = await calendarOf(sql, name, calendar);
  if (!stored?.trouble) return [];
  const { since, what } = stored.trouble;
  const copy =
    stored.goodAt === undefined ? 'there is no copy of it' : `the copy of ${sayUtc(stored.goodAt)} is used`;
  return [
    {
      schedule: name,
      says: `the calendar of the schedule ${name} has been out of reach for ${sayDuration(now - since)} (${what}); ${copy}`,
      remedy: `mend it, or correct schedules.${name}.calendar`,
    },
  ];
}

async function unknownPeople(sql: Sql, { name, layers }: Schedule): Promise<ScheduleTrouble[]> {
  const known = await knownAddresses(sql);
  const addresses = new Set(layers.flatMap(({ people }) => people).filter(isAddress));
  return [...addresses].flatMap((address): ScheduleTrouble[] => {
    const answer = known.get(address.toLowerCase());
    if (answer?.user !== undefined) return [];
    const turns = `so nobody is on call in these turns of ${name}`;
    return answer
      ? [
          {
            schedule: name,
            says: `Slack knows nobody with the address ${address}, ${turns}`,
            remedy: 'correct the address, or write the Slack user id instead',
          },
        ]
      : [
          {
            schedule: name,
            says: `Slack has not said yet who has the address ${address}, ${turns}`,
            remedy: 'let the bot run, with the scope users:read.email, or write the Slack user id instead',
          },
        ];
  });
}

function nobodyIn({ name }: Schedule): ScheduleTrouble {
  return {
    schedule: name,
    says: `nobody is on call in the schedule ${name} now`,
    remedy: `"trailbot schedules show ${name}" shows when somebody is; write gaps: true where that is meant`,
  };
}
