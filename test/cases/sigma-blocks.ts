import type { MatchCase } from './sigma-match.ts';

const SSH_TO_THE_OFFICE_WEB_TO_THE_WORLD = {
  items: [
    { fromPort: 22, toPort: 22, ranges: [{ cidr: '10.0.0.0/8' }] },
    { fromPort: 443, toPort: 443, ranges: [{ cidr: '0.0.0.0/0' }] },
  ],
};
const SSH_TO_THE_WORLD = {
  items: [
    { fromPort: 443, toPort: 443, ranges: [{ cidr: '0.0.0.0/0' }] },
    { fromPort: 22, toPort: 22, ranges: [{ cidr: '10.0.0.0/8' }, { cidr: '0.0.0.0/0' }] },
  ],
};
const BOUND = '{"items[any]": {fromPort: 22, ranges.cidr: 0.0.0.0/0}}';
const NESTED = '{"items[any]": {fromPort: 22, "ranges[all]": {cidr|startswith: "10."}}}';
const DETECTION = `{"items[any]": {port: {fromPort: 22}, web: {toPort: [80, 443]}, condition: port or not web}}`;

/** Selections of documents that say `sigma-version: 3`. */
export const BLOCK_CASES: Readonly<Record<string, readonly MatchCase[]>> = {
  'one member fulfils all of a block': [
    ['both items in one member', BOUND, SSH_TO_THE_WORLD, true],
    ['each item in another member', BOUND, SSH_TO_THE_OFFICE_WEB_TO_THE_WORLD, false],
    [
      'which plain paths take for true',
      '{items.fromPort: 22, items.ranges.cidr: 0.0.0.0/0}',
      SSH_TO_THE_OFFICE_WEB_TO_THE_WORLD,
      true,
    ],
    [
      'a dotted path before the brackets',
      '{"a.b[any]": {c: x, d: y}}',
      { a: { b: [{ c: 'x', d: 'y' }] } },
      true,
    ],
    [
      'an array on the way',
      '{"a.b[any]": {c: x, d: y}}',
      { a: [{ b: [] }, { b: [{ c: 'x', d: 'y' }] }] },
      true,
    ],
    ['beside other items', '{"a[any]": {b: x}, c: y}', { a: [{ b: 'x' }], c: 'z' }, false],
  ],
  '[any]': [
    ['one', '{"a[any]": {b: x}}', { a: [{ b: 'y' }, { b: 'x' }] }, true],
    ['none', '{"a[any]": {b: x}}', { a: [{ b: 'y' }] }, false],
    ['an empty array', '{"a[any]": {b: null}}', { a: [] }, false],
    ['absent', '{"a[any]": {b: null}}', {}, false],
    ['null', '{"a[any]": {b: null}}', { a: null }, false],
  ],
  '[all]': [
    ['all', '{"a[all]": {b: x}}', { a: [{ b: 'x' }, { b: 'X' }] }, true],
    ['not all', '{"a[all]": {b: x}}', { a: [{ b: 'x' }, { b: 'y' }] }, false],
    ['an empty array', '{"a[all]": {b: x}}', { a: [] }, false],
    ['absent', '{"a[all]": {b: x}}', {}, false],
  ],
  '[all_or_empty]': [
    ['all', '{"a[all_or_empty]": {b: x}}', { a: [{ b: 'x' }] }, true],
    ['not all', '{"a[all_or_empty]": {b: x}}', { a: [{ b: 'x' }, {}] }, false],
    ['an empty array', '{"a[all_or_empty]": {b: x}}', { a: [] }, true],
    ['absent', '{"a[all_or_empty]": {b: x}}', {}, true],
    ['null', '{"a[all_or_empty]": {b: x}}', { a: null }, true],
  ],
  '[none]': [
    ['none', '{"a[none]": {b: x}}', { a: [{ b: 'y' }] }, true],
    ['one', '{"a[none]": {b: x}}', { a: [{ b: 'y' }, { b: 'x' }] }, false],
    ['an empty array', '{"a[none]": {b: x}}', { a: [] }, true],
    ['absent', '{"a[none]": {b: x}}', {}, true],
  ],
  '[N], [-N]': [
    ['the first', '{"a[0]": {b: x}}', { a: [{ b: 'x' }, { b: 'y' }] }, true],
    ['only the first', '{"a[0]": {b: y}}', { a: [{ b: 'x' }, { b: 'y' }] }, false],
    ['the last', '{"a[-1]": {b: y}}', { a: [{ b: 'x' }, { b: 'y' }] }, true],
    ['only the last', '{"a[-1]": {b: x}}', { a: [{ b: 'x' }, { b: 'y' }] }, false],
    ['beyond the end', '{"a[2]": {b: null}}', { a: [{ b: 'x' }, { b: 'y' }] }, false],
    ['beyond the beginning', '{"a[-3]": {b: null}}', { a: [{ b: 'x' }, { b: 'y' }] }, false],
    ['absent', '{"a[0]": {b: null}}', {}, false],
  ],
  'the member itself': [
    ['is a dot', '{"a[any]": {.: x}}', { a: ['y', 'x'] }, true],
    ['that fits no member', '{"a[any]": {.: x}}', { a: ['y', 'z'] }, false],
    ['with modifiers', '{"a[all]": {".|startswith": eu-}}', { a: ['eu-west-1', 'eu-central-1'] }, true],
    [
      'with modifiers, one outside',
      '{"a[all]": {".|startswith": eu-}}',
      { a: ['eu-west-1', 'us-east-1'] },
      false,
    ],
    ['with cidr', '{"a[none]": {".|cidr": 10.0.0.0/8}}', { a: ['10.1.1.1', '192.0.2.1'] }, false],
    ['an object as text', '{"a[any]": {".|contains": \'"b":"x"\'}}', { a: [{ b: 'x' }] }, true],
    ['null', '{"a[any]": {.: null}}', { a: ['x', null] }, true],
    ['not null', '{"a[any]": {.: null}}', { a: ['x'] }, false],
    ['text in a text', '{"a[any]": {".|contains": x}}', { a: ['y', 'axb'] }, true],
  ],
  'what the members are': [
    ['an object where an array is expected is one member', '{"a[any]": {b: x}}', { a: { b: 'x' } }, true],
    ['and the first', '{"a[0]": {b: x}}', { a: { b: 'x' } }, true],
    ['so is a text', '{"a[all]": {.: x}}', { a: 'x' }, true],
    ['a null member is a member', '{"a[all]": {b: x}}', { a: [{ b: 'x' }, null] }, false],
    ['which has no fields', '{"a[any]": {b: null}}', { a: [null] }, true],
    ['a text has no fields', '{"a[any]": {b|exists: true}}', { a: ['x'] }, false],
    ['arrays in arrays are laid flat', '{"a[all]": {.: x}}', { a: [['x'], ['x', 'y']] }, false],
    ['and numbered so', '{"a[2]": {.: y}}', { a: [['x'], ['x', 'y']] }, true],
    ['a field of the record is none of a member', '{"a[any]": {c: y}}', { a: [{ b: 'x' }], c: 'y' }, false],
  ],
  'what stands inside': [
    ['a list of values is or', '{"a[any]": {b: [x, y]}}', { a: [{ b: 'y' }] }, true],
    ['neq', '{"a[any]": {b|neq: x}}', { a: [{ b: 'x' }, { b: 'y' }] }, true],
    ['neq in all', '{"a[all]": {b|neq: x}}', { a: [{ b: 'x' }, { b: 'y' }] }, false],
    ['exists', '{"a[any]": {b|exists: false}}', { a: [{ b: 'x' }, { c: 'y' }] }, true],
    ['null', '{"a[any]": {b: null, c: x}}', { a: [{ b: 'y', c: 'x' }, { c: 'x' }] }, true],
    ['numbers', '{"a[any]": {from|lte: 22, to|gte: 22}}', { a: [{ from: 20, to: 30 }] }, true],
    [
      'numbers of two members',
      '{"a[any]": {from|lte: 22, to|gte: 22}}',
      {
        a: [
          { from: 1, to: 2 },
          { from: 30, to: 40 },
        ],
      },
      false,
    ],
    [
      'fieldref names a field of the member',
      '{"a[any]": {b|fieldref: c}}',
      { a: [{ b: 'x', c: 'X' }] },
      true,
    ],
    ['not of the record', '{"a[any]": {b|fieldref: c}}', { a: [{ b: 'x' }], c: 'x' }, false],
    ['expand', '{"a[any]": {b|expand: "%admins%"}}', { a: [{ b: 'alice' }] }, true],
    ['text anywhere in the member', '{"a[any]": {"|contains": x, c: y}}', { a: [{ b: 'x', c: 'y' }] }, true],
    ['text in another member', '{"a[any]": {"|contains": x, c: y}}', { a: [{ b: 'x' }, { c: 'y' }] }, false],
    ['a block', NESTED, { items: [{ fromPort: 22, ranges: [{ cidr: '10.0.0.0/8' }] }] }, true],
    ['a block that is not fulfilled', NESTED, SSH_TO_THE_WORLD, false],
    [
      'a block in members that are arrays',
      '{"a[all]": {"b[any]": {.: x}}}',
      { a: [{ b: ['y', 'x'] }, { b: 'x' }] },
      true,
    ],
  ],
  'selections and a condition inside': [
    ['one selection', DETECTION, { items: [{ fromPort: 22, toPort: 443 }] }, true],
    ['not the other', DETECTION, { items: [{ fromPort: 25, toPort: 25 }] }, true],
    ['neither', DETECTION, { items: [{ fromPort: 443, toPort: 443 }] }, false],
    [
      'one member must fulfil the condition',
      '{"a[any]": {s: {b: x}, t: {c: y}, condition: s and t}}',
      { a: [{ b: 'x' }, { c: 'y' }] },
      false,
    ],
    ['1 of', '{"a[any]": {s_1: {b: x}, s_2: {c: y}, condition: 1 of s_*}}', { a: [{ c: 'y' }] }, true],
    ['a list of maps', '{"a[any]": {s: [{b: x}, {c: y}], condition: s}}', { a: [{ c: 'y' }] }, true],
    [
      'keywords',
      '{"a[any]": {s: {b: x}, t: [denied, refused], condition: s and t}}',
      { a: [{ b: 'x', c: 'Denied' }] },
      true,
    ],
    [
      'a field called condition',
      '{"a[any]": {s: {condition: x}, condition: s}}',
      { a: [{ condition: 'x' }] },
      true,
    ],
  ],
};

/** A selection of such a document that is refused, and what the one problem says after the file's name. */
export const BLOCK_REFUSALS: readonly (readonly [selection: string, expected: string])[] = [
  [
    '{"a[evry]": {b: x}}',
    '5:12: "evry" does not say which members; use [any], [all], [all_or_empty], [none] or the number of a member, as in [0] or [-1]',
  ],
  ['{"a[al]": {b: x}}', '5:12: "al" does not say which members; did you mean "all"?'],
  [
    '{"a[]": {b: x}}',
    '5:12: "" does not say which members; use [any], [all], [all_or_empty], [none] or the number of a member, as in [0] or [-1]',
  ],
  [
    '{"a[1.5]": {b: x}}',
    '5:12: "1.5" does not say which members; use [any], [all], [all_or_empty], [none] or the number of a member, as in [0] or [-1]',
  ],
  ['{"[any]": {b: x}}', '5:9: "[any]" is no array block; write it as "field[any]:"'],
  ['{"a]": {b: x}}', '5:9: "a]" is no array block; write it as "field[any]:"'],
  ['{"a[any].b": x}', '5:16: ".b" cannot stand after a block; nest it, as in "a[any]: {b: value}"'],
  [
    '{"a[any]|contains": x}',
    '5:16: an array block takes no modifiers; move it into the block, as in "a[any]: {.|contains: value}"',
  ],
  [
    '{"a[any]": x}',
    '5:19: an array block holds a map; write "a[any]: {name: value}", or "{.: value}" for the member itself',
  ],
  [
    '{"a[0]": [{b: x}]}',
    '5:17: an array block holds a map; write "a[0]: {name: value}", or "{.: value}" for the member itself',
  ],
  ['{"a[any]": {}}', '5:19: this selection is empty; write "field: value", or remove it'],
  [
    '{"a[any]": {b: {c: x}}}',
    '5:23: a map cannot be the value of a field; write the dotted path, as in "requestParameters.name: value"',
  ],
  ['{"a[any]": {s: {b: x}, condition: t}}', '5:42: no selection is named "t"; did you mean "s"?'],
  ['{"a[any]": {b: x, condition: s}}', '5:37: no selection is named "s"; did you mean "b"?'],
];
