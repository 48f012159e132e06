import { expect, test } from 'vitest';
import { fillSummary } from '../../src/rules/summary.ts';
import { readable } from '../support/records.ts';

const record = readable({
  requestParameters: {
    userName: 'bob',
    groups: ['a', 'b', 'c'],
    many: ['a', 'b', 'c', 'd', 'e'],
    long: 'x'.repeat(100),
    lines: 'one\n\ttwo\u0000 three ',
    empty: '',
    nothing: null,
    none: [],
    flag: false,
    object: { b: [1] },
    items: [{ port: 22 }, { port: 443 }],
    braces: '{account}',
  },
});

test.each([
  ['{actor} made a key for {requestParameters.userName}', `${record.actor.label} made a key for bob`],
  ['in {account}, {region}', 'in 111122223333, us-east-1'],
  ['{eventName} from {sourceIPAddress}', 'CreateAccessKey from 203.0.113.5'],
  ['{ eventName }', 'CreateAccessKey'],
  ['{requestParameters.roleName|requestParameters.empty|requestParameters.userName}', 'bob'],
  ['{requestParameters.roleName | requestParameters.groupName}', 'unknown'],
  ['no placeholder', 'no placeholder'],
  ['{requestParameters.groups}', 'a, b, c'],
  ['{requestParameters.many}', 'a, b, c +2 more'],
  ['{requestParameters.items.port}', '22, 443'],
  ['{requestParameters.long}', `${'x'.repeat(79)}…`],
  ['{requestParameters.lines}', 'one two three'],
  ['{requestParameters.flag}', 'false'],
  ['{requestParameters.object}', '{"b":[1]}'],
  ['{requestParameters.missing}', 'unknown'],
  ['{requestParameters.nothing}', 'unknown'],
  ['{requestParameters.empty}', 'unknown'],
  ['{requestParameters.none}', 'unknown'],
  ['{errorCode}', 'unknown'],
  ['{constructor}', 'unknown'],
  // a value is never read as a template
  ['{requestParameters.braces}', '{account}'],
])('%s', (template, expected) => {
  expect(fillSummary(template, record)).toBe(expected);
});
