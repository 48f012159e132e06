import fc from 'fast-check';
import { call, type Feature, itemOf, keywordItem, keywords } from './items.ts';
import { fragment, type Item, oneOrMore, style, typed } from './texts.ts';
import { type Node, writeYaml } from './write.ts';

/** A map whose keys stand once. */
function mapOf(items: fc.Arbitrary<Item>, maxLength: number): fc.Arbitrary<Node> {
  return fc
    .tuple(fc.uniqueArray(items, { minLength: 1, maxLength, selector: ([key]) => key }), style)
    .map(([map, how]) => ({ map, style: how }));
}

function selectionOf(features: readonly Feature[]): fc.Arbitrary<Node> {
  const items = fc.oneof(
    { weight: 6, arbitrary: itemOf(features) },
    { weight: 4, arbitrary: call },
    { weight: 1, arbitrary: keywordItem },
    ...(features.includes('blocks') ? [{ weight: 2, arbitrary: blockOf(features) }] : []),
  );
  const map = mapOf(items, 3);
  const maps = fc.tuple(fc.array(map, { minLength: 1, maxLength: 3 }), style);
  const mixed = fc.tuple(map, typed(fragment.filter((one) => one !== '')), style);
  return fc.oneof(
    { weight: 8, arbitrary: map },
    { weight: 3, arbitrary: maps.map(([list, how]): Node => ({ list, style: how })) },
    { weight: 1, arbitrary: keywords },
    { weight: 1, arbitrary: mixed.map(([one, word, how]): Node => ({ list: [one, word], style: how })) },
  );
}

/** What often holds for some members and not for others. */
const IN_BLOCKS: readonly Feature[] = ['equality', 'shapes', 're', 'exists', 'comparisons', 'fieldref'];

/** `field[any]:` and its kin over the entries of `items`. */
function blockOf(features: readonly Feature[]): fc.Arbitrary<Item> {
  const names = fc.constantFrom('x', 'y', 'deep.x', '.');
  const about = itemOf(features.filter((one) => IN_BLOCKS.includes(one)));
  const inner = fc
    .tuple(about, names)
    .map(([[key, value], name]): Item => [key.replace(/^[^|]*/, name), value]);
  const plain = mapOf(inner, 2);
  const nested = plain.map((map): Item => ['deep.x[any]', map]);
  const extended = fc
    .tuple(plain, plain, fc.constantFrom('one and not two', 'one or two', 'not 1 of them', 'all of *'))
    .map(
      ([one, two, condition]): Node => ({
        map: [
          ['one', one],
          ['condition', { text: condition, style: 1 }],
          ['two', two],
        ],
        style: 0,
      }),
    );
  return fc
    .tuple(
      fc.constantFrom('items', 'items', 'a', 'items.deep'),
      fc.constantFrom('any', 'any', 'all', 'all_or_empty', 'none', '0', '1', '-1'),
      fc.oneof(
        { weight: 4, arbitrary: plain },
        { weight: 2, arbitrary: extended },
        { weight: 1, arbitrary: mapOf(nested, 1) },
      ),
    )
    .map(([name, which, body]) => [`${name}[${which}]`, body]);
}

const NAMES = ['sel_a', 'sel_b', 'filter_x', 'filter-y', '_hidden'];
const PATTERNS = ['them', 'sel_*', 'filter*', '*_a', '*', '_*', 'sel_a', '*-y', '*e*'];

/** A condition over the selections, as text. */
function conditionOf(names: readonly string[]): fc.Arbitrary<string> {
  const usable = PATTERNS.filter((pattern) => names.some((name) => mayMean(pattern, name)));
  const name = fc.constantFrom(...names);
  const quantified = fc
    .tuple(fc.constantFrom('1', 'any', 'all'), fc.constantFrom(...usable))
    .map(([quantifier, pattern]) => `${quantifier} of ${pattern}`);
  const leaf =
    usable.length === 0
      ? name
      : fc.oneof({ weight: 2, arbitrary: name }, { weight: 1, arbitrary: quantified });
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      {
        weight: 2,
        arbitrary: fc
          .tuple(tie('condition'), tie('condition'), fc.constantFrom(' and ', ' or ', '  or '))
          .map(([a, b, word]) => a + word + b),
      },
      { weight: 1, arbitrary: tie('condition').map((inner) => `not ${inner}`) },
      { weight: 1, arbitrary: tie('condition').map((inner) => `(${inner})`) },
    ),
  }));
  return condition;
}

function mayMean(pattern: string, name: string): boolean {
  if (name.startsWith('_') && !pattern.startsWith('_')) return false;
  return pattern === 'them' || new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
}

/** Rule documents as YAML text, which load without a problem; `features` is what they may use. */
export function arbitraryRule(features: readonly Feature[]): fc.Arbitrary<string> {
  const plain = documentOf(features.filter((feature) => feature !== 'blocks'));
  return features.includes('blocks') ? fc.oneof(plain, documentOf(features)) : plain;
}

function documentOf(features: readonly Feature[]): fc.Arbitrary<string> {
  const selection = selectionOf(features);
  return fc
    .tuple(fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }), fc.boolean())
    .chain(([names, last]) => {
      const conditions = fc.tuple(oneOrMore(typed(conditionOf(names)), 2));
      const selections = fc.tuple(...names.map(() => selection));
      return fc.tuple(selections, conditions, style).map(([nodes, [condition], how]) => {
        const parts = names.map((name, index): Item => [name, nodes[index] ?? { bare: 'x' }]);
        const members: Item[] = [...parts];
        members.splice(last ? members.length : 0, 0, ['condition', condition]);
        const map: Item[] = [
          ['title', { text: 'A generated rule', style: how }],
          [
            'logsource',
            {
              map: [
                ['product', { text: 'aws', style: how }],
                ['service', { text: 'cloudtrail', style: how }],
              ],
              style: how,
            },
          ],
          ...(features.includes('blocks') ? [['sigma-version', { bare: '3' }] as Item] : []),
          ['detection', { map: members, style: 0 }],
        ];
        return writeYaml({ map, style: 0 });
      });
    });
}
