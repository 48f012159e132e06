import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/kernel/json.ts';

/** Rules and records over the same few fields and values, so that they often meet. */

const NAMES = [
  'CreateUser',
  'DeleteTrail',
  'ConsoleLogin',
  'GetUser',
  'ListUsers',
  'AssumeRole',
  'StartQuery',
  'GetSessionToken',
  'Décrypt',
];
const READING = new Set(['GetUser', 'ListUsers', 'AssumeRole']);
const SOURCES = ['iam.amazonaws.com', 'sts.amazonaws.com', 's3.amazonaws.com', 'Custom.Source'];
const ACCOUNTS = ['111122223333', '444455556666', 'anonymous', '012345678901'];
const USERS = ['alice', 'bob', 'Kim', '5', ''];

/** Fields that CloudTrail documents as one value, with what stands there. */
const PLAIN: Readonly<Record<string, readonly Json[]>> = {
  eventSource: SOURCES,
  errorCode: ['AccessDenied', 'Client.UnauthorizedOperation', 'Throttling', '', null, 404, 'true'],
  errorMessage: ['Request denied', 'not ok', 'straße', null],
  userAgent: ['Kali/1.0', '\u212aali/1.0', 'aws-cli/2.17', 'Boto3/1.34', 'Ärger', null, ''],
  sourceIPAddress: [
    '10.1.2.3',
    '::ffff:10.1.2.3',
    '0:0:0:0:0:ffff:a01:203',
    '2001:db8::7',
    'AWS Internal',
    '203.0.113.9',
  ],
  awsRegion: ['eu-west-1', 'us-east-1'],
  recipientAccountId: ACCOUNTS,
  'userIdentity.type': ['Root', 'IAMUser', 'AssumedRole', null],
  'userIdentity.accountId': ACCOUNTS,
  'userIdentity.userName': [...USERS, 5, 22.5, true, null],
  'userIdentity.invokedBy': ['ec2.amazonaws.com', '*', null, ''],
  'userIdentity.sessionContext.attributes.mfaAuthenticated': ['true', 'false', true, null],
  'userIdentity.sessionContext.sessionIssuer.userName': ['Admin', 'a*b', 'a\\b'],
};

/** Fields where anything may stand. */
const LOOSE = [
  'requestParameters',
  'requestParameters.name',
  'requestParameters.items',
  'requestParameters.items.port',
  'requestParameters.items.net',
  'requestParameters.items.net.x',
  'responseElements.ConsoleLogin',
  'additionalEventData.MFAUsed',
];

const FIELDS = ['eventName', 'readOnly', ...Object.keys(PLAIN), ...LOOSE];
const WORDS = [...NAMES, ...Object.values(PLAIN).flat(), 22, 443, 'office', 'Yes', 'No', 'Success'];

const loose: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Json>(...WORDS),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('name', 'items', 'port', 'net', 'x', 'items.port', 'net.x', 'port.x'),
      tie('value'),
      {
        maxKeys: 3,
      },
    ),
  ),
})).value;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

/** A record in which documented fields hold what AWS documents, and the others whatever there is. */
export const RECORD: fc.Arbitrary<JsonObject> = fc
  .record({
    eventName: fc.constantFrom<Json>(...NAMES, ...NAMES, 5, true),
    readOnly: fc.constantFrom<Json | undefined>(true, false, 'true', 'false', null, undefined),
    plain: fc.record(
      Object.fromEntries(
        Object.entries(PLAIN).map(([path, values]) => [path, maybe(fc.constantFrom<Json>(...values))]),
      ),
    ),
    dotted: fc.boolean(),
    requestParameters: maybe(loose),
    responseElements: maybe(loose),
    additionalEventData: maybe(loose),
  })
  .map(({ eventName, readOnly, plain, dotted, ...others }) => {
    const record: JsonObject = { eventName };
    // What plainly changes something never says that it reads.
    const changes = ['CreateUser', 'DeleteTrail', 'ConsoleLogin'].includes(String(eventName));
    const flag = changes && String(readOnly) === 'true' ? false : readOnly;
    if (flag !== undefined) record.readOnly = flag;
    for (const [path, value] of Object.entries(plain))
      if (value !== undefined) put(record, path, value, dotted);
    for (const [key, value] of Object.entries(others)) if (value !== undefined) record[key] = value;
    return record;
  });

function put(record: JsonObject, path: string, value: Json, dotted: boolean): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0 || (dotted && rest.length === 1)) {
    record[path] = value;
    return;
  }
  const inner = record[first];
  const next: JsonObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {};
  record[first] = next;
  put(next, rest.join('.'), value, false);
}

/** Whether EventBridge keeps the record from rules in the state ENABLED. */
export function reads({ eventName, readOnly }: JsonObject): boolean {
  if (readOnly === undefined || readOnly === null) return READING.has(String(eventName));
  return String(readOnly) === 'true';
}

const text = fc
  .tuple(
    fc.constantFrom(...WORDS.filter((word) => word !== null).map(String)),
    fc.integer({ min: 0, max: 11 }),
  )
  .map(([word, change]) => changed(word, change));

function changed(word: string, change: number): string {
  switch (change) {
    case 0:
      return word.toUpperCase();
    case 1:
      return word.toLowerCase();
    case 2:
      return `${word.slice(0, 3)}*`;
    case 3:
      return `*${word.slice(-3)}`;
    case 4:
      return `${word.slice(0, 2)}*${word.slice(-1)}`;
    case 5:
      return '*';
    case 6:
      return '?*';
    case 7:
      return word.replace(/.$/, '?');
    default:
      return word;
  }
}

const part = fc
  .tuple(
    fc.constantFrom(...WORDS.filter((word) => word !== null).map(String)),
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([word, length]) => word.slice(0, length + 1));

const value = fc.oneof({ arbitrary: text, weight: 4 }, fc.constantFrom<Json>(...WORDS, true, false, null));
const values = fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 4 }));
const parts = fc.oneof(part, fc.array(part, { minLength: 1, maxLength: 3 }));

type Item = readonly [key: string, value: Json];

/** A field whose own values are more likely to be asked for than those of others. */
const likely: fc.Arbitrary<Item> = fc
  .constantFrom('eventName', 'eventName', 'eventSource', ...Object.keys(PLAIN), 'readOnly')
  .chain((field) => {
    const own =
      field === 'eventName' ? NAMES : field === 'readOnly' ? ['true', 'false'] : (PLAIN[field] ?? []);
    const one = fc.constantFrom<Json>(...own);
    const alike = fc
      .tuple(one, fc.integer({ min: 0, max: 7 }))
      .map(([word, change]): Json => (word === null ? null : changed(String(word), change)));
    const some = fc.array(fc.oneof({ arbitrary: one, weight: 2 }, alike), { minLength: 1, maxLength: 3 });
    return some.map((list): Item => [field, list.length === 1 ? (list[0] ?? null) : list]);
  });

const field = fc.constantFrom(...FIELDS);
const item: fc.Arbitrary<Item> = fc.oneof(
  { arbitrary: likely, weight: 5 },
  fc.tuple(field, values),
  fc
    .tuple(
      field,
      fc.constantFrom('|contains', '|startswith', '|endswith', '|startswith|cased', '|contains|cased'),
      parts,
    )
    .map(([path, modifier, list]): Item => [`${path}${modifier}`, list]),
  fc.tuple(field, text).map(([path, one]): Item => [`${path}|cased`, one]),
  fc.tuple(field, value).map(([path, one]): Item => [`${path}|neq`, one]),
  fc.tuple(field, fc.boolean()).map(([path, wanted]): Item => [`${path}|exists`, wanted]),
  fc.tuple(field, field).map(([path, other]): Item => [`${path}|fieldref`, other]),
  fc
    .tuple(field, fc.constantFrom('|re', '|re|i'), fc.constantFrom('^a', 'User$', '[0-9]', 'e.*i', ''))
    .map(([path, modifier, one]): Item => [`${path}${modifier}`, one]),
  fc
    .tuple(field, fc.constantFrom('|lt', '|gte'), fc.constantFrom(22, 400))
    .map(([path, modifier, one]): Item => [`${path}${modifier}`, one]),
  fc
    .constantFrom('10.0.0.0/8', '10.1.2.3', '2001:db8::/32', '::/0', '0.0.0.0/0')
    .map((network): Item => ['sourceIPAddress|cidr', network]),
);

const map = fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => Object.fromEntries(items));
const selection: fc.Arbitrary<Json> = fc.oneof(
  { arbitrary: map, weight: 5 },
  fc.array(map, { minLength: 1, maxLength: 3 }),
  part,
);

const condition = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    { arbitrary: fc.constantFrom('a', 'b', 'c'), weight: 3 },
    fc
      .tuple(tie('any'), fc.constantFrom('and', 'and', 'and not', 'or'), tie('any'))
      .map(([one, word, other]) => `(${one}) ${word} (${other})`),
    tie('any').map((one) => `not (${one})`),
  ),
})).any;

/** The detection of a rule. */
export const DETECTION: fc.Arbitrary<JsonObject> = fc.record({
  a: selection,
  b: selection,
  c: selection,
  condition: fc.oneof(
    fc.constantFrom('a', 'a and not b', 'a and b', 'a and not 1 of them', 'a and (b or c)'),
    condition,
  ),
});
