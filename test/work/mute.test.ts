import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mute } from '../../src/alerts/mute.ts';
import { mutedBy, termsHold } from '../../src/alerts/mute.ts';
import { muteChoices, termsOf } from '../../src/alerts/mute-choices.ts';
import { readRecord } from '../../src/cloudtrail/record.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { sayProblem } from '../../src/kernel/problem.ts';
import { loadRules } from '../../src/rules/load.ts';
import { runRuleTests } from '../../src/rules/testing.ts';
import { filterOf } from '../../src/work/mute/export.ts';
import { record, roleSession } from '../support/records.ts';

const AT = Date.UTC(2026, 10, 20, 9);
const RULE = `
title: A key for somebody else
id: 7d3b5a90-0f6e-4a0b-9f5a-1c2d3e4f5a6b
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: CreateAccessKey}
  condition: selection
fields: [requestParameters.userName, userAgent]
`;

function mute(terms: Mute['terms'], body: JsonObject, over: Partial<Mute> = {}): Mute {
  return {
    id: 'M-1',
    ruleId: '7d3b5a90-0f6e-4a0b-9f5a-1c2d3e4f5a6b',
    ruleTitle: 'A key for somebody else',
    terms,
    reason: 'key rotation',
    madeBy: 'U0ALICE01',
    madeByName: 'Alice Martin',
    madeAt: AT,
    until: AT + 1000,
    alertId: 'A-1',
    sample: JSON.stringify(body),
    endedAt: undefined,
    endedBy: undefined,
    ...over,
  };
}

function load(...texts: string[]) {
  return loadRules(texts.map((text, index) => ({ path: `${index}.yml`, text })));
}

/** The rule with the exported filter beside it: what is wrong, and whether it still matches. */
function withFilter(one: Mute) {
  const made = filterOf(one, load(RULE).ruleset);
  if ('refused' in made) throw new Error(made.refused);
  const { ruleset, problems, warnings } = load(RULE, made.text);
  const failed = runRuleTests(ruleset, readRecord);
  return {
    text: made.text,
    wrong: [...problems, ...warnings, ...failed].map(sayProblem),
    tests: ruleset.filterTests.flatMap(({ tests }) => tests),
    matches: (body: JsonObject) => ruleset.rulesFor(body).length > 0,
  };
}

describe('what a mute can be made of', () => {
  it('of a role both the role and its session, so that one of several people can be meant', () => {
    const body = record({ userIdentity: roleSession('Admin', 'carol@example.com') });
    const choices = muteChoices(body, { fields: [], groupBy: undefined });
    expect(choices.slice(0, 2)).toEqual([
      {
        label: 'Actor (all sessions of the role)',
        field: 'userIdentity.sessionContext.sessionIssuer.arn',
        values: ['arn:aws:iam::111122223333:role/Admin'],
      },
      {
        label: 'Actor (this session only)',
        field: 'userIdentity.arn',
        values: ['arn:aws:sts::111122223333:assumed-role/Admin/carol@example.com'],
      },
    ]);
  });

  it('what the rule shows and groups by, and nothing that the event does not have', () => {
    const rule = { fields: ['requestParameters.userName', 'not.there'], groupBy: ['account', 'eventSource'] };
    const fields = muteChoices(record(), rule).map(({ field }) => field);
    expect(fields).toContain('requestParameters.userName');
    expect(fields).toContain('eventSource');
    expect(fields).not.toContain('not.there');
    expect(new Set(fields).size).toBe(fields.length);
  });

  it('only its own fields, whatever is asked for', () => {
    const choices = muteChoices(record(), { fields: [], groupBy: undefined });
    expect(termsOf(choices, ['made.up', 'eventName'])).toEqual([
      { field: 'eventName', value: 'CreateAccessKey' },
    ]);
  });
});

describe('what a mute hides', () => {
  it('the event that it was made from, whatever is ticked; before its end, and for its rule alone', () => {
    const choices = muteChoices(record(), { fields: ['userAgent'], groupBy: undefined });
    fc.assert(
      fc.property(
        fc.subarray(choices.map(({ field }) => field)),
        fc.integer({ min: -5000, max: 5000 }),
        (fields, after) => {
          const body = record();
          const one = mute(termsOf(choices, fields), body);
          const event = { ruleId: one.ruleId, body };
          expect(mutedBy([one], event, AT + after) !== undefined).toBe(after < 1000);
          expect(mutedBy([one], { ...event, ruleId: 'another' }, AT)).toBeUndefined();
          expect(mutedBy([{ ...one, endedAt: AT }], event, AT)).toBeUndefined();
        },
      ),
    );
  });

  it('never more when more is ticked', () => {
    const value = fc.constantFrom('a', 'A', 'b', '1');
    const terms = fc.array(fc.record({ field: fc.constantFrom('x', 'y', 'z.w'), value }), { maxLength: 4 });
    const body = fc.record({
      x: value,
      y: fc.array(value),
      z: fc.record({ w: fc.constantFrom(1, true, null, 'b') }),
    });
    fc.assert(
      fc.property(terms, terms, body, (some, more, event) => {
        if (!termsHold(some, event)) expect(termsHold([...some, ...more], event)).toBe(false);
      }),
    );
  });
});

describe('a mute as a Sigma filter', () => {
  const body = record({ userAgent: 'what*ever? \\o/ [bot]' });
  const choices = muteChoices(body, load(RULE).ruleset.rules[0] ?? { fields: [], groupBy: undefined });

  it('is accepted beside its rule, its tests pass, and it leaves out what was muted alone', () => {
    const fields = ['userIdentity.arn', 'userAgent'];
    const made = withFilter(mute(termsOf(choices, fields), body));
    expect(made.wrong).toEqual([]);
    expect(made.tests.map(({ expect: wanted }) => wanted)).toEqual([false, true]);
    expect(made.matches(body)).toBe(false);
    expect(made.matches({ ...body, userAgent: 'whatXever? \\o/ [bot]' })).toBe(true);
    expect(made.text).toContain('key rotation (from the mute M-1 of Alice Martin');
  });

  it('says the same as the mute of any event, whatever stands in its values', () => {
    const text = fc.oneof(
      fc.constantFrom(
        '*',
        '?',
        '\\',
        '\\*',
        'a\\',
        '%x%',
        "'",
        '"',
        ': #',
        '- x',
        '2026-01-01',
        'ß',
        'İ',
        '\u2028',
      ),
      fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    );
    const agent = text.filter((one) => one.trim() === one && one !== '');
    fc.assert(
      fc.property(agent, agent, (muted, other) => {
        const event = record({ userAgent: muted });
        const one = mute([{ field: 'userAgent', value: muted }], event);
        const made = withFilter(one);
        expect(made.wrong).toEqual([]);
        for (const userAgent of [muted, other, muted.toUpperCase()]) {
          const body = { ...event, userAgent };
          expect(made.matches(body)).toBe(!termsHold(one.terms, body));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has no near miss where the rule itself wants the value, and is refused where it has nothing to say', () => {
    const whole = mute([{ field: 'eventName', value: 'CreateAccessKey' }], body);
    expect(withFilter(whole).tests).toHaveLength(1);
    expect(filterOf(mute([], body), load(RULE).ruleset)).toEqual({
      refused: expect.stringContaining('rules.disabled'),
    });
    expect(filterOf(whole, load().ruleset)).toEqual({ refused: expect.stringContaining('no longer loaded') });
  });

  it('of several values of one field wants all of them', () => {
    const event = record({ requestParameters: { userName: ['x', 'y'] } });
    const terms = ['x', 'y'].map((value) => ({ field: 'requestParameters.userName', value }));
    const made = withFilter(mute(terms, event));
    expect(made.wrong).toEqual([]);
    expect(made.matches(event)).toBe(false);
    expect(made.matches(record({ requestParameters: { userName: ['x'] } }))).toBe(true);
  });
});

it('a filter whose tests fail is a problem at their line', () => {
  const made = filterOf(mute([{ field: 'userAgent', value: 'x' }], record()), load(RULE).ruleset);
  if ('refused' in made) throw new Error(made.refused);
  const problems = runRuleTests(load(RULE, made.text).ruleset, readRecord).map(sayProblem);
  expect(problems).toEqual([
    expect.stringMatching(/^1\.yml:\d+:\d+: the test "what was muted" .* matches and should not/),
  ]);
});
