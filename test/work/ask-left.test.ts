import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../src/cloudtrail/record.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, MINUTE, type Millis, SECOND } from '../../src/kernel/time.ts';
import { insertCalls, searchableOf } from '../../src/store/calls.ts';
import { countStored, insertRecord } from '../../src/store/records.ts';
import type { Database } from '../../src/store/sql.ts';
import { type AskState, ask } from '../../src/work/ask/ask.ts';
import { fakeClock } from '../support/clock.ts';
import { HOME, memoryHistory } from '../support/memory-history.ts';
import { EVENT_TIME, readable } from '../support/records.ts';
import { temporaryStore } from '../support/store.ts';

const PERIOD = { from: EVENT_TIME - 30 * DAY, to: EVENT_TIME, said: 'last 30 days' };

/** One call of the key at each of these times before the end of the period. */
function calls(ago: readonly Millis[], region = 'us-east-1'): CloudTrailRecord[] {
  const first = readable({ recipientAccountId: HOME, awsRegion: region });
  return ago.map((before, index) => {
    const eventId = `${first.eventId}-${index}`;
    return { ...first, eventId, eventTime: EVENT_TIME - before, key: `${HOME}|${region}|${eventId}` };
  });
}

async function states(
  records: CloudTrailRecord[],
  deadline: Millis,
  sql?: Database,
  regions = ['us-east-1'],
) {
  const clock = fakeClock();
  const places = regions.map((region) => ({ account: HOME, region }));
  const history = memoryHistory({ clock, records, places });
  const heard: (AskState & { readonly at: Millis })[] = [];
  const startedAt = clock.now();
  const asked = ask(
    { sql, history, clock, log: createLog('silent') },
    { kind: 'key', value: 'AKIAIOSFODNN7EXAMPLE', scope: { period: PERIOD } },
    {
      signal: new AbortController().signal,
      deadline,
      hear: (state) => heard.push({ ...state, at: clock.now() - startedAt }),
    },
  );
  await clock.advance(deadline);
  await asked;
  return heard;
}

/** All within the last hour of thirty days. */
const BURST = Array.from({ length: 1000 }, (_, index) => index * 3 * SECOND);

describe('how long a question goes on', () => {
  it('is not said before two pages were read in every place that is still asked', async () => {
    const records = [...calls(BURST), ...calls(BURST.slice(0, 60), 'eu-west-1')];
    const heard = await states(records, 5 * MINUTE, undefined, ['us-east-1', 'eu-west-1']);
    const early = heard.filter(({ at }) => at < 2 * 500);
    expect(early.length).toBeGreaterThan(1);
    expect(early.map(({ left }) => left)).toEqual(early.map(() => undefined));
    expect(heard.some(({ left }) => left !== undefined)).toBe(true);
  });

  it('is never more than what is left of the deadline', async () => {
    const heard = await states(calls(BURST), 9 * SECOND);
    const said = heard.filter(({ left }) => left !== undefined);
    expect(said.length).toBeGreaterThan(5);
    for (const { at, left = 0 } of said) expect(left).toBeLessThanOrEqual(9 * SECOND - at);
  });

  it('follows the calls of the own store where it has the whole period', async () => {
    const db = await temporaryStore();
    const known = calls([...BURST.filter((_, index) => index % 10 === 0), 40 * DAY]);
    await db.tx(async (sql) => {
      for (const record of known) await insertRecord(sql, record, EVENT_TIME);
      await countStored(sql, known.length);
      const all = known.map((record) => searchableOf(record, EVENT_TIME));
      await insertCalls(sql, all);
      await sql.run('delete from pending');
    });
    const heard = await states(calls(BURST), 5 * MINUTE, db);
    const half = heard.find(({ events }) => events >= 500);
    // Twenty pages, half a second each.
    expect(half?.left).toBeGreaterThan(4 * SECOND);
    expect(half?.left).toBeLessThan(6 * SECOND);
  });
});
