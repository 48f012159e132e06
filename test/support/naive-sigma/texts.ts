import fc from 'fast-check';
import { FEW, RECORD_TEXTS, recased } from './pool.ts';
import type { Node } from './write.ts';

/** One line of a selection. */
export type Item = readonly [key: string, value: Node];

export const style = fc.nat(11);
const FIELDS = [
  'a',
  'a',
  'A',
  'a.b',
  'a.b.c',
  'items',
  'items.x',
  'items.y',
  'items.deep.x',
  'user',
  'user.name',
  'user.port',
  'port',
  'code',
  'errorCode',
  'addr',
  'eventName',
  'missing.field',
];
export const field = fc.constantFrom(...FIELDS);
/** Fields that are often the same, of a record or of a member of `items`. */
export const comparable = fc.constantFrom(
  'a',
  'a.b',
  'items.x',
  'items.y',
  'user.name',
  'user',
  'port',
  'x',
  'y',
);

export function typed(text: fc.Arbitrary<string>): fc.Arbitrary<Node> {
  return fc.tuple(text, style).map(([one, how]) => ({ text: one, style: how }));
}

const OFTEN = [...FEW, ...FEW, ...FEW].map(String);

/** The text as it stands, its wildcards escaped or live. */
export const sigmaText = fc
  .tuple(recased(fc.constantFrom(...RECORD_TEXTS, ...OFTEN)), fc.boolean())
  .map(([text, live]) => (live ? text : text.replaceAll(/[\\*?]/g, '\\$&')));

/** A piece of a text, perhaps with a wildcard in it. */
export const fragment = fc
  .tuple(
    sigmaText,
    fc.nat(20),
    fc.integer({ min: 1, max: 8 }),
    fc.constantFrom('', '', '', '*', '?', '\\*'),
    fc.nat(8),
  )
  .map(([text, from, length, wildcard, at]) => {
    const chars = Array.from(text);
    const start = chars.length === 0 ? 0 : from % chars.length;
    const piece = chars.slice(start, start + length);
    const put = piece.length === 0 ? 0 : at % (piece.length + 1);
    return [...piece.slice(0, put), wildcard, ...piece.slice(put + 1)].join('');
  });

/** A whole text of which a piece became a wildcard, or where a wildcard parts what overlaps. */
const pattern = fc
  .tuple(sigmaText, fc.nat(20), fc.integer({ min: -2, max: 4 }), fc.constantFrom('*', '*', '?', '?*', '*?'))
  .map(([text, from, length, wildcard]) => {
    const chars = Array.from(text);
    const start = chars.length === 0 ? 0 : from % (chars.length + 1);
    return [...chars.slice(0, start), wildcard, ...chars.slice(Math.max(0, start + length))].join('');
  });

export const bare = fc
  .constantFrom('22', '22.0', '-5', '1e2', '0.5', '0x16', '12345678901234567890', 'true', 'FALSE', 'No', 'on')
  .map((one): Node => ({ bare: one }));
export const nothing = fc.constantFrom('null', '~', '').map((one): Node => ({ bare: one }));
/** An empty place would end a list on one line. */
export const nothingInList = fc.constantFrom('null', '~').map((one): Node => ({ bare: one }));
/** Patterns that only fit one of the frequent texts, or just not. */
const TRICKY = ['?x', '??x', 'ab*ba', 'a*a', 'b?b', 'A*E', 'al??e', '?*'];
export const texts = fc.oneof(
  { weight: 6, arbitrary: sigmaText },
  { weight: 4, arbitrary: pattern },
  { weight: 1, arbitrary: fc.constantFrom(...TRICKY) },
);

/** One value, or a list of them. */
export function oneOrMore(value: fc.Arbitrary<Node>, maxLength = 3): fc.Arbitrary<Node> {
  const list = fc.tuple(fc.array(value, { minLength: 1, maxLength }), style);
  return fc.oneof(
    { weight: 2, arbitrary: value },
    { weight: 1, arbitrary: list.map(([items, how]): Node => ({ list: items, style: how })) },
  );
}

/** Modifiers in any order. */
export function shuffled(...groups: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.tuple(...groups), fc.array(fc.nat(7), { minLength: 4, maxLength: 4 }))
    .map(([names, order]) => {
      const used = names
        .filter((name) => name !== '')
        .map((name, index) => [order[index] ?? 0, name] as const);
      return chained(used.sort(([a], [b]) => a - b).map(([, name]) => name));
    });
}

export function chained(names: readonly string[]): string {
  const used = names.filter((name) => name !== '');
  return used.map((name) => `|${name}`).join('');
}

/** A modifier that is there now and then. */
export function maybe(...names: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(...names) },
  );
}

export const shape = fc.constantFrom('contains', 'startswith', 'endswith');

export function item(
  name: fc.Arbitrary<string>,
  modifiers: fc.Arbitrary<string>,
  value: fc.Arbitrary<Node>,
): fc.Arbitrary<Item> {
  return fc.tuple(name, modifiers, value).map(([one, chain, node]) => [one + chain, node]);
}

export function headed(head: string, ...rest: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return shuffled(...rest).map((chain) => `|${head}${chain}`);
}
