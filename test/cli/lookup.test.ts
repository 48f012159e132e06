import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLookup } from '../../src/app/lookup.ts';
import { answerText } from '../../src/cli/answer-text.ts';
import { type LookupOptions, type LookupTools, lookup } from '../../src/cli/lookup.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, MINUTE, sayInstant, systemClock } from '../../src/kernel/time.ts';
import type { Answer, Line } from '../../src/questions/answer.ts';
import { type Call, callOf } from '../../src/questions/call.ts';
import type { Coverage, PlaceCover } from '../../src/questions/coverage.ts';
import type { Material, Names } from '../../src/questions/material.ts';
import type { Question } from '../../src/questions/question.ts';
import { fakeClock } from '../support/clock.ts';
import { EVENT_TIME, readable } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const NOW = Date.UTC(2026, 10, 20, 9, 15);
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const NAMES: Names = { account: (id) => (id === '111122223333' ? 'Production' : id), networks: () => [] };
const QUESTION: Question = {
  kind: 'key',
  value: KEY,
  scope: { period: { from: NOW - 30 * DAY, to: NOW, said: 'last 30 days' } },
};
const ESCAPE = '\u001b]0;owned\u0007\u001b[2J\u009b31m';
const STEERING = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

const DONE: PlaceCover = {
  account: '111122223333',
  region: 'us-east-1',
  state: 'done',
  requests: 1,
  events: 2,
  throttled: 0,
};
const WRONG_SECRET: PlaceCover = {
  account: '*',
  region: '*',
  state: 'failed',
  requests: 0,
  events: 0,
  throttled: 0,
  trouble: { kind: 'no credentials', what: 'the secret is wrong', remedy: 'give the right one' },
};

function coverage(overrides: Partial<Coverage> = {}): Coverage {
  return {
    scope: QUESTION.scope,
    store: { since: NOW - DAY, events: 1, stored: 7, waiting: 0, truncated: false, took: 3 },
    lookup: { places: [DONE], took: 1200 },
    blind: [],
    ...overrides,
  };
}

function answer(overrides: Partial<Answer>): Answer {
  return {
    question: QUESTION,
    view: { kind: 'summary' },
    title: [{ text: 'Who used ' }, { keyId: KEY }, { text: ', last 30 days' }],
    lead: [{ text: 'alice' }, { text: ' made 3 calls.' }],
    parts: [],
    coverage: coverage(),
    pages: undefined,
    calls: 3,
    follow: [],
    unfinished: false,
    ...overrides,
  };
}

const shown = {
  width: 120,
  command: (words: string, page?: number) => `trailbot lookup ${words}${page ? ` --page ${page}` : ''}`,
};

function text(overrides: Partial<Answer>, more: { limit?: number; width?: number } = {}): string {
  return answerText(answer(overrides), NAMES, { ...shown, ...more });
}

describe('an answer in a terminal', () => {
  it('says what was asked, the answer, and what was looked at, with the key whole', () => {
    const said = text({});
    expect(said.split('\n').slice(0, 4)).toEqual([
      `Who used ${KEY}, last 30 days`,
      '',
      'alice made 3 calls.',
      '',
    ]);
    expect(said).toContain('Asked: Production in us-east-1, last 30 days, reads and writes.');
    expect(said.endsWith('\n')).toBe(true);
  });

  it('shows times in UTC', () => {
    const forms = (['date', 'date and time', 'time'] as const).map((form): Line => [{ at: NOW, form }]);
    expect(text({ parts: [{ kind: 'lines', lines: forms }] })).toContain(
      '2026-11-20\n2026-11-20 09:15:00 UTC\n09:15:00 UTC\n',
    );
  });

  it('puts the columns of a table in line, wide signs included', () => {
    const row = (name: string, count: string): Line[] => [[{ text: name }], [{ text: count }]];
    const table = {
      kind: 'table' as const,
      title: 'By actor',
      columns: [
        { name: 'Who', align: 'left' as const },
        { name: 'Calls', align: 'right' as const },
      ],
      rows: [row('alice', '1,204'), row('山田太郎', '7'), row('e\u0301ve', '12')],
      more: 2,
    };
    expect(text({ parts: [table] })).toContain(
      [
        'By actor',
        '  Who       Calls',
        '  alice     1,204',
        '  山田太郎      7',
        '  e\u0301ve          12',
        '  … and 2 more',
      ].join('\n'),
    );
    expect(text({ parts: [table] }, { limit: 1 })).toContain(
      '  alice  1,204\n  … and 4 more (--limit shows more)',
    );
  });

  it('draws a chart as a line a series, where nothing looks different from little', () => {
    const chart = {
      kind: 'chart' as const,
      title: 'Calls per day (UTC)',
      unit: 'calls',
      labels: ['Nov 16', 'Nov 17', 'Nov 18', 'Nov 19'],
      series: [
        { name: 'allowed', values: [0, 1, 50, 100] },
        { name: 'denied', values: [0, 0, 0, 2] },
      ],
    };
    expect(text({ parts: [chart] })).toContain(
      [
        'Calls per day (UTC), Nov 16 to Nov 19; the highest bar is 100',
        '  allowed  ·▁▄█  151  calls',
        '  denied   ···▁    2  calls',
      ].join('\n'),
    );
  });

  it('leaves a series of a chart out that has nothing to show', () => {
    const chart = (denied: number[]) => ({
      kind: 'chart' as const,
      title: 'Calls per day (UTC)',
      unit: 'calls',
      labels: ['Nov 18', 'Nov 19'],
      series: [
        { name: 'allowed', values: [0, 4] },
        { name: 'denied', values: denied },
      ],
    });
    expect(text({ parts: [chart([0, 0])] })).not.toContain('denied');
    expect(text({ parts: [chart([0, 1])] })).toContain('  denied   ·▂  1  calls');
  });

  it('breaks long lines at spaces, and indents what follows', () => {
    const words = 'all the words of a line that is much longer than the terminal is wide';
    const arn = `arn:aws:iam::111122223333:role/${'long'.repeat(10)}`;
    const said = text(
      {
        lead: [{ text: words }],
        parts: [
          { kind: 'list', title: 'New', ordered: true, items: [[{ text: `${words} ${arn}` }]] },
          { kind: 'code', title: 'The event', text: `{ "words": "${words}" }` },
        ],
      },
      { width: 40 },
    );
    expect(said).toContain('all the words of a line that is much\n  longer than the terminal is wide\n');
    expect(said).toContain(
      `  1. all the words of a line that is\n     much longer than the terminal is\n     wide\n     ${arn}\n`,
    );
    expect(said).toContain(`  { "words": "${words}" }\n`);
  });

  it('cuts the widest texts of a table that is too wide, but never a key or a number', () => {
    const table = {
      kind: 'table' as const,
      title: 'By client',
      columns: [
        { name: 'Client', align: 'left' as const },
        { name: 'Key', align: 'left' as const },
        { name: 'Calls', align: 'right' as const },
      ],
      rows: [
        [[{ text: 'aws-cli/2.17.3 ua/2.0 os/linux lang/python' }], [{ keyId: KEY }], [{ text: '1,204' }]],
      ],
      more: 0,
    };
    expect(text({ parts: [table] }, { width: 60 })).toContain(
      `  aws-cli/2.17.3 ua/2.0 os/lin…  ${KEY}  1,204\n`,
    );
    expect(text({ parts: [table] }, { width: 10 })).toContain(`  aws-cli/2.17.3 ua/2…  ${KEY}  1,204\n`);
  });

  it('never breaks a command to copy', () => {
    const said = text(
      {
        pages: { page: 0, of: 3 },
        follow: [{ label: [{ text: 'Only writes' }], question: QUESTION }],
      },
      { width: 50 },
    );
    expect(said).toContain(`Page 1 of 3. The next one:\n  trailbot lookup key ${KEY} 30d --page 2\n`);
    expect(said).toContain(`To go on\n  Only writes\n    trailbot lookup key ${KEY} 30d\n`);
  });

  it('numbers a list, shows JSON as it is, and says how to go on', () => {
    const said = text({
      parts: [
        { kind: 'list', title: 'Top calls', ordered: true, items: [[{ text: 'a' }], [{ text: 'b' }]] },
        { kind: 'list', title: 'New', ordered: false, items: [[{ text: 'c' }]] },
        { kind: 'code', title: 'The event', text: '{\n  "a": 1\n}' },
      ],
      pages: { page: 0, of: 3 },
      follow: [
        {
          label: [{ text: 'Only writes' }],
          question: { ...QUESTION, scope: { ...QUESTION.scope, access: 'writes' } },
        },
      ],
    });
    expect(said).toContain('Top calls\n  1. a\n  2. b\n');
    expect(said).toContain('New\n  - c\n');
    expect(said).toContain('The event\n  {\n    "a": 1\n  }\n');
    expect(said).toContain(`Page 1 of 3. The next one: trailbot lookup key ${KEY} 30d --page 2\n`);
    expect(said).toContain(`To go on\n  Only writes  trailbot lookup key ${KEY} 30d writes\n`);
  });

  it('lets nothing from outside steer the terminal', () => {
    const hostile: Line = [{ text: `x${ESCAPE}\r\n\u202eevil\r`, style: 'code' }];
    const said = text({
      title: hostile,
      lead: hostile,
      parts: [
        { kind: 'lines', lines: [hostile] },
        { kind: 'list', title: ESCAPE, ordered: false, items: [hostile] },
        {
          kind: 'table',
          title: ESCAPE,
          columns: [{ name: ESCAPE, align: 'left' }],
          rows: [[hostile]],
          more: 0,
        },
        {
          kind: 'chart',
          title: ESCAPE,
          unit: ESCAPE,
          labels: [ESCAPE],
          series: [{ name: ESCAPE, values: [1] }],
        },
        { kind: 'code', title: ESCAPE, text: `a${ESCAPE}\nb\rc` },
      ],
      follow: [{ label: hostile, question: { ...QUESTION, kind: 'user', value: `a${ESCAPE}` } }],
    });
    expect(said).not.toMatch(STEERING);
    expect(said).toContain('⏎evil');
  });
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: Question | undefined;
  readonly deadline: number | undefined;
  readonly closed: boolean;
}

function calls(): Call[] {
  return [
    callOf(readable({ userAgent: `curl/8 ${ESCAPE}` })),
    callOf(readable({ eventName: 'ListUsers', readOnly: true })),
  ];
}

/** Newest first: `Call249`, … `Call0`. */
function manyCalls(count: number): Call[] {
  return Array.from({ length: count }, (_, at) =>
    callOf(readable({ eventName: `Call${count - 1 - at}`, eventTime: sayInstant(EVENT_TIME - at * MINUTE) })),
  );
}

/** How the command is called, and what is found. */
interface Setup {
  /** Presses Ctrl-C while it searches. */
  readonly stop?: boolean;
  readonly calls?: readonly Call[];
  readonly coverage?: Partial<Coverage>;
  readonly more?: Partial<Material>;
  readonly cost?: string;
  readonly env?: Record<string, string>;
  readonly columns?: number;
  /** Nobody watches standard error. */
  readonly alone?: boolean;
}

/** Runs the command with an answer made here instead of AWS. */
async function look(words: string[], options: LookupOptions = {}, setup: Setup = {}): Promise<Said> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'trailbot.yaml'), 'accounts:\n  "111122223333": { name: Production }\n');
  const said = {
    out: '',
    err: '',
    asked: undefined as Question | undefined,
    deadline: undefined as number | undefined,
    closed: false,
  };
  let pressed = (): void => {};
  const terminal: Terminal & { columns?: number | undefined } = {
    args: [],
    env: setup.env ?? {},
    columns: setup.columns,
    folder,
    stdin: (async function* () {})(),
    keyboard: true,
    out: (piece) => {
      said.out += piece;
    },
    outReady: async () => true,
    err: (piece) => {
      said.err += piece;
    },
    interactive: !setup.alone,
    onStop: (action) => {
      pressed = action;
    },
    onReload: () => {},
  };
  const tools: LookupTools = {
    names: NAMES,
    async ask(question, asking): Promise<Material> {
      said.asked = question;
      said.deadline = asking.deadline;
      const material: Material = {
        calls: setup.calls ?? calls(),
        coverage: coverage({ scope: question.scope, ...setup.coverage }),
        ...setup.more,
      };
      for (const done of [3, 4]) {
        asking.hear?.({
          material: { ...material, unfinished: true },
          places: 17,
          done,
          requests: 9,
          events: 40,
          left: 5000,
          cost: setup.cost,
        });
      }
      if (!setup.stop) return material;
      const cancelled = new Promise((resolve) => asking.signal.addEventListener('abort', resolve));
      pressed();
      await cancelled;
      return { ...material, calls: material.calls.slice(0, 1) };
    },
    async close() {
      said.closed = true;
    },
  };
  const code = await lookup(terminal, words, options, async () => tools, fakeClock(NOW));
  return { ...said, code };
}

describe('trailbot lookup', () => {
  it('asks the question that the words make, and prints the answer', async () => {
    const said = await look(['user', 'alice', '2d', 'in', 'Production']);
    expect(said.asked).toMatchObject({
      kind: 'user',
      value: 'alice',
      scope: { account: '111122223333', period: { from: NOW - 2 * DAY, to: NOW } },
    });
    expect(said).toMatchObject({ code: 0, err: '', closed: true, deadline: 2 * MINUTE });
    expect(said.out).toMatch(/^.*alice.*last 2 days/);
    expect(said.out).toContain('Asked: Production in us-east-1, last 2 days');
    expect(said.out).not.toMatch(STEERING);
  });

  it('takes a whole question in one word, and a name with spaces as one', async () => {
    expect((await look([`key ${KEY} 7d`])).asked).toMatchObject({ kind: 'key', value: KEY });
    expect((await look(['resource', 'my alarm'])).asked).toMatchObject({ value: 'my alarm' });
  });

  it('prints the calls as data, with what they answer, as JSON that cannot steer the terminal', async () => {
    const { out, err } = await look(['user', 'alice', '2d'], { json: true });
    const said = JSON.parse(out);
    expect(said).toMatchObject({
      question: {
        kind: 'user',
        value: 'alice',
        scope: { period: { from: '2026-11-18T09:15:00.000Z', to: '2026-11-20T09:15:00.000Z' } },
      },
      complete: true,
      counts: { calls: 2, printed: 2, failed: 0, denied: 0 },
      answer: { title: 'What alice did, last 2 days' },
      coverage: {
        said: [expect.stringMatching(/^Asked: Production in us-east-1, last 2 days/), expect.any(String)],
        store: { since: '2026-11-19T09:15:00.000Z', stored: 7 },
        lookup: { places: [{ region: 'us-east-1', state: 'done' }] },
      },
    });
    expect(said.calls[1]).toEqual({
      time: sayInstant(EVENT_TIME),
      eventId: expect.any(String),
      account: '111122223333',
      region: 'us-east-1',
      actor: expect.stringContaining('alice'),
      actorId: expect.any(String),
      action: 'iam:ListUsers',
      target: 'bob',
      address: '203.0.113.5',
      client: expect.stringContaining('aws-cli'),
      accessKeyId: expect.stringMatching(/^AKIA/),
      error: null,
      readOnly: true,
    });
    expect(err).toBe('');
    expect(out).not.toMatch(STEERING);
  });

  it('prints events in JSON as CloudTrail wrote them', async () => {
    const record = readable({ requestParameters: { from: 80, at: 443 } });
    const event = { record, receivedAt: NOW, late: true, alertIds: ['a1'], suppressed: [] };
    const { out } = await look(['event', record.eventId], { json: true }, { more: { events: [event] } });
    expect(JSON.parse(out).events).toEqual([
      {
        record: record.body,
        receivedAt: '2026-11-20T09:15:00.000Z',
        late: true,
        alertIds: ['a1'],
        suppressed: [],
      },
    ]);
  });

  it('prints the calls as CSV, at most as many as wanted', async () => {
    const all = await look(['user', 'alice'], { csv: true });
    expect(all.out.split('\r\n')).toHaveLength(4);
    expect(all.out.replaceAll('\r\n', '\n')).not.toMatch(STEERING);
    const one = await look(['user', 'alice'], { csv: true, limit: 1 });
    expect(one.out.split('\r\n')).toHaveLength(3);
  });

  it.each([
    [
      'a place in trouble',
      { lookup: { places: [DONE, WRONG_SECRET], took: 1 } },
      'AWS: the secret is wrong.',
    ],
    ['calls cut', { cutAt: NOW }, 'Too many calls for one answer: those before 2026-11-20 09:15:00 UTC'],
    ['no own store', { store: { off: 'there is no data folder here' } }, 'there is no data folder here'],
    ['AWS not asked', { lookup: { off: 'history.lookup_events is false.' } }, 'lookup_events is false'],
  ])('says beside data what it does not have: %s', async (_, missing, sentence) => {
    for (const options of [{ csv: true }, { json: true }]) {
      const said = await look(['user', 'alice'], options, { coverage: missing });
      expect(said.err).toContain('Asked: ');
      expect(said.err).toContain(sentence);
      expect(said.code).toBe(0);
      if (options.json) expect(JSON.parse(said.out).complete).toBe(false);
      else expect(said.out).not.toContain(sentence);
    }
  });

  it('is silent beside data that has everything, and says what --limit left out', async () => {
    expect((await look(['user', 'alice'], { csv: true })).err).toBe('');
    const cut = await look(['user', 'alice'], { json: true, limit: 1 });
    expect(cut.err).toBe('--limit left out all but the newest 1 of 2 calls.\n');
    expect(JSON.parse(cut.out)).toMatchObject({ complete: false, counts: { calls: 2, printed: 1 } });
    expect(JSON.parse(cut.out).calls).toHaveLength(1);
  });

  it('takes alerts for what the own store alone knows', async () => {
    const off = { lookup: { off: 'AWS knows nothing of alerts' } };
    const said = await look(['stats'], { json: true }, { calls: [], coverage: off });
    expect(JSON.parse(said.out).complete).toBe(true);
    expect(said.err).toBe('');
  });

  it('ends with 1, and says so first, when nobody could be asked', async () => {
    const nobody: Partial<Coverage> = {
      store: { off: 'there is no data folder here' },
      lookup: { places: [WRONG_SECRET], took: 1 },
    };
    const sentence =
      'Neither the own store nor AWS could be asked: this answer says nothing about what happened.\n';
    const said = await look(['errors'], {}, { calls: [], coverage: nobody });
    expect(said.code).toBe(1);
    expect(said.out.startsWith(sentence)).toBe(true);
    const csv = await look(['errors'], { csv: true }, { calls: [], coverage: nobody });
    expect(csv.code).toBe(1);
    expect(csv.err.startsWith(sentence)).toBe(true);
  });

  it('says once what the question takes, where somebody watches', async () => {
    const cost = 'This takes about 40 s and 80 requests: AWS allows two a second in each account and region.';
    expect((await look(['errors'], {}, { cost })).err).toBe(`${cost}\n`);
    expect((await look(['errors'], {}, { cost, alone: true })).err).toBe('');
  });

  it('gives commands that are called as this one was, with the same store and configuration', async () => {
    const options = { data: '.', within: '5m', config: 'trailbot.yaml' };
    const env = { npm_lifecycle_event: 'trailbot' };
    const kept = '--config trailbot.yaml --data . --within 5m';
    expect((await look(['user', 'alice', '2d'], options, { env })).out).toMatch(
      new RegExp(`npm run --silent trailbot -- lookup .* 2d ${kept}\n`),
    );
    expect((await look(['user', 'alice', '2d'], options)).out).toMatch(
      new RegExp(`  trailbot lookup .* 2d ${kept}\n`),
    );
    await expect(look(['usr', 'alice'], { ...options, data: './my data' }, { env })).rejects.toThrow(
      "Try: npm run --silent trailbot -- lookup user alice 2d --config trailbot.yaml --data './my data' --within 5m",
    );
    const page = await look(['user', 'alice', '2d'], { data: '.', page: 1 }, { calls: manyCalls(11) });
    expect(page.out).toContain('trailbot lookup user alice 2d --data . --page 2\n');
  });

  it('shows a page of the timeline, and says when there is no such page', async () => {
    expect((await look(['user', 'alice'], { page: 1 })).out).toContain('iam:ListUsers');
    const { out } = await look(['user', 'alice'], { page: 7 }, { calls: manyCalls(25) });
    expect(out.startsWith('There is no page 7: page 3 is the last, and follows.\n')).toBe(true);
    expect(out).toContain('iam:Call0 ');
  });

  it('lists the whole timeline at once, a hundred lines unless more are wanted', async () => {
    const setup = { calls: manyCalls(250) };
    const linesOf = (out: string) => out.split('\n').filter((line) => line.startsWith('  - 2026-'));
    const some = await look(['user', 'alice'], { timeline: true }, setup);
    expect(linesOf(some.out)).toHaveLength(100);
    expect(some.out).toContain('\nCalls 1–100 of 250 · 1 actor');
    expect(some.out).toContain('  … and 150 more (--limit shows more)\n');
    expect(some.out).not.toContain('Page ');
    const all = await look(['user', 'alice'], { timeline: true, limit: 250 }, setup);
    expect(linesOf(all.out)).toHaveLength(250);
    expect(linesOf(all.out)[249]).toContain('iam:Call0 ');
    expect(all.out).toContain('\nCalls 1–250 of 250 · 1 actor');
  });

  it('fits what it prints into the terminal', async () => {
    const { out } = await look(['user', 'alice'], { timeline: true }, { columns: 60 });
    const prose = out.split('\n').filter((line) => !line.includes('trailbot lookup'));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('ends the search on Ctrl-C and prints what was found', async () => {
    const said = await look(['user', 'alice'], { csv: true }, { stop: true });
    expect(said).toMatchObject({ code: 0, closed: true });
    expect(said.out.split('\r\n')).toHaveLength(3);
  });

  it('takes as long as it may', async () => {
    expect((await look(['user', 'alice'], { within: '5m' })).deadline).toBe(5 * MINUTE);
  });
});

it.each([
  [
    ['mute', 'alice'],
    'A pattern is muted from an alert in Slack, with Mute pattern… or /trail mute A-12. What can be asked: trailbot lookup --help',
  ],
  [['usr', 'alice'], '“usr” is no question that Trailbot knows. Try: trailbot lookup user alice 2d'],
  [
    ['resource', 'my alarm', 'fialed'],
    `“fialed” is not understood. Try: trailbot lookup resource '"my alarm"' 2d failed`,
  ],
  [
    ['user', "o'brien$HOME", '0d'],
    `A period of no length holds no events. Try: trailbot lookup user 'o'\\''brien$HOME' 2d`,
  ],
  [['user', 'alice', '--json', '--csv'], 'Give --json or --csv, not both.'],
  [
    ['user', 'alice', '--csv', '--page', '2'],
    'With --csv all calls are printed: leave --timeline and --page out.',
  ],
  [['errors', '--json', '--timeline'], 'With --json all calls are printed: leave --timeline and --page out.'],
  [['help'], '“help” is no question. What can be asked: trailbot lookup --help'],
  [
    ['alerts', 'mine'],
    '“alerts” is answered in Slack only, by /trail alerts. What can be asked: trailbot lookup --help',
  ],
  [
    ['status'],
    '“status” is answered in Slack only, by /trail status. What can be asked: trailbot lookup --help',
  ],
  [['rules'], '“rules” is a command of its own. Try: trailbot rules list'],
  [
    ['errors', '--data', '/nonexist'],
    'The data folder /nonexist has no database: give the folder that the bot runs with, or leave --data out.',
  ],
  [['user', 'alice', '--within', 'long'], '--within takes a length of time, such as 90s or 5m, not long.'],
  [
    ['user', 'alice', '--page', '0'],
    `Option '--page <number>' argument '0' is invalid. Give a whole number greater than 0. "trailbot lookup --help" says what it takes.`,
  ],
  [[], `Missing required argument 'question'. "trailbot lookup --help" says what it takes.`],
])('a mistake is one sentence with the command that works, and exit code 2: %s', async (words, sentence) => {
  const said = await call(['lookup', ...words], { folder: temporaryFolder() });
  expect(said).toEqual({ code: 2, out: '', err: `${sentence}\n` });
});

it('asks AWS alone where nobody named a data folder and there is none', async () => {
  const read = readConfig({ text: 'data_dir: /nonexist\n', file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error('this configuration is right');
  const log = createLog('error', { write: () => {} });
  const tools = await openLookup({ config: read.config, clock: systemClock, log, named: false });
  await tools.close();
});
