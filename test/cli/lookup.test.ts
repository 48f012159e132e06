import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerText } from '../../src/cli/answer-text.ts';
import { type LookupOptions, type LookupTools, lookup } from '../../src/cli/lookup.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { DAY, MINUTE } from '../../src/kernel/time.ts';
import type { Answer, Line } from '../../src/questions/answer.ts';
import { type Call, callOf } from '../../src/questions/call.ts';
import type { Coverage } from '../../src/questions/coverage.ts';
import type { Material, Names } from '../../src/questions/material.ts';
import type { Question } from '../../src/questions/question.ts';
import { fakeClock } from '../support/clock.ts';
import { readable } from '../support/records.ts';
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

function coverage(): Coverage {
  return {
    scope: QUESTION.scope,
    store: { since: NOW - DAY, events: 1, stored: 7, waiting: 0, truncated: false, took: 3 },
    lookup: {
      places: [
        { account: '111122223333', region: 'us-east-1', state: 'done', requests: 1, events: 2, throttled: 0 },
      ],
      took: 1200,
    },
    blind: [],
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
  command: (words: string, page?: number) => `trailbot lookup ${words}${page ? ` --page ${page}` : ''}`,
};

function text(overrides: Partial<Answer>, limit?: number): string {
  return answerText(answer(overrides), NAMES, { ...shown, limit });
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
    expect(text({ parts: [table] }, 1)).toContain('  alice  1,204\n  … and 4 more');
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

/** Runs the command with an answer made here instead of AWS; `stop` presses Ctrl-C while it searches. */
async function look(words: string[], options: LookupOptions = {}, stop = false): Promise<Said> {
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
  const terminal: Terminal = {
    args: [],
    env: {},
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
    interactive: true,
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
      const material: Material = { calls: calls(), coverage: { ...coverage(), scope: question.scope } };
      asking.hear?.({
        material: { ...material, unfinished: true },
        places: 17,
        done: 3,
        requests: 9,
        events: 40,
        left: 5000,
        cost: undefined,
      });
      if (!stop) return material;
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

  it('prints JSON that can be read back and cannot steer the terminal', async () => {
    const { out } = await look(['user', 'alice'], { json: true, timeline: true });
    expect(JSON.parse(out)).toMatchObject({
      question: { kind: 'user' },
      calls: 2,
      view: { kind: 'timeline', page: 0 },
    });
    expect(out).not.toMatch(STEERING);
  });

  it('prints the calls as CSV, at most as many as wanted', async () => {
    const all = await look(['user', 'alice'], { csv: true });
    expect(all.out.split('\r\n')).toHaveLength(4);
    expect(all.out.replaceAll('\r\n', '\n')).not.toMatch(STEERING);
    const one = await look(['user', 'alice'], { csv: true, limit: 1 });
    expect(one.out.split('\r\n')).toHaveLength(3);
  });

  it('shows a page of the timeline', async () => {
    const { out } = await look(['user', 'alice'], { page: 1 });
    expect(out).toContain('iam:ListUsers');
  });

  it('ends the search on Ctrl-C and prints what was found', async () => {
    const said = await look(['user', 'alice'], { csv: true }, true);
    expect(said).toMatchObject({ code: 0, closed: true });
    expect(said.out.split('\r\n')).toHaveLength(3);
  });

  it('takes as long as it may', async () => {
    expect((await look(['user', 'alice'], { within: '5m' })).deadline).toBe(5 * MINUTE);
  });
});

it.each([
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
