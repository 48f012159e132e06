import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Log } from '../kernel/log.ts';
import { type Millis, SECOND } from '../kernel/time.ts';
import type { Counters } from '../work/counters.ts';
import type { Status } from '../work/status.ts';
import type { IngestCounters } from './ingest.ts';
import type { Handler } from './server.ts';

/** What the bot counts, for Prometheus. */
export interface Metrics extends Counters, IngestCounters {
  /** `GET /metrics`. On the webhook's port: a load balancer should pass on the webhook's paths alone. */
  readonly handler: Handler;
}

const WEBHOOK_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4];

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

function createCounters(registry: Registry): Counters & IngestCounters {
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

  return {
    received: (records) => received.inc(records),
    duplicate: (records) => duplicate.inc(records),
    rejected: (pieces) => rejected.inc(pieces),
    alert: (level) => alerts.inc({ level }),
    notice: (kind, reason) => notices.inc({ kind, reason }),
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
  };
}
