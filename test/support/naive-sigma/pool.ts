import fc from 'fast-check';

/**
 * Rules and records are made from one small stock of names and values, so that they often meet. What stands here
 * is chosen for the places where evaluators differ.
 */
export const EVENT_NAMES = ['CreateUser', 'DeleteUser', 'GetObject', 'ListBuckets', 'RunInstances'];
export const SOURCES = ['iam.amazonaws.com', 's3.amazonaws.com', 'ec2.amazonaws.com'];

/** Values for `%name%` placeholders. */
export const GENERATED_LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['admins', ['alice', 'bob*']],
  ['networks', ['10.0.0.1', '2001:db8::5']],
  ['nobody', []],
]);

export const ADDRESSES = [
  '10.0.0.1',
  '10.1.2.3',
  '192.168.1.7',
  '::ffff:10.1.2.3',
  '::ffff:a01:203',
  '2001:db8::5',
  '2001:DB8:0:0:0:0:0:5',
  'ec2.amazonaws.com',
  'AWS Internal',
  '10.0.0.1:443',
  '10.0.0',
];
export const NETWORKS = [
  '10.0.0.0/8',
  '10.0.0.1',
  '10.0.0.0/15',
  '192.168.1.0/24',
  '192.168.1.4/30',
  '0.0.0.0/0',
  '2001:db8::/32',
  '2001:db8::4/127',
  '::/0',
];
export const TIMES = [
  '2026-11-20T09:15:02Z',
  '2026-11-20T23:30:00-02:00',
  '2026-12-31T23:59:59.999Z',
  '2027-01-01T00:30:00+01:00',
  '2026-02-30T09:15:02Z',
  '2026-11-20 09:15',
  '2024-12-30T00:00:00Z',
];
const NUMERALS = ['22', '22.0', '-5', '1e2', '0x16', ' 22', '+22', '100', '.5', '1.2.3', ''];
const WORDS = [
  'alice',
  'Bob',
  'bobby',
  'root user',
  'a*',
  'a?c',
  'abc',
  'a\\b',
  'a\\*',
  'a\\\\b',
  'dir\\',
  'x "quoted" y',
  "it's",
  'true',
  'False',
  'No',
  'yes',
  'null',
  'ÄRGER',
  'ärger',
  'ΟΔΟΣ',
  'οδος',
  'İx',
  'a😀c',
  'one\ntwo',
  '%admins%',
  'a-b/c',
];
/** Command lines, whose options begin with one dash or another. */
export const COMMANDS = [
  'cmd -enc /c',
  'cmd –enc ―c',
  'CMD /enc —c',
  'cmd -enc –c',
  'a-b/c -x',
  '/c',
  '-enc',
];
/** So few that two fields of a record are often the same, and that rules often find them. */
export const FEW = ['alice', 'Alice', 'Bob', 'aba', 'İx', '22', 22];
/** Texts that a record may hold as base64, plain or wide. */
const ENCODED = ['alice', 'Bob', 'abc', 'ärger', 'cmd -enc /c'];
const BASE64 = ENCODED.flatMap((text) => {
  const little = Buffer.from(text, 'utf16le');
  const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), little]);
  return [Buffer.from(text, 'utf8'), little, marked, Buffer.from(little).swap16()].flatMap((bytes) =>
    ['', 'x', 'xy'].map((around) =>
      Buffer.concat([Buffer.from(around), bytes, Buffer.from(around)]).toString('base64'),
    ),
  );
});
const POLICY = '{"Statement":[{"Effect":"Allow","Principal":"*","Users":["alice","Bob"]}]}';
const JSON_TEXTS = [
  POLICY,
  JSON.stringify({ inner: POLICY, n: 22 }),
  JSON.stringify({ two: JSON.stringify({ inner: POLICY }) }),
  '{ "Effect" : "Deny" }',
  ' ["abc", "22", null]',
  '[1',
  '"abc"',
];

/** Everything that may be a text of a record. */
export const RECORD_TEXTS = [
  ...WORDS,
  ...NUMERALS,
  ...COMMANDS,
  ...ADDRESSES,
  ...TIMES,
  ...JSON_TEXTS,
  ...EVENT_NAMES,
];
export const NUMBERS = [22, -5, 100, 0.5, 0, 9, 47, 2026];

export const encodable = fc.constantFrom(...ENCODED);
export const encodedText = fc.constantFrom(...BASE64);

/** The text in another case. */
export function recased(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.nat(5))
    .map(([one, how]) => (how === 0 ? one.toUpperCase() : how === 1 ? one.toLowerCase() : one));
}
