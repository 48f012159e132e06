import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { lintRules } from '../../src/rules/lint/lint.ts';
import { loadRules } from '../../src/rules/load.ts';
import { lintSelection, lintTexts, ruleWith } from './lint-support.ts';

/** The codes and what is said to exclude what, without remedies. */
function constantsIn(selection: unknown): string[] {
  return lintSelection(selection)
    .filter((line) => line.startsWith('always-'))
    .map((line) => line.replace(/;.*/, ''));
}

describe('a selection that is never true is reported', () => {
  test.each<[says: string, selection: unknown, because: string]>([
    [
      'two names at once',
      { eventName: 'CreateUser', 'eventName|cased': 'DeleteUser' },
      '"eventName: CreateUser" and "eventName|cased: DeleteUser"',
    ],
    [
      'a name that begins otherwise',
      { eventName: 'CreateUser', 'eventName|startswith': ['Get', 'List'] },
      '"eventName: CreateUser" and "eventName|startswith: [Get, List]"',
    ],
    [
      'a value and its opposite, in another spelling',
      { 'requestParameters.name': 'alice', 'requestParameters.name|neq': 'ALICE' },
      '"requestParameters.name: alice" and not "requestParameters.name: ALICE"',
    ],
    [
      'a narrow pattern without the wide one',
      { 'userAgent|startswith': 'aws-cli/2', 'userAgent|contains|neq': 'aws-cli' },
      '"userAgent|startswith: aws-cli/2" and not "userAgent|contains: aws-cli"',
    ],
    ['an absent field with a value', { 'a.b|exists': false, 'a.b': 'x' }, '"a.b|exists: false" and "a.b: x"'],
    [
      'null and a value',
      { errorCode: null, 'errorCode|contains': 'Denied' },
      '"errorCode: null" and "errorCode|contains: Denied"',
    ],
    [
      'a regular expression that the value does not fit',
      { 'userIdentity.type|cased': ['Root', 'IAMUser'], 'userIdentity.type|re': '^Assumed[A-Z]' },
      '"userIdentity.type|cased: [Root, IAMUser]" and "userIdentity.type|re: ^Assumed[A-Z]"',
    ],
    [
      'an hour after ten and before five',
      { 'eventTime|hour|gte': 22, 'eventTime|hour|lt': 5 },
      '"eventTime|hour|gte: 22" and "eventTime|hour|lt: 5"',
    ],
    [
      'a whole number between neighbours',
      { 'eventTime|month|gt': 5, 'eventTime|month|lt': 6 },
      '"eventTime|month|gt: 5" and "eventTime|month|lt: 6"',
    ],
    [
      'numbers of which one is left out',
      { eventVersion: [1, 3], 'eventVersion|gt': 1, 'eventVersion|gte|neq': 3 },
      '"eventVersion: [1, 3]" and not "eventVersion|gte: 3"',
    ],
  ])('%s', (_, selection, because) => {
    expect(constantsIn(selection)).toEqual([
      `always-false: "sel" is never true: ${because} exclude each other`,
    ]);
  });

  it('also where it is one map of several', () => {
    const maps = [{ eventName: 'CreateUser' }, { awsRegion: 'us-east-1', 'awsRegion|neq': 'us-east-1' }];
    expect(constantsIn(maps)).toEqual([
      'always-false: map 2 of "sel" is never true: "awsRegion: us-east-1" and not "awsRegion: us-east-1" exclude each other',
    ]);
  });

  it('at the place of the later of the two', () => {
    const text = `title: A rule
logsource: {product: aws, service: cloudtrail}
detection:
  sel:
    eventName: CreateUser
    eventName|startswith: Delete
  condition: sel
`;
    const { ruleset } = loadRules([{ path: 'rule.yml', text }]);
    const [finding] = lintRules(ruleset.compiled, undefined);
    expect(finding).toMatchObject({ code: 'always-false', file: 'rule.yml', line: 6, column: 27 });
  });
});

describe('nothing is said', () => {
  test.each<[says: string, selection: unknown]>([
    ['of two values of a field that may be an array', { 'requestParameters.x|all': ['a', 'b'] }],
    ['of a list and one of its values', { eventName: ['A', 'B'], 'eventName|neq': 'A' }],
    ['of null with a field that is there', { errorCode: null, 'errorCode|exists': true }],
    ['of text that may be any spelling', { eventName: 'createuser', 'eventName|cased': 'CreateUser' }],
    ['of two patterns that overlap', { 'eventName|startswith': 'Create', 'eventName|endswith': 'User' }],
    ['of hours that overlap', { 'eventTime|hour|gte': 22, 'eventTime|hour|lt': 23 }],
    ['of a number between neighbours', { 'eventVersion|gt': 1, 'eventVersion|lt': 2 }],
    ['of an hour and a minute', { 'eventTime|hour|gte': 22, 'eventTime|minute|lt': 5 }],
    ['of numbers that may stand in an array', { 'requestParameters.x|gt': 5, 'requestParameters.x|lt': 2 }],
    ['of a list of the configuration that is empty today', { a: 'x', 'b|expand|neq': '%empty%' }],
  ])('%s', (_, selection) => {
    const found = lintTexts([ruleWith({ sel: selection, condition: 'sel' })], undefined, {
      lists: new Map([['empty', []]]),
    });
    expect(found).toEqual([]);
  });
});

test('a rule that an empty list keeps from matching is reported', () => {
  const rule = ruleWith({ sel: { 'a|expand': '%empty%' }, condition: 'sel' });
  expect(lintTexts([rule], undefined, { lists: new Map([['empty', []]]) })).toEqual([
    expect.stringMatching(
      /^always-false: "A rule" matches no record: "a: \[\]" compares with an empty list;/,
    ),
  ]);
});

test('a rule that its own condition keeps from matching, or that always matches, is reported', () => {
  const sel = { eventName: ['CreateUser', 'DeleteUser'] };
  const selections = { sel, filter: { eventName: ['createuser', 'deleteuser', 'GetUser'] } };
  expect(lintTexts([ruleWith({ ...selections, condition: 'sel and not filter' })])).toEqual([
    'always-false: "A rule" matches no record: "eventName: [CreateUser, DeleteUser]" and not "eventName: [createuser, deleteuser, GetUser]" exclude each other; correct one, remove it, or write two selections joined by "or"',
  ]);
  const always = lintTexts([ruleWith({ ...selections, condition: 'filter or not sel' })]);
  expect(always).toEqual([expect.stringMatching(/^always-true: "A rule" matches every record: /)]);
});

const FIELDS = ['eventName', 'errorCode', 'userIdentity.type', 'readOnly', 'list', 'deep.list', 'deep'];
const WORDS = ['a', 'A', 'b', 'ab', 'ba', 'true', ''];
const MODIFIERS = ['', '|neq', '|cased', '|startswith', '|endswith|neq', '|contains', '|contains|neq', '|re'];

const TIMES = ['2026-11-20T09:15:02Z', '2026-11-20T23:59:59Z', '2026-01-01T00:00:00Z', 'a', '9'];
const COMPARED = ['', '|neq', '|lt', '|lte', '|gt', '|gte', '|lt|neq', '|gte|neq'];

const word = fc.constantFrom(...WORDS);
const item = fc.oneof(
  fc.tuple(
    fc.constantFrom(...FIELDS),
    fc.constantFrom(...MODIFIERS),
    fc.array(word, { minLength: 1, maxLength: 3 }),
  ),
  fc.tuple(fc.constantFrom(...FIELDS), fc.constant('|exists'), fc.boolean()),
  fc.tuple(
    fc.constantFrom(...FIELDS),
    fc.constantFrom('', '|neq'),
    fc.constantFrom(null, '*', 'a*', '*b', true),
  ),
  fc.tuple(fc.constantFrom(...FIELDS), fc.constant('|all'), fc.constant(['a', 'b'])),
  fc.tuple(
    fc.constantFrom('errorCode', 'list'),
    fc.constantFrom(...COMPARED),
    fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(
    fc.constant('eventTime'),
    fc.constantFrom(...['|hour', '|month'].flatMap((part) => COMPARED.map((how) => part + how))),
    fc.constantFrom(0, 1, 9, 10, 11, 23),
  ),
  fc.tuple(fc.constantFrom(...FIELDS), fc.constant('|fieldref'), fc.constantFrom(...FIELDS)),
);
const map = fc
  .array(item, { minLength: 1, maxLength: 3 })
  .map((items) => Object.fromEntries(items.map(([field, modifiers, value]) => [field + modifiers, value])));
const selection = fc.oneof(map, fc.array(map, { minLength: 2, maxLength: 3 }));
const condition = fc.constantFrom(
  's1 and s2',
  's1 and not s2',
  's1 or s2',
  'not s1 and not s2',
  's1 or not s2',
  's1 and (s2 or not s1)',
  's2 or s2',
);

const scalar = fc.oneof(word, fc.constant(null));
const any = fc.oneof(
  scalar,
  fc.boolean(),
  fc.integer({ min: 0, max: 4 }),
  fc.array(fc.oneof(scalar, fc.boolean()), { maxLength: 3 }),
);
/** Records whose scalar fields are scalars, as CloudTrail's are; the others hold anything. */
const record = fc.record(
  {
    eventName: scalar,
    errorCode: fc.oneof(scalar, fc.integer({ min: 0, max: 4 }), fc.constantFrom('1', '2.5', '-3')),
    eventTime: fc.constantFrom(...TIMES),
    readOnly: fc.oneof(fc.boolean(), fc.constant(null)),
    userIdentity: fc.record({ type: scalar }, { requiredKeys: [] }),
    list: any,
    deep: fc.oneof(any, fc.record({ list: any }), fc.array(fc.record({ list: any }), { maxLength: 2 })),
  },
  { requiredKeys: [] },
);

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

test('what lint says of generated rules is true of every generated record', () => {
  const seen = { 'always-false': 0, 'always-true': 0, shadowed: 0, duplicate: 0 };
  const property = fc.property(
    selection,
    selection,
    condition,
    fc.array(record, { minLength: 8, maxLength: 8 }),
    (s1, s2, whole, records) => {
      const conditions = { s1: 's1', s2: 's2', whole };
      const files = Object.entries(conditions).map(([title, one], number) => ({
        path: `${title}.yml`,
        text: ruleWith({ s1, s2, condition: one }, { title, id: idOf(number), name: title }),
      }));
      const { ruleset, problems } = loadRules(files);
      expect(problems).toEqual([]);
      const titlesFor = (body: JsonObject) => ruleset.rulesFor(body).map(({ title }) => title);
      for (const { code, what } of lintRules(ruleset.compiled, undefined)) {
        if (!(code in seen) || what.startsWith('map ')) continue;
        seen[code as keyof typeof seen] += 1;
        const [one = '', other = ''] = Array.from(what.matchAll(/"(s1|s2|whole)"/g), (found) => found[1]);
        for (const body of records) {
          const titles = titlesFor(body);
          const says = `${what} ${JSON.stringify({ s1, s2, whole, body })}`;
          if (code === 'always-false') expect(titles, says).not.toContain(one);
          if (code === 'always-true') expect(titles, says).toContain(one);
          if (code === 'shadowed' && titles.includes(one)) expect(titles, says).toContain(other);
          if (code === 'duplicate') expect(titles.includes(one), says).toBe(titles.includes(other));
        }
      }
    },
  );
  fc.assert(property, { numRuns: 1_000, seed: 20_261_120 });
  // A lint that said nothing would never be wrong.
  for (const [code, count] of Object.entries(seen)) expect(count, code).toBeGreaterThan(5);
});
