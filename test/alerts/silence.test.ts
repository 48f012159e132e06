import { expect, test } from 'vitest';
import { parseMatcher } from '../../src/alerts/matcher.ts';
import { type Silence, silencedBy } from '../../src/alerts/silence.ts';

const silence = (reason: string, text: string, until?: number): Silence => {
  const matcher = parseMatcher(text);
  if (typeof matcher === 'string') throw new Error(matcher);
  return { match: [matcher], reason, until };
};

const SILENCES = [
  silence('test', 'account=1', 1000),
  silence('scanner', 'actor=scanner'),
  silence('noise', 'level=low'),
];

test.each([
  ['the first that matches', { actor: 'scanner', level: 'low' }, 0, 'scanner'],
  ['none matches', { actor: 'alice', level: 'high' }, 0, undefined],
  ['one with an end, before it', { account: '1' }, 999, 'test'],
  ['one with an end, at its end', { account: '1' }, 1000, undefined],
  ['after the end of one, the next', { account: '1', level: 'low' }, 1001, 'noise'],
])('%s', (_name, labels, now, reason) => {
  const known = new Map(Object.entries(labels).map(([key, value]) => [key, [value]]));
  expect(silencedBy(SILENCES, known, now)?.reason).toBe(reason);
});
