import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { sayProblem } from '../../src/kernel/problem.ts';

function problemsIn(text: string): string[] {
  const read = readConfig({ text, file: 't.yaml', env: {} });
  return 'problems' in read ? read.problems.map(sayProblem) : [];
}

/** A schedule of one layer, with changes to both. */
function withLayer(layer: string, rest = ''): string {
  return `schedules:
  primary:
    time_zone: Europe/Berlin
    ${rest}
    layers:
      - { name: week, rotation: weekly, start: 2026-01-05T09:00, people: [U0ALICE01], ${layer} }
`;
}

describe('each mistake in a schedule is one sentence', () => {
  const cases: [string, string, string[]][] = [
    [
      'restrictions that leave a gap',
      withLayer("restrictions: [{ days: ['saturday:thursday'] }]"),
      [
        't.yaml:3:5: schedules.primary: nobody is on call from Fri 2026-01-09 00:00 to Sat 2026-01-10 00:00; add a layer for that time, widen the restrictions, or write gaps: true',
      ],
    ],
    [
      'the same with gaps: true',
      withLayer("restrictions: [{ days: ['saturday:thursday'] }]", 'gaps: true'),
      [],
    ],
    [
      'office hours alone',
      withLayer("restrictions: [{ days: ['monday:friday'], from: '09:00', to: '17:00' }]"),
      [
        't.yaml:3:5: schedules.primary: nobody is on call from Mon 2026-01-05 17:00 to Tue 2026-01-06 09:00; add a layer for that time, widen the restrictions, or write gaps: true',
      ],
    ],
    [
      'layers and a calendar',
      withLayer('every: 2', 'calendar: ./on-call.ics'),
      ['t.yaml:3:5: schedules.primary: it has layers and a calendar; keep one of them'],
    ],
    [
      'two schedules with one user group',
      'schedules: { a: { time_zone: UTC, calendar: ./a.ics, user_group: S0ONCALL01 }, b: { time_zone: UTC, calendar: ./b.ics, user_group: S0ONCALL01 } }',
      [
        't.yaml:1:132: schedules.b.user_group: the schedule a keeps the user group S0ONCALL01 already; give each schedule a group of its own',
      ],
    ],
    [
      'neither of them',
      'schedules: { primary: { time_zone: UTC } }',
      [
        't.yaml:1:23: schedules.primary: it has neither layers nor a calendar; say with one of them who is on call',
      ],
    ],
    [
      'a zone, a start, a rotation and people that are none',
      'schedules: { primary: { time_zone: CET+1, layers: [{ name: a, rotation: monthly, start: 2026-01-05, people: [] }] } }',
      [
        't.yaml:1:36: schedules.primary.time_zone must be a time zone as IANA names it, such as Europe/Berlin or UTC; write for example time_zone: Europe/Berlin',
        't.yaml:1:73: schedules.primary.layers[0].rotation must be daily, weekly, or a number of hours such as 12h; write for example rotation: weekly',
        "t.yaml:1:89: schedules.primary.layers[0].start must be a date and a time on the schedule's clocks, without a zone, such as 2026-01-05T09:00; write for example start: 2026-01-05T09:00",
        't.yaml:1:109: schedules.primary.layers[0].people must be a list with at least one entry; write for example people: ["U0123456789","bob@example.com"]',
      ],
    ],
    [
      'a calendar without https',
      "schedules: { primary: { time_zone: UTC, calendar: 'http://calendar.example.com/a.ics' } }",
      [
        't.yaml:1:51: schedules.primary.calendar must be an https address of an iCalendar file, or a file such as ./on-call.ics; write for example calendar: https://calendar.example.com/on-call.ics',
      ],
    ],
    [
      'a time interval over midnight, and a key that is none',
      "time_intervals: { night: { times: [{ from: '22:00', to: '06:00' }], weekday: [monday] } }",
      [
        't.yaml:1:36: time_intervals.night.times[0] must be two times of one day, the later one after "to" (over midnight it is two: 22:00 to 24:00, and 00:00 to 06:00); write for example times: [{"from":"09:00","to":"17:00"}]',
        't.yaml:1:69: unknown key "weekday" in time_intervals.night; did you mean "weekdays"?',
      ],
    ],
  ];
  test.each(cases)('%s', (_name, text, problems) => {
    expect(problemsIn(text)).toEqual(problems);
  });
});

test('a schedule as it is written', () => {
  const text = `
time_intervals:
  office: { location: Europe/Berlin, times: [{ from: '09:00', to: '24:00' }], weekdays: ['friday:monday', tue] }
  holidays: [{ days_of_month: ['24:-1'], months: [december] }, { months: ['1:2'], years: [2027] }]
schedules:
  primary:
    time_zone: Europe/Berlin
    layers:
      - name: week
        rotation: weekly
        every: 2
        start: 2026-01-05T09:00
        people: [U0ALICE01, bob@example.com]
      - { name: nights, rotation: 12h, start: 2026-01-05T21:00, people: [U0CAROL01], restrictions: [{ from: '21:00', to: '09:00' }] }
    channel: '#oncall'
    user_group: S0ONCALL01
`;
  const read = readConfig({ text, file: 't.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems.map(sayProblem).join('\n'));
  const { schedules, timeIntervals } = read.config;
  expect(schedules.get('primary')).toMatchObject({
    name: 'primary',
    zone: 'Europe/Berlin',
    gaps: false,
    calendar: undefined,
    channel: '#oncall',
    userGroup: 'S0ONCALL01',
    layers: [
      { name: 'week', rotation: { unit: 'days', every: 14 }, restrictions: [] },
      {
        rotation: { unit: 'hours', every: 12 },
        restrictions: [{ days: [1, 2, 3, 4, 5, 6, 7], from: 21 * 60, to: 9 * 60 }],
      },
    ],
  });
  expect(timeIntervals.get('office')).toEqual([
    {
      ...{ zone: 'Europe/Berlin', times: [{ from: 540, to: 1440 }], weekdays: [5, 6, 7, 1, 2] },
      ...{ daysOfMonth: [], months: [], years: [] },
    },
  ]);
  expect(timeIntervals.get('holidays')).toMatchObject([
    { zone: 'UTC', daysOfMonth: [[24, -1]], months: [[12, 12]] },
    { months: [[1, 2]], years: [[2027, 2027]] },
  ]);
});
