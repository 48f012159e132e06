import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/cloudtrail/record.ts';
import { tell } from '../../src/cloudtrail/telling.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { insight } from '../support/insights.ts';

function told(record: JsonObject) {
  const read = readRecord(record);
  if ('unreadable' in read) throw new Error(read.unreadable);
  return tell(read);
}

function rates(usual: Json, now: Json, more: JsonObject = {}): string | undefined {
  const statistics = { baseline: { average: usual }, insight: { average: now } };
  return told(insight('Start', { insightContext: { statistics }, ...more }))?.said;
}

describe('an Insight in words', () => {
  it('says how often, instead of how often, who calls most, and for how long', () => {
    expect(told(insight('Start'))).toEqual({
      sort: 'insight',
      said: 'RunInstances 12 × its usual rate (61 a minute instead of 5), top caller role deploy, for 4 minutes so far',
      facts: [
        ['Callers', 'role deploy 58 a minute (usually 4) · user bob 3 a minute (new)'],
        ['Clients', 'Boto3/1.35.63 61 a minute (new)'],
      ],
    });
  });

  it('tells errors apart from calls that did not fail', () => {
    const list = [
      { value: 'AccessDenied', average: 11 },
      { value: 'null', average: 1 },
    ];
    const attributions = [
      { attribute: 'errorCode', insight: list, baseline: [{ value: 'null', average: 1 }] },
    ];
    expect(told(insight('Start', { insightContext: { attributions } }))?.facts).toEqual([
      ['Errors', 'AccessDenied 11 a minute (new) · no error 1 a minute (usually 1)'],
    ]);
  });

  it('says at its end how long it was', () => {
    expect(told(insight('End'))?.said).toBe(
      'RunInstances 12 × its usual rate (61 a minute instead of 5), top caller role deploy, for 12 minutes; it is over',
    );
  });

  it('about errors names the error', () => {
    expect(rates(0.5, 12, { insightType: 'ApiErrorRateInsight', errorCode: 'AccessDenied' })).toBe(
      'RunInstances failing with AccessDenied 24 × its usual rate (12 a minute instead of 30 an hour)',
    );
  });

  it.each([
    [5, 61, 'RunInstances 12 × its usual rate (61 a minute instead of 5)'],
    [5, 12, 'RunInstances 2.4 × its usual rate (12 a minute instead of 5)'],
    [0.0017, 12, 'RunInstances 7,059 × its usual rate (12 a minute instead of 2.4 a day)'],
    [0.00001, 12, 'RunInstances over 10,000 × its usual rate (12 a minute instead of less than 0.1 a day)'],
    [60, 6, 'RunInstances 0.1 × its usual rate (6 a minute instead of 60)'],
    [0, 12, 'RunInstances 12 a minute, usually never'],
    [null, 12, 'RunInstances 12 a minute, how often usually is not known'],
    ['null', 'null', 'RunInstances at an unusual rate'],
    [-1, Number.MAX_VALUE, expect.stringContaining('how often usually is not known')],
  ])('a rate of %s that became %s', (usual, now, said) => {
    expect(rates(usual, now)).toEqual(said);
  });

  it.each<[string, JsonObject]>([
    ['no context', { insightContext: null }],
    ['no lists', { insightContext: { attributions: [{ attribute: 'userIdentityArn' }] } }],
    ['empty lists', { insightContext: { attributions: [{ attribute: 'userIdentityArn', insight: [] }] } }],
    [
      'the word null',
      {
        insightContext: {
          attributions: [{ attribute: 'userIdentityArn', insight: [{ value: 'null', average: 1 }] }],
        },
      },
    ],
    ['no state', { insightContext: {}, state: null, insightType: null }],
  ])('with %s names what is there', (_, overrides) => {
    expect(told(insight('Start', overrides))?.said).toBe('RunInstances at an unusual rate');
  });

  it('never fails, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (context, list, share) => {
        const made = [
          { insightContext: context as Json },
          { insightContext: { attributions: list as Json, statistics: share as Json } },
          {
            insightContext: {
              attributions: [
                { attribute: 'userIdentityArn', insight: [share as Json], baseline: list as Json },
              ],
            },
          },
        ];
        for (const overrides of made) expect(told(insight('End', overrides))?.said).toMatch(/^RunInstances /);
      }),
    );
  });
});
