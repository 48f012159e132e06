import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { match } from '../../src/cli/match.ts';
import { Matcher } from '../../src/cli/replay/matcher.ts';
import { doUnit } from '../../src/cli/replay/whole.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { readRecord } from '../../src/cloudtrail/record.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { loadRules } from '../../src/rules/load.ts';
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
const TRAIL = 'AWSLogs/111122223333/CloudTrail/us-east-1/2026/11';

const json = (value: unknown) => JSON.stringify(value);
const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
/** Every third of them matches. */
const event = (index: number): JsonObject =>
  record({ eventID: idOf(index), eventName: index % 3 === 0 ? 'CreateAccessKey' : 'ListAccessKeys' });
const events = (from: number, to: number): JsonObject[] =>
  Array.from({ length: to - from }, (_, index) => event(from + index));
/** More than one block of a long input. */
const MANY = events(0, 14_000);
/** [event, line] of what must be found among the first so many. */
const hits = (count: number): [string, number][] =>
  Array.from({ length: Math.ceil(count / 3) }, (_, index) => [idOf(index * 3), index * 3]);

let folder: string;
function put(name: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}
const trailFile = (records: readonly JsonObject[]) => gzipSync(json({ Records: records }));

interface Result {
  readonly code: number;
  readonly found: [string, number][];
  readonly err: string;
}

/** The command with so many threads from the first byte on. */
async function run(threads: number, ...files: string[]): Promise<Result> {
  return runOn({}, threads, ...files);
}

async function runOn(other: Partial<Terminal>, threads: number, ...files: string[]): Promise<Result> {
  const said = { out: '', err: '' };
  const terminal: Terminal = {
    args: [],
    env: {},
    folder,
    stdin: (async function* () {})(),
    keyboard: false,
    out: (text: string) => {
      said.out += text;
    },
    outReady: async () => true,
    err: (text: string) => {
      said.err += text;
    },
    interactive: false,
    onStop: () => {},
    onReload: () => {},
    ...other,
  };
  const code = await match(terminal, files, { rules: ['rule.yml'], threads });
  return { code, found: matchesIn(said.out), err: said.err };
}

function matchesIn(out: string): [string, number][] {
  const lines = out.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { event: id, line: index } = JSON.parse(line) as { event: string; line: number };
    return [id, index];
  });
}

beforeEach(() => {
  folder = temporaryFolder();
  put('rule.yml', RULE);
});

describe.each([1, 2])('match, with %i threads', (threads) => {
  it('reads a folder as S3 trails lay it out, in the order of the names', async () => {
    for (let day = 0; day < 20; day += 1) {
      const at = `trail/${TRAIL}/${String(day + 1).padStart(2, '0')}`;
      put(`${at}/a.json.gz`, trailFile(events(day * 90, day * 90 + 60)));
      put(`${at}/b.json.gz`, trailFile(events(day * 90 + 60, day * 90 + 90)));
    }
    expect(await run(threads, 'trail')).toEqual({ code: 0, found: hits(1800), err: '' });
  });

  it.each<[what: string, write: (all: JsonObject[]) => string | Uint8Array]>([
    ['records, one a line', (all) => all.map((one) => `${json(one)}\n`).join('')],
    ['records, one a line, gzip', (all) => gzipSync(all.map((one) => `${json(one)}\n`).join(''))],
    ['{"Records":[…]} on one line', (all) => json({ Records: all })],
    ['{"Records":[…]} on one line, gzip', (all) => gzipSync(json({ Records: all }))],
    ['{"Records":[…]} over lines', (all) => JSON.stringify({ Records: all }, null, 2)],
    ['an array with one a line', (all) => `[\n${all.map(json).join(',\n')}\n]\n`],
    [
      'two long lists in a row',
      (all) => `${json({ Records: all.slice(0, 9000) })}\n${json({ Records: all.slice(9000) })}\n`,
    ],
    [
      'records in lists in records',
      (all) =>
        json({
          Records: all.map((one) => ({ ...one, additionalEventData: { inner: [{ a: 1 }, one, one] } })),
        }),
    ],
  ])('reads one long input: %s', async (_what, write) => {
    put('long', write(MANY));
    expect(await run(threads, 'long')).toEqual({ code: 0, found: hits(14_000), err: '' });
  });

  it('finds its way back after broken lines in the middle of a long file', async () => {
    const lines = MANY.map(json);
    lines[5000] = '{"eventVersion":"1.';
    lines[9000] = JSON.stringify(event(9000), null, 2);
    put('long', `${lines.join('\n')}\n`);
    const { code, found, err } = await run(threads, 'long');
    expect({ code, found }).toEqual({ code: 0, found: hits(14_000).filter(([, line]) => line !== 5000) });
    expect(err).toBe(
      'long:5001: record 5000 was not understood: It is no JSON.\n' +
        '1 of 14000 records were not understood and matched nothing.\n'.replace('were', 'was'),
    );
  });

  it('says which file is damaged, keeps what stood before, and goes on with the others', async () => {
    const middle = trailFile(events(60, 120));
    put('trail/1.json.gz', trailFile(events(0, 60)));
    put('trail/2.json.gz', middle.subarray(0, middle.length - 200));
    put('trail/3.json.gz', trailFile(events(120, 180)));
    put('trail/4.json.gz', 'no JSON at all\n');
    put('trail/5.json.gz', trailFile(events(180, 240)));
    const { code, found, err } = await run(threads, 'trail');
    expect(code).toBe(2);
    expect(err).toContain('trail/2.json.gz cannot be read: the gzip file was cut short.\n');
    expect(err).toContain('trail/4.json.gz:1: record');
    const ids = new Set(found.map(([id]) => id));
    for (const [id, line] of hits(240)) if (line < 60 || line >= 120) expect(ids).toContain(id);
  });

  it('prints what was found until Ctrl-C, and says that it was stopped', async () => {
    let stop = () => {};
    const endless = async function* () {
      for (let index = 0; ; index += 1) {
        if (index === 600) stop();
        yield Buffer.from(`${json(event(index))}\n`);
      }
    };
    const onStop = (action: () => void) => {
      stop = action;
    };
    const { code, found, err } = await runOn({ stdin: endless(), onStop }, threads, '-');
    expect(code).toBe(1);
    expect(found).toEqual(hits(found.length * 3));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(200);
    expect(err).toMatch(/^Stopped after \d+ records; there may be more in the input\.\n$/);
  });

  it('leaves digests, summaries and the logs of other services out of folders, and takes insights', async () => {
    put(`trail/${TRAIL}/01/a.json.gz`, trailFile(events(0, 3)));
    const insight = TRAIL.replace('CloudTrail', 'CloudTrail-Insight');
    put(`trail/${insight}/01/a.json.gz`, trailFile(events(3, 6)));
    put(`trail/${TRAIL.replace('CloudTrail', 'CloudTrail-Digest')}/01/a.json.gz`, trailFile(events(6, 9)));
    put(`trail/${TRAIL.replace('CloudTrail', 'CloudTrail-Aggregated')}/01/a.json.gz`, 'no gzip');
    put('trail/111122223333_CloudTrail-Digest_us-east-1_x.json.gz', 'no gzip');
    put('trail/AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/11/01/a.log.gz', 'no events');
    put('trail/AWSLogs/o-a1b2c3d4e5/111122223333/Config/a.json.gz', 'no events');
    put('trail/notes.txt', 'no events');
    put('trail/.hidden.json', 'no events');
    expect(await run(threads, 'trail')).toEqual({ code: 0, found: hits(6), err: '' });
  });
});

describe('match, from one file', () => {
  it('finds the same in one file of any kind', async () => {
    const all = events(0, 300);
    const lines = all.map((one) => `${json(one)}\n`).join('');
    const kinds = {
      'records.json': json({ Records: all }),
      'records.json.gz': trailFile(all),
      'pretty.json': JSON.stringify({ Records: all }, null, 2),
      'lines.ndjson': lines,
      'lines.ndjson.gz': gzipSync(lines),
      'members.ndjson.gz': Buffer.concat([
        gzipSync(lines.slice(0, 1000)),
        gzipSync(lines.slice(1000, 200_000)),
        gzipSync(lines.slice(200_000)),
      ]),
    };
    for (const [name, bytes] of Object.entries(kinds)) {
      put(name, bytes);
      expect({ name, ...(await run(1, name)) }).toEqual({ name, code: 0, found: hits(300), err: '' });
    }
  });

  it('knows what only looks like records, one after the other', async () => {
    const [a, b, c] = events(0, 3).map(json);
    const kinds: Record<string, [bytes: string, count: number, broken?: true]> = {
      'envelopes.ndjson': [
        events(0, 3)
          .map((one) => `${json(envelope(one))}\n`)
          .join(''),
        3,
      ],
      'spaces.json': [`{"Records":[${a}, ${b} ,\t${c}]}`, 3],
      'escapes.json': [
        `{"Records":[${[a, b, c].map((one) => one?.replace('eventID', 'event\\u0049D')).join()}]}`,
        3,
      ],
      'accents.json': [
        `{"Records":[${[a, b, c].map((one) => one?.replace('eventID', 'é":1,"eventID')).join()}]}`,
        3,
      ],
      'comma.json': [`{"Records":[${a},${b},${c},]}`, 1, true],
      'behind.json': [`{"Records":[${a},${b},${c}]} x`, 3, true],
      'beside.json': [`{"Records":[${a}],"more":[${b}]}`, 1],
    };
    for (const [name, [bytes, count, broken]] of Object.entries(kinds)) {
      put(name, bytes);
      const { found, err } = await run(1, name);
      expect({ name, found, broken: err !== '' }).toEqual({
        name,
        found: hits(count),
        broken: broken === true,
      });
    }
  });

  it('keeps what stood before the place where a file breaks off', async () => {
    const text = json({ Records: events(0, 60) });
    put('cut.json', text.slice(0, text.length - 100));
    put('cut.json.gz', gzipSync(text.slice(0, text.length - 100)));
    for (const name of ['cut.json', 'cut.json.gz']) {
      const { code, found, err } = await run(1, name);
      expect({ name, code, found }).toEqual({ name, code: 0, found: hits(60) });
      expect(err).toContain(`${name}:1: record 59 was not understood: It is no JSON.\n`);
    }
  });

  it('does not believe a gzip trailer that lies', async () => {
    const bytes = trailFile(events(0, 60));
    for (const [name, length] of [
      ['short', 10],
      ['long', 2 ** 31],
      ['a little long', bytes.readUInt32LE(bytes.length - 4) + 1],
    ] as const) {
      const lying = Buffer.from(bytes);
      lying.writeUInt32LE(length, lying.length - 4);
      put(`${name}.gz`, lying);
      const { code, err } = await run(1, `${name}.gz`);
      expect({ code, err }).toEqual({
        code: 2,
        err: `${name}.gz cannot be read: the gzip file is damaged.\n`,
      });
    }
  });
});

describe('match, from folders', () => {
  it('says that a folder has no events, before anything is read', async () => {
    put('events.json', json([event(0)]));
    put('trail/notes.txt', 'no events');
    const { code, out, err } = await call(['match', '--rules', 'rule.yml', '--', 'events.json', 'trail'], {
      folder,
    });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^trail is a folder without event files\. Their names end in \.json, .* or \.gz\.\n$/,
    );
  });

  it('tells a folder of events behind the rules from one of more rules', async () => {
    put(`trail/${TRAIL}/01/a.json.gz`, trailFile(events(0, 3)));
    put(
      'more/rules/root.yml',
      RULE.replace('f6a01', 'f6a02').replace('Access key', 'Key').replace('f4d4f6a01', 'f4d4f6a02'),
    );
    for (const args of [
      ['rule.yml', 'trail'],
      ['rule.yml', 'more', 'trail'],
    ]) {
      const { code, out } = await call(['match', '--rules', ...args], { folder });
      expect({ args, code, found: matchesIn(out).length }).toEqual({ args, code: 0, found: args.length - 1 });
    }
  });

  it('says that standard input cannot be part of it when nothing is piped in', async () => {
    const { code, err } = await call(['match', '--rules', 'rule.yml'], { folder, keyboard: true });
    expect({ code, err }).toEqual({
      code: 2,
      err: 'Give one or more files or folders with events, or pipe the events in.\n',
    });
  });

  it('goes on with a file that grows while it is read', async () => {
    put('events.ndjson', `${json(event(0))}\n`);
    appendFileSync(join(folder, 'events.ndjson'), `${json(event(3))}\n`);
    const { out } = await call(['match', '--rules', 'rule.yml', '--', 'events.ndjson'], { folder });
    expect(matchesIn(out)).toEqual([
      [idOf(0), 0],
      [idOf(3), 1],
    ]);
  });
});

describe('rules on records with secrets', () => {
  const SECRET = 'xoxb-1234567890-abcdefghij';
  const TEXTS = [
    SECRET,
    'aws-cli/2.17.3',
    '[redacted]',
    'redacted',
    `mysql --password ${SECRET}  now`,
    `{ "Effect" : "Allow", "password" : "hunter2hunter2" }`,
    '{ "Effect" : "Allow" }',
    'https://hooks.slack.com%2Fservices%2FT000%2FB000',
    'arn:aws:sts::111122223333:assumed-role/admin/alice',
    'AssumedRole',
  ];
  const FIELDS = [
    'userAgent',
    'errorCode',
    'requestParameters.password',
    'requestParameters.value',
    'requestParameters.text',
    'requestParameters.list',
  ];
  const VALUES = [
    ['', "'*redact*'"],
    ['|contains', "'hunter2'"],
    ['|contains', '\'"Effect":"Allow"\''],
    ['|contains', "'com/'"],
    ['|startswith', "'arn:aws:'"],
    ['|endswith', "']'"],
    ['|re', "'^.{10}$'"],
    ['|exists', 'true'],
    ['', "'[redacted]'"],
    ['', 'AssumedRole'],
    ['', `'${SECRET}'`],
    ['', 'null'],
    ['', "'a?s*'"],
  ];

  const item = fc
    .record({ field: fc.constantFrom(...FIELDS), value: fc.constantFrom(...VALUES), not: fc.boolean() })
    .map(({ field, value: [modifier, value], not }) => ({ line: `${field}${modifier}: ${value}`, not }));
  const text = fc.constantFrom<Json>(...TEXTS, null, 5);
  const body = fc
    .record({
      userAgent: text,
      errorCode: text,
      password: text,
      value: text,
      text: fc.oneof(text, fc.record({ inner: text }), fc.array(text, { maxLength: 3 })),
      list: fc.constantFrom<Json>(['--password', 'AssumedRole'], ['AssumedRole'], []),
      named: fc.boolean(),
      plain: fc.boolean(),
    })
    .map(({ userAgent, errorCode, password, value, text: inner, list, named, plain }) =>
      record({
        ...(plain ? {} : { userAgent }),
        ...(errorCode === null ? {} : { errorCode }),
        requestParameters: plain
          ? { list }
          : { password, value, text: inner, list, ...(named && { name: 'password' }) },
      }),
    );

  it('say the same as of the record that was read and redacted', () => {
    const property = fc.property(fc.array(item, { minLength: 1, maxLength: 3 }), body, (items, given) => {
      const selections = items.map(
        ({ line }, index) =>
          `  s${index}: {'${line.split(': ')[0]}': ${line.split(': ').slice(1).join(': ')}}\n`,
      );
      const condition = items.map(({ not }, index) => `${not ? 'not ' : ''}s${index}`).join(' and ');
      const file = `title: T\nid: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n${selections.join('')}  condition: ${condition}\n`;
      const { ruleset, problems } = loadRules([{ path: 'r.yml', text: file }]);
      expect(problems).toEqual([]);
      const matcher = new Matcher(ruleset, 'id');
      matcher.add(structuredClone(given), 1);
      const read = readRecord(given);
      const matched = 'unreadable' in read ? [] : ruleset.match(read);
      expect(matcher.take().hits.length).toBe(matched.length * 2);
      const unit = { kind: 'lines', bytes: Uint8Array.from(Buffer.from(json(given))) } as const;
      expect(doUnit(matcher, unit)).toMatchObject({ records: 1, hits: { length: matched.length * 2 } });
    });
    fc.assert(property, { seed: 20, numRuns: 1000 });
  });
});
