import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ACCOUNTS, records } from '../../bench/records.ts';
import { readRuleFiles } from '../../src/app/rule-files.ts';
import { OWN_SOURCE } from '../../src/cloudtrail/own-event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { loadRules } from '../../src/rules/load.ts';
import { type PatternPlan, patternsOf } from '../../src/rules/pattern/plan.ts';
import type { Ruleset } from '../../src/rules/ruleset.ts';
import { eventPattern } from '../support/naive-eventbridge.ts';
import { DETECTION, RECORD, reads } from '../support/pattern-rules.ts';
import { HEAD, rulesIn, ruleText } from './support.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { files: FILES } = readRuleFiles([join(ROOT, 'rules')], ROOT);
const SHIPPED = shipped(['111122223333', '444455556666']);

function shipped(accounts: readonly string[]): Ruleset {
  return loadRules(FILES, { lists: new Map([['known_accounts', accounts]]) }).ruleset;
}

function envelope(detail: JsonObject): JsonObject {
  return {
    version: '0',
    id: '0b5b2d0e-0000-4000-8000-000000000000',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.iam',
    account: '111122223333',
    time: '2026-11-20T09:15:02Z',
    region: 'us-east-1',
    resources: [],
    detail,
  };
}

interface Delivery {
  readonly changes: boolean;
  readonly reads: boolean;
}

/** What EventBridge delivers of an event under the plan. */
function deliveryOf(plan: PatternPlan): (detail: JsonObject) => Delivery {
  const changes = plan.changes.map(eventPattern);
  const readers = plan.reads.map(eventPattern);
  return (detail) => {
    const event = envelope(detail);
    return {
      changes: changes.some((pattern) => pattern(event)),
      reads: readers.some((pattern) => pattern(event)),
    };
  };
}

function arrives(detail: JsonObject, delivery: Delivery): boolean {
  return delivery.reads || (delivery.changes && !reads(detail));
}

function planOf(selection: string, condition = 'sel'): PatternPlan {
  return patternsOf(rulesIn(ruleText(selection, condition)).compiled);
}

describe('the rules that ship', () => {
  const plan = patternsOf(SHIPPED.compiled);
  const deliver = deliveryOf(plan);

  it('need three EventBridge rules for changes and one for reads', () => {
    expect(plan.changes.length).toBeLessThanOrEqual(3);
    expect(plan.reads).toHaveLength(1);
    expect(plan.shortened).toEqual([]);
  });

  it('get patterns that EventBridge takes, each of at most 2,048 characters', () => {
    for (const pattern of [...plan.changes, ...plan.reads]) {
      expect(pattern.length).toBeLessThanOrEqual(2048);
      expect(() => eventPattern(pattern)).not.toThrow();
    }
  });

  it('get every event of their tests that they match', () => {
    const events = SHIPPED.rules.flatMap((rule) => rule.tests).flatMap(({ events }) => [...events]);
    const matching = events.filter(
      (event) => event.eventSource !== OWN_SOURCE && SHIPPED.rulesFor(event).length > 0,
    );
    expect(matching.length).toBeGreaterThan(SHIPPED.rules.length);
    for (const event of matching) {
      expect(arrives(event, deliver(event)), JSON.stringify(event).slice(0, 500)).toBe(true);
    }
  });

  it('ask for nothing that the bot itself has noticed', () => {
    expect(SHIPPED.rules.filter(({ title }) => /canary/i.test(title))).not.toEqual([]);
    expect([...plan.changes, ...plan.reads].filter((pattern) => pattern.includes(OWN_SOURCE))).toEqual([]);
  });

  it('are spared nearly all of what goes on in sixty known accounts', () => {
    const ruleset = shipped(ACCOUNTS);
    const deliverFor = deliveryOf(patternsOf(ruleset.compiled));
    const everyday = [...records(3000)].filter((event) => ruleset.rulesFor(event).length === 0);
    const needless = everyday.filter((event) => arrives(event, deliverFor(event)));
    expect(everyday.length).toBeGreaterThan(2500);
    expect(needless.length / everyday.length).toBeLessThan(0.05);
  });

  it('are all accounted for, and none of them needs everything', () => {
    expect(plan.rules.map(({ rule }) => rule)).toEqual(SHIPPED.rules);
    expect(plan.rules.filter(({ reach }) => reach === 'everything')).toEqual([]);
    for (const { reach, reasons } of plan.rules) expect(reasons.length > 0).toBe(reach !== 'exact');
  });

  it('give the same patterns in any order', () => {
    expect(patternsOf(SHIPPED.compiled.toReversed())).toMatchObject({
      changes: plan.changes,
      reads: plan.reads,
    });
  });
});

/** What stands in `detail` of the only pattern of the kind. */
function detailOf(patterns: readonly string[]): unknown {
  expect(patterns).toHaveLength(1);
  return JSON.parse(patterns[0] ?? '').detail;
}

describe('a pattern', () => {
  it('asks for source and name in any case, and for success', () => {
    expect(
      detailOf(planOf('{eventSource: IAM.amazonaws.com, eventName: createuser, errorCode: null}').changes),
    ).toEqual({
      eventSource: ['iam.amazonaws.com'],
      eventName: [{ 'equals-ignore-case': 'createuser' }],
      errorCode: [null, { exists: false }],
    });
  });

  it('of names that begin like a change lets reads through that begin so, too', () => {
    const deliver = deliveryOf(planOf('{eventName|startswith: Start}'));
    for (const eventName of ['StartInstances', 'StartQuery']) {
      const event = { eventName, readOnly: eventName === 'StartQuery' };
      expect({ eventName, arrives: arrives(event, deliver(event)) }).toEqual({ eventName, arrives: true });
    }
  });

  it('takes nothing that somebody else than AWS put on the bus', () => {
    const [pattern = ''] = planOf('{eventName: StopLogging}').changes;
    const event = envelope({ eventName: 'StopLogging' });
    expect(eventPattern(pattern)(event)).toBe(true);
    expect(eventPattern(pattern)({ ...event, source: 'my.app' })).toBe(false);
  });

  it('asks for a name as it stands where that is sure to be its spelling', () => {
    const { compiled } = rulesIn(ruleText('{eventName: [CreateUser, DeleteUser]}'));
    const plan = patternsOf(compiled, { spelled: (name) => name === 'CreateUser' });
    expect(detailOf(plan.changes)).toEqual({
      eventName: ['CreateUser', { 'equals-ignore-case': 'DeleteUser' }],
    });
  });

  it('of a rule about reads is for the state that delivers them', () => {
    const plan = planOf('{eventName: GetSecretValue}');
    expect(plan.changes).toEqual([]);
    expect(detailOf(plan.reads)).toEqual({ eventName: [{ 'equals-ignore-case': 'GetSecretValue' }] });
  });

  it('of a rule that names no event is in both states, for reads without the changes', () => {
    const plan = planOf('{userIdentity.type: Root}');
    const root = { userIdentity: { type: [{ 'equals-ignore-case': 'Root' }] } };
    expect(detailOf(plan.changes)).toEqual(root);
    expect(detailOf(plan.reads)).toMatchObject({ ...root, readOnly: expect.arrayContaining([true]) });
    expect(deliveryOf(plan)({ userIdentity: { type: 'Root' }, readOnly: false }).reads).toBe(false);
  });

  it.each(['StartQuery', 'GetSessionToken'])('of a name that may be either is in both: %s', (name) => {
    const plan = planOf(`{eventName: ${name}}`);
    expect(plan.changes).toHaveLength(1);
    expect(plan.changes).toEqual(plan.reads);
  });

  it('leaves out one name, and what has no field', () => {
    expect(detailOf(planOf('{userIdentity.type: [Root, Directory]}', 'not sel').changes)).toEqual({
      userIdentity: {
        type: [{ exists: false }, { 'anything-but': { 'equals-ignore-case': ['directory', 'root'] } }],
      },
    });
  });

  it('of a rule that nothing can narrow takes everything, and the plan says why', () => {
    const plan = planOf('[denied]');
    expect(plan.changes).toEqual([
      '{"source":[{"prefix":"aws."}],"detail-type":[{"suffix":" via CloudTrail"}]}',
    ]);
    expect(plan.rules).toMatchObject([
      { reach: 'everything', reads: true, reasons: ['looks for text anywhere in the record'] },
    ]);
  });

  it('leaves out fields that may hold a list or an object, and the plan names them', () => {
    const plan = planOf('{eventName: PutBucketAcl, requestParameters.x-amz-acl: public-read}');
    expect(detailOf(plan.changes)).toEqual({ eventName: [{ 'equals-ignore-case': 'PutBucketAcl' }] });
    expect(plan.rules).toMatchObject([
      {
        reach: 'wider',
        reads: false,
        reasons: ['asks for fields that may hold a list or an object: requestParameters.x-amz-acl'],
      },
    ]);
  });

  it('there is none without rules, nor for a rule that can never be true', () => {
    expect(patternsOf([])).toEqual({ changes: [], reads: [], rules: [], shortened: [] });
    const never = planOf('{eventName: CreateUser, eventName|cased: DeleteUser}');
    expect([...never.changes, ...never.reads]).toEqual([]);
  });
});

describe('no event is lost', () => {
  it.each<[says: string, selection: string, body: JsonObject, condition?: string]>([
    ['whose name is written in another case', '{eventName: createuser}', { eventName: 'CreateUser' }],
    ['whose name is a number', "{eventName: '5'}", { eventName: 5 }],
    [
      'whose value is a number that begins so',
      "{userIdentity.userName: '2*'}",
      { userIdentity: { userName: 22 } },
    ],
    [
      'whose value is true, and begins so',
      "{userIdentity.userName: 'tr*'}",
      { userIdentity: { userName: true } },
    ],
    ['whose flag is text', '{readOnly: true}', { readOnly: 'true' }],
    ['whose flag begins so', "{readOnly: 'tr*'}", { readOnly: true }],
    [
      'whose number is written as text',
      '{userIdentity.userName: 22}',
      { userIdentity: { userName: '22.0' } },
    ],
    ['with null where nothing is wanted', '{errorCode: null}', { errorCode: null }],
    ['with a field that need not be there', '{errorCode: x}', {}, 'not sel'],
    ['that has none of two values, nor the field', '[{errorCode: x}, {errorCode: y}]', {}, 'not sel'],
    ['that differs in case from what is excluded', '{errorCode|cased: x}', { errorCode: 'X' }, 'not sel'],
    [
      'that is asked for twice',
      '{eventName|cased: CreateUser, eventName: createuser}',
      { eventName: 'CreateUser' },
    ],
    [
      'whose beginning and end are asked for',
      '{eventName|startswith: Create, eventName|endswith: User}',
      { eventName: 'CreateUser' },
    ],
    [
      'whose name and its beginning are asked for',
      '{eventName|startswith: Create, eventName: CreateUser}',
      { eventName: 'CreateUser' },
    ],
    [
      'that one alternative takes under any name',
      '[{errorCode: x}, {errorCode: x, eventName: CreateUser}]',
      { errorCode: 'x', eventName: 'DeleteUser' },
    ],
    ['with a star in its text', "{errorCode|contains|cased: '\\*b'}", { errorCode: 'a*bc' }],
    ['with the Kelvin sign in its user agent', '{userAgent|startswith: kali}', { userAgent: '\u212aALI/1' }],
    [
      'from an IPv4 address written as IPv6',
      '{sourceIPAddress|cidr: 10.0.0.0/8}',
      { sourceIPAddress: '::ffff:a00:1' },
    ],
    [
      'with an object where text is asked for',
      '{requestParameters.a: x}',
      { requestParameters: { a: { b: 'x' } } },
    ],
    [
      'whose list meets two items in different members',
      '{requestParameters.items.port: 22, requestParameters.items.net: world}',
      { requestParameters: { items: [{ port: 22 }, { port: 443, net: 'world' }] } },
    ],
    [
      'whose list has more than what is excluded',
      '{requestParameters.a: x}',
      { requestParameters: { a: ['y'] } },
      'not sel',
    ],
    ['whose object is there', '{requestParameters.a|exists: true}', { requestParameters: { a: {} } }],
    ['that has a key with dots', '{userIdentity.type: Root}', { 'userIdentity.type': 'Root' }],
  ])('%s', (_, selection, body, condition = 'sel') => {
    const ruleset = rulesIn(ruleText(selection, condition));
    expect(ruleset.rulesFor(body)).toHaveLength(1);
    expect(arrives(body, deliveryOf(patternsOf(ruleset.compiled))(body))).toBe(true);
  });

  it('when a rule nearly stands for another', () => {
    const narrow = ruleText('{eventName: CreateUser, errorCode: "*"}');
    const wide = ruleText('[{eventName|neq: CreateUser}, {errorCode: x}]', 'not sel');
    const { compiled } = loadRules([
      { path: 'narrow.yml', text: narrow },
      { path: 'wide.yml', text: wide },
    ]).ruleset;
    expect(deliveryOf(patternsOf(compiled))({ eventName: 'CreateUser' }).changes).toBe(true);
  });
});

describe('many rules', () => {
  /** So many rules, each with events of its own in one of forty services. */
  function manyRules(count: number): Ruleset {
    const files = Array.from({ length: count }, (_, index) => {
      const user = index % 3 === 0 ? `, userIdentity.userName: user${index}` : '';
      const source = index % 5 === 4 ? '' : `eventSource: service${index % 40}.amazonaws.com, `;
      const selection = `{${source}eventName: [CreateThing${index}, GetThing${index}]${user}}`;
      return { path: `r${index}.yml`, text: ruleText(selection) };
    });
    return loadRules(files).ruleset;
  }

  it.each([10, 60, 150, 400])('%i of them fit in a handful of patterns, and lose nothing', (count) => {
    const ruleset = manyRules(count);
    for (const most of [1, 2, 4]) {
      const plan = patternsOf(ruleset.compiled, { most });
      const deliver = deliveryOf(plan);
      expect(plan.changes.length).toBeLessThanOrEqual(most);
      expect(plan.reads.length).toBeLessThanOrEqual(most);
      for (let index = 0; index < count; index += 1) {
        for (const verb of ['Create', 'Get']) {
          const event = {
            eventSource: `service${index % 40}.amazonaws.com`,
            eventName: `${verb}Thing${index}`,
            userIdentity: { userName: `user${index}` },
            readOnly: verb === 'Get',
          };
          expect(ruleset.rulesFor(event)).toHaveLength(1);
          expect(arrives(event, deliver(event))).toBe(true);
        }
      }
    }
  });

  it('say what is left out to keep the patterns few, the least harmful first', () => {
    const said = [10, 40, 60, 400].map(
      (count) => patternsOf(manyRules(count).compiled, { most: 2 }).shortened,
    );
    expect(said.map(([first = '']) => first)).toEqual([
      '',
      expect.stringContaining('all conditions but the source and the name of the event'),
      expect.stringContaining('the sources of named events'),
      expect.stringContaining('every condition'),
    ]);
  });

  it('a list that is too long for one pattern is split', () => {
    const accounts = Array.from({ length: 150 }, (_, index) => `'${100_000_000_000 + index}'`);
    const plan = planOf(`{recipientAccountId: [${accounts.join(', ')}]}`);
    const deliver = deliveryOf(plan);
    expect(plan.changes.length).toBeGreaterThan(1);
    expect(deliver({ recipientAccountId: '100000000149' }).changes).toBe(true);
    expect(deliver({ recipientAccountId: '100000000150' }).changes).toBe(false);
  });
});

test('whatever a rule matches is delivered', { timeout: 120_000 }, () => {
  let matched = 0;
  let delivered = 0;
  let read = 0;
  let all = 0;
  const rules = fc.array(DETECTION, { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(
      rules,
      fc.array(RECORD, { minLength: 8, maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      (detections, bodies, most) => {
        const files = detections.map((detection, index) => ({
          path: `r${index}.yml`,
          text: `${HEAD}detection: ${JSON.stringify(detection)}\n`,
        }));
        const { ruleset, problems } = loadRules(files);
        expect(problems).toEqual([]);
        const deliver = deliveryOf(patternsOf(ruleset.compiled, { most }));
        for (const body of bodies) {
          const delivery = deliver(body);
          all += 1;
          if (arrives(body, delivery)) delivered += 1;
          if (ruleset.rulesFor(body).length === 0) continue;
          matched += 1;
          if (reads(body)) read += 1;
          expect(arrives(body, delivery), JSON.stringify(body)).toBe(true);
        }
      },
    ),
    { seed: 20_261_120, numRuns: 2500 },
  );
  expect(all).toBe(20_000);
  expect(matched).toBeGreaterThan(5000);
  expect(read).toBeGreaterThan(1500);
  expect(all - delivered).toBeGreaterThan(7000);
});
