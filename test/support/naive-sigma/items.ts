import fc from 'fast-check';
import { EVENT_NAMES, encodable, NETWORKS, NUMBERS, recased, SOURCES } from './pool.ts';
import {
  bare,
  chained,
  comparable,
  field,
  fragment,
  headed,
  type Item,
  item,
  maybe,
  nothing,
  nothingInList,
  oneOrMore,
  shape,
  shuffled,
  sigmaText,
  style,
  texts,
  typed,
} from './texts.ts';
import type { Node } from './write.ts';

/** What a generated rule may use. */
export type Feature = keyof typeof ITEMS | 'blocks';

/** Regular expressions that RE2 and JavaScript read alike. */
const REGEXES = [
  '^a',
  'b+',
  'B',
  '^(alice|bob)$',
  '\\d\\d',
  '^\\d+$',
  '[a-c]{2,}',
  'o.b',
  'e.t',
  '^t',
  '\\bc\\b',
  '"Effect":"(Allow|Deny)"',
  '[^a-z]$',
  '\\s',
  'a?',
  '^$',
];

/** Parts of timestamps with numbers that they have in records. */
const TIME_PARTS: readonly (readonly [string, readonly number[]])[] = [
  ['minute', [0, 15, 30, 59]],
  ['hour', [0, 1, 9, 23]],
  ['day', [1, 2, 20, 21, 30, 31]],
  ['week', [1, 47, 52, 53]],
  ['month', [2, 11, 12]],
  ['year', [2024, 2026, 2027]],
];

/** Items of every kind, by the feature that they use. */
const ITEMS = {
  equality: item(
    field,
    shuffled(maybe('all'), maybe('neq'), maybe('cased')),
    fc.oneof(
      {
        weight: 4,
        arbitrary: oneOrMore(
          fc.oneof(
            { weight: 6, arbitrary: typed(texts) },
            { weight: 3, arbitrary: bare },
            { weight: 1, arbitrary: nothingInList },
          ),
        ),
      },
      { weight: 1, arbitrary: nothing },
      { weight: 1, arbitrary: style.map((how): Node => ({ list: [], style: how })) },
    ),
  ),
  shapes: item(
    field,
    shuffled(shape, maybe('all'), maybe('neq'), maybe('cased')),
    oneOrMore(
      fc.oneof(
        { weight: 6, arbitrary: typed(fragment) },
        { weight: 1, arbitrary: fc.constantFrom('22', '0.5', '-5').map((one): Node => ({ bare: one })) },
      ),
    ),
  ),
  re: item(
    field,
    headed('re', maybe('i'), maybe('m'), maybe('s'), maybe('all', 'neq')),
    oneOrMore(typed(fc.constantFrom(...REGEXES)), 2),
  ),
  cidr: item(
    fc.constantFrom('addr', 'addr', 'a', 'items.x', 'user'),
    fc.constant('|cidr'),
    oneOrMore(typed(fc.constantFrom(...NETWORKS)), 2),
  ),
  comparisons: item(
    fc.constantFrom('port', 'port', 'a', 'items.x', 'user'),
    shuffled(fc.constantFrom('lt', 'lte', 'gt', 'gte'), maybe('neq', 'all')),
    oneOrMore(
      fc.constantFrom(...NUMBERS).map((one): Node => ({ bare: String(one) })),
      2,
    ),
  ),
  exists: item(
    field,
    fc.constant('|exists'),
    fc.constantFrom('true', 'false', 'True', 'no').map((one): Node => ({ bare: one })),
  ),
  fieldref: item(
    comparable,
    headed(
      'fieldref',
      maybe('contains', 'startswith', 'endswith'),
      maybe('neq'),
      maybe('all'),
      maybe('cased'),
    ),
    oneOrMore(typed(comparable), 2),
  ),
  expand: item(
    field,
    shuffled(
      fc.constant('expand'),
      maybe('contains', 'startswith', 'endswith'),
      maybe('all'),
      maybe('neq'),
      maybe('cased'),
    ),
    oneOrMore(
      typed(
        fc.oneof(
          fc.constantFrom('%admins%', '%nobody%', '%networks%', 'x%admins%', '*%admins%', '%admins%%nobody%'),
          sigmaText.filter((one) => !one.includes('%')),
        ),
      ),
    ),
  ),
  windash: item(
    fc.constantFrom('command', 'command', 'a'),
    shuffled(
      fc.constant('windash'),
      fc.constantFrom('', 'contains', 'endswith'),
      maybe('all', 'neq', 'cased'),
    ),
    oneOrMore(
      typed(fc.constantFrom('cmd -enc /c', '-enc', '/c', 'cmd /enc *', 'a-b/c', 'CMD -ENC –c', '–c')),
      2,
    ),
  ),
  base64: item(
    fc.constantFrom('code', 'code', 'a'),
    fc
      .tuple(
        fc.constantFrom('', '', 'wide', 'utf16le', 'utf16be', 'utf16'),
        fc.constantFrom('base64', 'base64|contains', 'base64offset|contains'),
        maybe('cased', 'neq', 'all'),
      )
      .map((names) => chained(names)),
    oneOrMore(typed(encodable), 2),
  ),
  times: fc
    .tuple(
      fc.constantFrom('time', 'time', 'time', 'a'),
      fc.constantFrom(...TIME_PARTS),
      fc.constantFrom('', '', 'lt', 'lte', 'gt', 'gte'),
      fc.nat(),
    )
    .map(([name, [part, numbers], comparison, which]): Item => {
      const number = numbers[which % numbers.length] ?? 0;
      return [name + chained([part, comparison]), { bare: String(number) }];
    }),
};

/** What the index of an engine looks at. */
export const call: fc.Arbitrary<Item> = fc.oneof(
  {
    weight: 4,
    arbitrary: item(
      fc.constant('eventName'),
      maybe('cased').map((name) => name && `|${name}`),
      oneOrMore(typed(recased(fc.constantFrom(...EVENT_NAMES)))),
    ),
  },
  {
    weight: 2,
    arbitrary: item(
      fc.constant('eventSource'),
      fc.constant(''),
      oneOrMore(typed(recased(fc.constantFrom(...SOURCES))), 2),
    ),
  },
  {
    weight: 1,
    arbitrary: item(
      fc.constant('eventName'),
      headed('startswith', maybe('neq')),
      oneOrMore(typed(fc.constantFrom('Create', 'List', 'get', 'd')), 2),
    ),
  },
  {
    weight: 1,
    arbitrary: item(
      fc.constant('eventName'),
      maybe('neq').map((name) => name && `|${name}`),
      typed(fc.constantFrom('*User', 'Get*', '*', 'R?nInstances')),
    ),
  },
);

export const keywords = oneOrMore(
  typed(
    fc.oneof(
      fragment.filter((one) => one !== ''),
      fc.constantFrom('"Effect":"Allow"', 'user', 'alice*bob', '*'),
    ),
  ),
  2,
);
export const keywordItem = item(
  fc.constant(''),
  fc.constantFrom('|all', '|re', '|cased', '|startswith'),
  oneOrMore(typed(fc.constantFrom('abc', 'alice', 'Bob', 'x')), 2),
);

/** An item of a map, of the kinds that are wanted. */
export function itemOf(features: readonly Feature[]): fc.Arbitrary<Item> {
  const kinds = Object.entries(ITEMS).flatMap(([name, kind]) =>
    features.some((one) => one === name) ? [kind] : [],
  );
  const plain = { weight: 3, arbitrary: ITEMS.equality };
  return fc.oneof(plain, ...kinds.map((arbitrary) => ({ weight: 1, arbitrary })));
}
