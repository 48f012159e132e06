import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, Line, Part } from '../../src/questions/answer.ts';
import type { Message } from '../../src/slack/alert-message.ts';
import { type AnswerLook, drawAnswer, drawMistake } from '../../src/slack/ask/answer-message.ts';
import type { NewBlock } from '../../src/slack/ask/new-blocks.ts';
import { drawProgress } from '../../src/slack/ask/progress-message.ts';
import { blocksTooLong, checkMessage } from '../../src/workspace/limits/message.ts';
import { KEY, PARTS, someAnswer, someQuestion } from './answers.ts';
import { controls, expectInsideLimits, markupOf, nodes, visible } from './drawn.ts';
import { AT } from './samples.ts';

const LOOK: AnswerLook = {
  id: 'q1',
  coverage: [[{ text: 'own store: 40 events' }]],
  refused: new Set(),
  sharing: 'channel',
  writes: true,
};

/** Drawn, and taken by the checker that the local workspace has from Slack's reference. */
function drawn(changes: Partial<Answer> = {}, look: Partial<AnswerLook> = {}): Message {
  return checked(drawAnswer(someAnswer(changes), { ...LOOK, ...look }));
}

function checked(message: Message): Message {
  const wire = JSON.parse(JSON.stringify(message));
  expect(checkMessage(wire)).toEqual([]);
  expect(blocksTooLong(wire)).toBe(false);
  expectInsideLimits(message);
  return message;
}

const typesOf = (message: Message) => message.blocks.map(({ type }) => type);
const line = (text: string): Line => [{ text }];

describe('an answer', () => {
  test('says what was asked, the answer, the evidence, what it covers and what to press', () => {
    const message = drawn();
    expect(typesOf(message)).toEqual([
      'header',
      'rich_text',
      'rich_text',
      'rich_text',
      'rich_text',
      'table',
      'rich_text',
      'data_visualization',
      'context',
      'actions',
      'actions',
    ]);
    expect(visible(message.blocks[0])).toBe('Who used AKIA…7EXAMPLE, last 30 days');
    expect(visible(message)).toContain('own store: 40 events');
    expect(controls(message).map((one) => one.split(' → ')[0])).toEqual([
      'Share in channel',
      'Timeline',
      'Only writes',
      'CSV',
      'Follow 203.0.113.90',
    ]);
  });

  test('is summed up for a phone and for screen readers', () => {
    expect(drawn().text).toBe(
      'Who used AKIA…7EXAMPLE, last 30 days: ci-deploy made 1,204 calls from 3 addresses.',
    );
  });

  test('shows dates in the zone of each reader, in the table too', () => {
    const dates = nodes(drawn().blocks).filter(({ type }) => type === 'date');
    expect(dates.map(({ timestamp }) => timestamp)).toContain(AT / 1000);
    expect(dates).toHaveLength(4);
  });

  test('shows no access key whole, wherever it stands', () => {
    const keyed = `${KEY} and ASIAQWERTYUIOP123456`;
    const message = drawn(
      {
        lead: line(keyed),
        parts: [
          { kind: 'lines', lines: [line(keyed)] },
          {
            kind: 'table',
            title: keyed,
            columns: [{ name: keyed, align: 'left' }],
            rows: [[line(keyed)]],
            more: 0,
          },
          { kind: 'chart', title: KEY, unit: KEY, labels: [KEY], series: [{ name: KEY, values: [1] }] },
          PARTS.code,
        ],
        follow: [{ label: [{ text: 'Follow ' }, { keyId: KEY }], question: someQuestion() }],
      },
      { coverage: [line(keyed)] },
    );
    expect(JSON.stringify(message)).not.toMatch(/A[KS]IA[A-Z0-9]{3}/);
    expect(visible(message)).toContain('"accessKeyId": "AKIA…7EXAMPLE"');
  });

  test('buttons carry ids and nothing else', () => {
    const values = controls(drawn()).map((one) => one.split(' → ')[1]);
    expect(values).toEqual(['q1:s', 'q1:t0', 'q1:s', 'q1:s', expect.stringMatching(/^q1:s:[0-9a-f]{8}$/)]);
  });

  test('a timeline has pages', () => {
    const view = { kind: 'timeline', page: 1 } as const;
    expect(controls(drawn({ view, pages: { page: 1, of: 3 } })).slice(0, 3)).toEqual([
      'Previous page → q1:t0',
      'Next page → q1:t2',
      'Share in channel → q1:t1',
    ]);
    expect(visible(drawn({ view, pages: { page: 1, of: 3 } }))).toContain('page 2 of 3');
    expect(controls(drawn({ view, pages: { page: 2, of: 3 } }))[0]).toBe('Previous page → q1:t1');
    expect(controls(drawn({ view, pages: { page: 0, of: 1 } }))[0]).toBe('Share in channel → q1:t1');
  });

  test('without calls offers nothing that needs them', () => {
    expect(controls(drawn({ calls: 0, follow: [] }))).toEqual(['Share in channel → q1:s']);
  });

  test('of writes does not offer only writes', () => {
    const question = someQuestion({ scope: { ...someQuestion().scope, access: 'writes' } });
    expect(visible(drawn({ question }))).not.toContain('Only writes');
  });

  test('in which no call writes does not offer only writes', () => {
    expect(visible(drawn({}, { writes: false }))).not.toContain('Only writes');
  });

  test('about one event has nothing to page through or to narrow', () => {
    const question = { kind: 'event', eventIds: ['e1'], scope: someQuestion().scope } as const;
    const labels = controls(drawn({ question, calls: 1, follow: [] })).map((one) => one.split(' → ')[0]);
    expect(labels).toEqual(['Share in channel', 'CSV']);
  });

  test('ends in the command that asks it again, unless that shows a masked key, which would be refused', () => {
    const question = someQuestion({ kind: 'user', value: 'ci-deploy' });
    expect(visible(drawn({ question }))).toContain('/trail user ci-deploy 30d');
    expect(visible(drawn())).not.toContain('/trail');
  });

  test('for everybody says who shared it, and cannot be shared again', () => {
    const message = drawn({}, { open: 'shared', by: 'U0ALICE01', sharing: undefined });
    expect(markupOf(message)).toEqual(['shared by <@U0ALICE01>']);
    expect(visible(message)).not.toMatch(/Share|Not complete/);
  });

  test('for everybody says whether it is complete', () => {
    const coverage = { ...someAnswer().coverage, cutAt: AT };
    expect(visible(drawn({ coverage }, { open: 'shared' }))).toContain(
      'Not complete: older calls were left out at the limit',
    );
  });

  test('says what Share does, before it is done', () => {
    const confirmation = (sharing: 'channel' | 'thread') =>
      nodes(drawn({}, { sharing })).find(({ action_id }) => action_id === 'q_share')?.confirm;
    expect(visible(confirmation('channel'))).toContain('in this channel, where everybody reads it');
    expect(visible(confirmation('thread'))).toContain('in this thread, where everybody reads it');
  });

  test('only the first of several tables is a table', () => {
    const message = drawn({ parts: [PARTS.table, PARTS.table, PARTS.chart, PARTS.chart, PARTS.chart] });
    expect(typesOf(message).filter((type) => type === 'table')).toHaveLength(1);
    expect(typesOf(message).filter((type) => type === 'data_visualization')).toHaveLength(2);
    expect(visible(message)).toContain('203.0.113.90 NEW| · Client |python-requests/2.32| · Calls |4');
  });

  test('nothing to list draws nothing', () => {
    const parts: Part[] = [
      { kind: 'lines', lines: [] },
      { kind: 'list', title: 'x', ordered: true, items: [] },
      { ...PARTS.table, rows: [] } as Part,
      { kind: 'chart', title: '', unit: '', labels: [], series: [] },
      { kind: 'code', title: '', text: '' },
    ];
    expect(typesOf(drawn({ parts }))).toEqual(['header', 'rich_text', 'context', 'actions', 'actions']);
  });
});

describe('a chart of more days than Slack takes', () => {
  const month: Part = {
    kind: 'chart',
    title: 'Calls per day (UTC)',
    unit: 'calls',
    labels: Array.from({ length: 30 }, (_, day) => `Nov ${day + 1}`),
    series: [
      { name: 'allowed', values: Array.from({ length: 30 }, () => 2) },
      { name: 'denied', values: Array.from({ length: 30 }, (_, day) => (day === 3 ? 5 : 0)) },
    ],
  };

  test('shows the newest twenty, and says in words what was before', () => {
    const message = drawn({ parts: [month] });
    expect(JSON.stringify(message.blocks)).toContain('"Calls per day (UTC), the last 20"');
    expect(JSON.stringify(message.blocks)).not.toContain('"label":"Nov 10"');
    expect(visible(message)).toContain('Before that, Nov 1 to Nov 10: 20 allowed, 5 denied calls.');
  });

  test('is whole in its twin in text', () => {
    const message = drawn({ parts: [month] }, { refused: new Set<NewBlock>(['data_visualization']) });
    expect(visible(message)).toContain('▁▁▁█▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ 5 in all');
    expect(visible(message)).not.toContain('Before that');
  });
});

describe('where Slack refuses', () => {
  test('charts, each is a row of bars in text', () => {
    const message = drawn({}, { refused: new Set<NewBlock>(['data_visualization']) });
    expect(typesOf(message)).not.toContain('data_visualization');
    expect(visible(message)).toContain(
      'Calls per day| Nov 16 to Nov 20, calls|allowed █▇█▇▄ 182 in all, at most 44\ndenied  ▁▂▁▁▂ 4 in all, at most 3',
    );
  });

  test('tables, each is a list', () => {
    const message = drawn({}, { refused: new Set<NewBlock>(['table', 'data_visualization']) });
    expect(typesOf(message)).not.toContain('table');
    expect(visible(message)).toContain('… 3 more');
  });
});

describe('long answers', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => line(`${at} ${'x'.repeat(200)}`));

  test.each([
    ['lines', [{ kind: 'lines', lines: many(5000) }]],
    ['a list', [{ kind: 'list', title: 'Calls', ordered: true, items: many(5000) }]],
    ['a table', [{ ...PARTS.table, rows: many(5000).map((one) => [one, one, one, one]) }]],
    ['many parts', Array.from({ length: 200 }, () => PARTS.list)],
    ['a huge record', [{ kind: 'code', title: 'Record', text: '{"a":"b"}\n'.repeat(50_000) }]],
  ] as [string, Part[]][])('%s are cut to what Slack takes, and say so', (name, parts) => {
    const message = drawn({ parts }, { coverage: many(300) });
    expect(visible(message)).toContain('more notes on what was not looked at');
    if (name !== 'many parts')
      expect(visible(message)).toMatch(/… [\d,]+ more; the CSV has every call|more characters/);
    expect(controls(message).length).toBeGreaterThan(3);
  });
});

/** What an attacker can choose: names, addresses, user agents, messages. */
const hostile = fc.oneof(
  fc.constantFrom(
    '<!channel> <@U0ALICE01> <#C0SECURITY> <https://e.example|AWS console>',
    '*bold* _it_ ~no~ `code` ```pre``` :white_check_mark: approved',
    'http://evil.example/?a=1&b=2 user@evil.example',
    '\u202Egnp.exe \u200B\u0000 \uD800 \r\n\n line',
    '<!date^0^{date}|x> <!subteam^S1> &lt;!here&gt;',
  ),
  fc.string({ unit: 'binary', maxLength: 400 }),
);
const spans = fc.oneof(
  hostile.map((text) => ({ text })),
  hostile.map((text) => ({ text, style: 'code' as const })),
  hostile.map((keyId) => ({ keyId })),
  fc.double().map((at) => ({ at, form: 'date and time' as const })),
);
const lines = fc.array(spans, { maxLength: 4 });
const parts: fc.Arbitrary<Part> = fc.oneof(
  fc.array(lines, { maxLength: 6 }).map((all): Part => ({ kind: 'lines', lines: all })),
  fc
    .tuple(hostile, fc.array(lines, { maxLength: 6 }))
    .map(([title, items]): Part => ({ kind: 'list', title, ordered: false, items })),
  fc.tuple(hostile, fc.array(fc.array(lines, { maxLength: 4 }), { maxLength: 5 })).map(
    ([title, rows]): Part => ({
      kind: 'table',
      title,
      columns: [
        { name: title, align: 'left' },
        { name: title, align: 'right' },
      ],
      rows,
      more: 2,
    }),
  ),
  fc.tuple(hostile, fc.array(fc.tuple(hostile, fc.double()), { maxLength: 30 })).map(
    ([title, bars]): Part => ({
      kind: 'chart',
      title,
      unit: title,
      labels: bars.map(([label]) => label),
      series: [
        { name: title, values: bars.map(([, value]) => value) },
        { name: title, values: [] },
      ],
    }),
  ),
  fc.tuple(hostile, hostile).map(([title, text]): Part => ({ kind: 'code', title, text })),
);

/** Fails where anything would be drawn as a mention, a link, an emoji or other markup. */
function expectInert(message: Message): void {
  const all = nodes(message.blocks);
  const kinds = all.map(({ type }) => type);
  for (const kind of ['user', 'usergroup', 'broadcast', 'channel', 'link', 'emoji', 'mrkdwn', 'markdown']) {
    expect(kinds).not.toContain(kind);
  }
  expect(all.filter(({ type, emoji }) => type === 'plain_text' && emoji !== false)).toEqual([]);
  expect(message.text).not.toMatch(/[<>&*`~@]|:\S/);
  expect(JSON.stringify(message)).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/);
}

describe('hostile text', () => {
  test('is never markup, whatever part of an answer it stands in', () => {
    fc.assert(
      fc.property(
        lines,
        lines,
        fc.array(parts, { maxLength: 6 }),
        fc.boolean(),
        (title, lead, all, classic) => {
          const refused = new Set<NewBlock>(classic ? ['table', 'data_visualization'] : []);
          const question = someQuestion({ kind: 'user', value: all[0]?.kind === 'code' ? all[0].text : 'x' });
          const follow = [{ label: lead, question }];
          expectInert(
            drawn({ title, lead, parts: all, question, follow }, { refused, coverage: [title, lead] }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is never markup in a progress message or in a mistake', () => {
    fc.assert(
      fc.property(hostile, lines, fc.array(parts, { maxLength: 3 }), (text, lead, all) => {
        const progress = {
          places: 51,
          done: 17,
          requests: 20,
          events: 1204,
          left: 40_000,
          soFar: someAnswer({ lead, parts: all }),
          cost: text,
        };
        const question = someQuestion({ kind: 'user', value: text });
        const message = drawProgress({ question, runId: 'r1', progress, inPlace: true });
        expectInert(checked(message));
        expectInert(checked(drawMistake({ mistake: text, corrected: text })));
      }),
      { numRuns: 200 },
    );
  });
});

describe('progress', () => {
  const waiting = { question: someQuestion(), runId: '0123456789abcdef', inPlace: true };

  test('says how far, how much is left, what is known so far, and can be cancelled', () => {
    const cost = 'This asks 51 regions and takes about 50 s.';
    const lead: Line = [{ text: 'So far: ' }, ...someAnswer().lead];
    const known = { soFar: someAnswer({ lead }), cost };
    const progress = { places: 51, done: 17, requests: 20, events: 1204, left: 40_000, ...known };
    const message = checked(drawProgress({ ...waiting, progress }));
    const said = visible(message);
    expect(said).toContain('▰▰▰▰▰▰▱');
    expect(said).toContain('17 of 51 regions asked · 1,204 events read · about 40 s left');
    expect(said).toContain(cost);
    expect(said).toContain('|So far: |ci-deploy made |1,204 calls');
    expect(said.match(/So far/g)).toHaveLength(1);
    expect(said).toContain('/trail key AKIA…7EXAMPLE');
    expect(controls(message)).toEqual(['Cancel → 0123456789abcdef']);
  });

  test('before the first news says that it is looking', () => {
    expect(visible(drawProgress({ ...waiting, progress: undefined }))).toContain('Looking…');
  });

  test('that the answer cannot replace says so', () => {
    const message = drawProgress({ ...waiting, progress: undefined, inPlace: false });
    expect(visible(message)).toContain('The answer comes as a message of its own.');
  });
});

test('a mistake gets the corrected command to copy', () => {
  const said = visible(
    drawMistake({ mistake: 'AKIA is no access key id.', corrected: '/trail key AKIAIOSFODNN7EXAMPLE 30d' }),
  );
  expect(said).toContain('AKIA is no access key id. Try |/trail key AKIA');
});
