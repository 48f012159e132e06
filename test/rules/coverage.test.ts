import { expect, test } from 'vitest';
import { coverageOf } from '../../src/rules/coverage.ts';

function rulesFor(id: string, ...tags: string[]): readonly string[] | undefined {
  const { tactics } = coverageOf([{ name: 'r', tags }]);
  return tactics.flatMap(({ techniques }) => techniques).find((one) => one.id === id)?.rules;
}

test('a technique is covered by the rules that have its tag', () => {
  expect(rulesFor('T1537', 'attack.t1537')).toEqual(['r']);
  expect(rulesFor('T1537', 'attack.T1537', 'attack.t1537')).toEqual(['r']);
  expect(rulesFor('T1537', 'attack.t1530')).toEqual([]);
});

test('a sub-technique counts for its technique, and not the other way round', () => {
  expect(rulesFor('T1098', 'attack.t1098.003')).toEqual(['r']);
  expect(rulesFor('T1098.003', 'attack.t1098')).toEqual([]);
  expect(rulesFor('T1098.001', 'attack.t1098.003')).toEqual([]);
});

test('the ids of ATT&CK 19 count for those before', () => {
  expect(rulesFor('T1562.008', 'attack.t1685.002')).toEqual(['r']);
  expect(rulesFor('T1562.001', 'attack.t1685')).toEqual(['r']);
  expect(rulesFor('T1562.007', 'attack.t1686.001')).toEqual(['r']);
  expect(rulesFor('T1562.007', 'attack.t1562.007')).toEqual(['r']);
});

test('tactics are told in the order of ATT&CK, under their names of before and since version 19', () => {
  const { tactics } = coverageOf([
    { name: 'one', tags: ['attack.defense-evasion', 'attack.stealth'] },
    { name: 'two', tags: ['attack.defense-impairment'] },
    { name: 'three', tags: ['attack.initial_access'] },
  ]);
  const tagged = tactics.filter(({ rules }) => rules.length > 0).map(({ name, rules }) => [name, rules]);
  expect(tagged).toEqual([
    ['Initial Access', ['three']],
    ['Defense Evasion', ['one', 'two']],
  ]);
});

test('other techniques are listed by themselves', () => {
  const { others } = coverageOf([
    { name: 'b', tags: ['attack.t1003.001'] },
    { name: 'a', tags: ['attack.t1003.001', 'attack.t1001', 'attack.g0016', 'team.t1005'] },
  ]);
  expect(others).toEqual([
    { id: 'T1001', rules: ['a'] },
    { id: 'T1003.001', rules: ['b', 'a'] },
  ]);
});

test('every monitoring control of the CIS benchmark is there, covered or not', () => {
  const { controls } = coverageOf([{ name: 'r', tags: ['cis.4.1', 'cis.4.16', 'cis.3.5'] }]);
  expect(controls.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, index) => `4.${index + 1}`));
  expect(controls.filter(({ rules }) => rules.length > 0).map(({ id }) => id)).toEqual(['4.1', '4.16']);
});

test('no technique stands twice', () => {
  const ids = coverageOf([]).tactics.flatMap(({ techniques }) => techniques.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^T\d{4}(\.\d{3})?$/.test(id))).toBe(true);
});
