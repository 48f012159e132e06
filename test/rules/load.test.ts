import { expect, test } from 'vitest';
import { sayProblem } from '../../src/kernel/problem.ts';
import { DAY } from '../../src/kernel/time.ts';
import { loadRules } from '../../src/rules/load.ts';
import { HEAD, matches, problemsIn, rulesIn, warningsIn } from './support.ts';

const ID = '7f1e0c52-5d2b-4a86-9d2e-0d5b6a3c1e01';
const OTHER_ID = '7f1e0c52-5d2b-4a86-9d2e-0d5b6a3c1e02';
const DETECTION = 'detection: {sel: {eventName: A}, condition: sel}\n';

test('every part of a rule is read', () => {
  const [rule] = rulesIn(`
title: Trail stopped
id: ${ID}
name: trail_stopped
status: test
level: critical
author: A. Author
date: 2026-11-01
description: Logging ends here.
references: [https://example.com/a, https://example.com/b]
falsepositives: Planned work
tags: [attack.t1562.008]
fields: [requestParameters.name]
logsource:
  product: aws
  service: cloudtrail
  definition: a trail for all regions
detection:
  selection:
    eventSource: cloudtrail.amazonaws.com
    eventName: [StopLogging, DeleteTrail]
  condition: selection
custom: {kept: for other tools}
trailbot:
  summary: '{actor} stopped {requestParameters.name}'
  runbook: https://example.com/runbook
  group_by: [account, requestParameters.name]
  quiet_for: 1d
  needs: 2
  ask_actor: true
  tests:
    - name: a stopped trail
      event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
      expect: match
    - name: a created trail
      events:
        - {eventSource: cloudtrail.amazonaws.com, eventName: CreateTrail}
      expect: no match
`).rules;
  expect(rule).toEqual({
    id: ID,
    name: 'trail_stopped',
    title: 'Trail stopped',
    level: 'critical',
    status: 'test',
    author: 'A. Author',
    description: 'Logging ends here.',
    references: ['https://example.com/a', 'https://example.com/b'],
    falsePositives: ['Planned work'],
    tags: ['attack.t1562.008'],
    fields: ['requestParameters.name'],
    file: 'rule.yml',
    line: 2,
    summary: '{actor} stopped {requestParameters.name}',
    runbook: 'https://example.com/runbook',
    groupBy: ['account', 'requestParameters.name'],
    quietFor: DAY,
    firstSeen: undefined,
    needs: 2,
    askActor: true,
    correlated: false,
    tests: [
      {
        name: 'a stopped trail',
        events: [{ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' }],
        expect: true,
        line: 32,
        column: 7,
      },
      {
        name: 'a created trail',
        events: [{ eventSource: 'cloudtrail.amazonaws.com', eventName: 'CreateTrail' }],
        expect: false,
        line: 35,
        column: 7,
      },
    ],
  });
});

test('a rule needs only a title, a logsource and a detection', () => {
  const { ruleset } = loadRules([{ path: 'aws/Root_Sign-In.v2.yml', text: `${HEAD}${DETECTION}` }]);
  expect(ruleset.rules[0]).toMatchObject({
    id: 'root-sign-in-v2',
    name: 'Root_Sign-In.v2',
    level: 'medium',
    tests: [],
    groupBy: undefined,
  });
});

test('rules in the style of the public collection load and match', () => {
  const ruleset = rulesIn(`
title: Snapshot shared or bucket exposed
id: ${ID}
status: test
description: |
    Several ways to give data away.
author: Somebody (@somewhere)
logsource:
    product: aws
    service: cloudtrail
detection:
    selection_source:
        eventSource:
            - ec2.amazonaws.com
            - rds.amazonaws.com
    selection_action_share:
        eventName|startswith: 'Modify'
        eventName|contains: 'Snapshot'
        requestParameters|contains|all:
            - '"add"'
            - 'all'
    selection_status_none:
        errorCode: null
    selection_status_empty:
        errorCode: ''
    filter_main_service:
        - userIdentity.type: AWSService
        - userIdentity.invokedBy|endswith: '.amazonaws.com'
    condition: selection_source and 1 of selection_action_* and 1 of selection_status_* and not 1 of filter_main_*
falsepositives:
    - Unknown
level: high
`);
  const shared = {
    eventSource: 'ec2.amazonaws.com',
    eventName: 'ModifySnapshotAttribute',
    requestParameters: { createVolumePermission: { add: { items: [{ group: 'all' }] } } },
    userIdentity: { type: 'IAMUser' },
  };
  expect(matches(ruleset, shared)).toBe(true);
  expect(matches(ruleset, { ...shared, errorCode: 'AccessDenied' })).toBe(false);
  expect(matches(ruleset, { ...shared, userIdentity: { type: 'AWSService' } })).toBe(false);
  expect(matches(ruleset, { ...shared, userIdentity: { invokedBy: 'backup.amazonaws.com' } })).toBe(false);
  expect(matches(ruleset, { ...shared, eventSource: 's3.amazonaws.com' })).toBe(false);
});

test('one file may hold several documents', () => {
  const text = `${HEAD}id: ${ID}\nname: one\n${DETECTION}---\n${HEAD}id: ${OTHER_ID}\nname: two\n${DETECTION}...\n---\n# nothing\n`;
  expect(rulesIn(text).rules.map(({ name, line }) => [name, line])).toEqual([
    ['one', 1],
    ['two', 7],
  ]);
});

test('a document in YAML 1.1 means the same as one in 1.2', () => {
  const ruleset = rulesIn(`%YAML 1.1\n---\n${HEAD}detection: {sel: {eventName: No}, condition: sel}\n`);
  expect(matches(ruleset, { eventName: 'no' })).toBe(true);
  expect(matches(ruleset, { eventName: false })).toBe(true);
});

test('YAML anchors may be used', () => {
  const ruleset = rulesIn(
    `${HEAD}detection:\n  one: {eventName: &names [A, B], eventSource: x}\n  two: {eventName: *names, eventSource: y}\n  condition: 1 of them\n`,
  );
  expect(matches(ruleset, { eventName: 'b', eventSource: 'y' })).toBe(true);
});

test('documents for other logs are skipped and counted, whatever is in them', () => {
  const other = 'title: 1\ndetection: nonsense\n';
  const ruleset = rulesIn(
    [
      `${other}logsource: {product: windows, service: security}\n`,
      `${other}logsource: {product: aws, service: guardduty}\n`,
      `${other}logsource: {product: aws}\n`,
      `${other}logsource: {category: process_creation}\n`,
      `filter: {rules: any}\nlogsource: {product: linux}\n`,
      `${HEAD}${DETECTION}`,
    ].join('---\n'),
  );
  expect(ruleset.skipped).toBe(5);
  expect(ruleset.rules).toHaveLength(1);
});

test.each([
  [
    '{product: aws, service: cloudtrial}',
    `2:36: the service "cloudtrial" is not CloudTrail's`,
    'did you mean "cloudtrail"?',
  ],
  ['{product: aws, sevice: cloudtrail}', '2:27: a log source has no key "sevice"', 'did you mean "service"?'],
  [
    '{product: asw, service: CloudTrail}',
    `2:22: the product "asw" is not CloudTrail's`,
    'did you mean "aws"?',
  ],
  ['{product: aws}', '2:12: the log source has no service', 'add "service: cloudtrail" to it'],
  ['{service: cloudtrail}', '2:12: the log source has no product', 'add "product: aws" to it'],
])('a slip in a log source is told: %s', (logsource, what, remedy) => {
  const text = `title: A rule\nlogsource: ${logsource}\n${DETECTION}`;
  expect(warningsIn(text)).toEqual([`rule.yml:${what}, so the document is skipped; ${remedy}`]);
  expect(warningsIn(text, { disabled: ['rule'] })).toEqual([]);
});

test.each([
  '{product: aws, service: guardduty}',
  '{product: aws, service: cloudwatch}',
  '{product: gcp, service: cloudtrail}',
  '{product: windows}',
  '{category: process_creation}',
])('a log source of other logs is not doubted: %s', (logsource) => {
  expect(warningsIn(`title: A rule\nlogsource: ${logsource}\n${DETECTION}`)).toEqual([]);
});

test('no files are no rules', () => {
  expect(loadRules([])).toMatchObject({ problems: [], warnings: [], ruleset: { rules: [], skipped: 0 } });
  expect(problemsIn('')).toEqual([]);
});

test('the mistakes of all files come at once, and what is right still loads', () => {
  const { ruleset, problems } = loadRules([
    { path: 'a.yml', text: `${HEAD}level: none\n${DETECTION}` },
    { path: 'b.yml', text: `${HEAD}${DETECTION}` },
    { path: 'c.yml', text: 'title: [' },
  ]);
  expect(problems.map(({ file, line }) => [file, line])).toEqual([
    ['a.yml', 3],
    ['c.yml', 1],
  ]);
  expect(ruleset.rules.map(({ name }) => name)).toEqual(['b']);
});

test('an id or name that two rules have is a mistake that names both places', () => {
  const { ruleset, problems } = loadRules([
    { path: 'a.yml', text: `${HEAD}id: ${ID}\nname: same\n${DETECTION}` },
    { path: 'b.yml', text: `# second\n${HEAD}id: ${ID.toUpperCase()}\nname: same\n${DETECTION}` },
  ]);
  expect(problems.map(sayProblem)).toEqual([
    `b.yml:2:1: the id "${ID.toUpperCase()}" is also that of a.yml:1:1; give one of them a new id`,
    'b.yml:2:1: the name "same" is also that of a.yml:1:1; give one of them a new name',
  ]);
  expect(ruleset.rules.map(({ file }) => file)).toEqual(['a.yml']);
});

test('rules without an id must have different file names', () => {
  const { problems } = loadRules([
    { path: 'x/a.yml', text: `${HEAD}${DETECTION}` },
    { path: 'y/a.yml', text: `${HEAD}${DETECTION}` },
  ]);
  expect(problems.map(sayProblem)).toEqual([
    'y/a.yml:1:1: the id "a" is also that of x/a.yml:1:1; give each rule an "id:" of its own',
  ]);
});

test('a name made from the file gives way to the id when it is taken', () => {
  const { ruleset, problems } = loadRules([
    { path: 'x/a.yml', text: `${HEAD}id: ${ID}\n${DETECTION}` },
    { path: 'y/a.yml', text: `${HEAD}id: ${OTHER_ID}\n${DETECTION}` },
  ]);
  expect(problems).toEqual([]);
  expect(ruleset.rules.map(({ name }) => name)).toEqual(['a', OTHER_ID]);
});

const TWO = [
  { path: 'one.yml', text: `${HEAD}id: ${ID}\n${DETECTION}` },
  { path: 'two.yml', text: `${HEAD}id: ${OTHER_ID}\n${DETECTION}` },
];

test.each([['one'], [ID]])('a rule is disabled by %s', (name) => {
  const { ruleset, problems, known } = loadRules(TWO, { disabled: [name] });
  expect(problems).toEqual([]);
  expect(ruleset.rules.map((rule) => rule.name)).toEqual(['two']);
  expect(known).toEqual(new Set([ID, 'one', OTHER_ID, 'two']));
});

test.each([['one'], [ID]])('a rule gets another level by %s', (name) => {
  const { ruleset, problems } = loadRules(TWO, { levels: new Map([[name, 'critical']]) });
  expect(problems).toEqual([]);
  expect(ruleset.rules.map((rule) => rule.level)).toEqual(['critical', 'medium']);
});

test('a disabled rule is not checked', () => {
  const wrong = { path: 'wrong.yml', text: `${HEAD}detection: {sel: {a|nonsense: b}, condition: sel}\n` };
  expect(loadRules([wrong]).problems).toHaveLength(1);
  expect(loadRules([wrong], { disabled: ['wrong'] }).problems).toEqual([]);
});

test('a rule that does not load is still known by its name', () => {
  const wrong = { path: 'wrong.yml', text: `${HEAD}detection: {}\n` };
  const { problems } = loadRules([wrong], { levels: new Map([['wrong', 'low']]) });
  expect(problems.map(({ file }) => file)).toEqual(['wrong.yml']);
});
