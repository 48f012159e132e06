import { OWN_SOURCE, type OwnEvent, ownEventBody } from '../cloudtrail/own-event.ts';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../kernel/json.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, type Millis, sayDuration, sayUtc } from '../kernel/time.ts';
import {
  type CanaryOutage,
  type EndingOutage,
  endingOutages,
  endOutage,
  hasOpenOutage,
  markTold,
  type OutageKind,
  openOutage,
  openOutages,
  untoldOutages,
} from '../store/canary-outages.ts';
import { isPending } from '../store/records.ts';
import type { Database } from '../store/sql.ts';
import { covers } from './canary-scope.ts';
import type { Place, Reach } from './cloud-history.ts';
import type { Counters } from './counters.ts';
import type { createIntake } from './intake.ts';
import { sayOver } from './over.ts';

export interface OutageTools {
  readonly db: Database;
  readonly intake: Pick<ReturnType<typeof createIntake>, 'accept'>;
  readonly counters: Counters;
  /** What an account is called, else its id. */
  readonly accountName: (account: string) => string;
  /** Where the bot is at home, for what concerns all places. */
  readonly homeRegion: () => string;
  readonly clock: Clock;
  readonly random: Random;
  /** An alert's message has to be drawn anew. */
  readonly changed: () => void;
}

/** What is noticed when no canary comes from somewhere. */
export interface Beginning extends Place {
  readonly id: string;
  readonly kind: OutageKind;
  readonly sentAt: Millis;
  /** The bot's own account, where it is known. */
  readonly home: string | undefined;
  readonly details: JsonObject;
}

/** Where not even the bot's own account is known. */
const NO_ACCOUNT = '000000000000';

/** Writes down that an outage begins; `tellOutages` makes it known, now or after a crash. */
export async function beginOutage(tools: OutageTools, beginning: Beginning): Promise<void> {
  const { account, region, home, id, kind, sentAt, details } = beginning;
  const report = ownEventBody({
    name: 'CanaryLost',
    id,
    at: tools.clock.now(),
    account: account === '*' ? (home ?? NO_ACCOUNT) : account,
    region: region === '*' ? tools.homeRegion() : region,
    details: { kind, ...details },
  });
  const { key } = recordOf(report);
  const outage = { id, account, region, kind, sentAt, report: JSON.stringify(report), recordKey: key };
  await openOutage(tools.db, outage);
}

/** Makes known what nobody was told of. A second time changes nothing: the record is the same. */
export async function tellOutages(tools: OutageTools): Promise<void> {
  for (const { id, report } of await untoldOutages(tools.db)) {
    await take(tools, recordOf(reportOf(report)));
    await markTold(tools.db, id);
  }
}

/** Makes known what is over, and closes its alerts or says so to those who have them. True while some goes on. */
export async function endCanaryOutages(tools: OutageTools): Promise<boolean> {
  for (const outage of await endingOutages(tools.db)) {
    // An alert that is not there yet cannot be closed; the rules see the record within moments.
    if (!(await isPending(tools.db, outage.recordKey))) {
      await end(tools, outage, outage.by.at, sayEnd(outage, tools.accountName));
    }
  }
  return (await openOutages(tools.db)).length > 0;
}

/** An outage at what is connected no longer is none. `reach` must be whole. */
export async function forgetDisconnected(
  tools: OutageTools,
  { places }: Pick<Reach, 'places'>,
): Promise<void> {
  for (const outage of await openOutages(tools.db)) {
    if (places.some((place) => covers(outage, place))) continue;
    const told = 'No canary is sent from there any more: it is not connected by the configuration.';
    await end(tools, outage, tools.clock.now(), told);
  }
}

async function end(tools: OutageTools, outage: CanaryOutage, at: Millis, told: string): Promise<void> {
  const { db, clock } = tools;
  const report = reportOf(outage.report);
  const returned: OwnEvent = {
    name: 'CanaryReturned',
    id: outage.id,
    at: clock.now(),
    account: textOf(report, 'recipientAccountId') ?? outage.account,
    region: textOf(report, 'awsRegion') ?? outage.region,
    details: {
      kind: outage.kind,
      place: textOf(objectOf(report, 'serviceEventDetails') ?? {}, 'place') ?? '',
      after: sayDuration(at - outage.sentAt),
      says: told,
    },
  };
  await take(tools, recordOf(ownEventBody(returned)));
  await db.tx(async (sql) => {
    const now = clock.now();
    if (!(await endOutage(sql, outage.id, now, told))) return;
    await sayOver(sql, tools.random, {
      recordKey: outage.recordKey,
      note: told,
      unless: (alertId) => hasOpenOutage(sql, alertId),
      now,
    });
  });
  tools.changed();
}

function sayEnd({ kind, by, sentAt }: EndingOutage, nameOf: (account: string) => string): string {
  const from = `${nameOf(by.account)} in ${by.region}`;
  const after = sayDuration(by.at - sentAt);
  return kind === 'lost'
    ? `A canary from ${from} came back at ${sayUtc(by.at)}, ${after} after the lost one was sent.`
    : `A canary from ${from} could be sent again at ${sayUtc(by.at)}, after ${after}.`;
}

function reportOf(text: string): JsonObject {
  const report = parseJson(text);
  if (!isObject(report)) throw new Error('the report of an outage is no record');
  return report;
}

function recordOf(body: JsonObject): CloudTrailRecord {
  const record = readRecord(body);
  if ('unreadable' in record) throw new Error(`an event of ${OWN_SOURCE} is no record: ${record.unreadable}`);
  return record;
}

async function take({ intake, clock }: OutageTools, record: CloudTrailRecord): Promise<void> {
  await intake.accept({ records: [record], rejects: [] }, clock.now());
}
