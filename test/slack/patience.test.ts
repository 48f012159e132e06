import { RespondError } from '@slack/bolt';
import { expect, test } from 'vitest';
import { inTime, patiently } from '../../src/slack/ask/patience.ts';
import { fakeClock } from '../support/clock.ts';

test('a send that never ends is a failure that is tried again', async () => {
  const clock = fakeClock();
  let tries = 0;
  const hanging = () => (++tries === 1 ? new Promise<void>(() => {}) : Promise.resolve());
  const sent = patiently(clock, () => inTime(hanging(), 1));
  await clock.untilSleeping();
  await clock.advance(2000);
  await sent;
  expect(tries).toBe(2);
});

test.each([429, 500, 503])('a response_url that answers %i is tried again three times', async (status) => {
  const clock = fakeClock();
  let tries = 0;
  const sent = patiently(clock, async () => {
    tries += 1;
    throw new RespondError('no', status);
  });
  const failed = expect(sent).rejects.toThrow('no');
  for (const pause of [2000, 8000, 20_000]) {
    await clock.untilSleeping();
    await clock.advance(pause);
  }
  await failed;
  expect(tries).toBe(4);
});

test.each([
  ['a refusal', new RespondError('invalid_blocks', 400)],
  ['a mistake of our own', new TypeError('answer is undefined')],
])('%s is not tried again', async (_, error) => {
  let tries = 0;
  const sent = patiently(fakeClock(), async () => {
    tries += 1;
    throw error;
  });
  await expect(sent).rejects.toBe(error);
  expect(tries).toBe(1);
});
