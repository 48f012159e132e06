import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { systemRandom } from '../../../src/kernel/random.ts';
import { DAY, HOUR, MINUTE, type Millis } from '../../../src/kernel/time.ts';
import { listAlerts } from '../../../src/store/alerts.ts';
import { learnHabits } from '../../../src/work/gaps/habit.ts';
import { readPlaceStatus } from '../../../src/work/gaps/place-status.ts';
import { noticeSilence, usualOf } from '../../../src/work/gaps/silence.ts';
import { createIntake } from '../../../src/work/intake.ts';
import { type Evaluation, startEvaluation } from '../../support/evaluation.ts';
import { changeAt, HOME, OTHER } from './scene.ts';

const RULES = readFileSync('rules/watch/source-silent.yml', 'utf8');

/** Every so often a call in a place, as the bot received it. */
interface Talk {
  readonly account: string;
  readonly region: string;
  readonly every: Millis;
  /** Hours of the day (UTC) in which it talks; all unless said. */
  readonly hours?: readonly [from: number, to: number];
}

interface Listening extends Evaluation {
  /** Lets a time pass in which the sources talk; the bot looks every ten minutes. */
  listen(until: Millis, talks: readonly Talk[]): Promise<void>;
  look(): Promise<void>;
  /** What was reported so far: event, account and region. */
  reported(): Promise<string[]>;
}

/** It is Friday, 09:15 UTC, and the bot has heard the last two Fridays. */
async function startListening(talks: readonly Talk[], hours = 8): Promise<Listening> {
  const evaluation = await startEvaluation(RULES);
  const { db, clock, tools, counters, take } = evaluation;
  const intake = createIntake(db, counters, tools.fresh, () => {});
  const silence = { db, intake, home: HOME, random: systemRandom, watches: () => true };
  const look = async () => {
    while (!(await learnHabits(db, clock.now(), 10_000)));
    await noticeSilence(silence, clock.now());
    await take([]);
  };
  const start = clock.now();
  for (const week of [14, 7]) {
    const from = start - week * DAY - 4 * HOUR;
    await hear(evaluation, from, from + (4 + hours) * HOUR, talks);
  }
  await hear(evaluation, start - 2 * HOUR, start, talks);
  await look();
  return {
    ...evaluation,
    look,
    async listen(until, now) {
      while (clock.now() < until) {
        const from = clock.now();
        await clock.advance(Math.min(10 * MINUTE, until - from));
        await hear(evaluation, from, clock.now(), now);
        await look();
      }
    },
    async reported() {
      const rows = await db.all<{ event_name: string; account: string; region: string }>(
        `select event_name, account, region from records where event_source = 'trailbot.internal'
          order by event_time, event_name desc, account, region`,
      );
      return rows.map((row) => `${row.event_name} ${row.account} ${row.region}`);
    },
  };
}

/** Only the columns that count: weeks of whole records would take too long to store. */
async function hear({ db }: Evaluation, from: Millis, to: Millis, talks: readonly Talk[]): Promise<void> {
  await db.tx(async (sql) => {
    for (const { account, region, every, hours = [0, 24] } of talks) {
      for (let at = Math.ceil(from / every) * every; at < to; at += every) {
        const hour = Math.floor((at % DAY) / HOUR);
        if (hour < hours[0] || hour >= hours[1]) continue;
        await sql.run(
          `insert into records (key, event_id, event_time, event_source, event_name, account, region, actor, body, received_at)
            values ($1, $1, $2, 'iam.amazonaws.com', 'TagRole', $3, $4, '', '{}', $2)`,
          [`${account}|${region}|${at}`, at, account, region],
        );
      }
    }
  });
}

const BUSY: Talk = { account: HOME, region: 'eu-west-1', every: 10 * MINUTE };
const BESIDE: Talk = { account: HOME, region: 'us-east-1', every: 10 * MINUTE };
const ELSEWHERE: Talk = { account: OTHER, region: 'eu-west-1', every: 10 * MINUTE };

it('reports a region once when it is silent for longer than it ever is at this hour, and that it speaks again', async () => {
  const bot = await startListening([BUSY, BESIDE]);
  const { clock } = bot;
  const start = clock.now();
  await bot.listen(start + 30 * MINUTE, [BUSY]);
  expect(await bot.reported()).toEqual([]);
  await bot.listen(start + 3 * HOUR, [BUSY]);
  expect(await bot.reported()).toEqual([`SourceSilent ${HOME} us-east-1`]);
  const places = await readPlaceStatus(bot.db, clock.now());
  expect(places).toMatchObject([{ account: HOME, region: 'us-east-1', silentSince: start }]);
  // A watch that is switched off says nothing more.
  expect(await readPlaceStatus(bot.db, clock.now(), { silence: false })).toEqual([]);
  expect(await listAlerts(bot.db, { states: ['firing'], limit: 5 })).toHaveLength(1);

  await bot.listen(start + 4 * HOUR, [BUSY, BESIDE]);
  expect(await bot.reported()).toEqual([
    `SourceSilent ${HOME} us-east-1`,
    `SourceReturned ${HOME} us-east-1`,
  ]);
  expect(await listAlerts(bot.db, { states: ['firing'], limit: 5 })).toEqual([]);
  const [alert] = await listAlerts(bot.db, { states: ['resolved'], limit: 5 });
  expect(alert?.note).toMatch(
    /^Events come from account 111122223333 in us-east-1 again, since 2026-11-20 12:/,
  );
});

it('reports the silence of everything as one, and whoever stays silent after it by itself', async () => {
  const bot = await startListening([BUSY, BESIDE, ELSEWHERE]);
  const start = bot.clock.now();
  await bot.listen(start + 2 * HOUR, []);
  expect(await bot.reported()).toEqual([`SourceSilent ${HOME} *`]);
  await bot.listen(start + 150 * MINUTE, [BUSY, BESIDE]);
  expect(await bot.reported()).toEqual([`SourceSilent ${HOME} *`, `SourceReturned ${HOME} *`]);
  await bot.listen(start + 4 * HOUR, [BUSY, BESIDE]);
  expect((await bot.reported()).slice(2)).toEqual([`SourceSilent ${OTHER} *`]);
});

it("keeps the alert of the bot's own account apart from that of all accounts", async () => {
  const bot = await startListening([BUSY, BESIDE, ELSEWHERE]);
  const start = bot.clock.now();
  await bot.listen(start + 2 * HOUR, [ELSEWHERE]);
  expect(await bot.reported()).toEqual([`SourceSilent ${HOME} *`]);
  await bot.listen(start + 4 * HOUR, []);
  const firing = () => listAlerts(bot.db, { states: ['firing'], limit: 5 });
  expect(await firing()).toHaveLength(2);
  await bot.listen(start + 5 * HOUR, [ELSEWHERE]);
  expect(await firing()).toHaveLength(1);
});

it('knows who is quiet at night and misses them in the morning', async () => {
  const day: Talk = { account: HOME, region: 'us-east-1', every: 10 * MINUTE, hours: [7, 19] };
  const bot = await startListening([BUSY, day], 30);
  const evening = bot.clock.now() + 10 * HOUR;
  await bot.listen(evening, [BUSY, day]);
  await bot.listen(evening + 12 * HOUR, [BUSY]);
  expect(await bot.reported()).toEqual([]);
  await bot.listen(evening + 16 * HOUR, [BUSY]);
  expect(await bot.reported()).toEqual([`SourceSilent ${HOME} us-east-1`]);
});

it('blames nobody for the time in which the bot itself was away', async () => {
  const bot = await startListening([BUSY, BESIDE], 16);
  const { clock } = bot;
  await clock.advance(9 * HOUR);
  await bot.look();
  expect(await bot.reported()).toEqual([]);
  const start = clock.now();
  await bot.listen(start + 2 * HOUR, [BUSY]);
  expect(await bot.reported()).toEqual([`SourceSilent ${HOME} us-east-1`]);
});

it('does not take a silence that it reported for a habit', async () => {
  const bot = await startListening([BUSY, BESIDE]);
  const start = bot.clock.now();
  await bot.listen(start + 5 * HOUR, [BUSY]);
  await bot.listen(start + 6 * HOUR, [BUSY, BESIDE]);
  const [longest] = await bot.db.all<{ longest: number }>(
    'select max(longest_pause) as longest from arrivals where account = $1 and region = $2 and hour >= $3',
    [HOME, 'us-east-1', Math.floor(start / HOUR) + 1],
  );
  expect(longest?.longest).toBe(10 * MINUTE);
});

it('does not count what the sweep had to fetch, nor what the bot itself notices', async () => {
  const bot = await startListening([BUSY, BESIDE]);
  const { clock, db } = bot;
  const start = clock.now();
  for (let at = start; at < start + 90 * MINUTE; at += 10 * MINUTE) {
    await bot.listen(at + 10 * MINUTE, [BUSY]);
    await bot.take([changeAt(at, { awsRegion: 'us-east-1' })]);
    await db.run(
      `insert into late_records select key, account, region, event_name, event_time, received_at, 0, 1 from records
        where region = 'us-east-1' and received_at = $1 and event_source <> 'trailbot.internal'`,
      [clock.now()],
    );
  }
  expect(await bot.reported()).toEqual([`SourceSilent ${HOME} us-east-1`]);
});

it('has no opinion on a source without a habit', () => {
  const now = Date.UTC(2026, 10, 20, 9, 15);
  const hour = Math.floor(now / HOUR);
  const week = (back: number, events: number) => ({
    hour: hour - back * 168,
    events,
    longestPause: 20 * MINUTE,
  });
  expect(usualOf([], now)).toBeUndefined();
  expect(usualOf([week(1, 100)], now)).toBeUndefined();
  expect(usualOf([week(1, 9), week(2, 10)], now)).toBeUndefined();
  expect(usualOf([week(1, 10), week(2, 10)], now)).toEqual({ longestPause: 20 * MINUTE, limit: HOUR });
});
