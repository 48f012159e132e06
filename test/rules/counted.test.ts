import { describe, expect, it } from 'vitest';
import { SECOND, sayInstant } from '../../src/kernel/time.ts';
import { usesOf } from '../../src/rules/correlation/correlation.ts';
import { explainCounted, whyNotCounted } from '../../src/rules/explain/counted.ts';
import { happened, rulesWith, START } from '../support/correlations.ts';
import { readable } from '../support/records.ts';

type Event = readonly [name: string, seconds: number, body?: Record<string, string>];

/** What a correlation makes of events, the newest first. */
function counted(body: string, events: readonly Event[], cut = false) {
  const { correlations, rulesFor } = rulesWith(body);
  const [correlation] = correlations;
  if (!correlation) throw new Error('no correlation');
  const candidates = events.map(([name, seconds, more], index) => {
    const record = happened(name, seconds, `e${index}`, more);
    return { record, rules: rulesFor(record.body) };
  });
  return explainCounted(correlation, usesOf(correlations), candidates, cut);
}

const IN = 'timespan: 10m';
const BY_ADDRESS = `type: event_count, rules: [a], group-by: [sourceIPAddress], ${IN}, condition: {gte: 3}`;
const three: readonly Event[] = [
  ['a', 2],
  ['a', 1],
  ['a', 0],
];

describe('the count of a correlation is a clause', () => {
  it('with what was seen, what was wanted, the window and the group', () => {
    expect(counted(BY_ADDRESS, three)).toMatchObject({
      holds: true,
      says: '3 events (wanted: 3 or more) within 10 min for sourceIPAddress 203.0.113.5',
    });
  });

  it('that leaves out other groups and other rules', () => {
    const others: readonly Event[] = [...three, ['b', 0], ['a', 0, { sourceIPAddress: '192.0.2.9' }]];
    const found = counted(BY_ADDRESS, others);
    expect(found?.says).toContain('3 events (');
    expect(found?.candidates.map(({ record }) => record.eventId)).toEqual(['e0', 'e1', 'e2']);
  });

  it('that does not hold where there are too few, unless there were more than are kept', () => {
    expect(counted(BY_ADDRESS, three.slice(1))).toMatchObject({ holds: false });
    expect(counted(BY_ADDRESS, three.slice(1), true)).toMatchObject({
      holds: true,
      says: expect.stringContaining('at least 2 events (wanted: 3 or more)'),
    });
    expect(counted(BY_ADDRESS, [['b', 0]])).toBeUndefined();
  });

  const user = (name: string) => ({ userAgent: name });
  const size = (userAgent: string) => ({ userAgent });
  it.each<[string, readonly Event[], string]>([
    [
      `type: value_count, rules: [a], ${IN}, condition: {field: userAgent, gt: 1}`,
      [
        ['a', 2, user('x')],
        ['a', 1, user('y')],
        ['a', 0, user('x')],
      ],
      '2 different values of userAgent (wanted: more than 1) within 10 min: x, y',
    ],
    [
      `type: temporal, rules: [a, b], group-by: [account], ${IN}`,
      [
        ['b', 1],
        ['a', 0],
      ],
      '2 of 2 rules (wanted: all) within 10 min for account 111122223333: a, b',
    ],
    [
      `type: temporal, rules: [a, b, c], ${IN}, condition: "a and (b or c)"`,
      [
        ['c', 1],
        ['a', 0],
      ],
      '2 of 3 rules (wanted: a and (b or c)) within 10 min: a, c',
    ],
    [
      `type: temporal_ordered, rules: [a, b], ${IN}`,
      [
        ['b', 1],
        ['a', 0],
      ],
      '2 of 2 rules in their order (wanted: all) within 10 min: a, b',
    ],
    [
      `type: value_sum, rules: [a], ${IN}, condition: {field: userAgent, gte: 10, lt: 20}`,
      [
        ['a', 1, size('4')],
        ['a', 0, size('8')],
      ],
      'userAgent adds up to 12 (wanted: 10 or more and less than 20) within 10 min',
    ],
    [
      `type: value_avg, rules: [a], ${IN}, condition: {field: userAgent, lte: 6}`,
      [
        ['a', 1, size('4')],
        ['a', 0, size('8')],
      ],
      'userAgent is 6 on average (wanted: 6 at most) within 10 min',
    ],
    [
      `type: value_percentile, rules: [a], ${IN}, condition: {field: userAgent, percentile: 90, neq: 1}`,
      [
        ['a', 1, size('4')],
        ['a', 0, size('8')],
      ],
      'userAgent is 8 at percentile 90 (wanted: other than 1) within 10 min',
    ],
  ])('of %s', (body, events, says) => {
    expect(counted(body, events)).toMatchObject({ holds: true, says });
  });

  it('also where it counts what another correlation has found', () => {
    const inner = `type: event_count, rules: [a], group-by: [sourceIPAddress], ${IN}, condition: {gte: 3}`;
    const outer = `type: event_count, rules: [correlated], group-by: [sourceIPAddress], ${IN}, condition: {gte: 2}`;
    const more = `---\ntitle: Outer\nid: 00000000-0000-4000-8000-0000000000c2\nname: outer\ncorrelation: {${outer}}\n`;
    const { correlations, rulesFor } = rulesWith(inner, more);
    const correlation = correlations.find(({ rule }) => rule.name === 'outer');
    if (!correlation) throw new Error('no correlation');
    const candidates = [20, 10].map((seconds) => {
      const record = happened('a', seconds, `o${seconds}`);
      return { record, rules: rulesFor(record.body) };
    });
    expect(explainCounted(correlation, usesOf(correlations), candidates, false)).toMatchObject({
      holds: true,
      says: '2 events (wanted: 2 or more) within 10 min for sourceIPAddress 203.0.113.5',
    });
  });
});

describe('an event does not count', () => {
  const why = (body: string, over: Record<string, string | null>) => {
    const [correlation] = rulesWith(body).correlations;
    if (!correlation) throw new Error('no correlation');
    const record = readable({ eventName: 'a', eventTime: sayInstant(START + SECOND), ...over });
    return whyNotCounted({ correlation, part: 0 }, record);
  };
  const SUM = `type: value_sum, rules: [a], group-by: [account], ${IN}, condition: {field: userAgent, gt: 3}`;

  it('without a value in the group, or for what is counted', () => {
    expect(why(BY_ADDRESS, {})).toBeUndefined();
    expect(why(BY_ADDRESS, { sourceIPAddress: null })).toBe('sourceIPAddress is null');
    expect(why(BY_ADDRESS.replace('sourceIPAddress', 'account, vpcEndpointId'), {})).toBe(
      'vpcEndpointId is absent',
    );
    expect(why(SUM, { userAgent: 'aws-cli' })).toBe('userAgent is no number');
    expect(why(SUM, { userAgent: '12' })).toBeUndefined();
  });
});
