import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everydayNoise } from '../src/cli/samples/noise.ts';
import { SAMPLES } from '../src/cli/samples/sample.ts';
import { tell } from '../src/cli/samples/scene.ts';
import { readDelivery } from '../src/cloudtrail/delivery.ts';
import { OWN_SOURCE } from '../src/cloudtrail/own-event.ts';
import { type CloudTrailRecord, readRecord } from '../src/cloudtrail/record.ts';
import type { JsonObject } from '../src/kernel/json.ts';
import { sayProblem } from '../src/kernel/problem.ts';
import { systemRandom } from '../src/kernel/random.ts';
import { loadRules } from '../src/rules/load.ts';
import type { Rule } from '../src/rules/rule.ts';
import { allRules } from '../src/rules/ruleset.ts';
import { fillSummary } from '../src/rules/summary.ts';
import { runRuleTests } from '../src/rules/testing.ts';

const ROOT = join(import.meta.dirname, '..');
const RUNBOOKS = 'https://github.com/trailbot/trailbot/blob/main/docs/runbooks.md#';
const NOW = Date.UTC(2026, 10, 20, 9, 15);

const files = globSync('rules/**/*.{yml,yaml}', { cwd: ROOT })
  .sort()
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** As a new installation loads them: no account is known yet. */
const shipped = load(files, []);
const rules = shipped.ruleset.rules;
const named: [string, Rule][] = rules.map((rule) => [rule.name, rule]);
/** With the correlations, which have no tests of their own. */
const all: readonly Rule[] = allRules(shipped.ruleset);

function load(from: readonly { path: string; text: string }[], knownAccounts: readonly string[]) {
  return loadRules(from, { lists: new Map([['known_accounts', knownAccounts]]) });
}

function document(name: string): string {
  return readFileSync(join(ROOT, 'docs', name), 'utf8');
}

function read(event: JsonObject): CloudTrailRecord {
  const record = readRecord(event);
  if ('unreadable' in record) throw new Error(record.unreadable);
  return record;
}

/** Values of a field in the events of the rule's hits, or of its misses. */
function valuesIn(rule: Rule, hits: boolean, field: string): Set<unknown> {
  const tests = rule.tests.filter((test) => test.expect === hits);
  return new Set(tests.flatMap(({ events }) => events.map((event) => event[field])));
}

/** An Insight has no caller and no call of its own. */
const INSIGHT = [
  ...[
    'eventVersion',
    'eventTime',
    'awsRegion',
    'eventID',
    'eventType',
    'recipientAccountId',
    'sharedEventID',
  ],
  'insightDetails',
];

/** What the bot itself has noticed came from no client. */
function membersOf(event: JsonObject, whole: readonly string[]): string[] {
  if (event.eventCategory === 'Insight') return INSIGHT;
  if (event.eventSource !== OWN_SOURCE) return [...whole];
  return [...whole.filter((member) => member !== 'userAgent'), 'serviceEventDetails'];
}

describe('the shipped rules', () => {
  it('load without a problem or a warning', () => {
    expect([...shipped.problems, ...shipped.warnings].map(sayProblem)).toEqual([]);
    expect(allRules(shipped.ruleset)).toHaveLength(files.length);
    expect(rules.length).toBeGreaterThanOrEqual(25);
  });

  it('pass their tests', () => {
    expect(runRuleTests(shipped.ruleset, readRecord).map(sayProblem)).toEqual([]);
  });

  it('pass their tests also where the own account is a known one', () => {
    const { ruleset } = load(files, ['111122223333']);
    expect(allRules(ruleset)).toHaveLength(files.length);
    expect(runRuleTests(ruleset, readRecord).map(sayProblem)).toEqual([]);
  });

  it.each(['unknown-account', 'trust-policy-opened', 'snapshot-shared'])(
    '%s stays silent about an account that is known',
    (name) => {
      const strange = '999988887777';
      const rule = rules.find((one) => one.name === name);
      const hit = rule?.tests.find((test) => test.expect && JSON.stringify(test.events).includes(strange));
      const records = (hit?.events ?? []).map(read);
      expect(records).not.toEqual([]);
      const fired = (known: readonly string[]) =>
        records.flatMap((record) => load(files, known).ruleset.match(record)).map((match) => match.rule.name);
      expect(fired([])).toEqual([name]);
      expect(fired([strange])).toEqual([]);
    },
  );

  it('have ids, names and titles of their own', () => {
    for (const key of ['id', 'name', 'title'] as const) {
      expect(new Set(all.map((rule) => rule[key])).size, key).toBe(all.length);
    }
  });

  it('are each called as their file is', () => {
    expect(all.map(({ name }) => name).toSorted()).toEqual(
      files.map(({ path }) => basename(path, '.yml')).toSorted(),
    );
  });
});

describe.each(all.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  it('says what an alert needs', () => {
    expect(rule.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(rule.title.length).toBeLessThanOrEqual(60);
    expect(rule.description).toMatch(/First check: /);
    expect(rule.level).not.toBe('informational');
    expect(rule.status).toBeDefined();
    expect(rule.author).toBeDefined();
    expect(rule.references.every((url) => url.startsWith('https://docs.aws.amazon.com/'))).toBe(true);
    expect(rule.references).not.toEqual([]);
    expect(rule.falsePositives).not.toEqual([]);
    expect(rule.fields).not.toEqual([]);
    expect(rule.tags.filter((tag) => /^attack\.t\d{4}(\.\d{3})?$/.test(tag))).not.toEqual([]);
    expect(rule.tags.filter((tag) => !/^(attack|cis)\./.test(tag))).toEqual([]);
  });

  it('has a runbook', () => {
    expect(rule.runbook).toBe(RUNBOOKS + name);
    const section = document('runbooks.md').split(`\n### ${name}\n`)[1]?.split('\n#')[0];
    expect(section).toContain(rule.title);
    for (const part of ['What happened', 'Check', 'Contain', 'Tune'])
      expect(section).toContain(`**${part}.**`);
  });
});

describe.each(named)('%s', (_, rule) => {
  it('has a hit, and a miss so near that only the detail tells', () => {
    expect(rule.tests.some((test) => test.expect)).toBe(true);
    expect(rule.tests.some((test) => !test.expect)).toBe(true);
    // Where a failed call counts as well, the name of the call decides.
    const failuresCount = [...valuesIn(rule, true, 'errorCode')].some((code) => code !== undefined);
    const same = failuresCount ? 'eventSource' : 'eventName';
    const hits = valuesIn(rule, true, same);
    expect([...valuesIn(rule, false, same)].some((near) => hits.has(near))).toBe(true);
  });

  it('is tested on whole records', () => {
    const whole = [
      'eventVersion',
      'userIdentity',
      'eventTime',
      'eventSource',
      'eventName',
      'awsRegion',
      'sourceIPAddress',
      'userAgent',
      'requestParameters',
      'responseElements',
      'eventID',
      'eventType',
      'recipientAccountId',
    ];
    for (const test of rule.tests) {
      for (const event of test.events)
        expect(Object.keys(event), test.name).toEqual(expect.arrayContaining(membersOf(event, whole)));
    }
  });

  it('says in one short sentence what happened', () => {
    for (const { events } of rule.tests.filter((test) => test.expect)) {
      for (const event of events) {
        const sentence = fillSummary(rule.summary ?? '', read(event));
        expect(sentence).toMatch(/^[^{}\n]{20,140}\.$/);
        expect(sentence).not.toMatch(/\bunknown\b(?! (account|user))/);
      }
    }
  });
});

describe('the documentation of rules', () => {
  const examples = ['rules.md', 'correlations.md'].flatMap((name) =>
    [...document(name).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
      .map(([, text = '']) => text)
      .filter((text) => /^(detection|correlation|filter):/m.test(text))
      .map((text, index) => ({ path: `docs/${name} example ${index + 1}`, text })),
  );

  it('has examples that load and pass their tests', () => {
    const { ruleset, problems, warnings } = load([...files, ...examples], []);
    expect([...problems, ...warnings].map(sayProblem)).toEqual([]);
    expect(ruleset.rules.length).toBeGreaterThanOrEqual(4);
    expect(ruleset.rules.flatMap((rule) => rule.tests)).not.toEqual([]);
    expect(runRuleTests(ruleset, readRecord).map(sayProblem)).toEqual([]);
  });

  it('has a runbook for no rule that is not there', () => {
    const sections = [...document('runbooks.md').matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(all.map(({ name }) => name).toSorted());
  });
});

describe('the sample incidents', () => {
  /** How often each rule matches the events, as EventBridge would post them. */
  function matches(events: readonly JsonObject[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const event of events) {
      const delivery = readDelivery(JSON.stringify(event));
      if ('notJson' in delivery) throw new Error(delivery.notJson);
      expect(delivery.rejects).toEqual([]);
      for (const { rule } of delivery.records.flatMap((record) => shipped.ruleset.match(record))) {
        counts[rule.name] = (counts[rule.name] ?? 0) + 1;
      }
    }
    return counts;
  }

  it('leaked-key: each step alerts, and nothing else', () => {
    const events = SAMPLES.get('leaked-key')?.make(NOW, systemRandom) ?? [];
    expect(matches(events)).toEqual({
      'denied-calls': 4,
      'user-created': 1,
      'access-key-for-another': 1,
      'admin-policy-attached': 1,
      'cloudtrail-stopped': 2,
      'public-access-block-removed': 1,
      'bucket-made-public': 2,
    });
  });

  it('everyday noise alerts on nothing', () => {
    const events = tell(everydayNoise(NOW), NOW, systemRandom);
    expect(events.length).toBeGreaterThan(10);
    expect(matches(events)).toEqual({});
  });

  it('burst: 200 denied calls', () => {
    const events = SAMPLES.get('burst')?.make(NOW, systemRandom) ?? [];
    expect(matches(events)).toEqual({ 'denied-calls': 200 });
  });
});
