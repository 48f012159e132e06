import type { Answer, Line, Part, View } from '../../src/questions/answer.ts';
import type { Call } from '../../src/questions/call.ts';
import type { Coverage } from '../../src/questions/coverage.ts';
import type { Material } from '../../src/questions/material.ts';
import type { ActivityQuestion } from '../../src/questions/question.ts';
import type { Asked } from '../../src/slack/desk.ts';
import { AT } from './samples.ts';

export const KEY = 'AKIAIOSFODNN7EXAMPLE';
const DAY = 86_400_000;

export function someQuestion(changes: Partial<ActivityQuestion> = {}): ActivityQuestion {
  const scope = { period: { from: AT - 30 * DAY, to: AT, said: 'last 30 days' } };
  return { kind: 'key', value: KEY, scope, ...changes };
}

const COVERAGE: Coverage = {
  scope: someQuestion().scope,
  store: { since: AT - 20 * DAY, events: 40, stored: 2_300_000, waiting: 0, truncated: false, took: 41 },
  lookup: { off: 'no AWS credentials' },
  blind: [],
};

export function someCall(changes: Partial<Call> = {}): Call {
  return {
    key: '111122223333|eu-west-1|e1',
    eventId: 'e1',
    at: AT,
    source: 's3.amazonaws.com',
    name: 'PutObject',
    account: '111122223333',
    region: 'eu-west-1',
    actor: { id: 'ci-deploy', label: 'ci-deploy @ prod', kind: 'user', name: 'ci-deploy' },
    keyId: KEY,
    address: '192.0.2.10',
    client: 'aws-cli/2.17',
    errorCode: undefined,
    readOnly: false,
    target: 'acme-backups',
    ...changes,
  };
}

export function someAsked(changes: Partial<Asked> = {}): Asked {
  const material: Material = { calls: [someCall()], coverage: COVERAGE };
  return { id: 'q1', question: someQuestion(), material, ...changes };
}

const text = (words: string): Line => [{ text: words }];

export const PARTS: Readonly<Record<Part['kind'], Part>> = {
  lines: {
    kind: 'lines',
    lines: [
      [{ text: 'Owner ' }, { text: 'ci-deploy', style: 'code' }, { text: ' of prod' }],
      [
        { text: 'First use ' },
        { at: AT - 30 * DAY, form: 'date' },
        { text: ', last ' },
        { at: AT, form: 'date and time' },
      ],
    ],
  },
  list: {
    kind: 'list',
    title: 'What is new',
    ordered: false,
    items: [
      text('first call ever from 203.0.113.90'),
      [{ keyId: KEY }, { text: ' was never denied before' }],
    ],
  },
  table: {
    kind: 'table',
    title: 'Addresses',
    columns: [
      { name: 'Address', align: 'left' },
      { name: 'Client', align: 'left' },
      { name: 'Calls', align: 'right' },
      { name: 'Seen', align: 'left' },
    ],
    rows: [
      [
        text('192.0.2.10 (office)'),
        text('aws-cli/2.17 exec-env/CodeBuild'),
        text('1,181'),
        [{ at: AT, form: 'date' }],
      ],
      [text('203.0.113.90 NEW'), text('python-requests/2.32'), text('4'), [{ at: AT - DAY, form: 'date' }]],
    ],
    more: 3,
  },
  chart: {
    kind: 'chart',
    title: 'Calls per day',
    unit: 'calls',
    labels: ['Nov 16', 'Nov 17', 'Nov 18', 'Nov 19', 'Nov 20'],
    series: [
      { name: 'allowed', values: [44, 39, 42, 40, 17] },
      { name: 'denied', values: [0, 1, 0, 0, 3] },
    ],
  },
  code: {
    kind: 'code',
    title: 'Record',
    text: JSON.stringify({ userIdentity: { accessKeyId: KEY } }, undefined, 2),
  },
};

export function someAnswer(changes: Partial<Answer> = {}): Answer {
  return {
    question: someQuestion(),
    view: { kind: 'summary' },
    title: [{ text: 'Who used ' }, { keyId: KEY }, { text: ', last 30 days' }],
    lead: [
      { text: 'ci-deploy made ' },
      { text: '1,204 calls', style: 'bold' },
      { text: ' from 3 addresses.' },
    ],
    parts: [PARTS.lines, PARTS.list, PARTS.table, PARTS.chart],
    coverage: COVERAGE,
    pages: undefined,
    calls: 1204,
    follow: [
      {
        label: text('Follow 203.0.113.90'),
        question: someQuestion({ kind: 'address', value: '203.0.113.90' }),
      },
    ],
    unfinished: false,
    ...changes,
  };
}

/** What the desk's double draws: the sample, in the view that is asked for. */
export function answerIn(asked: Asked, view: View): Answer {
  const { question } = asked;
  if (view.kind === 'summary') return someAnswer({ question, view });
  const items = [
    text(`call ${view.page * 10 + 1} of ci-deploy`),
    text(`call ${view.page * 10 + 2} of ci-deploy`),
  ];
  const parts: Part[] = [{ kind: 'list', title: 'Calls', ordered: true, items }];
  return someAnswer({ question, view, parts, pages: { page: view.page, of: 3 } });
}
