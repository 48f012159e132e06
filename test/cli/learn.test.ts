import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type LearnOptions, learn } from '../../src/cli/learn.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { Misuse } from '../../src/kernel/problem.ts';
import { DAY, HOUR, MINUTE, type Millis, sayInstant, sayUtc, systemClock } from '../../src/kernel/time.ts';
import { firstSeenRule } from '../support/first-seen.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder, temporaryStore } from '../support/store.ts';

const RULE = firstSeenRule('{of: [sourceIPAddress], per: [actor]}');
/** The command takes the time from the system; whole seconds, as CloudTrail writes them. */
const NOW = Math.floor(systemClock.now() / 1000) * 1000;

const STEERING = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

const call = (address: string, at: Millis): JsonObject =>
  record({ sourceIPAddress: address, eventTime: sayInstant(at).replace('.000Z', 'Z') });

/** One event a day, the oldest first, the last of them now: that time has events. */
const daily = (days: number, address = '203.0.113.7'): JsonObject[] =>
  Array.from({ length: days + 1 }, (_, index) => call(address, NOW - (days - index) * DAY));

function desk(rules = RULE) {
  const folder = temporaryFolder();
  const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
  put('rules.yml', rules);
  async function run(
    files: readonly string[],
    options: LearnOptions = {},
    piped: Iterable<string> = [],
    onStop: Terminal['onStop'] = () => {},
  ) {
    const said = { out: '', err: '' };
    const terminal: Terminal = {
      args: [],
      env: {},
      folder,
      stdin: (async function* () {
        for (const text of piped) yield Buffer.from(text);
      })(),
      keyboard: false,
      out: (text) => {
        said.out += text;
      },
      outReady: async () => true,
      err: (text) => {
        said.err += text;
      },
      interactive: false,
      onStop,
      onReload: () => {},
    };
    const code = await learn(terminal, files, { rules: ['rules.yml'], data: 'data', ...options });
    return { code, ...said };
  }
  return { folder, put, run };
}

describe('rules learn', () => {
  it('learns from files, and says what each rule knows', async () => {
    const { put, run } = desk();
    put('a.json', JSON.stringify({ Records: [...daily(20), call('203.0.113.8', NOW)] }));
    put('b.json.gz', gzipSync(`${JSON.stringify(envelope(call('203.0.113.7', NOW - DAY)))}\n`));
    expect(await run(['a.json', 'b.json.gz'])).toEqual({
      code: 0,
      out: [
        'rules: 2 values, 2 of them new; learning is over',
        '  sourceIPAddress 203.0.113.8 for user alice',
        '  sourceIPAddress 203.0.113.7 for user alice',
        '',
      ].join('\n'),
      err: '',
    });
  });

  it('reads standard input', async () => {
    const { run } = desk();
    const piped = JSON.stringify(call('203.0.113.7', NOW - 15 * DAY));
    for (const files of [[], ['-']])
      expect((await run(files, {}, [piped])).out).toContain('rules: 1 value, ');
  });

  it('counts the time of all events as learnt, also of those that no rule matches', async () => {
    const { put, run } = desk();
    const others = daily(10).map((one) => ({ ...one, eventName: 'ListUsers' }));
    put('a.json', JSON.stringify([...others, call('203.0.113.7', NOW - HOUR)]));
    expect((await run(['a.json'])).out).toContain(
      `rules: 1 value, 1 of them new; learning until ${sayUtc(NOW + 4 * DAY)}`,
    );
  });

  it('does not count the time between old files and the first sight of the rule', async () => {
    const { put, run } = desk();
    const old = [300, 299, 298, 297].map((days) => call('203.0.113.7', NOW - days * DAY));
    put('a.json', JSON.stringify(old));
    const [row] = JSON.parse((await run(['a.json'], { json: true })).out);
    expect(Date.parse(row.learningUntil)).toBeGreaterThan(NOW + 10 * DAY);
    const again = JSON.parse((await run(['a.json'], { json: true })).out);
    expect(again).toEqual([{ ...row, newValues: 0 }]);
  });

  it('the same file twice changes nothing', async () => {
    const { put, run, folder } = desk();
    put('a.json', JSON.stringify([call('203.0.113.7', NOW - 3 * DAY), call('203.0.113.8', NOW)]));
    const known = async () => {
      const db = await temporaryStore(join(folder, 'data'));
      const rows = [
        await db.all('select * from first_seen_values'),
        await db.all('select * from first_seen'),
      ];
      await db.close();
      return rows;
    };
    await run(['a.json']);
    const once = await known();
    await run(['a.json']);
    expect(await known()).toEqual(once);
  });

  it('a later file does not begin the learning again', async () => {
    const { put, run } = desk();
    put('a.json', JSON.stringify(daily(20)));
    put('b.json', JSON.stringify(call('203.0.113.8', NOW - HOUR)));
    await run(['a.json']);
    expect((await run(['b.json'])).out).toContain('rules: 2 values, 1 of them new; learning is over');
  });

  it('prints JSON for programs', async () => {
    const { put, run } = desk();
    put('a.json', JSON.stringify(daily(20)));
    expect(JSON.parse((await run(['a.json'], { json: true })).out)).toEqual([
      {
        rule: '6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01',
        title: 'Something new',
        of: ['sourceIPAddress'],
        per: ['actor'],
        matches: 21,
        newValues: 1,
        values: 1,
        crowdedOut: 0,
        latest: ['sourceIPAddress 203.0.113.7 for user alice'],
        learningUntil: null,
      },
    ]);
  });

  it('says how many records were not understood, and fails when none was', async () => {
    const { put, run } = desk();
    put('a.json', `${JSON.stringify(call('203.0.113.7', NOW))}\n{"no":"record"}\n`);
    expect(await run(['a.json'])).toMatchObject({
      code: 0,
      err: '1 of 2 records were not understood; "trailbot match" with the same files says which, and why.\n',
    });
    put('b.json', '{"no":"record"}');
    expect(await run(['b.json'])).toEqual({
      code: 1,
      out: '',
      err: 'No record was understood; "trailbot match" with the same files says why.\n',
    });
  });

  it('fails when there is no event in the files', async () => {
    const { put, run } = desk();
    put('a.json', '');
    const nothing = { code: 1, err: 'There are no events in the input.\n' };
    expect(await run(['a.json'])).toEqual({ ...nothing, out: '' });
    expect(await run(['a.json'], { json: true })).toMatchObject(nothing);
  });

  it('is not misled by one event with a wrong date', async () => {
    const hour = firstSeenRule('{of: [sourceIPAddress], learn: 1h}');
    for (const wrong of [NOW - 3650 * DAY, NOW + 3650 * DAY]) {
      const { put, run } = desk(hour);
      const minutes = Array.from({ length: 20 }, (_, index) => call('203.0.113.7', NOW - index * MINUTE));
      put('a.json', JSON.stringify([call('203.0.113.7', wrong), ...minutes]));
      const [row] = JSON.parse((await run(['a.json'], { json: true })).out);
      expect(row.learningUntil).toBe(sayInstant(NOW - 19 * MINUTE + HOUR));
    }
  });

  it('counts no day without an event', async () => {
    const { put, run } = desk();
    const some = [15, 14, 13, 3, 2, 1, 0].map((days) => call('203.0.113.7', NOW - days * DAY));
    put('a.json', JSON.stringify(some));
    const [row] = JSON.parse((await run(['a.json'], { json: true })).out);
    expect(row.learningUntil).toBe(sayInstant(NOW + (14 - 2 - 3) * DAY));
  });

  it('reads folders, and takes events after --rules', async () => {
    const { folder, put, run } = desk();
    mkdirSync(join(folder, 'AWSLogs/2026'), { recursive: true });
    put('AWSLogs/a.json.gz', gzipSync(JSON.stringify({ Records: daily(20) })));
    put('AWSLogs/2026/b.json', JSON.stringify({ Records: [call('203.0.113.8', NOW)] }));
    const learnt = {
      code: 0,
      err: '',
      out: expect.stringContaining('2 values, 2 of them new; learning is over'),
    };
    expect(await run(['AWSLogs'])).toMatchObject(learnt);
    const again = desk();
    again.put('events.ndjson', JSON.stringify(call('203.0.113.7', NOW)));
    expect((await again.run([], { rules: ['rules.yml', 'events.ndjson'] })).out).toContain(
      '1 value, 1 of them',
    );
  });

  it('goes on after a damaged file, and says so', async () => {
    const { put, run } = desk();
    put('a.json', JSON.stringify(daily(20)));
    put('b.json.gz', gzipSync(JSON.stringify(daily(2))).subarray(0, 40));
    put('c.json', JSON.stringify(call('203.0.113.9', NOW)));
    const { code, out, err } = await run(['a.json', 'b.json.gz', 'c.json']);
    expect(code).toBe(0);
    expect(out).toContain('2 values, 2 of them new; learning is over');
    expect(err).toBe(
      'b.json.gz cannot be read: the gzip file was cut short.\n1 file not read, or not to the end.\n',
    );
  });

  it('stopped with Ctrl-C, keeps the values and does not count the time; once more learns all', async () => {
    const { put, run } = desk();
    let stop = () => {};
    const texts = daily(20).map((one) => `${JSON.stringify(one)}\n`);
    function* stopping() {
      yield* texts.slice(0, 10);
      stop();
      yield* texts.slice(10);
    }
    const stopped = await run([], {}, stopping(), (action) => {
      stop = action;
    });
    expect(stopped).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^rules: 1 value, 1 of them new; learning until /),
      err: expect.stringMatching(
        /^You stopped it after \d+ events?: their values are learnt, but their time does not count; run it again/,
      ),
    });
    put('a.ndjson', texts.join(''));
    expect((await run(['a.ndjson'])).out).toContain('rules: 1 value, 0 of them new; learning is over');
  });

  it('does not let a value steer the terminal', async () => {
    const { put, run } = desk(firstSeenRule('{of: [userAgent]}'));
    put('a.json', JSON.stringify({ ...call('203.0.113.7', NOW), userAgent: 'a\u001b[2J\u202eb' }));
    expect((await run(['a.json'])).out).not.toMatch(STEERING);
    expect((await run(['a.json'], { json: true })).out).not.toMatch(STEERING);
  });

  it('refuses rules that have nothing to learn, files that are not there, and a folder in use', async () => {
    const plain = desk(RULE.replace(/^trailbot.*$/m, ''));
    await expect(plain.run(['a.json'])).rejects.toThrow('No rule here has "first_seen" under "trailbot:"');
    const { run, put, folder } = desk();
    await expect(run(['a.json'])).rejects.toThrow('a.json cannot be read');
    put('a.json', JSON.stringify(call('203.0.113.7', NOW)));
    await temporaryStore(join(folder, 'data'));
    await expect(run(['a.json'])).rejects.toThrow(Misuse);
    await expect(run(['a.json'])).rejects.toThrow('another Trailbot is running with it');
  });
});
