import { describe, expect, it } from 'vitest';
import { replacementFor } from '../../src/rules/correlation/replacement.ts';
import { baseRules } from '../support/correlations.ts';
import { rulesIn } from './support.ts';

describe("Sigma's old syntax", () => {
  it.each([
    ['sel | count() > 5', '10m', '{type: event_count, rules: [NAME], timespan: 10m, condition: {gt: 5}}'],
    [
      'sel | count() by sourceIPAddress >= 5',
      '1h',
      '{type: event_count, rules: [NAME], group-by: [sourceIPAddress], timespan: 1h, condition: {gte: 5}}',
    ],
    [
      'sel | count(userName) by awsRegion < 3',
      '1h',
      '{type: value_count, rules: [NAME], group-by: [awsRegion], timespan: 1h, condition: {field: userName, lt: 3}}',
    ],
    [
      'sel | sum(bytes) > 1000',
      '5m',
      '{type: value_sum, rules: [NAME], timespan: 5m, condition: {field: bytes, gt: 1000}}',
    ],
    [
      'sel | avg(bytes) by actor = 7',
      '5m',
      '{type: value_avg, rules: [NAME], group-by: [actor], timespan: 5m, condition: {field: bytes, eq: 7}}',
    ],
    ['a | near b and c', '30s', '{type: temporal, rules: [a, b, c], timespan: 30s}'],
    ['a | near not b', '30s', '{type: temporal, rules: [a, b], timespan: 30s, condition: a and not b}'],
  ])('"%s" is replaced by a document that loads', (condition, timeframe, expected) => {
    const remedy = replacementFor(condition, timeframe);
    expect(remedy).toContain(`correlation: ${expected}`);
    const document = `\ntitle: Replaced\nid: 00000000-0000-4000-8000-0000000000c1\ncorrelation: ${expected}`;
    const { correlations } = rulesIn(baseRules('a', 'b', 'c') + document.replace('NAME', 'a'));
    expect(correlations).toHaveLength(1);
  });

  it('has an answer to all of it', () => {
    expect(replacementFor('sel | max(bytes) > 9', undefined)).toContain('"bytes|gt: 9"');
    expect(replacementFor('sel | rare(x)', undefined)).toContain('end the condition after "sel"');
    expect(replacementFor('sel', '15m')).toContain('timespan: 15m');
  });
});
