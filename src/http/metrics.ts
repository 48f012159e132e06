import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Log } from '../kernel/log.ts';
import { type Millis, SECOND } from '../kernel/time.ts';
import type { Counters } from '../work/counters.ts';
import type { Status } from '../work/status.ts';
import type { WayCounters } from '../work/ways/message-work.ts';
import type { IngestCounters } from './ingest.ts';
import type { Handler } from './server.ts';

/** What the bot counts, for Prometheus. */
export interface Metrics extends Counters, IngestCounters, WayCounters {
  /** `GET /metrics`. On the webhook's port: a load balancer should pass on the webhook's paths alone. */
  readonly handler: Handler;
}

const WEBHOOK_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4];

/** From seconds to the hours that a sweep is late. */
const LATENCY_BUCKETS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 21_600];

/** Every instance has its own registry, so that two bots in one process do not add up. */
export function createMetrics(status: () => Promise<Status>, log: Log): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const show = createGauges(registry);

  return {
    ...createCounters(registry),
    async handler(_req, res) {
      try {
        show(await status());
      } catch (error) {
        // Counters are still true without storage; gauges of before would be a lie.
        log.error({ error }, 'the status for /metrics could not be read');
        show(undefined);
      }
      const text = await registry.metrics();
      res.writeHead(200, { 'Content-Type': registry.contentType, 'Content-Length': Buffer.byteLength(text) });
      res.end(text);
    },
  };
}

function createCounters(registry: Registry): Counters & IngestCounters & WayCounters {
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
    new Counter({ name: `trailbot_${name}`, help, labelNames, registers: [registry] });

  const received = counter('events_received_total', 'Records that arrived, duplicates among them.');
  const duplicate = counter('events_duplicate_total', 'Records that were stored already.');
  const rejected = counter('events_rejected_total', 'Pieces of deliveries that were no record, kept.');
  const alerts = counter('alerts_total', 'Alerts opened.', ['level']);
  const notices = counter('notices_total', 'Notices decided, by what was done and why.', ['kind', 'reason']);
  const refused = counter('webhook_refused_total', 'Requests to the webhook that got no 2xx.', ['reason']);
  const seconds = new Histogram({
    name: 'trailbot_webhook_seconds',
    help: 'From the headers of a delivery to its answer after the commit.',
    buckets: WEBHOOK_BUCKETS,
    registers: [registry],
  });
  const latency = (name: string, help: string): Histogram =>
    new Histogram({ name: `trailbot_${name}`, help, buckets: LATENCY_BUCKETS, registers: [registry] });
  const sinceEvent = latency(
    'event_to_slack_seconds',
    "From an event to the first post of its alert's message.",
  );
  const sinceReceipt = latency(
    'received_to_slack_seconds',
    "From the receipt of an event to the first post of its alert's message.",
  );
  const canaries = counter('canaries_total', 'Canaries, by what became of them.', ['outcome']);
  const canarySeconds = latency('canary_seconds', 'From the sending of a canary to its return.');

  const messages = counter('queue_messages_total', 'Messages of queues, taken in or left to come again.', [
    'queue',
    'outcome',
  ]);
  const files = counter('trail_files_total', 'Trail files that messages point to, by what became of them.', [
    'outcome',
  ]);

  return {
    queueMessage: (queue, outcome) => messages.inc({ queue, outcome }),
    trailFile: (outcome) => files.inc({ outcome }),
    received: (records) => received.inc(records),
    duplicate: (records) => duplicate.inc(records),
    rejected: (pieces) => rejected.inc(pieces),
    alert: (level) => alerts.inc({ level }),
    notice: (kind, reason) => notices.inc({ kind, reason }),
    posted(afterEvent, afterReceipt) {
      sinceEvent.observe(afterEvent / SECOND);
      if (afterReceipt !== undefined) sinceReceipt.observe(afterReceipt / SECOND);
    },
    canary: (outcome) => canaries.inc({ outcome }),
    canaryTook: (took) => canarySeconds.observe(took / SECOND),
    refused: (reason) => refused.inc({ reason }),
    answered: (took: Millis) => seconds.observe(took / SECOND),
  };
}

/** Returns what shows a status; without one, all gauges are NaN: not known. */
function createGauges(registry: Registry): (status: Status | undefined) => void {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
    new Gauge({ name: `trailbot_${name}`, help, labelNames, registers: [registry] });

  const lag = gauge('lag_seconds', 'Age of the oldest record that no rule has seen yet.');
  const pending = gauge('records_pending', 'Records that no rule has seen yet.');
  const last = gauge('last_received_timestamp_seconds', 'When the last record arrived; 0 if none ever did.');
  const alerts = gauge('alerts', 'Alerts kept, by state.', ['state']);
  const due = gauge('jobs_due', 'Jobs whose time has come.');
  const parked = gauge('jobs_parked', 'Jobs that failed for good and wait for a person.');
  const loaded = gauge('rules_loaded', 'Rules in use.');
  const problems = gauge('rules_problems', 'Mistakes of the last reload that was refused.');
  const canary = gauge(
    'canary_last_timestamp_seconds',
    'When a canary came back last from an account and region; 0 if none ever did.',
    ['account', 'region'],
  );
  const outages = gauge('canary_outages', 'Open outages: canaries lost, or that could not be sent.', [
    'kind',
  ]);
  const queues = gauge('queue_trouble', '1 while a queue cannot be read or emptied, else 0.', ['queue']);

  return (status) => {
    lag.set(status ? status.lag / SECOND : Number.NaN);
    pending.set(status?.records.pending ?? Number.NaN);
    last.set(status ? (status.lastReceivedAt ?? 0) / SECOND : Number.NaN);
    for (const state of ['firing', 'acknowledged', 'resolved'] as const) {
      alerts.set({ state }, status?.alerts[state] ?? Number.NaN);
    }
    due.set(status?.jobs.due ?? Number.NaN);
    parked.set(status?.jobs.parked ?? Number.NaN);
    loaded.set(status?.rules.loaded ?? Number.NaN);
    problems.set(status?.rules.problems.length ?? Number.NaN);
    canary.reset();
    for (const { account, region, returnedAt } of status?.canaries?.places ?? []) {
      canary.set({ account, region }, (returnedAt ?? 0) / SECOND);
    }
    for (const kind of ['lost', 'unsent'] as const) {
      const open = (status?.canaries?.outages ?? []).filter((outage) => outage.kind === kind);
      outages.set({ kind }, status ? open.length : Number.NaN);
    }
    queues.reset();
    for (const { name, trouble } of status?.queues ?? []) queues.set({ queue: name }, trouble ? 1 : 0);
  };
}
