import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/kernel/time.ts';
import { listAlerts } from '../../../src/store/alerts.ts';
import { allSweeps } from '../../../src/store/gaps.ts';
import { latenessOf } from '../../../src/store/gaps-late.ts';
import { recordsByEventId } from '../../../src/store/records.ts';
import { readPlaceStatus } from '../../../src/work/gaps/place-status.ts';
import { changeAt, HOME, OTHER, type Scene, startScene } from './scene.ts';

const LOOKUPS = ({ aws }: Scene) => aws.requests.filter(({ operation }) => operation === 'LookupEvents');

function firing({ db }: Scene) {
  return listAlerts(db, { states: ['firing'], limit: 50 });
}

it('takes in what did not arrive, marked late, and alerts on it once', async () => {
  const scene = await startScene();
  const { clock, db } = scene;
  await scene.run();
  await clock.advance(2 * HOUR);
  const at = clock.now() - HOUR;
  const events = [0, 1, 2, 3].map((minute) => changeAt(at + minute * MINUTE));
  const user = changeAt(at, { eventName: 'CreateUser' });
  await scene.happen([...events, user], events.slice(0, 3));
  await scene.run();

  const alerts = (await firing(scene)).sort((a, b) => (a.title < b.title ? -1 : 1));
  expect(alerts.map(({ title, count }) => [title, count])).toEqual([
    ['gap', 1],
    ['user created', 1],
  ]);
  const [gap, created] = alerts;
  expect(await latenessOf(db, created?.id ?? '')).toEqual({ events: 1, longest: HOUR });
  expect(await latenessOf(db, gap?.id ?? '')).toBeUndefined();
  // What EventBridge brings at last is nothing new.
  await scene.take([user, ...events]);
  await scene.run();
  expect((await firing(scene)).map(({ count }) => count)).toEqual([1, 1]);
});

it('says in one event for each place and run what was missing', async () => {
  const scene = await startScene({ accounts: { [HOME]: { regions: ['eu-west-1', 'us-east-1'] } } });
  await scene.run();
  await scene.clock.advance(2 * HOUR);
  const at = scene.clock.now() - HOUR;
  await scene.happen([
    changeAt(at),
    changeAt(at + MINUTE),
    changeAt(at + 2 * MINUTE, { eventName: 'CreateUser' }),
    changeAt(at, { awsRegion: 'us-east-1' }),
  ]);
  await scene.run();
  await scene.run();

  const bodies = await scene.db.all<{ body: string }>(
    "select body from records where event_name = 'GapFound' order by region",
  );
  const details = bodies.map(({ body }) => JSON.parse(body).serviceEventDetails);
  expect(details).toEqual([
    {
      missing: 3,
      matched: 1,
      said: '3 events',
      from: '2026-11-20 10:15:00 UTC',
      to: '2026-11-20 10:17:00 UTC',
      names: 'TagRole (2), CreateUser (1)',
      rules: 'a rule is true for 1 of them',
    },
    expect.objectContaining({ missing: 1, matched: 0, rules: 'no rule is true for them' }),
  ]);
  const gaps = (await firing(scene)).filter(({ title }) => title === 'gap');
  expect(gaps.map(({ count }) => count)).toEqual([2]);
});

it('calls nothing a gap that EventBridge was not asked to deliver, and takes in what a rule wants all the same', async () => {
  const scene = await startScene();
  scene.plan.expected = () => false;
  await scene.run();
  await scene.clock.advance(2 * HOUR);
  const at = scene.clock.now() - HOUR;
  const user = changeAt(at, { eventName: 'CreateUser' });
  await scene.happen([changeAt(at), user]);
  await scene.run();
  expect(await scene.db.all("select event_name as name from records where event_name <> 'GapFound'")).toEqual(
    [{ name: 'CreateUser' }],
  );
});

it('begins when a place is first seen: what happened before nobody was to deliver', async () => {
  const scene = await startScene();
  const { clock } = scene;
  await scene.happen([changeAt(clock.now() - 5 * MINUTE), changeAt(clock.now() - HOUR)]);
  await scene.run();
  await clock.advance(HOUR);
  await scene.run();
  expect(await scene.db.all('select key from records')).toEqual([]);
});

it('goes on where the requests of a run ended, and loses nothing', async () => {
  const scene = await startScene();
  const { clock, db, plan } = scene;
  await scene.run();
  await clock.advance(HOUR);
  const events = Array.from({ length: 230 }, (_, index) =>
    changeAt(clock.now() - 30 * MINUTE - index * 1000),
  );
  await scene.happen(events);
  plan.budget = 2;
  for (let run = 1; run <= 3; run += 1) {
    const before = LOOKUPS(scene).length;
    await scene.run();
    expect(LOOKUPS(scene).length - before).toBeLessThanOrEqual(2);
    const [place] = await readPlaceStatus(db, clock.now());
    expect(place?.uncovered.map(({ trouble }) => trouble?.what)).toEqual(
      run < 3 ? ['more events than the requests of one run can read'] : [],
    );
  }
  const [{ count } = { count: 0 }] = await db.all<{ count: number }>(
    'select count(*) as count from late_records',
  );
  expect(count).toBe(230);
  const [sweep] = await allSweeps(db);
  expect(sweep).toMatchObject({
    sweptUntil: clock.now() - 20 * MINUTE,
    stretch: undefined,
    trouble: undefined,
  });
});

it('gives up a stretch that no number of runs can read, and says which part', async () => {
  const scene = await startScene();
  const { clock, db, plan } = scene;
  const from = clock.now();
  await scene.run();
  await clock.advance(2 * HOUR);
  const at = clock.now() - HOUR;
  await scene.happen(Array.from({ length: 90 }, (_, index) => changeAt(at - index * 10_000)));
  plan.budget = 0;
  for (let run = 0; run < 12; run += 1) await scene.run();
  const [place] = await readPlaceStatus(db, clock.now());
  expect(place?.uncovered[0]?.period).toEqual({ from: from + 10 * MINUTE, to: clock.now() - 20 * MINUTE });
  plan.budget = 100;
  await clock.advance(HOUR);
  await scene.run();
  expect((await readPlaceStatus(db, clock.now()))[0]?.uncovered[0]?.trouble).toBeUndefined();
});

it('keeps its place when AWS denies, and says so until it is allowed again', async () => {
  const scene = await startScene();
  const { clock, db } = scene;
  await scene.run();
  await clock.advance(HOUR);
  await scene.happen([changeAt(clock.now() - 30 * MINUTE)]);
  const allow = scene.aws.fault({ kind: 'deny' });
  await scene.run();
  const [closed] = await readPlaceStatus(db, clock.now());
  expect(closed?.uncovered[0]?.trouble).toMatchObject({
    kind: 'denied',
    what: 'not allowed to call cloudtrail:LookupEvents',
  });
  allow();
  await clock.advance(3 * HOUR);
  await scene.run();
  const [open] = await readPlaceStatus(db, clock.now());
  expect(open).toMatchObject({ missing: 1, uncovered: [], sweptUntil: clock.now() - 20 * MINUTE });
});

it('goes on after a crash between two pages, and reports what the crash left unreported', async () => {
  const scene = await startScene();
  const { clock, db, history, plan } = scene;
  await scene.run();
  await clock.advance(HOUR);
  const events = Array.from({ length: 120 }, (_, index) =>
    changeAt(clock.now() - 30 * MINUTE - index * 1000),
  );
  await scene.happen(events);
  plan.history = {
    ...history,
    async *lookup(lookup, signal) {
      for await (const page of history.lookup(lookup, signal)) {
        yield page;
        throw new Error('the process ends here');
      }
    },
  };
  await scene.run();
  expect(await count(scene, 'late_records')).toBe(50);
  plan.history = history;
  // The process ended before it could report them.
  await db.run('update late_records set reported = 0');
  await db.run("delete from records where event_name = 'GapFound'");
  await clock.advance(MINUTE);
  await scene.run();
  expect(await count(scene, 'late_records')).toBe(120);
  const missing = await db.all<{ body: string }>("select body from records where event_name = 'GapFound'");
  const numbers = missing.map(({ body }) => JSON.parse(body).serviceEventDetails.missing);
  expect(numbers.reduce((sum: number, one: number) => sum + one, 0)).toBe(120);
});

it('names accounts that cannot be entered and regions that are off, and forgets them when that is over', async () => {
  const scene = await startScene({
    accounts: { [HOME]: { regions: ['eu-west-1'] }, [OTHER]: { readerRole: 'TrailbotReader' } },
  });
  const { clock, db, plan, aws } = scene;
  plan.regions = ['eu-west-1', 'eu-south-1'];
  const allow = aws.fault({ kind: 'deny', operation: 'AssumeRole' });
  await scene.run();
  const told = async () =>
    (await readPlaceStatus(db, clock.now())).map(({ account, region, uncovered }) => [
      account,
      region,
      uncovered[0]?.trouble?.kind,
    ]);
  expect(await told()).toEqual([
    [HOME, 'eu-south-1', 'region off'],
    [HOME, 'eu-west-1', undefined],
    [OTHER, '*', 'denied'],
  ]);
  allow();
  await clock.advance(2 * HOUR);
  plan.regions = ['eu-west-1'];
  await scene.run();
  expect(await told()).toEqual([
    [HOME, 'eu-west-1', undefined],
    [OTHER, 'eu-west-1', undefined],
  ]);
});

it('looks up changes first and reads only when it is to', async () => {
  const scene = await startScene();
  const { clock, plan } = scene;
  plan.kinds = ['changes', 'reads'];
  await scene.run();
  await clock.advance(HOUR);
  const at = clock.now() - 30 * MINUTE;
  const read = changeAt(at, { eventName: 'GetRole', readOnly: true });
  await scene.happen([changeAt(at), read]);
  await scene.run();
  const asked = LOOKUPS(scene).map(({ params }) => params.LookupAttributes);
  expect(asked).toEqual([
    [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
    [{ AttributeKey: 'ReadOnly', AttributeValue: 'true' }],
  ]);
  expect(await recordsByEventId(scene.db, String(read.eventID))).toHaveLength(1);
});

async function count({ db }: Scene, table: string): Promise<number> {
  const [row] = await db.all<{ count: number }>(`select count(*) as count from ${table}`);
  return row?.count ?? 0;
}

it('reports what a crash left unreported together with what was found after it', async () => {
  const scene = await startScene();
  const { clock, db } = scene;
  await scene.run();
  for (const eventID of ['before', 'after']) {
    await clock.advance(HOUR);
    await scene.happen([changeAt(clock.now() - 30 * MINUTE, { eventID, awsRegion: 'eu-west-1' })]);
    await scene.run();
    if (eventID === 'before') await db.run('update late_records set reported = 0');
  }
  const gaps = await db.all<{ body: string }>(
    "select body from records where event_name = 'GapFound' order by event_time",
  );
  expect(gaps.map(({ body }) => JSON.parse(body).serviceEventDetails.missing)).toEqual([1, 2]);
});
