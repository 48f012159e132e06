import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsBetween } from '../../../src/alerts/schedule/calendar-events.ts';
import { BadCalendar, readCalendar } from '../../../src/alerts/schedule/calendar-file.ts';
import { type Plan, stintsBetween } from '../../../src/alerts/schedule/on-call.ts';
import { writeCalendar } from '../../../src/alerts/schedule/write-calendar.ts';
import { DAY, HOUR, type Millis } from '../../../src/kernel/time.ts';
import { instantOf, parseWallTime, sayLocal } from '../../../src/kernel/zone.ts';

const BERLIN = 'Europe/Berlin';

const WINDOWS_ZONE = `BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`;

function at(text: string, zone = BERLIN): Millis {
  const wall = parseWallTime(text);
  if (!wall) throw new Error(text);
  return instantOf(wall, zone);
}

/** Events by their lines, in a file. */
function file(...events: string[]): string {
  const all = events.map((lines) => `BEGIN:VEVENT\n${lines}\nEND:VEVENT`);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', WINDOWS_ZONE, ...all, 'END:VCALENDAR', '']
    .join('\n')
    .replaceAll('\n', '\r\n');
}

/** `alice@example.com Mon 2026-01-05 09:00 to Mon 2026-01-12 09:00`, first person only. */
function told(text: string, from = '2026-01-01T00:00', until = '2026-03-01T00:00', zone = BERLIN): string[] {
  return eventsBetween(readCalendar(text), zone, at(from, zone), at(until, zone)).map(
    (one) => `${one.people[0]} ${sayLocal(one.from, zone)} to ${sayLocal(one.until, zone)}`,
  );
}

const ALICE = 'ATTENDEE;CN=Alice:mailto:alice@example.com';

describe('what a calendar says', () => {
  test('weekly in a zone of IANA, every second week, until an instant, without one day and with one moved', () => {
    const series = `UID:1
DTSTART;TZID=Europe/Berlin:20260105T090000
DTEND;TZID=Europe/Berlin:20260107T090000
RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20260302T080000Z
EXDATE;TZID=Europe/Berlin:20260119T090000
${ALICE}`;
    const moved = `UID:1
RECURRENCE-ID;TZID=Europe/Berlin:20260202T090000
DTSTART;TZID=Europe/Berlin:20260203T120000
DTEND;TZID=Europe/Berlin:20260204T120000
ATTENDEE:mailto:bob@example.com`;
    expect(told(file(series, moved), '2026-01-01T00:00', '2026-04-01T00:00')).toEqual([
      'alice@example.com Mon 2026-01-05 09:00 to Wed 2026-01-07 09:00',
      'bob@example.com Tue 2026-02-03 12:00 to Wed 2026-02-04 12:00',
      'alice@example.com Mon 2026-02-16 09:00 to Wed 2026-02-18 09:00',
      'alice@example.com Mon 2026-03-02 09:00 to Wed 2026-03-04 09:00',
    ]);
  });

  test('a zone that only the file describes', () => {
    const event = `DTSTART;TZID=W. Europe Standard Time:20260323T090000
DTEND;TZID=W. Europe Standard Time:20260330T090000
RRULE:FREQ=WEEKLY;COUNT=2
${ALICE}`;
    expect(told(file(event), '2026-03-01T00:00', '2026-05-01T00:00')).toEqual([
      'alice@example.com Mon 2026-03-23 09:00 to Mon 2026-03-30 09:00',
      'alice@example.com Mon 2026-03-30 09:00 to Mon 2026-04-06 09:00',
    ]);
  });

  test('whole days are days on the clocks of the schedule', () => {
    const event = `DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330\n${ALICE}`;
    expect(told(file(event), '2026-03-01T00:00', '2026-05-01T00:00')).toEqual([
      'alice@example.com Sat 2026-03-28 00:00 to Mon 2026-03-30 00:00',
    ]);
    const [weekend] = eventsBetween(
      readCalendar(file(event)),
      BERLIN,
      at('2026-03-01T00:00'),
      at('2026-05-01T00:00'),
    );
    expect(weekend && weekend.until - weekend.from).toBe(2 * DAY - HOUR);
    const one = `DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;UNTIL=20260106\n${ALICE}`;
    expect(told(file(one), '2026-01-01T00:00', '2026-02-01T00:00', 'America/New_York')).toEqual([
      'alice@example.com Mon 2026-01-05 00:00 to Tue 2026-01-06 00:00',
      'alice@example.com Tue 2026-01-06 00:00 to Wed 2026-01-07 00:00',
    ]);
  });

  test('weekdays, and the first Monday and the last Friday of a month', () => {
    const days = `DTSTART:20260105T080000Z\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3\n${ALICE}`;
    expect(told(file(days), '2026-01-01T00:00', '2026-02-01T00:00', 'UTC')).toEqual([
      'alice@example.com Mon 2026-01-05 08:00 to Mon 2026-01-05 10:00',
      'alice@example.com Wed 2026-01-07 08:00 to Wed 2026-01-07 10:00',
      'alice@example.com Mon 2026-01-12 08:00 to Mon 2026-01-12 10:00',
    ]);
    const months = `DTSTART:20260105T080000Z\nDURATION:P1D\nRRULE:FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=3\n${ALICE}`;
    expect(told(file(months), '2026-01-01T00:00', '2026-06-01T00:00', 'UTC')).toEqual([
      'alice@example.com Mon 2026-01-05 08:00 to Tue 2026-01-06 08:00',
      'alice@example.com Fri 2026-01-30 08:00 to Sat 2026-01-31 08:00',
      'alice@example.com Mon 2026-02-02 08:00 to Tue 2026-02-03 08:00',
    ]);
  });

  test('a day that a month does not have is passed over, and a leap day comes every four years', () => {
    const monthly = `DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY\n${ALICE}`;
    expect(
      told(file(monthly), '2026-01-01T00:00', '2026-06-15T00:00').map((line) => line.slice(22, 32)),
    ).toEqual(['2026-01-31', '2026-03-31', '2026-05-31']);
    const yearly = `DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\n${ALICE}`;
    expect(
      told(file(yearly), '2025-01-01T00:00', '2033-01-01T00:00').map((line) => line.slice(22, 32)),
    ).toEqual(['2028-02-29', '2032-02-29']);
  });

  test('cancelled events and cancelled times are left out', () => {
    const series = `UID:1\nDTSTART:20260105T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n${ALICE}`;
    const one = `UID:1\nRECURRENCE-ID:20260106T080000Z\nDTSTART:20260106T080000Z\nDURATION:PT1H\nSTATUS:CANCELLED`;
    const other = `UID:2\nDTSTART:20260105T120000Z\nDURATION:PT1H\nSTATUS:CANCELLED\n${ALICE}`;
    expect(told(file(series, one, other), '2026-01-01T00:00', '2026-02-01T00:00', 'UTC')).toEqual([
      'alice@example.com Mon 2026-01-05 08:00 to Mon 2026-01-05 09:00',
      'alice@example.com Wed 2026-01-07 08:00 to Wed 2026-01-07 09:00',
    ]);
  });

  test('the people: who takes part and has not declined, else whom the name says, else the organizer', () => {
    const event = (lines: string) => file(`DTSTART:20260105T080000Z\nDURATION:PT1H\n${lines}`);
    const people = (lines: string) =>
      eventsBetween(readCalendar(event(lines)), 'UTC', at('2026-01-01T00:00'), at('2026-02-01T00:00'))[0]
        ?.people;
    const organizer = 'ORGANIZER:mailto:lead@example.com';
    expect(
      people(
        `${organizer}\nATTENDEE;CUTYPE=ROOM:mailto:room@example.com\nATTENDEE;PARTSTAT=DECLINED:mailto:no@example.com\n${ALICE}`,
      ),
    ).toEqual(['alice@example.com', 'lead@example.com']);
    expect(people(`${organizer}\nSUMMARY:On call: bob@example.com`)).toEqual([
      'bob@example.com',
      'lead@example.com',
    ]);
    expect(people('SUMMARY:Carol (U0CAROL01) WEEKENDS')).toEqual(['U0CAROL01']);
    expect(people(organizer)).toEqual(['lead@example.com']);
    expect(people('SUMMARY:Lunch')).toBeUndefined();
  });

  test('a weekly series from twenty years ago is quick and exact', () => {
    const event = `DTSTART;TZID=Europe/Berlin:20060102T090000\nDTEND;TZID=Europe/Berlin:20060103T090000\nRRULE:FREQ=WEEKLY\n${ALICE}`;
    expect(told(file(event), '2026-11-16T09:00', '2026-11-17T09:00')).toEqual([
      'alice@example.com Mon 2026-11-16 09:00 to Tue 2026-11-17 09:00',
    ]);
  });
});

describe('what is not understood is one clear sentence', () => {
  const cases: [string, string, string][] = [
    [
      'no calendar at all',
      '<html>Sign in</html>',
      'it is no iCalendar file (BEGIN:VCALENDAR … END:VCALENDAR), or is cut off',
    ],
    [
      'a file that is cut off',
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x',
      'it is no iCalendar file (BEGIN:VCALENDAR … END:VCALENDAR), or is cut off',
    ],
    ['an event without a begin', file('SUMMARY:x'), 'its event "x" has no begin (DTSTART)'],
    [
      'a date that is none',
      file('SUMMARY:x\nDTSTART:20261345T090000'),
      'its event "x" has a DTSTART that is no date between 1970 and 2199',
    ],
    [
      'a rule beyond what is read',
      file('SUMMARY:x\nDTSTART:20260105T090000Z\nRRULE:FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO'),
      'its event "x" comes again by a rule that is not understood (BYSETPOS); FREQ (daily, weekly, monthly, yearly), INTERVAL, BYDAY, UNTIL and COUNT are',
    ],
    [
      'a time zone that nobody knows',
      file('DTSTART;TZID=Mars/Olympus:20260105T090000'),
      'its time zone "Mars/Olympus" is neither described in it nor known to IANA',
    ],
    ['too large a file', `BEGIN:VCALENDAR\r\n${'X'.repeat(3_000_000)}`, 'it is larger than 2 MB'],
    [
      'too many events',
      file(...Array.from({ length: 5001 }, () => 'DTSTART:20260105T090000Z')),
      'it has more than 5000 events',
    ],
    [
      'too many exceptions',
      file(`DTSTART:20260105T090000Z\nEXDATE:${Array(5001).fill('20260105T090000Z').join(',')}`),
      'it has more than 5000 exceptions (EXDATE, RDATE)',
    ],
  ];
  test.each(cases)('%s', (_name, text, sentence) => {
    expect(() => told(text)).toThrow(new BadCalendar(sentence));
  });

  test('a rule that asks for more than there is time for', () => {
    const events = Array.from(
      { length: 400 },
      (_, index) => `UID:${index}\nDTSTART:20250101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\n${ALICE}`,
    );
    expect(() => told(file(...events), '2026-01-01T00:00', '2027-01-01T00:00')).toThrow(
      'its events come again more than 10000 times',
    );
  });

  test('whatever is in a file, the answer is events or one sentence, and soon', () => {
    const parts = fc.constantFrom(
      'FREQ=DAILY',
      'FREQ=WEEKLY',
      'FREQ=SECONDLY',
      'INTERVAL=0',
      'INTERVAL=7',
      'INTERVAL=200',
      'INTERVAL=99999999',
      'BYDAY=MO',
      'BYDAY=1MO',
      'BYDAY=-5SU,XX',
      'COUNT=0',
      'COUNT=99999',
      'UNTIL=20260301',
      'UNTIL=x',
      'WKST=SU',
      'BYMONTHDAY=31',
      'FREQ=MONTHLY',
      'FREQ=YEARLY',
    );
    const rule = fc.array(parts, { maxLength: 4 }).map((list) => `RRULE:${list.join(';')}`);
    const line = fc.oneof(
      rule,
      fc.constantFrom(
        'DTEND;VALUE=DATE:20260110',
        'DTSTART:20260105T250000',
        'DURATION:P1X',
        'DURATION:-PT1H',
        'EXDATE:20260106T090000Z',
        'RECURRENCE-ID:20260105T090000Z',
        'SEQUENCE:x',
        'BEGIN:VALARM',
        'END:VEVENT',
        'ATTENDEE:',
        'DTSTART;TZID="":20260105T090000',
      ),
      fc.string({ maxLength: 30 }),
    );
    const text = fc
      .tuple(
        fc.constantFrom('20260105T090000Z', '20240229T090000', '20260131T233000'),
        fc.array(line, { maxLength: 5 }),
      )
      .map(([start, lines]) => file(`DTSTART:${start}\n${ALICE}\n${lines.join('\n')}`));
    fc.assert(
      fc.property(text, (one) => {
        try {
          for (const event of eventsBetween(
            readCalendar(one),
            BERLIN,
            at('2026-01-01T00:00'),
            at('2027-01-01T00:00'),
          )) {
            expect(event.from).toBeLessThan(event.until);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(BadCalendar);
        }
      }),
      { numRuns: 400 },
    );
  });
});

test('importing what was exported says the same at every instant', () => {
  const layer = (every: number, people: string[]) => ({
    name: `${every}`,
    rotation: { unit: 'hours' as const, every },
    start: { year: 2026, month: 3, day: 20, hour: 9, minute: 0, second: 0 },
    people,
    restrictions: [{ days: [1, 3, 6, 7], from: 60, to: 600 }],
  });
  const plan: Plan = {
    schedule: {
      zone: BERLIN,
      layers: [layer(13, ['UALICE', 'UBOB']), layer(40, ['UCAROL', 'dave@example.com'])],
    },
    overrides: [
      { id: '1', person: 'UERIN', from: at('2026-03-28T22:00'), until: at('2026-03-29T05:00'), madeAt: 1 },
    ],
    events: [],
    known: (person) => person,
  };
  const [from, until] = [at('2026-03-25T00:00'), at('2026-04-25T00:00')];
  const stints = stintsBetween(plan, from, until);
  const text = writeCalendar({
    schedule: 'primary',
    stints,
    nameOf: (id) => `Somebody, called "${id}"; ${'long '.repeat(30)}`,
    now: from,
  });
  expect(Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  const events = eventsBetween(readCalendar(text), 'Asia/Tokyo', from, until);
  const again = stintsBetween(
    { ...plan, schedule: { zone: 'Asia/Tokyo', layers: [] }, overrides: [], events },
    from,
    until,
  );
  const plain = (list: typeof stints) => list.map((one) => [one.person, one.from, one.until]);
  expect(stints.length).toBeGreaterThan(20);
  expect(plain(again)).toEqual(plain(stints));
});
