import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scanner } from '../../src/cli/replay/scanner.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../../src/kernel/json.ts';
import { fieldPath } from '../../src/rules/field.ts';

const PATHS = ['a', 'b.c', 'b.d.e', 'b.f', 'user.name', 'constructor', 'long_key_1', 'long_key_2', '1', 'é'];

/** What `JSON.parse` says, without the members that no path leads through. */
function pruned(value: Json, paths: readonly string[]): Json {
  if (!isObject(value) || paths.includes('')) return value;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const below = paths.filter((path) => path === key || path.startsWith(`${key}.`));
    // Whole where a path ends; a key with dots in it only ends one.
    const rests = below.map((path) => path.slice(key.length + 1));
    const isStep = !key.includes('.');
    if (rests.includes('')) kept[key] = member;
    else if (isStep && rests.length > 0) kept[key] = pruned(member, rests);
  }
  return kept;
}

function scan(text: string, at = 0): { object: JsonObject | undefined; end: number } {
  const scanner = new Scanner(PATHS.map(fieldPath));
  scanner.take(text, Buffer.from(text, 'latin1'));
  return { object: scanner.scan(at), end: scanner.end };
}

const key = fc.oneof(
  fc.constantFrom(
    ...PATHS.flatMap((path) => [path, ...path.split('.')]),
    'd.e',
    'long_key_3',
    '__proto__',
    'x',
  ),
  // Once it has read a key that is one backslash, the JSON.parse of Node 24 takes other escaped keys for that.
  fc.string({ maxLength: 3 }).filter((text) => text !== '\\'),
);
const leaf = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '{', ']', ',', ':', 'u', '\n', ' ') }),
  fc.constantFrom<Json>(null, true, false, 0, -1.5e-7, 12),
);
const { object: anObject } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('object'), fc.array(tie('value'), { maxLength: 3 })),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 6 })
    .map((members) => Object.fromEntries(members) as JsonObject),
}));

const escaped = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('reading only what is asked for', () => {
  it('says of compact JSON what JSON.parse says of it', () => {
    let read = 0;
    const property = fc.property(anObject, anObject, (first, second) => {
      const texts = [first, second].map((one) => escaped(JSON.stringify(one)));
      const [before = '', after = ''] = texts;
      const found = scan(texts.join(), before.length + 1);
      // Escapes in keys are the only thing of these that it leaves to others.
      if (found.object === undefined) expect(after).toContain('\\');
      else {
        expect(found).toEqual({ object: pruned(second, PATHS), end: before.length + 1 + after.length });
        read += 1;
      }
    });
    fc.assert(property, { seed: 20, numRuns: 10_000 });
    expect(read).toBeGreaterThan(7000);
  });

  it('never says something else of JSON that was damaged, and always ends', () => {
    const property = fc.property(
      anObject,
      fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...'"\\{}[],: a1-')), {
        minLength: 1,
        maxLength: 3,
      }),
      (given, damages) => {
        let text = escaped(JSON.stringify(given));
        for (const [where, removed, added] of damages) {
          const at = where % text.length;
          text = text.slice(0, at) + added + text.slice(at + removed);
        }
        const { object, end } = scan(text);
        const parsed = object && parseJson(text.slice(0, end));
        if (object && parsed !== undefined) expect(object).toEqual(pruned(parsed, PATHS));
      },
    );
    fc.assert(property, { seed: 20, numRuns: 20_000 });
  });

  it.each([
    [
      'the last of two members with one key',
      '{"a":1,"b":{"c":1},"a":"x","b":{"f":2}}',
      { a: 'x', b: { f: 2 } },
    ],
    [
      'whole what ends a path, in any form',
      '{"a":{"z":[{}]},"b":[{"c":1,"z":2}]}',
      { a: { z: [{}] }, b: [{ c: 1, z: 2 }] },
    ],
    ['keys with dots in them', '{"b.c":1,"b":{"d.e":2,"d":{"z":1}}}', { 'b.c': 1, b: { 'd.e': 2, d: {} } }],
    ['nothing of nothing', '{}', {}],
    ['no spaces', '{"a": 1}', undefined],
    ['no escapes in keys', '{"\\u0061":1}', undefined],
    ['no list', '["a"]', undefined],
    ['no end', '{"a":1', undefined],
    ['no end of a text', '{"z":"1', undefined],
    ['no end of a text behind a backslash', '{"z":"1\\', undefined],
    ['no end inside', '{"z":{"y":1}', undefined],
    ['no other bracket', '{"z":[1}}', undefined],
    ['no number that is none', '{"z":01}', undefined],
    ['no word that is none', '{"z":nul}', undefined],
    ['no text without a comma behind', '{"z":{"a":"b"c"}}', undefined],
    ['no two texts in a row', '{"z":["a""b"]}', undefined],
    ['no escape that is none', '{"z":"a\\qb"}', undefined],
    ['no escape that is none, inside', '{"z":["\\u00g0"]}', undefined],
    ['no words inside that are none', '{"z":[1,tru]}', undefined],
    ['no bottomless lists', `{"z":${'['.repeat(40)}${']'.repeat(40)}}`, undefined],
  ])('reads %s', (_what, text, expected) => {
    expect(scan(text).object).toEqual(expected);
  });
});
