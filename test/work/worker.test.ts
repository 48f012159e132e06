import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { Fault } from '../../src/kernel/problem.ts';
import { MINUTE, SECOND } from '../../src/kernel/time.ts';
import { countJobs, enqueue } from '../../src/store/jobs.ts';
import type { Database } from '../../src/store/sql.ts';
import { backoff, type Handler, runDue, untilDue, type WorkerTools } from '../../src/work/worker.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { temporaryStore } from '../support/store.ts';

const random = { id: () => 'token', fraction: () => 1 };

let db: Database;
let clock: FakeClock;
beforeEach(async () => {
  db = await temporaryStore();
  clock = fakeClock(0);
});

function worker(handler: Handler): WorkerTools {
  return { db, clock, random, log: createLog('silent'), handlers: new Map([['notify', handler]]) };
}

describe('the worker', () => {
  it('does what is due and says when the next is', async () => {
    const done: string[] = [];
    const tools = worker(async (subject) => {
      done.push(subject);
      return 'done';
    });
    await enqueue(db, 'notify', 'A-1', 0);
    await enqueue(db, 'notify', 'A-2', 5000);
    expect(await runDue(tools)).toBe(1);
    expect(done).toEqual(['A-1']);
    expect(await untilDue(tools)).toBe(5000);
    await clock.advance(5000);
    await runDue(tools);
    expect(done).toEqual(['A-1', 'A-2']);
    expect(await untilDue(tools)).toBeUndefined();
  });

  it('comes back when the handler says so', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    const tools = worker(async () => ({ again: 45_000 }));
    await runDue(tools);
    expect(await untilDue(tools)).toBe(45_000);
  });

  it('waits as long as the other side asks', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    const tools = worker(async () => {
      throw Fault.later('Slack asks to wait', 30 * SECOND);
    });
    await runDue(tools);
    expect(await untilDue(tools)).toBe(30 * SECOND);
  });

  it('backs off longer after each unexpected failure, and never stops trying', async () => {
    expect([1, 2, 3, 9, 500].map((attempts) => backoff(attempts, random))).toEqual([
      SECOND,
      2 * SECOND,
      4 * SECOND,
      256 * SECOND,
      5 * MINUTE,
    ]);
    await enqueue(db, 'notify', 'A-1', 0);
    const tools = worker(async () => {
      throw new Error('unexpected');
    });
    await runDue(tools);
    await clock.advance(SECOND);
    await runDue(tools);
    expect(await untilDue(tools)).toBe(2 * SECOND);
  });

  it('parks what can never work, where it is counted with its reason', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    await runDue(
      worker(async () => {
        throw Fault.never('the channel is archived');
      }),
    );
    expect(await countJobs(db, clock.now())).toEqual({
      due: 0,
      parked: 1,
      lastError: 'the channel is archived',
    });
  });

  it('parks work of a kind it does not know', async () => {
    await enqueue(db, 'future', 'X', 0);
    await runDue(worker(async () => 'done'));
    expect((await countJobs(db, clock.now())).parked).toBe(1);
  });
});
