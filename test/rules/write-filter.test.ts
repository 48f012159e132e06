import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeFilter } from '../../src/rules/write-filter.ts';

test('what an attacker has called things neither steers a terminal nor hides from whoever reads the filter', () => {
  const name = 'ci-\u202edeploy\u009b2J\u{e0041}\u0007 two\nlines';
  const event = { eventName: 'PutBucketAcl', [name]: name };
  const text = writeFilter({
    title: 'Not an alert',
    id: 'faec68dd-01a3-89ef-8e23-9853bf65b251',
    description: `because ${name}`,
    ruleId: 'ebac2412-0059-465a-ad21-f12d844158f6',
    terms: [{ field: 'userIdentity.arn', value: name }],
    tests: [{ name: 'what was muted', event, expect: false }],
  });
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
  expect(parse(text)).toMatchObject({
    description: `because ${name}`,
    filter: { selection: { 'userIdentity.arn': name } },
    trailbot: { tests: [{ event, expect: 'no match' }] },
  });
});
