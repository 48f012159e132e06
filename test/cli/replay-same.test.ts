import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCrew } from '../../src/cli/replay/crew.ts';
import { Matcher } from '../../src/cli/replay/matcher.ts';
import { replay } from '../../src/cli/replay/replay.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { loadRules } from '../../src/rules/load.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import { envelope, record } from '../support/records.ts';
import { temporaryFolder } from '../support/store.ts';

const SELECTIONS = [
  '{ eventName: CreateAccessKey }',
  '{ requestParameters.userName|contains: bob }',
  "{ requestParameters.a.b: '5' }",
  '{ requestParameters.policy|contains: Allow }',
  "{ requestParameters.password: '*' }",
  '{ requestParameters.n|gt: 100 }',
  '{ errorCode: null, sourceIPAddress|cidr: 10.0.0.0/8 }',
  "{ requestParameters.userName|re: '^[bé]' }",
  '{ requestParameters.userName|fieldref: userIdentity.userName }',
  '{ constructor.name: Object }',
  '{ requestParameters.__proto__.b: 5 }',
];
/** A word that is looked for anywhere, and is nowhere: every record is read whole. */
const ANYWHERE = '[zzzz-never]';

function rulesOf(selections: readonly string[]): Ruleset {
  const files = selections.map((selection, index) => ({
    path: `r${index}.yml`,
    text: `title: r${index}
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a${String(index).padStart(2, '0')}
logsource: { product: aws, service: cloudtrail }
detection:
  selection: ${selection}
  condition: selection
`,
  }));
  const { ruleset, problems } = loadRules(files);
  expect(problems).toEqual([]);
  return ruleset;
}

/** Everything that comes of one file, as one text. */
async function readWith(ruleset: Ruleset, path: string, size: number): Promise<string> {
  const matcher = new Matcher(ruleset, 'id');
  const crew = createCrew({ source: { files: [], options: {} }, wanted: 'id', matcher, threads: 1 });
  const { signal } = new AbortController();
  const portions = replay({
    sources: [{ shown: 'file', path, size }],
    stdin: nothing(),
    crew,
    matcher,
    signal,
  });
  const found: unknown[] = [];
  let records = 0;
  for await (const { outcome, line, problem } of portions) {
    const { complaints, hits, texts, unread } = outcome;
    found.push(
      ...complaints.map((one) => [records + one.record, line + one.line, one.reason]),
      ...Array.from(hits, (number, at) => (at % 2 === 0 ? records + number : number)),
      ...(texts === '' ? [] : [texts]),
      ...(unread > 0 ? [{ unread }] : []),
      ...(problem === undefined ? [] : [problem]),
    );
    records += outcome.records;
  }
  return JSON.stringify({ records, found });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const value = fc.oneof(
  fc.constantFrom<Json[]>(
    'bob',
    'bób',
    'x',
    '"',
    '\\',
    'xoxb-1234567890-abcdefghij',
    'a\nb',
    5,
    1e300,
    null,
    true,
  ),
  fc.constantFrom<Json[]>('{"Statement":[{"Effect":"Allow"}]}', '{"password":"hunter22"}', '[redacted]'),
  fc.constantFrom<Json[]>(
    [5],
    [[5, { b: 5 }]],
    { b: 5 },
    { b: '5' },
    [{ b: 5 }, 3],
    'bob --password=hunter22 x',
  ),
  fc.string({ maxLength: 6 }),
);
const key = fc.constantFrom('a', 'policy', 'password', 'n', 'a.b', '__proto__', 'value', 'Name');
const event = fc
  .record({
    eventName: fc.constantFrom<Json[]>('CreateAccessKey', 'ListX', '', '[redacted]', 5),
    eventVersion: fc.constantFrom('1.08', '1.11', '2.0'),
    sourceIPAddress: fc.constantFrom('10.1.2.3', 'AWS Internal', '1.2.3.4'),
    eventType: fc.constantFrom('AwsApiCall', 'AwsAggregatedEvent'),
    userName: value,
    more: fc.tuple(key, value),
    beside: fc.tuple(fc.constantFrom('Records', 'Events', 'Message', 'detail', 'constructor', 'x'), value),
  })
  .map(({ userName, more, beside, ...fields }) =>
    record({
      ...fields,
      requestParameters: Object.fromEntries([more, ['userName', userName]]),
      ...Object.fromEntries([beside]),
    }),
  );

const json = (given: unknown): string => JSON.stringify(given);
const SHAPES: readonly ((events: readonly JsonObject[]) => string)[] = [
  (events) => json({ Records: events }),
  (events) => events.map(json).join('\n'),
  (events) => `${events.map(json).join('\r\n')}\r\n`,
  (events) => json(events),
  (events) => JSON.stringify({ Records: events }, null, 1),
  (events) => events.map((one) => json(envelope(one))).join('\n'),
  (events) => json({ Events: events.map((one) => ({ CloudTrailEvent: json(one) })) }),
  (events) => events.map((one) => json({ Records: [one] })).join('\n'),
  (events) => json({ Records: events, digest: 1 }),
  (events) => `\n\n${json({ Records: events })}\n\n`,
  (events) => json({ Records: [...events, events] }),
  (events) => `{"Records":[${events.map(json).join(' , ')}]}`,
  (events) => `{"Records":[${events.map(json).join(',\n')}]}`,
];

type Change = (text: string) => string;
/** Members that repeat a key, or that make something else of an object. */
const MEMBERS = [
  '"eventName":"CreateAccessKey",',
  '"eventVersion":"9",',
  '"requestParameters":null,',
  '"Records":[],',
  '"userIdentity":{"type":"Root"},',
  '"constructor":{"name":"Object"},',
  '"__proto__":{"eventName":"CreateAccessKey"},',
  '"é":1,',
  '"event\\u004eame":"CreateAccessKey",',
];
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>((text) => text),
  fc.constant<Change>((text) => `\ufeff${text}`),
  fc.nat().map<Change>((at) => (text) => text.slice(0, at % (text.length + 1))),
  fc.tuple(fc.nat(), fc.constantFrom(...MEMBERS)).map<Change>(([which, member]) => (text) => {
    const places = [...text.matchAll(/"(?:eventName|eventTime|awsRegion|userAgent)":/g)];
    const at = places[which % Math.max(1, places.length)]?.index ?? 0;
    return places.length === 0 ? text : text.slice(0, at) + member + text.slice(at);
  }),
);

it.each([
  ['hidden names', '"eventName":"HIDDEN_DUE_TO_SECURITY_REASONS"'],
  ['keys that every object has', '"requestParameters":{"__proto__":{"b":5}}'],
])('says the same of %s', async (_what, member) => {
  const path = join(temporaryFolder(), 'events');
  const text = json(record()).replace(/"(eventName|requestParameters)":(?:"[^"]*"|\{[^}]*\})/, member);
  expect(text).toContain(member);
  writeFileSync(path, text);
  const [some, all] = [rulesOf(SELECTIONS), rulesOf([...SELECTIONS, ANYWHERE])];
  expect(await readWith(some, path, text.length)).toBe(await readWith(all, path, text.length));
});

it('says the same whether records are read whole or only where rules ask', { timeout: 60_000 }, async () => {
  const [part, whole] = [rulesOf(SELECTIONS.slice(0, -1)), rulesOf([...SELECTIONS.slice(0, -1), ANYWHERE])];
  const odd = [rulesOf(SELECTIONS), rulesOf([...SELECTIONS, ANYWHERE])] as const;
  const path = join(temporaryFolder(), 'events');
  const property = fc.asyncProperty(
    fc.array(event, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...SHAPES),
    fc.array(change, { maxLength: 2 }),
    fc.constantFrom<[ascii: boolean, gzip: boolean, proto: boolean][]>(
      [true, false, false],
      [false, false, false],
      [true, true, false],
      [true, false, true],
    ),
    async (events, shape, changes, [ascii, gzip, proto]) => {
      const changed = changes.reduce((text, each) => each(text), shape(events));
      const text = ascii ? changed.replace(/[^\0-\x7e\ufeff]/g, '\\u00e9') : changed;
      const bytes = gzip ? gzipSync(text) : Buffer.from(text);
      writeFileSync(path, bytes);
      const [some, all] = proto ? odd : [part, whole];
      expect(await readWith(some, path, bytes.length)).toBe(await readWith(all, path, bytes.length));
    },
  );
  await fc.assert(property, { seed: 20_261_121, numRuns: 800 });
});
