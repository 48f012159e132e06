import { expect, test } from 'vitest';
import { LISTS } from '../cases/sigma-match.ts';
import { HEAD, matches, rulesIn, ruleText, warningsIn } from './support.ts';

const CASES: readonly (readonly [says: string, selection: string, expected: string])[] = [
  ['null in a list', '{a: [x, null]}', '4:16: null in a list is not standard Sigma; use two selections'],
  ['all with one value', '{a|all: x}', '4:16: "all" has only one value, so it changes nothing; drop "all"'],
  [
    'contains after re',
    "{a|re|contains: 'x'}",
    '4:24: "contains" changes nothing after "re": a pattern is found anywhere in the text; drop it, and write ^ or $ into the pattern to anchor it',
  ],
  [
    'base64offset without contains',
    '{a|base64offset: admin}',
    '4:25: "base64offset" gives a part of a longer text, and here it must be the whole; write "base64offset|contains"',
  ],
  [
    'expand without a placeholder',
    '{a|expand: [alice, admins%]}',
    '4:19: "expand" finds no placeholder here; write one, such as %admins%, or drop "expand"',
  ],
  [
    'a placeholder without expand',
    "{a|contains: [x, '%admins%']}",
    '4:25: %admins% is only text here; write "a|contains|expand" for the values of the list "admins"',
  ],
  ['an hour that no day has', '{a|hour: 24}', '4:17: there is no hour 24; write a number from 0 to 23'],
  ['half a month', '{a|month|gte: 1.5}', '4:22: there is no month 1.5; write a number from 1 to 12'],
  [
    'an account without quotes',
    '{recipientAccountId: 012345678901}',
    "4:29: 012345678901 is a number here; if it is an account, its leading zeros do not count; write '012345678901' in quotes",
  ],
  [
    'a misspelt field',
    '{sourceIpAddress: x}',
    '4:9: CloudTrail has no field "sourceIpAddress"; did you mean "sourceIPAddress"?',
  ],
  [
    'a misspelt field of the identity',
    '{userIdentity.username: x}',
    '4:9: CloudTrail has no field "userIdentity.username"; did you mean "userIdentity.userName"?',
  ],
  [
    'a misspelt field after fieldref',
    '{eventName|fieldref: erorCode}',
    '4:29: CloudTrail has no field "erorCode"; did you mean "errorCode"?',
  ],
];

test.each(CASES)('%s is a warning and the rule loads', (_, selection, expected) => {
  const text = ruleText(selection);
  expect(warningsIn(text, { lists: LISTS })).toEqual([`rule.yml:${expected}`]);
  expect(rulesIn(text, { lists: LISTS }).rules).toHaveLength(1);
});

test('texts beside a placeholder, and percent signs that name no list, are no warning', () => {
  expect(
    warningsIn(ruleText("{a|expand: ['%admins%', carol], b: '%owners%', c: '100%'}"), { lists: LISTS }),
  ).toEqual([]);
});

test('fields that other log collectors add are no warning', () => {
  expect(
    warningsIn(ruleText('{src_ip: x, status: y, userIdentity.sessionContext.sessionIssuer.type: z}')),
  ).toEqual([]);
});

test('what around the detection was probably not meant is a warning', () => {
  const text = `${HEAD}detection:
  sel: {a: x}
  filter: {a: y}
  _spare: {a: z}
  condition: sel
tags: [attack.t1078, Persistence]
falsepositive: [none]
fields: [eventname]
trailbot:
  group_by: [actor, account, region, useridentity.arn]
ticket: ABC-1
`;
  expect(warningsIn(text)).toEqual([
    'rule.yml:5:3: the condition does not use "filter"; use it or remove it',
    'rule.yml:8:22: the tag "Persistence" has no namespace; write it as attack.t1078 or team.payments',
    'rule.yml:9:1: the key "falsepositive" means nothing here; did you mean "falsepositives"?',
    'rule.yml:10:10: CloudTrail has no field "eventname"; did you mean "eventName"?',
    'rule.yml:12:38: CloudTrail has no field "useridentity"; did you mean "userIdentity"?',
  ]);
});

test('an account without quotes still matches, leading zero or not', () => {
  const ruleset = rulesIn(ruleText('{recipientAccountId: 012345678901}'));
  expect(matches(ruleset, { recipientAccountId: '012345678901' })).toBe(true);
});
