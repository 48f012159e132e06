import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { eventPattern } from '../support/naive-eventbridge.ts';

type Row = readonly [says: string, pattern: JsonObject, event: JsonObject, expected: boolean];

const ITEMS = {
  items: [
    { port: 22, net: 'office' },
    { port: 443, net: 'world' },
  ],
};

const CASES: Readonly<Record<string, readonly Row[]>> = {
  equality: [
    ['minds case', { a: ['x'] }, { a: 'X' }, false],
    ['a list is or', { a: ['x', 'y'] }, { a: 'y' }, true],
    ['text is not a boolean', { a: ['true'] }, { a: true }, false],
    ['a number is not text', { a: [22] }, { a: '22' }, false],
    ['22 is 22.0', { a: [22] }, { a: 22.0 }, true],
    ['null fits null', { a: [null] }, { a: null }, true],
    ['null does not fit absent', { a: [null] }, { b: 1 }, false],
    ['the empty text fits itself', { a: [''] }, { a: '' }, true],
    ['fields are and', { a: ['x'], b: ['y'] }, { a: 'x', b: 'z' }, false],
    ['field names mind case', { A: ['x'] }, { a: 'x' }, false],
    ['a key with dots is a path', { a: { b: ['x'] } }, { 'a.b': 'x' }, true],
    ['and the other way round', { 'a.b': ['x'] }, { a: { b: 'x' } }, true],
    ['an object is no value', { a: ['x'] }, { a: { b: 'x' } }, false],
  ],
  text: [
    ['prefix', { a: [{ prefix: 'Ab' }] }, { a: 'Abc' }, true],
    ['prefix minds case', { a: [{ prefix: 'Ab' }] }, { a: 'abc' }, false],
    ['prefix in any case', { a: [{ prefix: { 'equals-ignore-case': 'aB' } }] }, { a: 'Abc' }, true],
    ['prefix is for text', { a: [{ prefix: '2' }] }, { a: 22 }, false],
    ['suffix', { a: [{ suffix: 'bc' }] }, { a: 'abc' }, true],
    ['suffix in any case', { a: [{ suffix: { 'equals-ignore-case': 'BC' } }] }, { a: 'abc' }, true],
    ['suffix, another end', { a: [{ suffix: 'bc' }] }, { a: 'bcd' }, false],
    ['equals-ignore-case', { a: [{ 'equals-ignore-case': 'root' }] }, { a: 'ROOT' }, true],
    [
      'equals-ignore-case is the whole text',
      { a: [{ 'equals-ignore-case': 'root' }] },
      { a: 'rooted' },
      false,
    ],
    ['equals-ignore-case beyond ASCII', { a: [{ 'equals-ignore-case': 'ä' }] }, { a: 'Ä' }, true],
    [
      'equals-ignore-case does not know the Kelvin sign',
      { a: [{ 'equals-ignore-case': 'k' }] },
      { a: '\u212a' },
      false,
    ],
    ['wildcard', { a: [{ wildcard: 'a*c*' }] }, { a: 'a\nbcd' }, true],
    ['wildcard minds case', { a: [{ wildcard: 'a*c' }] }, { a: 'abC' }, false],
    ['wildcard knows no question mark', { a: [{ wildcard: 'a?c' }] }, { a: 'abc' }, false],
    ['an escaped star', { a: [{ wildcard: 'a\\**' }] }, { a: 'a*b' }, true],
    ['an escaped star is only a star', { a: [{ wildcard: 'a\\*' }] }, { a: 'ab' }, false],
    ['an escaped backslash', { a: [{ wildcard: 'a\\\\*' }] }, { a: 'a\\b' }, true],
  ],
  'anything-but': [
    ['another text', { a: [{ 'anything-but': 'x' }] }, { a: 'y' }, true],
    ['the text', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
    ['absent', { a: [{ 'anything-but': 'x' }] }, { b: 1 }, false],
    ['null', { a: [{ 'anything-but': 'x' }] }, { a: null }, true],
    ['another type', { a: [{ 'anything-but': 'true' }] }, { a: true }, true],
    ['numbers', { a: [{ 'anything-but': [1, 2] }] }, { a: 2 }, false],
    ['in any case', { a: [{ 'anything-but': { 'equals-ignore-case': ['x', 'y'] } }] }, { a: 'Y' }, false],
    ['prefix', { a: [{ 'anything-but': { prefix: 'Get' } }] }, { a: 'GetUser' }, false],
    ['prefix, another beginning', { a: [{ 'anything-but': { prefix: 'Get' } }] }, { a: 'getUser' }, true],
    ['suffix', { a: [{ 'anything-but': { suffix: 'x' } }] }, { a: 'ax' }, false],
    ['wildcard', { a: [{ 'anything-but': { wildcard: 'a*x' } }] }, { a: 'abx' }, false],
    ['of an array one member is enough', { a: [{ 'anything-but': 'x' }] }, { a: ['x', 'y'] }, true],
    ['of an array no member', { a: [{ 'anything-but': 'x' }] }, { a: ['x', 'x'] }, false],
  ],
  'numbers and networks': [
    ['inside', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
    ['outside', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 0 }, false],
    ['equal', { a: [{ numeric: ['=', 5] }] }, { a: 5 }, true],
    ['text is no number', { a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
    ['IPv4', { a: [{ cidr: '10.0.0.0/8' }] }, { a: '10.1.2.3' }, true],
    ['another network', { a: [{ cidr: '10.0.0.0/8' }] }, { a: '11.1.2.3' }, false],
    ['IPv6', { a: [{ cidr: '2001:db8::/32' }] }, { a: '2001:0db8:1::1' }, true],
    ['no address', { a: [{ cidr: '10.0.0.0/8' }] }, { a: 'AWS Internal' }, false],
  ],
  exists: [
    ['there', { a: [{ exists: true }] }, { a: 'x' }, true],
    ['null is there', { a: [{ exists: true }] }, { a: null }, true],
    ['absent', { a: [{ exists: false }] }, { b: 1 }, true],
    ['null is not absent', { a: [{ exists: false }] }, { a: null }, false],
    ['an empty array is absent', { a: [{ exists: false }] }, { a: [] }, true],
    ['an object is absent', { a: [{ exists: false }] }, { a: { b: 1 } }, true],
    ['an object is not there', { a: [{ exists: true }] }, { a: { b: 1 } }, false],
    ['null or absent', { a: [null, { exists: false }] }, { b: 1 }, true],
  ],
  $or: [
    ['the first', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'x' }, true],
    ['the second', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
    ['none', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'y' }, false],
    ['beside a field', { c: ['z'], $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'x' }, false],
    ['inside an object', { d: { $or: [{ a: ['x'] }, { b: ['y'] }] } }, { d: { b: 'y' } }, true],
    ['inside one another', { $or: [{ a: ['x'] }, { $or: [{ b: ['y'] }, { c: ['z'] }] }] }, { c: 'z' }, true],
  ],
  arrays: [
    ['any member', { a: ['x'] }, { a: ['y', 'x'] }, true],
    ['in any depth', { a: ['x'] }, { a: [['y'], ['x']] }, true],
    ['any member that is an object', { items: { port: [443] } }, ITEMS, true],
    ['two fields of one member', { items: { port: [22], net: ['office'] } }, ITEMS, true],
    ['two fields of different members', { items: { port: [22], net: ['world'] } }, ITEMS, false],
    ['two fields outside of one another', { a: ['x'], b: ['z'] }, { a: ['x', 'y'], b: ['w', 'z'] }, true],
  ],
};

describe.each(Object.entries(CASES))('%s', (_, rows) => {
  it.each(rows)('%s', (_says, pattern, event, expected) => {
    expect(eventPattern(JSON.stringify(pattern))(event)).toBe(expected);
  });
});

describe('refuses', () => {
  it.each<[string, JsonObject]>([
    ['an empty list', { a: [] }],
    ['an empty object', { a: {} }],
    ['a value without a list', { a: 'x' }],
    ['two stars in a row', { a: [{ wildcard: 'a**' }] }],
    ['a stray backslash', { a: [{ wildcard: 'a\\b' }] }],
    ['an unknown operator', { a: [{ regex: 'x' }] }],
    ['two operators in one object', { a: [{ prefix: 'x', suffix: 'y' }] }],
    ['anything-but of a boolean', { a: [{ 'anything-but': true }] }],
    ['anything-but of a network', { a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }],
    [
      'anything-but of a prefix in any case',
      { a: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'x' } } }] },
    ],
    ['anything-but of nothing', { a: [{ 'anything-but': [] }] }],
    ['exists of a text', { a: [{ exists: 'true' }] }],
    ['$or of one', { $or: [{ a: ['x'] }] }],
    ['a field inside and outside of $or', { a: ['x'], $or: [{ a: ['x'] }, { b: ['y'] }] }],
    ['more than 2,048 characters', { a: ['x'.repeat(2048)] }],
  ])('%s', (_, pattern) => {
    expect(() => eventPattern(JSON.stringify(pattern))).toThrow();
  });
});
