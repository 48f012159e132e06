import { expect, test } from 'vitest';
import { createPace } from '../../src/slack/pace.ts';
import { fakeClock } from '../support/clock.ts';
import { AT } from './samples.ts';

test('one a second for each channel, each channel by itself', async () => {
  const clock = fakeClock(AT);
  const pace = createPace(clock, 1000, 1);
  expect([pace.take('C1'), pace.take('C2'), pace.take('C1')]).toEqual([0, 0, 1000]);
  await clock.advance(999);
  expect(pace.take('C1')).toBeGreaterThan(0);
  await clock.advance(1);
  expect(pace.take('C1')).toBe(0);
});

test('those who wait are sent to turns in a row, and find them free', async () => {
  const clock = fakeClock(AT);
  const pace = createPace(clock, 1000, 1);
  pace.take('C1');
  const waits = [pace.take('C1'), pace.take('C1'), pace.take('C1')];
  expect(waits).toEqual([1000, 2000, 3000]);
  for (let turn = 0; turn < 3; turn++) {
    await clock.advance(1000);
    expect(pace.take('C1')).toBe(0);
  }
});

test('a burst goes at once, then the pace holds', () => {
  const pace = createPace(fakeClock(AT), 1000, 3);
  expect([1, 2, 3, 4].map(() => pace.take('x'))).toEqual([0, 0, 0, 1000]);
});

test('what Slack asks to wait is waited, by that channel alone', async () => {
  const clock = fakeClock(AT);
  const pace = createPace(clock, 1000, 1);
  pace.take('C1');
  pace.hold('C1', 30_000);
  expect(pace.take('C1')).toBe(30_000);
  expect(pace.take('C2')).toBe(0);
  await clock.advance(30_000);
  expect(pace.take('C1')).toBe(0);
});

test('nobody is told to wait much longer than is needed, however many ask', () => {
  const pace = createPace(fakeClock(AT), 1000, 1);
  pace.take('C1');
  const waits = Array.from({ length: 500 }, () => pace.take('C1'));
  expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
});
