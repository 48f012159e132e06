import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createMemory } from '../../src/app/memory.ts';
import { nextTurn } from '../../src/kernel/time.ts';
import { someAsked, someCall } from '../slack/answers.ts';
import { fakeClock } from '../support/clock.ts';

function asked(id: string, calls = 1) {
  const material = { ...someAsked().material, calls: Array(calls).fill(someCall()) };
  return someAsked({ id, material });
}

test('an answer is remembered for half an hour', async () => {
  const clock = fakeClock();
  const memory = createMemory(clock);
  memory.add(asked('q1'));
  await clock.advance(29 * 60_000);
  expect(memory.get('q1')?.id).toBe('q1');
  await clock.advance(60_000);
  expect(memory.get('q1')).toBeUndefined();
});

test('whoever looks for an answer makes room of all that are too old', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const clock = fakeClock();
  const memory = createMemory(clock);
  const old = (() => {
    const answer = asked('q1');
    memory.add(answer);
    return new WeakRef(answer);
  })();
  await clock.advance(31 * 60_000);
  memory.get('another');
  await nextTurn();
  collect();
  expect(old.deref()).toBeUndefined();
  expect(memory.get('q1')).toBeUndefined();
});

test('the oldest go first when there are too many calls', () => {
  const memory = createMemory(fakeClock());
  for (const id of ['q1', 'q2', 'q3']) memory.add(asked(id, 40_000));
  expect(['q1', 'q2', 'q3'].filter((id) => memory.get(id))).toEqual(['q2', 'q3']);
});
