import type { Config } from '../config/config.ts';
import { calendarRoutes } from '../http/calendar-feed.ts';
import { type Check, createReadyz, healthz } from '../http/health.ts';
import { createIngest, type Intake } from '../http/ingest.ts';
import type { Metrics } from '../http/metrics.ts';
import { replyEarly } from '../http/reply.ts';
import { type Handler, type RunningServer, startServer } from '../http/server.ts';
import type { Log } from '../kernel/log.ts';
import { sayError } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import { addToCounter } from '../store/counters.ts';
import type { Database } from '../store/sql.ts';
import type { Roster } from '../work/on-call/roster.ts';
import type { Status } from '../work/status.ts';
import { scheduleFeed } from './calendars.ts';
import type { Chat } from './chat.ts';

export interface DoorOptions {
  readonly config: Config;
  readonly db: Database;
  readonly webhookKeys: readonly string[];
  /** `undefined` until Slack was tried: events are stored before. */
  readonly chat: () => Chat | undefined;
  readonly metrics: Metrics;
  readonly status: () => Promise<Status>;
  readonly intake: Intake;
  /** Who is on call, for those who subscribe to it. */
  readonly roster: Roster;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The one port: webhook, Slack's requests, health and metrics. */
export function openDoor(options: DoorOptions): Promise<RunningServer> {
  const { config, webhookKeys: keys, db, roster, chat, metrics, intake, clock, random, log } = options;
  return startServer({
    host: config.listen.host,
    port: config.listen.port,
    routes: {
      '/events': { POST: createIngest({ keys, intake, counters: metrics, clock, log }) },
      '/slack/events': { POST: (req, res) => (chat()?.slack.requestListener ?? notYet)(req, res) },
      '/healthz': { GET: healthz },
      '/readyz': { GET: createReadyz({ checks: () => checksOf(options), clock, log }) },
      '/metrics': { GET: metrics.handler },
      ...calendarRoutes(scheduleFeed({ config, db, roster, clock })),
    },
    clock,
    random,
    log,
  });
}

/** Slack sends its events again. */
const notYet: Handler = (req, res) =>
  replyEarly(req, res, 503, { error: 'The bot is starting: send this again.' }, { 'Retry-After': '5' });

async function checksOf({ db, status }: DoorOptions): Promise<Check[]> {
  try {
    // Reading may go on for long after the disk is full; only a write tells.
    await addToCounter(db, 'readiness checks', 1);
  } catch (error) {
    const says = `Nothing can be written (${sayError(error)}): free or repair the disk; events are refused with 503 until then.`;
    return [{ name: 'storage', state: 'failed', says }];
  }
  return readChecks(await status());
}

function readChecks({ jobs, rules, records }: Status): Check[] {
  return [
    {
      name: 'storage',
      state: 'ok',
      says: `${records.stored} records are stored, ${records.pending} wait for the rules.`,
    },
    rules.problems.length > 0
      ? {
          name: 'rules',
          state: 'degraded',
          says: `The last reload was refused (${rules.problems.length} mistakes); the rules before it run. "trailbot rules check" lists them.`,
        }
      : { name: 'rules', state: 'ok', says: `${rules.loaded} rules are loaded.` },
    jobs.parked > 0
      ? {
          name: 'slack',
          state: 'degraded',
          says: `${jobs.parked} messages could not be delivered: ${jobs.lastError ?? 'see the log'}.`,
        }
      : { name: 'slack', state: 'ok', says: 'No delivery has failed for good.' },
  ];
}
