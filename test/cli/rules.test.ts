import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/store.ts';
import { call } from './command.ts';

const GOOD = `title: Access key created
id: 6f0a1a52-6b1e-4f0a-9c55-0f8f4d4f6a01
level: high
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: CreateAccessKey }
  condition: selection
`;
const FAILING = `${GOOD}trailbot:
  tests:
    - name: a look
      event: { eventName: ListAccessKeys, eventSource: iam.amazonaws.com }
      expect: match
`;

let folder: string;
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = temporaryFolder();
});

describe('rules check', () => {
  it('says that the shipped rules and their tests are right', async () => {
    const { code, out, err } = await call(['rules', 'check'], { folder });
    expect(out).toMatch(/^\d+ rules, 1 correlation, \d+ tests, 0 problems\n$/);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('lists every mistake of every file at once, then warnings, and ends with 1', async () => {
    put('a.yml', 'title: [');
    put('b.yml', GOOD.replace('condition: selection', 'condition: selektion'));
    put('c.yml', GOOD.replace('eventName:', 'eventNam:').replace('6f0a', '6f0b'));
    const { code, out } = await call(['rules', 'check', 'a.yml', 'b.yml', 'c.yml', 'd'], { folder });
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      'd: cannot be read: there is none; give a rule file or a folder with rule files that this user may read',
      expect.stringMatching(/^a\.yml:1:9: this is not YAML .*; correct it$/),
      'b.yml:7:14: no selection is named "selektion"; did you mean "selection"?',
      'warning: c.yml:6:16: CloudTrail has no field "eventNam"; did you mean "eventName"?',
      '1 rule, 0 tests, 3 problems, 1 warning',
      '',
    ]);
  });

  it('warns of a correlation that looks back further than records are kept, where a configuration says how long', async () => {
    const correlation = 'correlation: {type: event_count, rules: [keys], timespan: 7d, condition: {lt: 2}}';
    const keys = `${GOOD}name: keys\n`;
    put('rules.yml', `${keys}---\ntitle: Few keys\n${correlation}\n`);
    const warning =
      'warning: rules.yml:10:1: "Few keys" looks back further than records are kept (7 d): its timespan with lateness is 7 d, so';
    expect((await call(['rules', 'check', 'rules.yml'], { folder })).out).not.toContain('looks back');
    put('trailbot.yaml', 'rules: { paths: [rules.yml] }\nhistory: { records: 7d }\n');
    const { code, out } = await call(['rules', 'check', 'rules.yml'], { folder });
    expect(code).toBe(0);
    expect(out).toContain(warning);
    expect(out).toContain(
      'no alert is made; raise "history.records" in the configuration, or shorten the timespan\n',
    );
    expect((await call(['rules', 'check'], { folder })).out).toContain(warning);
  });

  it('runs the tests inside the rules', async () => {
    put('rule.yml', FAILING);
    const { code, out } = await call(['rules', 'check', 'rule.yml'], { folder });
    expect(code).toBe(1);
    expect(out).toBe(
      'rule.yml:10:7: the test "a look" of "Access key created" fails: the event should match and does not; correct the detection or the test\nwarning: rule.yml:10:7: no test of "Access key created" says what must not match; add a near miss with "expect: no match" (no-near-miss)\n1 rule, 1 test, 1 problem, 1 warning\n',
    );
  });

  it('tells a program the same as JSON', async () => {
    put('rule.yml', FAILING);
    const { code, out } = await call(['rules', 'check', '--json', 'rule.yml'], { folder });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      rules: 1,
      correlations: 0,
      tests: 1,
      skipped: 0,
      problems: [expect.objectContaining({ file: 'rule.yml', line: 10, column: 7 })],
      warnings: [expect.objectContaining({ file: 'rule.yml', line: 10, column: 7, code: 'no-near-miss' })],
    });
  });

  it('warns of what was hardly meant, each with its name, and that alone is no failure', async () => {
    put('rule.yml', GOOD.replace('eventName: CreateAccessKey', 'eventName: [GetUser, CreatAccessKey]'));
    const { code, out } = await call(['rules', 'check', 'rule.yml'], { folder });
    expect(out).toBe(
      'warning: rule.yml:6:28: CloudTrail knows no event CreatAccessKey; did you mean CreateAccessKey? (event-name)\n1 rule, 0 tests, 0 problems, 1 warning\n',
    );
    expect(code).toBe(0);
  });

  it('warns of rules that can never fire on what reaches the bot, where the configuration says what does', async () => {
    put('rule.yml', GOOD.replace('CreateAccessKey', 'ListAccessKeys'));
    const unsaid = await call(['rules', 'check', 'rule.yml'], { folder });
    expect(unsaid.out).toBe('1 rule, 0 tests, 0 problems\n');
    put('trailbot.yaml', 'sources: { management: writes }\nrules: { paths: [rule.yml] }\n');
    for (const args of [['rule.yml'], []]) {
      const { code, out } = await call(['rules', 'check', ...args], { folder });
      expect(code).toBe(0);
      expect(out).toContain(
        'warning: rule.yml:1:1: "Access key created" can never fire: ListAccessKeys only reads, and sources.management is writes;',
      );
    }
  });

  it('finds fault with a place where there are no rules', async () => {
    mkdirSync(join(folder, 'empty'));
    const { code, out } = await call(['rules', 'check', 'empty'], { folder });
    expect(code).toBe(1);
    expect(out).toContain(
      'empty: there is no enabled CloudTrail rule here; give a file or folder with Sigma rules',
    );
  });

  it('reports the mistakes of the configuration and of the rules together', async () => {
    put('b.yml', GOOD.replace('condition: selection', 'condition: selektion'));
    put('trailbot.yaml', 'rulez: {}\nroutes: { channel: 5 }\nrules: { paths: [b.yml], disabled: [xyzzy] }\n');
    const mistakes = [
      'trailbot.yaml:1:1: unknown key "rulez"; did you mean "rules"?',
      'trailbot.yaml:2:20: routes.channel must be text, not a number; write for example channel: "#security-alerts"',
      'b.yml:7:14: no selection is named "selektion"; did you mean "selection"?',
      'trailbot.yaml:3:37: there is no rule "xyzzy"; see "trailbot rules list" for the rules there are',
    ].join('\n');
    const checked = await call(['rules', 'check'], { folder });
    expect(checked).toEqual({ code: 1, out: `${mistakes}\n0 rules, 0 tests, 4 problems\n`, err: '' });
    // Whoever wants to run with them is told the same, and nothing runs.
    for (const command of ['serve', 'match']) {
      expect(await call([command], { folder })).toEqual({ code: 2, out: '', err: `${mistakes}\n` });
    }
  });
});

describe('rules list and show', () => {
  it('list what is loaded, for people and for programs', async () => {
    put('rule.yml', GOOD);
    const listed = await call(['rules', 'list', 'rule.yml'], { folder });
    expect(listed).toEqual({ code: 0, out: 'high          rule Access key created\n', err: '' });
    const { out } = await call(['rules', 'list', '--json', 'rule.yml'], { folder });
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({
        name: 'rule',
        level: 'high',
        title: 'Access key created',
        file: 'rule.yml',
        line: 1,
      }),
    ]);
  });

  it('show one rule by name or id', async () => {
    const byName = await call(['rules', 'show', 'root-api-use'], { folder });
    expect(byName.code).toBe(0);
    for (const label of ['Title ', 'Level ', 'File ', 'Why ', 'Runbook ', 'Tests ']) {
      expect(byName.out).toContain(`\n${label}`.replace('\nTitle', 'Title'));
    }
    const json = await call(['rules', 'show', 'root-api-use', '--json'], { folder });
    const rule = JSON.parse(json.out) as { id: string; name: string };
    expect(rule.name).toBe('root-api-use');
    expect((await call(['rules', 'show', rule.id], { folder })).out).toBe(byName.out);
  });

  it('show nothing of rules with mistakes but the mistakes', async () => {
    put('rule.yml', GOOD.replace('level: high', 'level: hi'));
    const { code, out, err } = await call(['rules', 'list', 'rule.yml'], { folder });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^rule\.yml:3:8: /);
  });
});

describe('rules coverage', () => {
  it('shows what the rules cover and what they do not, in a hundred columns', async () => {
    const { code, out, err } = await call(['rules', 'coverage'], { folder });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines[0]).toMatch(/^MITRE ATT&CK: techniques that show in CloudTrail: \d+ of \d+ covered$/);
    expect(out).toMatch(/^T1110 +Brute Force +1 +failed-sign-ins$/m);
    expect(out).toMatch(/^T1562\.008 +Disable or Modify Cloud Logs \(T1685\.002\) +\d+ +\S+ \+\d+$/m);
    expect(out).toMatch(/^T1021\.004 +SSH +-$/m);
    expect(out).toMatch(/^4\.5 +CloudTrail configuration changes +2 +cloudtrail-changed \+1$/m);
  });

  it('tells a program the same as JSON, about the rules that it is given', async () => {
    put('rule.yml', `${GOOD}tags: [attack.t1098.001, attack.t1003, cis.4.4]\n`);
    const { out } = await call(['rules', 'coverage', '--json', 'rule.yml'], { folder });
    const { attack, cis } = JSON.parse(out);
    expect(attack).toMatchObject({ covered: 2, others: [{ id: 'T1003', rules: ['rule'] }] });
    expect(cis).toMatchObject({ covered: 1, of: 16 });
    expect(cis.controls[3]).toEqual({ id: '4.4', name: 'IAM policy changes', rules: ['rule'] });
  });
});
