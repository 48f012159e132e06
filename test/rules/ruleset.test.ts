import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { loadRules } from '../../src/rules/load.ts';
import { HEAD, recordOf } from './support.ts';

/** Detections with every kind of bound on event name and source, and with none. */
const DETECTIONS = [
  '{s: {eventName: CreateUser}, condition: s}',
  '{s: {eventName: [CREATEUSER, DeleteUser], eventSource: iam}, condition: s}',
  "{s: {eventName: 'Create*'}, condition: s}",
  '{s: {eventSource: iam}, condition: s}',
  '{s: {eventSource: [iam, s3]}, t: {a: x}, condition: s and t}',
  '{s: {eventName: CreateUser}, t: {eventSource: s3}, condition: s or t}',
  '{s: {eventName: CreateUser}, t: {eventName: DeleteUser}, condition: 1 of them}',
  '{s: {eventName: CreateUser}, condition: not s}',
  '{s: {eventName|neq: CreateUser}, condition: s}',
  '{s: {eventName: null}, condition: s}',
  '{s: {eventName: [CreateUser, null]}, condition: s}',
  '{s: {eventName|cased: createuser}, condition: s}',
  '{s: {eventName|all: [CreateUser, DeleteUser]}, condition: s}',
  '{s: {a: x}, condition: s}',
  '{s: {eventName: 7}, condition: s}',
  '{s: {eventName: true}, condition: s}',
  '{s: [CreateUser], condition: s}',
];

const FILES = DETECTIONS.map((detection, index) => ({
  path: `r${String(index).padStart(2, '0')}.yml`,
  text: `${HEAD}detection: ${detection}\n`,
}));

function namesMatching(files: typeof FILES, body: JsonObject): string[] {
  const { ruleset, problems } = loadRules(files);
  expect(problems).toEqual([]);
  return ruleset.match(recordOf(body)).map(({ rule }) => rule.name);
}

test('matches come in the order of loading, with their rule and record', () => {
  const record = recordOf({ eventName: 'CreateUser', eventSource: 'iam', a: 'x' });
  const { ruleset } = loadRules(FILES);
  const found = ruleset.match(record);
  const order = found.map(({ rule }) => ruleset.rules.indexOf(rule));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order.length).toBeGreaterThan(5);
  expect(found.every((match) => match.record === record)).toBe(true);
});

test('looking rules up by event name and source finds what trying each rule alone finds', () => {
  const eventName = fc.constantFrom<JsonObject[string]>(
    'CreateUser',
    'createuser',
    'DeleteUser',
    'CreateKey',
    'true',
    '7',
    7,
    true,
    null,
    ['DeleteUser', 'CreateUser'],
    { name: 'CreateUser' },
  );
  const eventSource = fc.constantFrom<JsonObject[string]>('iam', 'IAM', 's3', 'ec2', null, ['s3']);
  const body = fc.record({ eventName, eventSource, a: fc.constantFrom('x', 'y') }, { requiredKeys: [] });
  const { ruleset } = loadRules(FILES);
  const alone = FILES.map((file) => loadRules([file]).ruleset);
  fc.assert(
    fc.property(body, (some) => {
      const record = recordOf({ ...some });
      const together = ruleset.match(record).map(({ rule }) => rule.name);
      expect(together).toEqual(alone.flatMap((one) => one.match(record).map(({ rule }) => rule.name)));
    }),
  );
});

test('a rule bound to event names is tried where the event name is a list', () => {
  expect(
    namesMatching(FILES.slice(0, 1), { eventName: ['Other', 'CreateUser'], eventSource: 'iam' }),
  ).toEqual(['r00']);
});
