import { expect, it, onTestFinished } from 'vitest';
import { createCloud } from '../../src/app/cloud.ts';
import { startGaps } from '../../src/app/gaps.ts';
import { readConfig } from '../../src/config/config.ts';
import { createIngest } from '../../src/http/ingest.ts';
import { startServer } from '../../src/http/server.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { DAY, HOUR, MINUTE, type Millis, sayInstant } from '../../src/kernel/time.ts';
import { listAlerts } from '../../src/store/alerts.ts';
import { createIntake } from '../../src/work/intake.ts';
import { startFakeAws } from '../support/aws/fake-aws.ts';
import { startEvaluation } from '../support/evaluation.ts';
import { envelope, record } from '../support/records.ts';

const LOG = createLog('silent');
const HOME = '111122223333';
const OTHER = '444455556666';
const PLACES = [HOME, OTHER].flatMap((account) =>
  ['eu-west-1', 'us-east-1'].map((region) => ({ account, region })),
);
const EVENTS = 1600;
/** EventBridge is down in this hour of the day. */
const DOWN = 11;

const SETTINGS = `
aws: { region: eu-west-1, regions: [eu-west-1, us-east-1] }
watch: { silence: false }
accounts:
  '${HOME}': { name: prod }
  '${OTHER}': { name: staging, reader_role: TrailbotReader }
`;

/** A user that is new is an alert, each by itself; hers are the patterns that EventBridge is given. */
const RULES = `title: user created
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventSource: iam.amazonaws.com }, news: { eventName: CreateUser }, condition: selection and news }
trailbot: { group_by: [requestParameters.userName] }
---
title: policy written
name: policy-written
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventSource: iam.amazonaws.com, eventName: [TagRole, TagUser] }, condition: selection }
level: informational
---
title: gap
name: gap
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventSource: trailbot.internal, eventName: GapFound }, condition: selection }
trailbot: { group_by: [account] }
`.replace(/^title: (.*)$/gm, (all, title: string) => `${all}\nid: ${idOf(title)}`);

function idOf(title: string): string {
  return `1b0c7c64-6f0f-4f0e-9d3c-${Buffer.from(title.padEnd(6)).toString('hex').slice(0, 12)}`;
}

/** The same numbers in every run. Source: Park and Miller, "Random number generators" (1988). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Happened {
  readonly at: Millis;
  readonly event: JsonObject;
  readonly wanted: boolean;
  /** EventBridge brings it at once, after hours, or never. */
  readonly comes: 'at once' | 'after hours' | 'never';
}

/** A day of events in all places: 2 % are lost on the way, and those of one hour, of which some come in the evening. */
function aDay(start: Millis): Happened[] {
  const random = chance(20_261_120);
  return Array.from({ length: EVENTS }, (_, index) => {
    const at = start + Math.floor((index / EVENTS) * DAY);
    const { account, region } = PLACES[Math.floor(random() * PLACES.length)] ?? { account: HOME, region: '' };
    const isUser = index % 16 === 0;
    const name = isUser ? 'CreateUser' : index % 3 === 0 ? 'DescribeTags' : 'TagRole';
    const down = at >= start + DOWN * HOUR && at < start + (DOWN + 1) * HOUR;
    return {
      at,
      wanted: name !== 'DescribeTags',
      comes: down ? (random() < 0.5 ? 'after hours' : 'never') : random() < 0.02 ? 'never' : 'at once',
      event: record({
        eventTime: sayInstant(at).replace(/\.\d+Z/, 'Z'),
        eventName: name,
        readOnly: name === 'DescribeTags',
        awsRegion: region,
        recipientAccountId: account,
        requestParameters: { userName: `user-${index}` },
        responseElements: null,
      }),
    };
  });
}

it('a day with 2 % lost and EventBridge down for an hour: afterwards nothing is missing, late events are marked, no alert is doubled', async () => {
  const evaluation = await startEvaluation(RULES, SETTINGS);
  const { db, clock, counters, tools } = evaluation;
  const aws = await startFakeAws({
    accounts: { [HOME]: {}, [OTHER]: { readerRole: 'TrailbotReader' } },
    now: clock.now,
    rate: 'unlimited',
  });
  const read = readConfig({ text: SETTINGS, file: 'trailbot.yaml', env: {} });
  if ('problems' in read) throw new Error(read.problems[0]?.what);
  const intake = createIntake(db, counters, tools.fresh, () => {});
  const ingest = createIngest({
    keys: ['key'],
    intake,
    counters: { refused: (reason) => expect.fail(reason), answered: () => {} },
    clock,
    log: LOG,
  });
  const door = await startServer({
    host: '127.0.0.1',
    port: 0,
    routes: { '/events': { POST: ingest } },
    clock,
    random: systemRandom,
    log: LOG,
  });
  const rate = { requests: 100_000, per: 1 };
  const cloud = createCloud({
    clock,
    log: LOG,
    standIn: { endpoint: aws.url, credentials: aws.credentials, rate },
  });
  const settings = () => read.config;
  const gaps = startGaps({
    db,
    settings,
    ruleset: tools.ruleset,
    cloud,
    intake,
    clock,
    random: systemRandom,
    log: LOG,
  });
  onTestFinished(async () => {
    await gaps.stop();
    cloud.close();
    await door.stop(0);
  });
  await gaps.rested();

  const deliver = async (events: readonly JsonObject[]): Promise<void> => {
    for (let from = 0; from < events.length; from += 50) {
      await Promise.all(
        events.slice(from, from + 50).map((event) =>
          fetch(`${door.url}/events`, {
            method: 'POST',
            headers: { 'x-api-key': 'key' },
            body: JSON.stringify(envelope(event)),
          }),
        ),
      );
    }
    await evaluation.take([]);
  };

  const start = clock.now();
  const day = aDay(start + MINUTE);
  aws.add(day.map(({ event }) => event));
  // EventBridge delivers what the patterns ask for, which is narrow.
  const sent = day.filter(({ wanted }) => wanted);
  const evening = start + (DOWN + 4) * HOUR;
  while (clock.now() < start + 26 * HOUR) {
    const before = clock.now();
    await clock.advance(20 * MINUTE);
    const isNow = (at: Millis): boolean => at > before && at <= clock.now();
    const due = sent.filter(
      ({ at, comes }) => comes !== 'never' && isNow(comes === 'at once' ? at : evening),
    );
    await deliver(due.map(({ event }) => event));
    await gaps.rested();
    await evaluation.take([]);
  }

  const ids = async (query: string) => (await db.all<{ id: string }>(query)).map(({ id }) => id).sort();
  const idsOf = (events: readonly Happened[]) => events.map(({ event }) => String(event.eventID)).sort();
  expect(await ids("select event_id as id from records where event_source <> 'trailbot.internal'")).toEqual(
    idsOf(sent),
  );
  const late = sent.filter(({ comes }) => comes !== 'at once');
  expect(late.length).toBeGreaterThan(60);
  expect(
    await ids('select event_id as id from late_records l join records r on r.key = l.record_key'),
  ).toEqual(idsOf(late));

  const users = sent.filter(({ event }) => event.eventName === 'CreateUser');
  const alerts = await listAlerts(db, { states: ['firing'], limit: 1000 });
  const created = alerts.filter(({ title }) => title === 'user created');
  expect(created.map(({ count }) => count)).toEqual(users.map(() => 1));
  expect(new Set(created.map(({ facts }) => facts.eventId)).size).toBe(users.length);
  // One open alert an account speaks for every gap of the day.
  expect(alerts.filter(({ title }) => title === 'gap')).toHaveLength(2);
  const lookups = aws.requests.filter(({ operation }) => operation === 'LookupEvents');
  expect(lookups.length).toBeLessThan(250);
  expect(lookups.every(({ params }) => JSON.stringify(params).includes('"false"'))).toBe(true);
}, 60_000);
