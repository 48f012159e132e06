import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const RULE = `title: Access key created
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: CreateAccessKey }
  condition: selection
`;

/** Matches the rule, and says what its id is. */
const hit = (eventID: string): JsonObject => record({ eventID });
const miss = (): JsonObject => record({ eventName: 'ListAccessKeys' });
const json = (value: unknown) => JSON.stringify(value);

let folder: string;
const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
/** [event, line] of each match. */
async function matches(...args: string[]): Promise<[string, number][]> {
  const { code, out, err } = await call(['match', '--rules', 'rule.yml', ...args], { folder });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return lines(out).map(({ event, line }) => [String(event), Number(line)]);
}
const lines = (out: string): JsonObject[] =>
  out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JsonObject]));

beforeEach(() => {
  folder = temporaryFolder();
  put('rule.yml', RULE);
});

describe('match', () => {
  it('prints one line a match: rule, title, level, event, and the index of the record', async () => {
    const stdin = [`${json(miss())}\n${json(hit('a'))}\n`];
    const { code, out, err } = await call(['match', '--rules', 'rule.yml'], { folder, stdin });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      '{"rule":"6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01","title":"Access key created","level":"high","event":"a","line":1}\n',
    );
  });

  it.each<[what: string, make: (a: JsonObject, b: JsonObject) => string]>([
    ['records, one a line', (a, b) => `${json(a)}\n${json(b)}\n`],
    ['EventBridge events, one a line', (a, b) => `${json(envelope(a))}\n${json(envelope(b))}`],
    ['{"Records":[…]}', (a, b) => json({ Records: [a, b] })],
    ['{"Records":[…]} over lines', (a, b) => JSON.stringify({ Records: [a, b] }, null, 2)],
    ['{"Records":[…]}, one a line', (a, b) => `${json({ Records: [a] })}\n${json({ Records: [b] })}`],
    ['an array', (a, b) => json([a, envelope(b)])],
    ['an array with one a line', (a, b) => `[\n${json(a)},\n${json(b)}\n]\n`],
    ['two documents over lines', (a, b) => [a, b].map((one) => JSON.stringify(one, null, 4)).join('\n')],
    [
      'the output of LookupEvents',
      (a, b) => JSON.stringify({ Events: [a, b].map((one) => ({ CloudTrailEvent: json(one) })) }, null, 4),
    ],
    [
      'SNS in SQS',
      (a, b) =>
        json({
          Messages: [a, b].map((one) => ({
            Body: json({ Type: 'Notification', TopicArn: 'arn:aws:sns:::t', Message: json(envelope(one)) }),
          })),
        }),
    ],
  ])('takes %s: plain, gzip, with a byte order mark, as UTF-16', async (_what, make) => {
    const text = make(hit('ä-𝄞'), hit('b'));
    put('plain', text);
    put('gzip', gzipSync(text));
    put('mark', `\ufeff${text}`);
    put('wide', Buffer.from(`\ufeff${text}`, 'utf16le'));
    const files = ['plain', 'gzip', 'mark', 'wide'];
    expect(await matches(...files)).toEqual(
      files.flatMap((_file, index) => [
        ['ä-𝄞', index * 2],
        ['b', index * 2 + 1],
      ]),
    );
  });

  it('takes gzip files one behind the other, and files of nothing', async () => {
    put('two.gz', Buffer.concat([gzipSync(`${json(hit('a'))}\n`), gzipSync(`${json(hit('b'))}\n`)]));
    put('empty', '');
    put('empty.gz', gzipSync(''));
    expect(await matches('empty', 'two.gz', 'empty.gz')).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });

  it('takes a stream in chunks of one byte, plain or gzip', async () => {
    const text = `${json(miss())}\n${json(hit('ä-𝄞'))}\n`;
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const stdin = [...bytes].map((byte) => Uint8Array.of(byte));
      const { out } = await call(['match', '--rules', 'rule.yml', '-'], { folder, stdin });
      expect(lines(out)).toEqual([expect.objectContaining({ event: 'ä-𝄞', line: 1 })]);
    }
  });

  it('knows where rules end and events begin', async () => {
    put('other.yml', RULE.replace('6f0a', '6f0b').replace('CreateAccessKey', 'ListAccessKeys'));
    put('events', json([hit('a'), miss()]));
    expect(await matches('events')).toEqual([['a', 0]]);
    expect(await matches('other.yml', 'events')).toHaveLength(2);
    const first = await call(['match', 'events', '--rules', 'rule.yml'], { folder });
    expect(lines(first.out)).toHaveLength(1);
  });

  it('counts what is not understood in the index, and says why', async () => {
    put('events', `${json(hit('a'))}\n{"eventVersion":"1.\n42\n{"Records":[{},${json(hit('b'))}]}\n`);
    const { code, out, err } = await call(['match', '--rules', 'rule.yml', 'events'], { folder });
    expect(code).toBe(0);
    expect(lines(out).map(({ event, line }) => [event, line])).toEqual([
      ['a', 0],
      ['b', 4],
    ]);
    expect(err.split('\n')).toEqual([
      'events:2: record 1 was not understood: It is no JSON.',
      'events:3: record 2 was not understood: Not a CloudTrail record: a number where an object should be.',
      'events:4: record 3 was not understood: An empty object, not a CloudTrail record.',
      '3 of 5 records were not understood and matched nothing.',
      '',
    ]);
  });

  it('ends with 1 when nothing was understood, and does not flood the terminal', async () => {
    put('picture', Buffer.from(Array.from({ length: 60_000 }, (_, index) => (index * 7919) % 251)));
    const { code, out, err } = await call(['match', '--rules', 'rule.yml', 'picture'], { folder });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.split('\n').length).toBeLessThanOrEqual(102);
    expect(err).toMatch(
      /\n(\d+) of \1 records were not understood and matched nothing; the first 100 are shown above\.\n$/,
    );
  });

  it('says that a gzip file was cut short or damaged, after what stood before', async () => {
    const whole = gzipSync(
      Array.from({ length: 500 }, (_, index) => `${json(hit(`event-${index}`))}\n`).join(''),
      {
        level: 0,
      },
    );
    put('cut.gz', whole.subarray(0, -20_000));
    const cut = await call(['match', '--rules', 'rule.yml', 'cut.gz'], { folder });
    expect(cut).toMatchObject({ code: 2, err: 'cut.gz cannot be read: the gzip file was cut short.\n' });
    expect(lines(cut.out).length).toBeGreaterThan(400);
    whole.fill(0xff, whole.length - 8);
    put('damaged.gz', whole);
    const damaged = await call(['match', '--rules', 'rule.yml', 'damaged.gz'], { folder });
    expect(damaged).toMatchObject({ code: 2, err: 'damaged.gz cannot be read: the gzip file is damaged.\n' });
  });

  it('--count prints how often each rule matched, and nothing else', async () => {
    put('events', json([hit('a'), miss(), hit('b')]));
    const { out } = await call(['match', '--count', '--rules', 'rule.yml', '--', 'events'], { folder });
    expect(lines(out)).toEqual([
      { rule: '6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01', title: 'Access key created', level: 'high', count: 2 },
    ]);
  });

  it('reads no further when nobody reads what it prints', async () => {
    let read = 0;
    const chunk = `${json(hit('a'))}\n`.repeat(200);
    const stdin = {
      *[Symbol.iterator]() {
        for (; read < 1000; read++) yield chunk;
      },
    };
    const { code } = await call(['match', '--rules', 'rule.yml'], {
      folder,
      stdin,
      deaf: () => read > 10,
    });
    expect(code).toBe(0);
    expect(read).toBeLessThan(50);
  });
});
