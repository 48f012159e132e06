import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { explainFormula } from '../../src/rules/explain/explain.ts';
import type { Explanation, Leaf } from '../../src/rules/explain/explanation.ts';
import { verdictOn } from '../../src/rules/explain/nearest.ts';
import { failingLines } from '../../src/rules/explain/say.ts';
import { HEAD, rulesIn, ruleText } from './support.ts';

function explained(selection: string, body: JsonObject, condition = 'sel'): Explanation {
  const [rule] = rulesIn(ruleText(selection, condition)).compiled;
  if (!rule) throw new Error('no rule');
  return explainFormula(rule.formula, body);
}

/** The one leaf of a selection. */
function leaf(selection: string, body: JsonObject): Leaf {
  let at = explained(selection, body);
  while (at.kind === 'selection' || at.kind === 'not') at = at.of;
  if (at.kind !== 'test') throw new Error(`a ${at.kind} where one clause should be`);
  return at;
}

describe('a clause', () => {
  it('says what was wanted and what was there', () => {
    expect(leaf('{eventName|startswith: Create}', { eventName: 'DeleteUser' })).toEqual({
      kind: 'test',
      says: 'eventName|startswith: Create',
      holds: false,
      missing: 1,
      seen: { kind: 'values', values: ['DeleteUser'], more: 0 },
      hint: undefined,
    });
  });

  it.each([
    ['a field that is absent', '{a: x}', {}, { kind: 'absent' }],
    ['null', '{a: x}', { a: null }, { kind: 'null' }],
    ['an empty list', '{a: x}', { a: [] }, { kind: 'empty list' }],
    ['an object, as its JSON', '{a: x}', { a: { b: 1 } }, { kind: 'values', values: ['{"b":1}'], more: 0 }],
    ['a number', '{a: 7}', { a: 7 }, { kind: 'values', values: ['7'], more: 0 }],
    [
      'the members of a list, the first five',
      '{a.b: x}',
      { a: [1, 2, 3, 4, 5, 6, 7].map((b) => ({ b })) },
      { kind: 'values', values: ['1', '2', '3', '4', '5'], more: 2 },
    ],
  ])('shows %s', (_says, selection, body, seen) => {
    expect(leaf(selection, body as JsonObject).seen).toEqual(seen);
  });

  it('shortens long text in its middle', () => {
    const { seen } = leaf('{a: x}', { a: `begin${'-'.repeat(10_000)}end` });
    const [text = ''] = seen.kind === 'values' ? seen.values : [];
    expect(text).toMatch(/^begin-+ … -+end$/);
    expect(text.length).toBeLessThan(200);
  });

  it('says when only the case differs', () => {
    expect(leaf('{a|cased: Root}', { a: 'root' }).hint).toBe('differs only in case');
    expect(leaf('{a|cased: Root}', { a: 'other' }).hint).toBeUndefined();
  });

  it('says what the other field holds', () => {
    expect(leaf('{a|fieldref: b}', { a: 'x', b: 'y' }).hint).toBe('b is y');
    expect(leaf('{a|fieldref: b}', { a: 'x' }).hint).toBe('b is absent');
  });

  it('that compares two fields shows both also where it holds', () => {
    expect(leaf('{a|fieldref: b}', { a: 'x', b: 'x' })).toMatchObject({ holds: true, hint: 'b is x' });
  });

  it('that holds has no hint', () => {
    expect(leaf('{a|cased: x}', { a: 'x' })).toMatchObject({ holds: true, missing: 0, hint: undefined });
  });

  it('anywhere in the record names no value', () => {
    expect(leaf('denied', { a: 'allowed' })).toMatchObject({
      says: 'anywhere: denied',
      seen: { kind: 'anything' },
    });
  });
});

describe('the tree', () => {
  it('looks at every clause, also after one that fails', () => {
    const tree = explained('{a: x, b: y, c: z}', { a: 'n', b: 'y', c: 'n' });
    if (tree.kind !== 'selection' || tree.of.kind !== 'and') throw new Error(tree.kind);
    expect(tree.of.of.map(({ holds }) => holds)).toEqual([false, true, false]);
    expect(tree).toMatchObject({ name: 'sel', holds: false, missing: 2 });
  });

  it('counts for "or" what the nearest alternative lacks', () => {
    expect(explained('[{a: x, b: y}, {c: z}]', { a: 'n', b: 'n', c: 'n' }).missing).toBe(1);
  });

  it('turns "neq" and "not" into a not that one clause would undo', () => {
    expect(explained('{a|neq: x}', { a: 'x' })).toMatchObject({
      holds: false,
      missing: 1,
      of: { kind: 'not' },
    });
    expect(explained('{a: x}', {}, 'not sel')).toMatchObject({ kind: 'not', holds: true, missing: 0 });
  });
});

describe('what an exclusion lacks', () => {
  const missing = (detection: string, body: JsonObject) => {
    const text = `${HEAD}detection:\n${detection}`;
    const [rule] = rulesIn(text).compiled;
    if (!rule) throw new Error('no rule');
    return explainFormula(rule.formula, body);
  };
  const TWO = '  one: {a: x}\n  two: {b: y, c: z}\n  condition: not 1 of them\n';

  it('is every part that holds and should not', () => {
    expect(missing(TWO, { a: 'x', b: 'y', c: 'z' }).missing).toBe(2);
    expect(missing(TWO, { a: 'x', b: 'y', c: 'n' }).missing).toBe(1);
    expect(missing(TWO, {})).toMatchObject({ holds: true, missing: 0 });
  });

  it('is one clause of several that hold together', () => {
    expect(missing(TWO.replace('1 of', 'all of'), { a: 'x', b: 'y', c: 'z' }).missing).toBe(1);
  });

  it('is said in as many lines', () => {
    const lines = (body: JsonObject) => failingLines(missing(TWO, body)).map(({ text }) => text);
    expect(lines({ a: 'x', b: 'y', c: 'z' })).toEqual(['not one', 'not two']);
    expect(lines({ a: 'x' })).toEqual(['not one']);
  });
});

describe('the clauses that fail', () => {
  it('are those that keep a rule from being true, of alternatives those of the nearest', () => {
    const tree = explained('[{a: x, b: y}, {c: z}]', { a: 'n', b: 'n', c: 'n' });
    expect(failingLines(tree)).toEqual([{ depth: 0, holds: false, text: 'c: z   (it is n)' }]);
    expect(failingLines(explained('{a: x, b: y, c: z}', { b: 'y' })).map(({ text }) => text)).toEqual([
      'a: x   (it is absent)',
      'c: z   (it is absent)',
    ]);
    expect(failingLines(explained('{a: x}', { a: 'x' }))).toEqual([]);
  });
});

describe('an array block', () => {
  const block = (quantifier: string, body: JsonObject): Explanation => {
    const text = ruleText(`{'list[${quantifier}]': {port: 22, cidr: 0.0.0.0/0}}`);
    const [rule] = rulesIn(text.replace('title:', 'sigma-version: 3\ntitle:')).compiled;
    if (!rule) throw new Error('no rule');
    const of = explainFormula(rule.formula, body);
    return of.kind === 'selection' ? of.of : of;
  };
  const open = { port: 22, cidr: '0.0.0.0/0' };
  const office = { port: 22, cidr: '203.0.113.0/24' };

  it('shows the member that came nearest', () => {
    expect(block('any', { list: [{ port: 443, cidr: '10.0.0.0/8' }, office] })).toMatchObject({
      kind: 'block',
      holds: false,
      members: 2,
      fulfilled: 0,
      nearest: { index: 1, of: { missing: 1 } },
    });
  });

  it('shows for "all" the first that fails, and for a number that one', () => {
    expect(block('all', { list: [open, office] })).toMatchObject({ fulfilled: 1, nearest: { index: 1 } });
    expect(block('-1', { list: [office, open] })).toMatchObject({ holds: true, nearest: { index: 1 } });
  });

  it('has nothing to show of an empty array', () => {
    expect(block('any', { list: [] })).toMatchObject({ holds: false, members: 0, nearest: undefined });
  });
});

describe('the rules together', () => {
  const rule = (title: string, selection: string) =>
    `${HEAD.replace('A rule', title)}name: ${title}\nid: ${crypto.randomUUID()}\ndetection:\n  sel: ${selection}\n  condition: sel\n`;
  const { compiled } = rulesIn(
    [
      rule('hit', '{eventName: CreateUser}'),
      rule('two-away', '{eventName: CreateUser, a: x, b: x}'),
      rule('open', '{a: x}'),
      rule('one-away', '{eventName: createuser, a: x}'),
      rule('other', '{eventName: DeleteUser}'),
    ].join('---\n'),
  );
  const body = { eventName: 'CreateUser', eventSource: 'iam.amazonaws.com' };

  it('come as those that matched, those that nearly did, and how many are about other calls', () => {
    const verdict = verdictOn(compiled, body, 10);
    expect(verdict.matched.map((one) => one.rule.title)).toEqual(['hit']);
    expect(verdict.missed.map((one) => one.rule.title)).toEqual(['one-away', 'two-away']);
    expect(verdict).toMatchObject({ furtherMissed: 1, aboutOthers: 1 });
  });

  it('of which those that name no call are shown where nothing matches', () => {
    const missed = verdictOn(compiled.slice(1), body, 10).missed.map((one) => one.rule.title);
    expect(missed).toEqual(['one-away', 'open', 'two-away']);
  });

  it('are bounded, and say how many more there are', () => {
    const verdict = verdictOn(compiled, body, 1);
    expect(verdict.missed.map((one) => one.rule.title)).toEqual(['one-away']);
    expect(verdict.furtherMissed).toBe(2);
  });
});
