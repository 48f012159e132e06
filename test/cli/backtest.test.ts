import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BacktestOptions, backtest } from '../../src/cli/backtest.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { DAY, HOUR, MINUTE, type Millis, SECOND, sayInstant } from '../../src/kernel/time.ts';
import { record, user } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const START = Date.UTC(2026, 10, 1, 9, 15);
const STEERING = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

const rule = (id: number, name: string, level: string, eventName: string, extra = '') => `title: ${name}
name: ${name}
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a0${id}
level: ${level}
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: ${eventName} }, condition: selection }
${extra}
`;
const RULES = [
  rule(1, 'key-created', 'high', 'CreateAccessKey', 'trailbot: { quiet_for: 12h }'),
  rule(2, 'trail-deleted', 'critical', 'DeleteTrail'),
  rule(3, 'user-listed', 'informational', 'ListUsers'),
  rule(4, 'user-created', 'low', 'CreateUser'),
].join('---\n');

const at = (time: Millis, overrides: JsonObject = {}): JsonObject =>
  record({ eventTime: sayInstant(time).replace('.000Z', 'Z'), ...overrides });
const by = (name: string) => ({ userIdentity: user(name) });

const EVENTS = [
  at(START),
  at(START + HOUR, by('bob')),
  at(START + 2 * HOUR),
  at(START + 2 * DAY),
  // The alert of alice counts as resolved a day later, and her group is quiet until noon of the next.
  at(START + 3 * DAY + MINUTE),
  at(START + 3 * DAY, { eventName: 'ListUsers' }),
  at(START + 4 * DAY, { eventName: 'DeleteTrail' }),
];

let folder: string;
const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
const lines = (events: readonly unknown[]) => events.map((one) => `${JSON.stringify(one)}\n`).join('');
const run = (...args: string[]) => call(['backtest', ...args], { folder });

beforeEach(() => {
  folder = temporaryFolder();
  put('trailbot.yaml', 'rules: { paths: [rules.yml] }');
  put('rules.yml', RULES);
  put('events.ndjson', lines(EVENTS));
});

describe('backtest', () => {
  it('prints a table of what would have alerted, what would not and why, and an estimate', async () => {
    expect(await run('events.ndjson')).toEqual({
      code: 0,
      err: '',
      out: `level          rule           alerts  events  first             last
critical       trail-deleted       1       1  2026-11-05 09:15  2026-11-05 09:15
          user alice 1
high           key-created         3       4  2026-11-01 09:15  2026-11-03 09:15
          user alice 3, user bob 1
          no alert: 1 while the rule stays quiet
informational  user-listed         0       0
          no alert: 1 informational

4 alerts by 2 of 4 rules in 4 d: about 1.0 a day.
7 events read, 2026-11-01 09:15 to 2026-11-05 09:15 UTC; 7 matched.
Matches without an alert: 1 while the rule stays quiet, 1 informational.
An alert counts as resolved when its group was silent for 1 d (--resolve-after).
1 rule never matched; --all names them.
`,
    });
  });

  it('prints the same as JSON', async () => {
    const { code, out } = await run('--json', 'events.ndjson');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      from: '2026-11-01T09:15:00.000Z',
      to: '2026-11-05T09:15:00.000Z',
      gaps: [],
      complete: true,
      records: 7,
      unread: 0,
      brokenFiles: 0,
      matched: 7,
      duplicates: 0,
      failed: 0,
      resolveAfterSeconds: 86_400,
      alerts: 4,
      alertsADay: 1,
      noAlert: { quiet: 1, informational: 1 },
      rulesWithoutMatch: 1,
      rules: [
        expect.objectContaining({ name: 'trail-deleted', level: 'critical', alerts: 1 }),
        {
          rule: '6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01',
          name: 'key-created',
          title: 'key-created',
          level: 'high',
          alerts: 3,
          events: 4,
          first: '2026-11-01T09:15:00.000Z',
          last: '2026-11-03T09:15:00.000Z',
          actors: 2,
          topActors: [
            { actor: 'user alice', events: 3 },
            { actor: 'user bob', events: 1 },
          ],
          matches: 5,
          noAlert: { quiet: 1 },
        },
        expect.objectContaining({ name: 'user-listed', alerts: 0, first: null }),
      ],
    });
  });

  it('counts the time of all events, also of those that nothing matches', async () => {
    const others = [at(START - DAY, { eventName: 'GetUser' }), at(START + 9 * DAY, { eventName: 'GetUser' })];
    put('events.ndjson', lines([...others, ...EVENTS]));
    const { out } = await run('events.ndjson');
    expect(out).toContain('4 alerts by 2 of 4 rules in 10 d: about 0.4 a day.\n');
    expect(out).toContain('9 events read, 2026-10-31 09:15 to 2026-11-10 09:15 UTC; 7 matched.\n');
  });

  it('names the rules that never matched with --all', async () => {
    expect((await run('--all', 'events.ndjson')).out).toContain('1 rule never matched: user-created.\n');
    const { rules } = JSON.parse((await run('--all', '--json', 'events.ndjson')).out);
    expect(rules.map(({ name }: { name: string }) => name)).toContain('user-created');
  });

  it('reads folders and gzip files, in whatever order, and counts what is there twice once', async () => {
    const one = await run('events.ndjson');
    expect(one.code).toBe(0);
    const expected = one.out.replace('7 matched.', '7 matched, 2 of these again.');
    const trail = temporaryFolder();
    writeFileSync(join(trail, '2.json.gz'), gzipSync(JSON.stringify({ Records: EVENTS.slice(0, 4) })));
    writeFileSync(join(trail, '1.json.gz'), gzipSync(JSON.stringify({ Records: EVENTS.slice(2) })));
    expect((await run(trail)).out).toBe(expected.replace('7 events read', '9 events read'));
  });

  it('reads standard input, and takes rules and events after --rules', async () => {
    put('other.yml', RULES.replaceAll('DeleteTrail', 'CreateAccessKey'));
    const piped = await call(['backtest'], { folder, stdin: [lines(EVENTS)] });
    expect(piped.out).toBe((await run('events.ndjson')).out);
    const { out } = await run('--rules', 'other.yml', 'events.ndjson');
    expect(out).toMatch(/^critical +trail-deleted +4 +5 /m);
  });

  it('takes the time after which an alert counts as resolved', async () => {
    const { out } = await run('--resolve-after', '1h', 'events.ndjson');
    expect(out).toContain('silent for 1 h (--resolve-after)');
    expect(out).toMatch(/^high +key-created +4 +4 /m);
    for (const wrong of ['0s', 'soon']) {
      expect(await run('--resolve-after', wrong, 'events.ndjson')).toEqual({
        code: 2,
        out: '',
        err: `"${wrong}" is not a time after which an alert counts as resolved. Write it as 30m, 24h or 7d.\n`,
      });
    }
  });

  it('says that a few hours are too short to tell how many alerts a day there would be', async () => {
    put('events.ndjson', lines(EVENTS.slice(0, 3)));
    expect((await run('events.ndjson')).out).toContain(
      '2 alerts by 1 of 4 rules in 2 h: too short a time to say how many a day.\n',
    );
  });

  it.each(['1970-01-01', '2016-03-04', '2099-01-01'])('is not misled by one event of %s', async (day) => {
    const busy = Array.from({ length: 145 }, (_, index) => at(START + index * 9 * MINUTE, by(`u${index}`)));
    const stray = at(Date.parse(day), { eventName: 'GetUser' });
    put('events.ndjson', lines([...busy, stray]));
    const { code, out } = await run('--fail-over', '50', 'events.ndjson');
    expect(code).toBe(1);
    expect(out).toMatch(/^No event from .*that time does not count/m);
    const { alertsADay, gaps } = JSON.parse((await run('--json', 'events.ndjson')).out);
    expect(alertsADay).toBe(145);
    expect(gaps).toHaveLength(1);
  });

  it('learns for rules with first_seen only in the time that has events', async () => {
    put(
      'rules.yml',
      rule(1, 'new', 'high', 'CreateAccessKey', 'trailbot: { first_seen: { of: [actor], learn: 1h } }'),
    );
    const today = Array.from({ length: 20 }, (_, index) => at(START + index * MINUTE, by(`u${index}`)));
    put('events.ndjson', lines([at(Date.parse('2016-03-04')), ...today]));
    const { alerts, noAlert } = JSON.parse((await run('--json', 'events.ndjson')).out);
    expect({ alerts, noAlert }).toEqual({ alerts: 0, noAlert: { learning: 21 } });
  });

  it('ends with 1 when there are more alerts a day than --fail-over', async () => {
    expect(await run('--fail-over', '1', 'events.ndjson')).toMatchObject({ code: 0 });
    expect(await run('--fail-over', '0.9', 'events.ndjson')).toMatchObject({ code: 1 });
    expect(await run('--fail-over', 'many', 'events.ndjson')).toMatchObject({ code: 2, out: '' });
  });

  it('says what was not read, and ends with 1 when nothing was', async () => {
    put('more.ndjson', `${lines([at(START)])}{"no":"record"}\n`);
    put('cut.json.gz', gzipSync(lines(EVENTS), { level: 0 }).subarray(0, 3000));
    const { code, out, err } = await run('more.ndjson', 'cut.json.gz');
    expect(code).toBe(0);
    expect(out).toContain(
      'Not in these numbers: 1 record not understood, 1 file not read, or not to the end.\n',
    );
    expect(err).toBe('cut.json.gz cannot be read: the gzip file was cut short.\n');
    put('none.ndjson', '{"no":"record"}\n');
    put('empty.ndjson', '');
    put('bad.json.gz', gzipSync('').subarray(0, 12));
    for (const [file, why] of [
      ['none.ndjson', 'No record was understood; "trailbot match" with the same files says why.'],
      ['empty.ndjson', 'There are no events in the input.'],
      ['bad.json.gz', 'There was no event that could be read.'],
    ] as const) {
      const { code: ended, out: printed, err: told } = await run(file);
      expect({ code: ended, out: printed, why: told.split('\n').at(-2) }).toEqual({ code: 1, out: '', why });
    }
  });

  it('refuses files that are not there and rules with mistakes', async () => {
    expect(await run('nothing.ndjson')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('nothing.ndjson cannot be read'),
    });
    put('rules.yml', RULES.replace('condition: selection', 'condition: other'));
    expect(await run('events.ndjson')).toMatchObject({ code: 2, out: '' });
  });

  it('keeps nothing', async () => {
    const before = readdirSync(folder);
    expect(await run('events.ndjson')).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual(before);
  });

  it('stays within 100 columns and lets no name steer the terminal', async () => {
    const name = `a\u001b[2J\u202e${'long-'.repeat(40)}`;
    put('rules.yml', RULES.replace('name: key-created', `name: ${'key-'.repeat(40)}`));
    const many = Array.from({ length: 4 }, (_, index) => at(START + index * DAY, by(`${index} ${name}`)));
    put('events.ndjson', lines([...many, ...EVENTS]));
    const { code, out } = await run('--all', 'events.ndjson');
    expect(code).toBe(0);
    expect(out).not.toMatch(STEERING);
    const breakable = out.split('\n').filter((line) => !line.includes('long-long-'));
    expect(Math.max(...breakable.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect((await run('--json', 'events.ndjson')).out).not.toMatch(STEERING);
  });
});

describe('backtest, stopped with Ctrl-C', () => {
  /** Presses Ctrl-C after so many chunks of ten events, one of which matches. */
  async function stopAfter(chunks: number, options: BacktestOptions = {}) {
    let out = '';
    let err = '';
    let stop = () => {};
    const terminal: Terminal = {
      args: [],
      env: {},
      folder,
      stdin: (async function* () {
        for (let chunk = 0; chunk < 1000; chunk++) {
          if (chunk === chunks) stop();
          const others = Array.from({ length: 9 }, () => at(START, { eventName: 'GetUser' }));
          const events = [at(START + chunk * SECOND), ...others];
          yield Buffer.from(lines(events));
        }
      })(),
      keyboard: false,
      out: (text) => {
        out += text;
      },
      outReady: async () => true,
      err: (text) => {
        err += text;
      },
      interactive: false,
      onStop: (action) => {
        const before = stop;
        stop = () => {
          before();
          action();
        };
      },
      onReload: () => {},
    };
    const code = await backtest(terminal, [], options);
    return { code, out, err };
  }

  it('fails a check with --fail-over, and evaluates no more for it', async () => {
    const { code, out, err } = await stopAfter(600, { failOver: 1000, json: true });
    expect(code).toBe(1);
    expect(err).toBe('You stopped it before it was known whether there are too many alerts a day.\n');
    const { matched, rules } = JSON.parse(out);
    expect(matched).toBeGreaterThan(500);
    expect(rules[0].events).toBe(500);
  });

  it('says so when nothing was read', async () => {
    expect(await stopAfter(0)).toEqual({
      code: 1,
      out: '',
      err: 'You stopped it before an event was read.\n',
    });
  });

  it('prints what was found until then', async () => {
    const found = JSON.parse((await stopAfter(900, { json: true })).out);
    expect(found).toMatchObject({ complete: false, alerts: 1 });
    expect(found.records).toBeGreaterThan(0);
    expect(found.records).toBeLessThanOrEqual(9010);
    expect(found.matched).toBe(Math.ceil(found.records / 10));
    const { code, out } = await stopAfter(900);
    expect(code).toBe(0);
    expect(out).toContain('You stopped it: this is what was found until then.\n');
  });
});
