import { expect, test } from 'vitest';
import { eventsBetween } from '../../src/alerts/schedule/calendar-events.ts';
import { readCalendar } from '../../src/alerts/schedule/calendar-file.ts';
import { scheduleFeed } from '../../src/app/calendars.ts';
import { readConfig } from '../../src/config/config.ts';
import { DAY, HOUR } from '../../src/kernel/time.ts';
import { insertOverride } from '../../src/store/overrides.ts';
import { createRoster } from '../../src/work/on-call/create-roster.ts';
import { fakeClock } from '../support/clock.ts';
import { temporaryStore } from '../support/store.ts';

const YAML = `
schedules:
  primary:
    time_zone: Europe/Berlin
    layers: [{ name: week, rotation: weekly, start: 2026-01-05T09:00, people: [U0ALICE01, U0BOB0001] }]
`;

async function someFeed(env: Record<string, string>) {
  const read = readConfig({ text: YAML, file: 'trailbot.yaml', env });
  if ('problems' in read) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  const [db, clock] = [await temporaryStore(), fakeClock()];
  const schedules = () => read.config.schedules;
  const roster = createRoster({ schedules, events: async () => [] });
  return { db, clock, roster, feed: scheduleFeed({ config: read.config, db, roster, clock }) };
}

test('without a key nobody can subscribe', async () => {
  expect((await someFeed({})).feed).toBeUndefined();
});

test('what is subscribed to says who is on call, overrides included; each shift keeps its name from day to day', async () => {
  const { db, clock, roster, feed } = await someFeed({ TRAILBOT_CALENDAR_KEY: '0123456789abcdef' });
  const now = clock.now();
  const override = {
    id: 'o1',
    schedule: 'primary',
    person: 'U0CAROL01',
    from: now + HOUR,
    until: now + 5 * HOUR,
  };
  await insertOverride(db, {
    ...override,
    kind: 'override',
    swapId: undefined,
    madeBy: 'U0CAROL01',
    madeAt: now,
  });
  const text = (await feed?.calendar('primary')) ?? '';
  const events = eventsBetween(readCalendar(text), 'UTC', now, now + 60 * DAY);
  const shifts = await roster.shifts(db, 'primary', now, now + 60 * DAY);
  expect(events.map(({ people }) => people[0])).toEqual(shifts.map(({ person }) => person));
  expect(events[1]).toMatchObject({ people: ['U0CAROL01'], from: now + HOUR, until: now + 5 * HOUR });
  const names = (calendar = '') => calendar.match(/^UID:.+$/gmu)?.slice(2, 8);
  await clock.advance(HOUR);
  expect(names(await feed?.calendar('primary'))).toEqual(names(text));
  expect(await feed?.calendar('another')).toBeUndefined();
});
