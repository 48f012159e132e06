import { expect, it } from 'vitest';
import { createByteBudget } from '../../src/aws/byte-budget.ts';
import { nextTurn } from '../../src/kernel/time.ts';

const { signal: never } = new AbortController();

/** Asks for room, and notes who has it. */
function asking(total: number) {
  const budget = createByteBudget(total);
  const has: string[] = [];
  return {
    has,
    async hold(name: string, bytes: number, signal = never): Promise<() => void> {
      const giveBack = await budget.hold(bytes, signal);
      has.push(name);
      return giveBack;
    },
  };
}

it('gives room in the order of asking, so that a large one is not passed by for ever', async () => {
  const { has, hold } = asking(10);
  const first = await hold('first', 6);
  const large = hold('large', 8);
  const small = hold('small', 1);
  await nextTurn();
  expect(has).toEqual(['first']);
  first();
  (await large)();
  await small;
  expect(has).toEqual(['first', 'large', 'small']);
});

it('gives all there is to who asks for more', async () => {
  const { has, hold } = asking(10);
  const giveBack = await hold('more', 11);
  const next = hold('next', 1);
  await nextTurn();
  expect(has).toEqual(['more']);
  giveBack();
  await next;
});

it('forgets who does not want to wait any more, and lets the next one in', async () => {
  const { has, hold } = asking(10);
  const first = await hold('first', 6);
  const stop = new AbortController();
  const large = hold('large', 8, stop.signal);
  const small = hold('small', 4);
  stop.abort();
  await expect(large).rejects.toMatchObject({ trouble: { kind: 'cancelled' } });
  (await small)();
  first();
  await expect(hold('late', 1, stop.signal)).rejects.toMatchObject({ trouble: { kind: 'cancelled' } });
  (await hold('all', 10))();
  expect(has).toEqual(['first', 'small', 'all']);
});
