import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/kernel/json.ts';
import { deliveredBy } from '../../src/rules/pattern/delivers.ts';
import { type PatternPlan, patternsOf } from '../../src/rules/pattern/plan.ts';
import { eventPattern } from '../support/naive-eventbridge.ts';
import { DETECTION, RECORD } from '../support/pattern-rules.ts';
import { HEAD, rulesIn } from './support.ts';

function judged({ changes, reads }: PatternPlan, detail: JsonObject): boolean {
  const event = { source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail };
  const fits = (pattern: string): boolean => eventPattern(pattern)(event);
  return reads.some(fits) || (String(detail.readOnly) !== 'true' && changes.some(fits));
}

/** As CloudTrail writes records: members are called by their names, and objects that patterns ask about stand alone. */
function isPlain(value: Json): boolean {
  if (Array.isArray(value))
    return value.length > 0 && !value.some((one) => typeof one === 'object' && one !== null);
  if (!isObject(value)) return true;
  return Object.entries(value).every(([key, inner]) => !key.includes('.') && isPlain(inner));
}

function deliveredTo(detail: JsonObject, body: JsonObject): boolean {
  const source = '{"prefix":"aws."}';
  const pattern = `{"source":[${source}],"detail":${JSON.stringify(detail)}}`;
  return deliveredBy({ changes: [pattern], reads: [] })(body);
}

describe('what EventBridge was asked to deliver', () => {
  it('is judged as EventBridge judges it', () => {
    fc.assert(
      fc.property(
        DETECTION,
        fc.array(RECORD.filter(isPlain), { minLength: 1, maxLength: 8 }),
        (detection, records) => {
          const plan = patternsOf(rulesIn(`${HEAD}detection: ${JSON.stringify(detection)}\n`).compiled);
          const delivers = deliveredBy(plan);
          for (const record of records) expect(delivers(record)).toBe(judged(plan, record));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('leaves out calls that only read, unless a rule for these was made', () => {
    const change = { eventName: 'CreateUser', readOnly: false };
    expect(deliveredTo({ eventName: ['CreateUser'] }, change)).toBe(true);
    expect(deliveredTo({ eventName: ['CreateUser'] }, { ...change, readOnly: true })).toBe(false);
  });

  it.each([
    ['run*st\\*ces', 'run-inst*ces', true],
    ['run*st\\*ces', 'run-instances', false],
    ['*Instances', 'RunInstances', true],
    ['Run*', 'RerunInstances', false],
    ['a*a', 'a', false],
    ['a*b*a', 'a-b-a', true],
  ])('the wildcard %s and %s', (wildcard, eventName, fits) => {
    expect(deliveredTo({ eventName: [{ wildcard }] }, { eventName })).toBe(fits);
  });
});
