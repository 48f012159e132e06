import { beforeEach, describe, expect, it } from 'vitest';
import {
  claimJobs,
  completeJob,
  countJobs,
  enqueue,
  nextDue,
  parkJob,
  postponeJob,
  releaseLeases,
  unparkJobs,
} from '../../src/store/jobs.ts';
import type { Database } from '../../src/store/sql.ts';
import { temporaryStore } from '../support/store.ts';

let db: Database;
beforeEach(async () => {
  db = await temporaryStore();
});

const lease = (token: string, until = 1000) => ({ token, until });

async function claimOne(now: number, token: string) {
  const [job] = await claimJobs(db, now, lease(token, now + 1000), 1);
  if (!job) throw new Error('nothing was due');
  return job;
}

describe('jobs', () => {
  it('are given out when due, the longest due first, each to one worker', async () => {
    await enqueue(db, 'notify', 'A-1', 30);
    await enqueue(db, 'notify', 'A-2', 20);
    await enqueue(db, 'notify', 'A-3', 99);
    const [first, second] = [
      await claimJobs(db, 50, lease('one'), 1),
      await claimJobs(db, 50, lease('two'), 9),
    ];
    expect(first.map((job) => job.subject)).toEqual(['A-2']);
    expect(second.map((job) => job.subject)).toEqual(['A-1']);
    expect(await claimJobs(db, 50, lease('three'), 9)).toEqual([]);
  });

  it('no job goes to two of twenty workers', async () => {
    for (let index = 0; index < 200; index++) await enqueue(db, 'notify', `A-${index}`, 0);
    const workers = Array.from({ length: 20 }, (_, index) => claimJobs(db, 1, lease(`w${index}`), 15));
    const taken = (await Promise.all(workers)).flat().map((job) => job.subject);
    expect(taken.length).toBe(200);
    expect(new Set(taken).size).toBe(200);
  });

  it('come back when the lease of a worker that died runs out', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    await claimJobs(db, 1, lease('dead', 100), 1);
    expect(await claimJobs(db, 99, lease('other'), 1)).toEqual([]);
    expect(await nextDue(db)).toBe(100);
    expect(await claimJobs(db, 100, lease('other'), 1)).toMatchObject([{ subject: 'A-1', attempts: 2 }]);
  });

  it('asked for again while they run, run again; else they go', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    const job = await claimOne(1, 'w');
    await enqueue(db, 'notify', 'A-1', 2);
    await completeJob(db, job);
    const again = await claimOne(3, 'w');
    await completeJob(db, again);
    expect(await claimJobs(db, 9, lease('w'), 1)).toEqual([]);
    expect(await countJobs(db, 99_999)).toEqual({ due: 0, parked: 0, lastError: undefined });
  });

  it('postponed for a counter, an earlier wish still wins', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    await postponeJob(db, await claimOne(1, 'w'), 45_000, undefined);
    expect(await nextDue(db)).toBe(45_000);
    await enqueue(db, 'notify', 'A-1', 10);
    expect(await nextDue(db)).toBe(10);
  });

  it('a wish that came while the job ran is not postponed with it', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    const job = await claimOne(1, 'w');
    await enqueue(db, 'notify', 'A-1', 2);
    await postponeJob(db, job, 45_000, undefined);
    expect(await claimJobs(db, 3, lease('w'), 1)).toHaveLength(1);
  });

  it('failed, keep their back-off although they are asked for again', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    await postponeJob(db, await claimOne(1, 'w'), 5000, { error: 'Slack is away' });
    await enqueue(db, 'notify', 'A-1', 2);
    expect(await nextDue(db)).toBe(5000);
    expect(await countJobs(db, 99_999)).toEqual({ due: 1, parked: 0, lastError: undefined });
  });

  it('that fail again and again show their error; one that only waits its turn does not', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    for (let attempt = 0; attempt < 3; attempt++) {
      await postponeJob(db, await claimOne(attempt, 'w'), attempt + 1, { error: 'Slack is away' });
    }
    expect(await countJobs(db, 99_999)).toEqual({ due: 1, parked: 0, lastError: 'Slack is away' });
  });

  it('of a process that died are due at once when the next one starts', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    await claimJobs(db, 1, lease('dead', 60_000), 1);
    await releaseLeases(db);
    expect(await claimJobs(db, 2, lease('new', 60_000), 1)).toHaveLength(1);
  });

  it('parked, wait for a new wish or a person', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    await parkJob(db, await claimOne(1, 'w'), 'the channel is archived', 1);
    expect(await nextDue(db)).toBeUndefined();
    expect(await countJobs(db, 99_999)).toEqual({ due: 0, parked: 1, lastError: 'the channel is archived' });
    expect(await unparkJobs(db, 7)).toBe(1);
    expect(await nextDue(db)).toBe(7);
  });

  it('a worker that lost its lease changes nothing', async () => {
    await enqueue(db, 'notify', 'A-1', 0);
    const slow = await claimOne(1, 'slow');
    const [fast] = await claimJobs(db, 5000, lease('fast', 9000), 1);
    await completeJob(db, slow);
    expect(await nextDue(db)).toBe(9000);
    if (fast) await completeJob(db, fast);
    expect(await nextDue(db)).toBeUndefined();
  });
});
