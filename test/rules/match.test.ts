import { describe, expect, test } from 'vitest';
import { LISTS, MATCH_CASES } from '../cases/sigma-match.ts';
import { matches, rulesIn, ruleText } from './support.ts';

describe.each(Object.entries(MATCH_CASES))('%s', (_, cases) => {
  test.each(cases)('%s', (_says, selection, body, expected) => {
    const text = ruleText(selection);
    expect(matches(rulesIn(text, { lists: LISTS }), body)).toBe(expected);
  });

  test.each(cases)('under not: %s', (_says, selection, body, expected) => {
    const text = ruleText(selection, 'not sel');
    expect(matches(rulesIn(text, { lists: LISTS }), body)).toBe(!expected);
  });
});
