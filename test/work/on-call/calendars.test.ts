import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startCalendars } from '../../../src/app/calendars.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { Fault } from '../../../src/kernel/problem.ts';
import { systemRandom } from '../../../src/kernel/random.ts';
import { HOUR, MINUTE } from '../../../src/kernel/time.ts';
import { calendarOf } from '../../../src/store/calendars.ts';
import { createCalendarCopies } from '../../../src/work/on-call/calendar-copy.ts';
import { createRoster } from '../../../src/work/on-call/create-roster.ts';
import { scheduleTroubles } from '../../../src/work/on-call/troubles.ts';
import { fakeClock } from '../../support/clock.ts';
import { temporaryFolder, temporaryStore } from '../../support/store.ts';

/** 2026-11-20 is a Friday; the shift is that of the whole week. */
const week = (person: string) =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261116T080000Z\r\nDTEND:20261123T080000Z\r\nRRULE:FREQ=WEEKLY\r\nATTENDEE:mailto:${person}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

const USERS: Record<string, string> = { 'alice@example.com': 'U0ALICE01', 'bob@example.com': 'U0BOB0001' };

type Answer = (req: IncomingMessage, res: ServerResponse) => void;

/** Calendars that are fetched from a server on this machine, on a clock that the test moves. */
async function someCalendars(calendar?: string) {
  const server = { answer: ((_, res) => res.end(week('alice@example.com'))) as Answer, asked: 0 };
  const http = createServer((req, res) => {
    server.asked += 1;
    server.answer(req, res);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void http.close());
  const { port } = http.address() as AddressInfo;
  const place = calendar ?? `http://127.0.0.1:${port}/secret/on-call.ics`;
  const read = readConfig({
    text: `accounts: { "111122223333": { name: P } }\nschedules: { primary: { time_zone: UTC, calendar: '${place}' } }`,
    file: 'trailbot.yaml',
    env: {},
  });
  if ('problems' in read) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  const { config } = read;
  const [folder, clock, records] = [temporaryFolder(), fakeClock(), [] as string[]];
  const db = await temporaryStore(folder);
  const slack = { knows: true };
  const start = () =>
    startCalendars({
      db,
      settings: () => config,
      base: folder,
      directory: {
        async userByEmail(address) {
          if (!slack.knows) throw Fault.later('Slack does not answer', MINUTE);
          return USERS[address];
        },
      },
      intake: {
        async accept(delivery) {
          for (const { body } of delivery.records) records.push(JSON.stringify(body));
          return { stored: delivery.records.length, duplicates: 0, rejected: 0 };
        },
      },
      changed: () => undefined,
      clock,
      random: systemRandom,
      log: createLog('silent'),
    });
  const calendars = start();
  onTestFinished(() => calendars.stop());
  const roster = createRoster({ schedules: () => config.schedules, events: createCalendarCopies().events });
  const rest = async () => {
    while (!(await calendars.rested()));
  };
  await rest();
  return {
    ...{ server, clock, db, folder, records, slack, config, place, rest },
    who: async () => (await roster.onCall(db, 'primary', clock.now()))?.person,
    troubles: async () =>
      (await scheduleTroubles(db, config.schedules, roster, clock.now())).map(({ says }) => says),
    async pass(ms: number) {
      await clock.untilSleeping();
      await clock.advance(ms, rest);
      await rest();
    },
  };
}

test('who is on call is whom the calendar names, and a change counts within 15 minutes', async () => {
  const { server, who, pass } = await someCalendars();
  expect(await who()).toBe('U0ALICE01');
  server.answer = (_, res) => res.end(week('bob@example.com'));
  await pass(15 * MINUTE);
  expect(await who()).toBe('U0BOB0001');
});

test('a calendar that has not changed is not sent again', async () => {
  const { server, pass, db, place, clock } = await someCalendars();
  const tags: unknown[] = [];
  server.answer = (req, res) => {
    tags.push(req.headers['if-none-match']);
    if (req.headers['if-none-match'] === '"1"') res.writeHead(304).end();
    else res.writeHead(200, { etag: '"1"' }).end(week('bob@example.com'));
  };
  await pass(15 * MINUTE);
  await pass(15 * MINUTE);
  expect(tags).toEqual([undefined, '"1"']);
  expect(await calendarOf(db, 'primary', place)).toMatchObject({ version: 2, goodAt: clock.now() });
});

test('a calendar that cannot be reached changes nothing but a warning, whatever the reason', async () => {
  const { server, who, pass, troubles, clock, rest } = await someCalendars();
  const host = expect.stringMatching(
    /^the calendar of the schedule primary has been out of reach for .+ \(127\.0\.0\.1:\d+ answered 404: there is no calendar at this address any more\); the copy of 2026-11-20 09:15:00 UTC is used$/,
  );
  server.answer = (_, res) => res.writeHead(404).end('gone');
  await pass(15 * MINUTE);
  expect(await who()).toBe('U0ALICE01');
  expect(await troubles()).toEqual([host]);
  expect((await troubles()).join()).not.toContain('secret');
  server.answer = (_, res) => res.end('<html>Sign in</html>');
  await pass(15 * MINUTE);
  expect(await who()).toBe('U0ALICE01');
  expect((await troubles()).join()).toContain('it was not understood: it is no iCalendar file');
  server.answer = (_, res) => {
    for (let part = 0; part < 30; part++) res.write('x'.repeat(100_000));
    res.end();
  };
  await pass(15 * MINUTE);
  expect((await troubles()).join()).toContain('larger than 2 MB');
  server.answer = () => undefined;
  await clock.untilSleeping();
  await clock.advance(15 * MINUTE);
  await clock.untilSleeping();
  await clock.advance(10_000);
  await rest();
  expect((await troubles()).join()).toContain('did not answer within 10 s');
  server.answer = (_, res) => res.end(week('alice@example.com'));
  expect(await who()).toBe('U0ALICE01');
});

test('after a day there is one record of it, and none again while it lasts', async () => {
  const { server, pass, records } = await someCalendars();
  server.answer = (_, res) => res.writeHead(503).end();
  for (let quarter = 0; quarter < 4 * 24; quarter++) await pass(15 * MINUTE);
  expect(records).toEqual([]);
  for (let quarter = 0; quarter < 8; quarter++) await pass(15 * MINUTE);
  expect(records).toHaveLength(1);
  expect(JSON.parse(records[0] ?? '{}')).toMatchObject({
    eventName: 'CalendarUnreachable',
    recipientAccountId: '111122223333',
    serviceEventDetails: {
      schedule: 'primary',
      for: '1 d',
      copy: 'that of 2026-11-20 09:15:00 UTC is used',
    },
  });
  server.answer = (_, res) => res.end(week('alice@example.com'));
  await pass(15 * MINUTE);
  server.answer = (_, res) => res.writeHead(503).end();
  await pass(15 * MINUTE);
  expect(records).toHaveLength(1);
});

test('while Slack does not answer, the people are those that it told before', async () => {
  const { slack, server, who, pass, clock } = await someCalendars();
  expect(await who()).toBe('U0ALICE01');
  slack.knows = false;
  server.answer = (_, res) => res.end(week('alice@example.com'));
  await pass(15 * MINUTE);
  await clock.advance(2 * HOUR);
  expect(await who()).toBe('U0ALICE01');
});

test('a calendar in a file beside the configuration', async () => {
  const { folder, who, pass, troubles } = await someCalendars('./on-call.ics');
  expect(await troubles()).toEqual([
    'the calendar of the schedule primary has been out of reach for 0 s (the file cannot be read: there is none); there is no copy of it',
    'nobody is on call in the schedule primary now',
  ]);
  writeFileSync(join(folder, 'on-call.ics'), week('bob@example.com'));
  await pass(15 * MINUTE);
  expect(await who()).toBe('U0BOB0001');
  expect(await troubles()).toEqual([]);
});
