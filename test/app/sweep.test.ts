import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { DAY, HOUR, MINUTE, type Millis, sayInstant } from '../../src/kernel/time.ts';
import { openStoreForReading } from '../../src/store/open.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { type ConnectedBot, startConnectedBot } from '../support/connected-bot.ts';
import { ALICE, alertMessages, choose, ephemerals, textIn } from '../support/people.ts';
import { record } from '../support/records.ts';

const HOME = '111122223333';
const OTHER = '444455556666';
const REGIONS = ['eu-west-1', 'us-east-1'];
const ACCOUNTS = {
  [HOME]: { regions: REGIONS },
  [OTHER]: { regions: REGIONS, readerRole: 'TrailbotReader', roles: ['TrailbotSetup'] },
};
const PLACES = [HOME, OTHER].flatMap((account) => REGIONS.map((region) => ({ account, region })));
const EVENTS = 1600;

/** No canaries: an hour without EventBridge is an alert of theirs, and is tested with them. */
const SETTINGS = `
public_url: https://trailbot.example.com
aws: { region: eu-west-1, regions: [eu-west-1, us-east-1], setup_role: TrailbotSetup }
watch: { canary: false, silence: false }
routes: { repeat: never }
accounts:
  '${HOME}': { name: prod }
  '${OTHER}': { name: staging, reader_role: TrailbotReader }
rules: { paths: [rules.yml, '${resolve(import.meta.dirname, '../../rules/watch/gap-found.yml')}'] }
`;

/** Each snapshot that is shared is an alert by itself. Tags are to be delivered, too, and alert nobody. */
const RULES = `title: Snapshot shared
id: 1b0c7c64-6f0f-4f0e-9d3c-5a1f6b2d7e01
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventSource: ec2.amazonaws.com, eventName: ModifySnapshotAttribute }, condition: selection }
level: high
trailbot: { group_by: [requestParameters.snapshotId], summary: '{requestParameters.snapshotId} was shared.' }
---
title: Tags written
id: 1b0c7c64-6f0f-4f0e-9d3c-5a1f6b2d7e02
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventSource: ec2.amazonaws.com, eventName: CreateTags }, condition: selection }
level: informational
`;

/** What goes wrong on the way, by the hours of the day. Besides, 2 % are dropped all day long. */
const TROUBLES = {
  /** EventBridge takes nothing. CloudTrail tries again for half of it, hours later. */
  down: { from: 11 * HOUR, to: 12 * HOUR, again: 16 * HOUR },
  /** EventBridge takes its time. */
  late: { from: 14 * HOUR, to: 15 * HOUR, by: 2 * HOUR },
  /** Nothing gets from EventBridge to the bot; it tries again until something does. The sweep at 19:00 sees half of it. */
  cut: { from: 18 * HOUR + 10 * MINUTE, to: 19 * HOUR + 10 * MINUTE, swept: 18 * HOUR + 40 * MINUTE },
};

const NAMES = {
  alert: 'ModifySnapshotAttribute',
  quiet: 'CreateTags',
  read: 'DescribeTags',
  'not asked for': 'CreateVolume',
};

/** Of what most of the day is made. */
const MOST = ['quiet', 'read', 'not asked for', 'read', 'not asked for'] as const;

interface Happened {
  /** Since the day began. */
  readonly at: Millis;
  readonly id: string;
  readonly kind: keyof typeof NAMES;
  readonly snapshot: string;
  readonly event: JsonObject;
}

/** A day of events in all places. Each snapshot is shared twice, a quarter of an hour apart. */
function aDay(start: Millis): Happened[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const at = Math.floor((index / EVENTS) * DAY);
    const kind = index % 16 === 0 ? 'alert' : MOST[index % MOST.length];
    const pair = Math.floor(index / 32);
    const snapshot = `snap-${String(pair).padStart(8, '0')}`;
    return happened(start, { at, kind: kind ?? 'quiet', snapshot, place: kind === 'alert' ? pair : index });
  });
}

function happened(
  start: Millis,
  { at, kind, snapshot, place }: Pick<Happened, 'at' | 'kind' | 'snapshot'> & { place: number },
): Happened {
  const { account = HOME, region = '' } = PLACES[place % PLACES.length] ?? {};
  const event = record({
    eventTime: sayInstant(start + at).replace(/\.\d+Z/, 'Z'),
    eventSource: 'ec2.amazonaws.com',
    eventName: NAMES[kind],
    readOnly: kind === 'read',
    awsRegion: region,
    recipientAccountId: account,
    requestParameters: { snapshotId: snapshot },
    responseElements: null,
  });
  return { at, id: String(event.eventID), kind, snapshot, event };
}

/** Time goes on until so long after the start. Stops where the bot asks AWS: on the hour, and two minutes later. */
async function passUntil(
  { clock, aws, pass }: ConnectedBot,
  start: Millis,
  until: Millis,
  stop: (now: Millis) => void = () => {},
): Promise<void> {
  for (let now = clock.now() - start; now < until; now = clock.now() - start) {
    const isDoctorsTime = now % HOUR === 0;
    const step = isDoctorsTime ? 2 * MINUTE : 5 * MINUTE - (now % (5 * MINUTE));
    // The doctor's rounds would make ten times the requests of all else, and are tested elsewhere: AWS shuts its door.
    const open = isDoctorsTime ? aws.fault({ kind: 'deny', operation: 'GetCallerIdentity' }) : () => {};
    await pass(step);
    open();
    stop(now + step);
  }
}

/** The day passes, with its troubles, and the time until a sweep has seen all of it. */
async function passTheDay(scene: ConnectedBot, day: readonly Happened[]): Promise<void> {
  const { delivery, happen } = scene;
  const { down, late, cut } = TROUBLES;
  const lostAtNoon = day.filter((one) => isIn(down, one) && Math.floor(one.at / MINUTE) % 2 === 0);
  const turns = new Map<Millis, () => void>([
    [down.from, () => delivery.down()],
    [down.to, () => delivery.up()],
    [down.again, () => happen(lostAtNoon.map(({ event }) => event))],
    [late.from, () => delivery.late(late.by)],
    [late.to, () => delivery.late(0)],
    [cut.from, () => scene.cut()],
    [cut.to, () => scene.mend()],
  ]);
  const waiting = [...day];
  delivery.drop(0.02);
  await passUntil(scene, scene.clock.now(), DAY + HOUR + 5 * MINUTE, (now) => {
    const due = waiting.filter(({ at }) => at < now).length;
    happen(waiting.splice(0, due).map(({ event }) => event));
    turns.get(now)?.();
  });
}

function isIn({ from, to }: { readonly from: Millis; readonly to: Millis }, { at }: Happened): boolean {
  return at >= from && at < to;
}

/** Alert messages, by the snapshot that they are about. */
function messagesBySnapshot(workspace: Workspace): Map<string, StoredMessage[]> {
  return Map.groupBy(
    alertMessages(workspace).filter(({ text }) => text.includes('Snapshot shared')),
    (message) => /snap-\d+/.exec(textIn(message))?.[0] ?? '',
  );
}

async function readRecords(bot: ConnectedBot['bot']): Promise<{ ids: string[]; late: string[] }> {
  const sql = await openStoreForReading(bot.folder);
  if (!sql) throw new Error('there is no database');
  const ids = async (from: string) => {
    const rows = await sql.all<{ id: string }>(
      `select r.event_id as id from ${from} where r.event_source <> 'trailbot.internal' order by r.event_id`,
    );
    return rows.map(({ id }) => id);
  };
  const read = {
    ids: await ids('records r'),
    late: await ids('late_records l join records r on r.key = l.record_key'),
  };
  await sql.close();
  return read;
}

const idsOf = (events: readonly Happened[]) => events.map(({ id }) => id).sort();

async function counterOf({ app }: ConnectedBot['bot'], name: string): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  return Number(new RegExp(`^trailbot_${name} (\\d+)$`, 'm').exec(metrics)?.[1]);
}

it('a day with 2 % dropped and EventBridge down for an hour: afterwards nothing is missing, late events are marked, no alert is doubled', async () => {
  const scene = await startConnectedBot({ yaml: SETTINGS, rules: RULES, accounts: ACCOUNTS });
  const { bot, aws, delivery } = scene;
  const day = aDay(scene.clock.now());
  await passTheDay(scene, day);

  const { down, late, cut } = TROUBLES;
  const wanted = day.filter(({ kind }) => kind === 'alert' || kind === 'quiet');
  const dropped = day.filter((one) => delivery.lost.includes(one.id) && !isIn(down, one));
  const isLate = (one: Happened) =>
    dropped.includes(one) || isIn(down, one) || isIn(late, one) || isIn({ ...cut, to: cut.swept }, one);
  const lateOnes = wanted.filter(isLate);
  // What matters was among the 2 %, and in the hour without EventBridge.
  expect(dropped.length).toBeGreaterThan(0.015 * EVENTS);
  for (const lost of [dropped, day.filter((one) => isIn(down, one))]) {
    expect(Object.keys(countKinds(lost)).sort()).toEqual(Object.keys(NAMES).sort());
  }
  const records = await readRecords(bot);
  expect(records.ids).toEqual(idsOf(wanted));
  expect(records.late).toEqual(idsOf(lateOnes));

  const alerts = wanted.filter(({ kind }) => kind === 'alert');
  const shown = messagesBySnapshot(bot.workspace);
  expect([...shown.keys()].sort()).toEqual([...new Set(alerts.map(({ snapshot }) => snapshot))]);
  for (const [snapshot, [message, ...others]] of shown) {
    expect(others).toEqual([]);
    expect(message?.text).toMatch(/^HIGH: 2 × Snapshot shared in (prod|staging)\. A-\d+$/);
    const came = lateOnes.filter((one) => one.kind === 'alert' && one.snapshot === snapshot).length;
    const said = /(\d of 2) events came late, up to .* found by the sweep/.exec(textIn(message))?.[1];
    expect(said).toBe(came === 0 ? undefined : `${came} of 2`);
  }
  // One open alert an account speaks for every gap of the day; and there is nothing else in Slack.
  const gaps = alertMessages(bot.workspace).filter(({ text }) => text.includes('did not arrive'));
  expect(gaps.map(({ text }) => / in (\w+)\. /.exec(text)?.[1]).sort()).toEqual(['prod', 'staging']);
  expect(bot.workspace.messages()).toHaveLength(shown.size + gaps.length);

  const brought = arrivals(scene);
  const twice = lateOnes.filter(({ id }) => brought.has(id));
  for (const trouble of [down, late, cut]) {
    expect(countKinds(twice.filter((one) => isIn(trouble, one))).alert).toBeGreaterThan(0);
  }
  expect(await counterOf(bot, 'events_duplicate_total')).toBe(twice.length);
  const lookups = aws.requests.filter(({ operation }) => operation === 'LookupEvents');
  expect(lookups.length).toBeLessThan(250);
  expect(lookups.every(({ params }) => JSON.stringify(params).includes('"false"'))).toBe(true);
}, 60_000);

function countKinds(events: readonly Happened[]): Partial<Record<Happened['kind'], number>> {
  const kinds = Map.groupBy(events, ({ kind }) => kind);
  return Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]));
}

/** Ids of the events that EventBridge has brought to the webhook. */
function arrivals({ delivery }: ConnectedBot): ReadonlySet<string> {
  return new Set(delivery.attempts.filter(({ outcome }) => outcome === 200).map(({ eventId }) => eventId));
}

it('an event that the sweep has found while EventBridge was trying again is one alert and one record, and stays late', async () => {
  const scene = await startConnectedBot({ yaml: SETTINGS, rules: RULES, accounts: ACCOUNTS });
  const { bot, clock, cut, mend, happen } = scene;
  const start = clock.now();
  const one = happened(start, { at: 0, kind: 'alert', snapshot: 'snap-00000001', place: 3 });
  cut();
  happen([one.event]);
  await passUntil(scene, start, HOUR + 5 * MINUTE);
  const [found, gap, ...others] = alertMessages(bot.workspace);
  expect(others).toEqual([]);
  expect(found?.text).toMatch(/^HIGH: Snapshot shared in staging/);
  expect(textIn(found)).toContain('came late, 1 h after it happened, found by the sweep.');
  expect(gap?.text).toMatch(/^MEDIUM: Events did not arrive and came late in staging/);
  expect(textIn(gap)).toContain(
    `EventBridge did not bring 1 event of ${OTHER} in us-east-1; a rule is true for 1`,
  );
  expect([...arrivals(scene)]).toEqual([]);

  mend();
  await passUntil(scene, start, 3 * HOUR);
  expect([...arrivals(scene)]).toEqual([one.id]);
  expect(await counterOf(bot, 'events_duplicate_total')).toBe(1);
  expect(await readRecords(bot)).toEqual({ ids: [one.id], late: [one.id] });
  expect(bot.workspace.messages()).toEqual([found, gap]);

  if (!found) throw new Error('no alert');
  const told = bot.workspace.waitFor(() => ephemerals(bot.workspace, ALICE)[0]);
  await choose(bot.workspace, ALICE, found, 'More', 'Show event');
  expect(textIn(await told)).toContain('late: 1 h after it happened, found by the sweep');
});
