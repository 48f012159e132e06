import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../src/kernel/time.ts';
import { problemsIn, rulesIn, ruleText, warningsIn } from './support.ts';

const rule = (firstSeen: string) =>
  `${ruleText('{eventName: ConsoleLogin}')}trailbot:\n  first_seen: ${firstSeen}\n`;
const read = (firstSeen: string) => rulesIn(rule(firstSeen)).rules[0]?.firstSeen;

describe('first_seen', () => {
  it('names fields, with two weeks to learn and a quarter to forget', () => {
    expect(read('{of: [sourceIPAddress], per: [actor, account]}')).toEqual({
      of: ['sourceIPAddress'],
      per: ['actor', 'account'],
      learn: 14 * DAY,
      forget: 90 * DAY,
    });
  });

  it.each(['{of: [awsRegion]}', '{of: awsRegion, per: []}'])(
    'without "per" it is new anywhere: %s',
    (text) => {
      expect(read(text)).toMatchObject({ of: ['awsRegion'], per: [] });
    },
  );

  it('takes other times, and none to learn', () => {
    expect(read('{of: [awsRegion], learn: 36h, forget: 3d}')).toMatchObject({
      learn: 36 * HOUR,
      forget: 3 * DAY,
    });
    expect(read('{of: [awsRegion], learn: 0d}')).toMatchObject({ learn: 0 });
  });

  it('is absent where a rule does not ask for it', () => {
    expect(rulesIn(ruleText('{a: b}')).rules[0]?.firstSeen).toBeUndefined();
  });

  it.each([
    ['no map', 'true', '7:15: "first_seen" must be a map; write it as {of: [sourceIPAddress], per: [actor]}'],
    [
      'no of',
      '{per: [actor]}',
      '7:3: "first_seen" does not say of what; add "of:" with the fields to look at',
    ],
    [
      'an empty of',
      '{of: []}',
      '7:20: "of" names no field; name fields, as in [account, requestParameters.userName], or remove the key',
    ],
    [
      'a key that is a slip',
      '{of: [a], learns: 1d}',
      '7:25: "first_seen" has no key "learns"; did you mean "learn"?',
    ],
    ['no path', '{of: [a b]}', '7:21: "a b" is not a field path; write it as requestParameters.userName'],
    ['no text', '{of: [{a: b}]}', '7:21: "of" must be a list of texts; write each entry as "- text"'],
    [
      'a field twice',
      '{of: [a, actor], per: [actor]}',
      '7:15: "first_seen" names "actor" twice; name each field once, in "of" or in "per"',
    ],
    [
      'no duration',
      '{of: [a], learn: two weeks}',
      '7:32: "two weeks" is not a duration; write it as 12h, 14d or 13w',
    ],
    [
      'a life',
      '{of: [a], forget: 999999999d}',
      '7:33: "999999999d" is longer than ten years; write a shorter time',
    ],
    [
      'no memory',
      '{of: [a], learn: 0d, forget: 0d}',
      '7:44: a value cannot be forgotten at once; write a time such as 90d',
    ],
    [
      'learning longer than remembering',
      '{of: [a], learn: 30d, forget: 7d}',
      '7:45: what is learnt in 30 d would be forgotten after 7 d; make "forget" at least as long as "learn"',
    ],
  ])('is refused with place and remedy: %s', (_, text, problem) => {
    expect(problemsIn(rule(text))).toEqual([`rule.yml:${problem}`]);
  });

  it('warns of a field name that is nearly one of CloudTrail', () => {
    expect(warningsIn(rule('{of: [sourceIpAddress], per: [userIdentity.username]}'))).toEqual([
      'rule.yml:7:21: CloudTrail has no field "sourceIpAddress"; did you mean "sourceIPAddress"?',
      'rule.yml:7:45: CloudTrail has no field "userIdentity.username"; did you mean "userIdentity.userName"?',
    ]);
  });
});
