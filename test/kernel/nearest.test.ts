import { expect, test } from 'vitest';
import { nearest } from '../../src/kernel/nearest.ts';

test.each([
  ['acounts', ['accounts', 'access'], 'accounts'],
  ['levle', ['level'], 'level'],
  ['hihg', ['low', 'high'], 'high'],
  ['sourceIpAddress', ['sourceIPAddress'], 'sourceIPAddress'],
  ['tga', ['tag'], 'tag'],
  ['prot', ['part', 'port'], 'port'],
  ['severity', ['level', 'rule'], undefined],
  ['', ['level'], undefined],
  ['x'.repeat(101), ['x'.repeat(101)], undefined],
])('%j of %j is %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
