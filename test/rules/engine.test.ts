import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scanner } from '../../src/cli/replay/scanner.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import { compileFormula } from '../../src/rules/formula-test.ts';
import { loadRules } from '../../src/rules/load.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';

/** Rules by their detections, in this order, each with its position for its title. */
function rulesOf(detections: readonly JsonObject[]): Ruleset {
  const files = detections.map((detection, position) => ({
    path: `rule-${position}.yml`,
    text: JSON.stringify({
      title: String(position),
      logsource: { product: 'aws', service: 'cloudtrail' },
      'sigma-version': 3,
      detection,
    }),
  }));
  const { ruleset, problems } = loadRules(files);
  if (problems.length > 0) throw new Error(problems.map(sayProblem).join('\n'));
  return ruleset;
}

const selecting = (selection: Json): JsonObject => ({ sel: selection, condition: 'sel' });

function found(ruleset: Ruleset, body: JsonObject): string[] {
  return ruleset.rulesFor(body).map(({ title }) => title);
}

/** Each rule asked by itself, through plain closures. */
function asker(ruleset: Ruleset): (body: JsonObject) => string[] {
  const rules = ruleset.compiled.map(({ rule, formula }) => ({ rule, holds: compileFormula(formula) }));
  return (body) => rules.filter(({ holds }) => holds(body)).map(({ rule }) => rule.title);
}

const NAMES = ['GetObject', 'GetUser', 'PutObject', 'putobject', 'DeleteUser', 'Straße', 'KELVIN \u212a', ''];
const SOURCES = ['s3.amazonaws.com', 'iam.amazonaws.com', 'IAM.amazonaws.com'];
const ADDRESSES = ['10.0.0.1', '10.1.2.3', '198.51.100.7', '::ffff:10.0.0.1', '2001:db8::1', '010.0.0.1'];
const TEXTS = [
  'anna',
  'Anna.1',
  'kali-linux',
  'aws-cli/2.17 kali',
  'ANNA\nkali',
  'ſession',
  'Session kelvin',
  '\ud83d\ude00 smile',
  '\ude00 half',
  'true',
  '22',
  '22.0',
  '-1',
  '2026-11-20T09:15:02Z',
  '{"Effect":"Allow","Who":"anna"}',
  '',
  ...ADDRESSES,
];
const PATHS = [
  'userAgent',
  'sourceIPAddress',
  'userIdentity.type',
  'userIdentity.userName',
  'userIdentity.session.issuer.userName',
  'requestParameters',
  'requestParameters.items.name',
  'requestParameters.flag',
  'errorCode',
  'recipientAccountId',
  'eventName',
  'eventSource',
  'constructor',
  '__proto__',
  'a.__proto__.b',
  'toString.length',
];

const text = fc.constantFrom(...NAMES, ...SOURCES, ...TEXTS);
const piece = fc.constantFrom(
  'a',
  'an',
  'anna',
  'kali',
  'Get',
  'object',
  'User',
  '10.',
  'ß',
  'ſ',
  '\ude00',
  's',
);
const path = fc.oneof(fc.constantFrom('eventName', 'eventSource', 'userAgent'), fc.constantFrom(...PATHS));
const oneOrMore = (of: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(of, fc.array(of, { minLength: 1, maxLength: 3 }));

type Item = readonly [key: string, value: Json];

const how: fc.Arbitrary<Item> = fc.oneof(
  fc.tuple(fc.constantFrom('', '', '', '|cased', '|neq'), oneOrMore(text)),
  fc.tuple(
    fc.constantFrom('|contains', '|startswith', '|endswith', '|contains|cased', '|contains|neq'),
    piece,
  ),
  fc.tuple(fc.constant('|contains|all'), fc.uniqueArray(piece, { minLength: 2, maxLength: 3 })),
  fc.tuple(fc.constant(''), fc.constantFrom('*', '?', 'Get*', '*user', 'g?t*', '*kali*', 'a*n*a', '\\*')),
  fc.tuple(
    fc.constantFrom('|re', '|re|i', '|re|s'),
    fc.constantFrom(
      'anna',
      '^get',
      'session',
      'kelvin|kali',
      'an{2}a?',
      '(ka|x)li',
      'x*',
      '[^a]+',
      'a.k',
      'K',
    ),
  ),
  fc.tuple(
    fc.constant('|cidr'),
    fc.constantFrom('10.0.0.0/8', '10.0.0.1', '0.0.0.0/0', '2001:db8::/32', '198.51.100.0/24'),
  ),
  fc.tuple(fc.constantFrom('|gt', '|lte'), fc.constantFrom(-1, 22, 23)),
  fc.tuple(fc.constant('|exists'), fc.boolean()),
  fc.tuple(fc.constantFrom('|fieldref', '|fieldref|contains'), fc.constantFrom(...PATHS)),
  fc.tuple(fc.constantFrom('|hour', '|minute|gte'), fc.constantFrom(9, 15)),
  fc.tuple(fc.constant(''), fc.constantFrom<Json>(null, true, 22, -1)),
);
const item = fc.tuple(path, how).map(([field, [modifiers, value]]): Item => [field + modifiers, value]);
const block = fc
  .tuple(fc.constantFrom('any', 'all', 'none', 'all_or_empty', '0'), text)
  .map(([members, value]): Item => [`requestParameters.items[${members}]`, { name: value }]);
const map = fc
  .uniqueArray(fc.oneof({ weight: 9, arbitrary: item }, { weight: 1, arbitrary: block }), {
    minLength: 1,
    maxLength: 3,
    selector: ([key]) => key,
  })
  .map((items): Json => Object.fromEntries(items));
const selection: fc.Arbitrary<Json> = fc.oneof(
  { weight: 8, arbitrary: map },
  { weight: 2, arbitrary: fc.array(map, { minLength: 2, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(piece, { minLength: 1, maxLength: 2 }) },
);
const CONDITIONS = [
  'a',
  'a',
  'a',
  'a and not b',
  'a or b',
  'not a',
  'not (a and b)',
  '1 of them',
  'b and (a or c)',
];
const detection = fc
  .tuple(selection, selection, selection, fc.constantFrom(...CONDITIONS))
  .map(([a, b, c, condition]): JsonObject => ({ a, b, c, condition }));

const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom<Json>(null, true, false, 22, -1, 0) },
);
const odd: fc.Arbitrary<Json> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom('b', 'name', 'type', 'length'), scalar, { maxKeys: 2 }),
  },
);
const named = (name: string, member: fc.Arbitrary<Json>): fc.Arbitrary<Item> =>
  member.map((value): Item => [name, value]);
const nameOr = (other: fc.Arbitrary<Json>, names: readonly string[]): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom<Json>(...names) }, { weight: 1, arbitrary: other });

/** JSON text reads `__proto__` as a key like any other, as records come. */
const bodyOf = (members: readonly Item[]): JsonObject =>
  JSON.parse(`{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`);

const issuer = fc.array(named('userName', odd), { maxLength: 1 }).map(bodyOf);
const identity = fc
  .tuple(named('type', odd), named('userName', odd), named('session.issuer.userName', odd), issuer)
  .chain(([type, user, literal, inner]) =>
    fc.subarray<Item>([type, user, literal, ['session', { issuer: inner }]]).map(bodyOf),
  );
const request = fc
  .tuple(
    named('items', fc.oneof(odd, fc.array(fc.oneof(scalar, fc.record({ name: odd })), { maxLength: 3 }))),
    named('flag', odd),
  )
  .chain((members) => fc.subarray<Item>(members).map(bodyOf));
const body = fc
  .tuple(
    named('eventName', nameOr(odd, NAMES)),
    named('eventSource', nameOr(odd, SOURCES)),
    named('userAgent', odd),
    named('sourceIPAddress', nameOr(odd, ADDRESSES)),
    named('userIdentity', fc.oneof({ weight: 5, arbitrary: identity }, odd)),
    named('requestParameters', fc.oneof({ weight: 3, arbitrary: request }, odd)),
    named('errorCode', odd),
    named('recipientAccountId', odd),
    fc.constantFrom<Item>(
      ['userIdentity.type', 'anna'],
      ['__proto__', 'kali'],
      ['constructor', 'anna'],
      ['x', 1],
    ),
    fc.constantFrom<Item>(['a', JSON.parse('{"__proto__": {"b": "anna"}}')], ['toString', { length: 22 }]),
  )
  .chain((members) => fc.subarray<Item>(members, { minLength: 6 }).map(bodyOf));

describe('many rules at once', () => {
  test('find what each of them finds alone, in their order, on any record', () => {
    let compared = 0;
    let matched = 0;
    fc.assert(
      fc.property(
        fc.array(detection, { minLength: 30, maxLength: 60 }),
        fc.array(body, { minLength: 20, maxLength: 20 }),
        (detections, bodies) => {
          const ruleset = rulesOf(detections);
          const alone = asker(ruleset);
          // Twice, for what is remembered of the first time.
          for (const one of [...bodies, ...bodies]) {
            const wanted = alone(one);
            expect(found(ruleset, one)).toEqual(wanted);
            compared += detections.length;
            matched += wanted.length;
          }
        },
      ),
      { seed: 20_261_120, numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(50_000);
    // Rules that are always true, or never, would show nothing.
    expect(matched / compared).toBeGreaterThan(0.1);
    expect(matched / compared).toBeLessThan(0.6);
  });

  test('find the same by what was read of a record', () => {
    let compared = 0;
    let matched = 0;
    const few = fc.array(detection, { minLength: 3, maxLength: 6 }).map(rulesOf);
    fc.assert(
      fc.property(
        few.filter(({ paths }) => paths !== undefined),
        fc.array(body, { minLength: 30, maxLength: 30 }),
        (ruleset, bodies) => {
          const scanner = new Scanner(ruleset.paths ?? []);
          const alone = asker(ruleset);
          for (const one of bodies) {
            scanner.read(one);
            if (scanner.row === undefined) continue;
            const wanted = alone(one);
            expect(ruleset.rulesForRow(scanner.row).map(({ title }) => title)).toEqual(wanted);
            // In between, as records are judged that cannot be read so.
            expect(found(ruleset, one)).toEqual(wanted);
            compared += ruleset.rules.length;
            matched += wanted.length;
          }
        },
      ),
      { seed: 20_261_121, numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(10_000);
    expect(matched / compared).toBeGreaterThan(0.1);
    expect(matched / compared).toBeLessThan(0.6);
  });

  test('a record that matches nothing gets the same frozen list each time', () => {
    const ruleset = rulesOf([selecting({ eventName: 'PutObject' })]);
    const first = ruleset.rulesFor({ eventName: 'GetObject', eventSource: 's3.amazonaws.com' });
    expect(first).toEqual([]);
    expect(Object.isFrozen(first)).toBe(true);
    expect(ruleset.rulesFor({})).toBe(first);
  });

  test('the same rule twice is found twice', () => {
    const one = selecting({ 'userAgent|contains': 'kali' });
    expect(found(rulesOf([one, one]), { userAgent: 'Kali' })).toEqual(['0', '1']);
  });

  test('a rule that is found by several values at once is found once', () => {
    const ruleset = rulesOf([
      selecting({ userAgent: ['kali', 'pacu'] }),
      selecting([{ userAgent: 'kali' }, { sourceIPAddress: '10.0.0.1' }]),
      selecting({ eventName: 'PutObject', recipientAccountId: ['1', '2'] }),
    ]);
    const record = {
      eventName: 'PutObject',
      eventSource: 's3.amazonaws.com',
      userAgent: ['kali', 'pacu'],
      sourceIPAddress: '10.0.0.1',
      recipientAccountId: ['1', '2'],
    };
    expect(found(ruleset, record)).toEqual(['0', '1', '2']);
  });
});

describe('thousands of rules', () => {
  test('texts that are sought in the same field do not hide one another', () => {
    const words = Array.from({ length: 3000 }, (_, index) => `tool-${index.toString(36)}`);
    const nested = ['he', 'she', 'his', 'hers', 'ushers', 's'];
    const ruleset = rulesOf([...words, ...nested].map((word) => selecting({ 'userAgent|contains': word })));
    const alone = asker(ruleset);
    for (const agent of ['xx tool-a1 tool-2b', 'USHERS', 'his tool-', 'tool-tool-zz', 'ſhe', '']) {
      expect(found(ruleset, { userAgent: agent })).toEqual(alone({ userAgent: agent }));
    }
  });

  test('texts so many and so long that they do not fit into one table are still found', () => {
    const long = (index: number) =>
      `${(index * 7919).toString(36)}-${'abcdefghijklmnopqrstuvwxyz'.repeat(3)}-${index}`;
    const ruleset = rulesOf(
      Array.from({ length: 60 }, (_, rule) =>
        selecting({
          'userAgent|contains': Array.from({ length: 200 }, (_, index) => long(rule * 200 + index)),
        }),
      ),
    );
    const alone = asker(ruleset);
    for (const agent of [
      long(0),
      `x${long(7777)}y ${long(4321)}`,
      long(11_999).slice(1),
      long(5).slice(0, -1),
    ]) {
      expect(found(ruleset, { userAgent: agent })).toEqual(alone({ userAgent: agent }));
    }
  });
});

describe('what is remembered of records', () => {
  const detections = [
    selecting({ 'eventName|startswith': 'Get' }),
    selecting({ 'eventName|endswith': '7' }),
    selecting({ eventName: 'Get31337' }),
    selecting({ 'userAgent|re': '^[0-9]*5$' }),
    { a: { eventSource: 's3.amazonaws.com' }, b: { 'eventName|contains': '99' }, condition: 'a and not b' },
  ];
  const bodyOfNumber = (index: number): JsonObject => ({
    eventName: `${index % 2 === 0 ? 'Put' : 'Get'}${index}`,
    eventSource: index % 3 === 0 ? 's3.amazonaws.com' : `source-${index % 1000}.amazonaws.com`,
    userAgent: String(index),
  });

  test('100,000 event names and agents change no result, nor does their coming again', () => {
    const ruleset = rulesOf(detections);
    const alone = asker(ruleset);
    for (let index = 0; index < 100_000; index += 1) {
      const one = bodyOfNumber(index);
      const wanted = alone(one);
      if (found(ruleset, one).join() !== wanted.join()) expect(found(ruleset, one)).toEqual(wanted);
    }
    for (const index of [0, 7, 31_337, 50_000, 99_999]) {
      expect(found(ruleset, bodyOfNumber(index))).toEqual(alone(bodyOfNumber(index)));
    }
  });

  test('names of as many kinds as there are rules change no result', () => {
    const ruleset = rulesOf(
      Array.from({ length: 20 }, (_, bit) => selecting({ 'eventName|contains': `<${bit}>` })),
    );
    const alone = asker(ruleset);
    for (let index = 0; index < 40_000; index += 1) {
      const bits = Array.from({ length: 20 }, (_, bit) => (((index * 37) >> bit) & 1 ? `<${bit}>` : ''));
      const one = { eventName: bits.join(''), eventSource: 's3.amazonaws.com' };
      const wanted = alone(one);
      if (found(ruleset, one).join() !== wanted.join()) expect(found(ruleset, one)).toEqual(wanted);
    }
  });
});
