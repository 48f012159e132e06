import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import {
  ADDRESSES,
  COMMANDS,
  EVENT_NAMES,
  encodedText,
  FEW,
  NUMBERS,
  RECORD_TEXTS,
  recased,
  SOURCES,
  TIMES,
} from './pool.ts';

const text = recased(fc.constantFrom(...RECORD_TEXTS));
const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
);
const values = fc.array(scalar, { maxLength: 3 });

const fewOr = (other: fc.Arbitrary<Json>) => fc.oneof(fc.constantFrom<Json>(...FEW), other);

/** What may stand anywhere: a scalar, lists in lists, a small object. */
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 2, arbitrary: values },
  { weight: 1, arbitrary: fc.array(fc.oneof(scalar, values), { maxLength: 3 }) },
  { weight: 1, arbitrary: someOf({ b: scalar, Status: text, n: values }) },
);

const entry = someOf({ x: fewOr(value), y: fewOr(scalar), 'deep.x': scalar, deep: someOf({ x: value }) });

const BODY = {
  a: fc.oneof(
    { weight: 3, arbitrary: value },
    { weight: 2, arbitrary: someOf({ b: fewOr(value), 'b.c': value }) },
    {
      weight: 1,
      arbitrary: someOf({
        b: fc.oneof(someOf({ c: value }), fc.array(someOf({ c: value }), { maxLength: 2 })),
      }),
    },
    { weight: 1, arbitrary: fc.array(someOf({ b: value }), { maxLength: 3 }) },
  ),
  'a.b': value,
  items: fc.oneof(
    { weight: 6, arbitrary: fc.array(entry, { maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof(entry, scalar, fc.array(entry, { maxLength: 2 })), { maxLength: 3 }),
    },
    { weight: 1, arbitrary: entry },
    { weight: 1, arbitrary: scalar },
  ),
  user: fc.oneof({ weight: 5, arbitrary: someOf({ name: fewOr(value), port: scalar }) }, scalar),
  addr: fc.oneof(
    fc.constantFrom<Json>(...ADDRESSES),
    fc.array(fc.constantFrom<Json>(...ADDRESSES), { maxLength: 2 }),
  ),
  port: fc.oneof(fc.constantFrom<Json>(...NUMBERS), value),
  time: fc.oneof({ weight: 4, arbitrary: fc.constantFrom<Json>(...TIMES) }, { weight: 1, arbitrary: value }),
  code: fc.oneof({ weight: 3, arbitrary: encodedText }, { weight: 1, arbitrary: value }),
  command: recased(fc.constantFrom(...COMMANDS)),
  errorCode: fc.constantFrom<Json>('AccessDenied', null, ''),
};

/** One of a call's own names, or what no call has there but a hostile record may. */
function oneNamed(names: readonly string[]): fc.Arbitrary<Json> {
  return fc.oneof(
    { weight: 16, arbitrary: recased(fc.constantFrom(...names)) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom<Json>(...names), { maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constantFrom<Json>(null, 22, true, '', { name: names[0] ?? '' }) },
  );
}

function someOf(members: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> {
  return fc.record<JsonObject>(members, { requiredKeys: [] });
}

/** Bodies of records, in which each field may be missing. */
export const arbitraryBody: fc.Arbitrary<JsonObject> = fc
  .tuple(
    someOf({ eventName: oneNamed(EVENT_NAMES), eventSource: oneNamed(SOURCES), ...BODY }),
    fc.constantFrom(...EVENT_NAMES),
    fc.constantFrom(...SOURCES),
    fc.nat(9),
  )
  .map(([body, eventName, eventSource, odd]) => (odd < 2 ? body : { eventName, eventSource, ...body }));
