import { afterEach, describe, expect, test } from 'vitest';
import { type Check, createReadyz, healthz } from '../../src/http/health.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { type RunningServer, startServer } from '../../src/http/server.ts';
import { createLog } from '../../src/kernel/log.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import type { Status } from '../../src/work/status.ts';
import { fakeClock } from '../support/clock.ts';
import { get } from './webhook.ts';

const clock = fakeClock();
const lines: string[] = [];
const log = createLog('info', { write: (line) => void lines.push(line) });
let server: RunningServer;

interface Parts {
  readonly checks?: () => Promise<readonly Check[]>;
  readonly status?: () => Promise<Status>;
}

async function start(parts: Parts): Promise<ReturnType<typeof createMetrics>> {
  const readyz = createReadyz({ checks: parts.checks ?? (async () => []), clock, log });
  const metrics = createMetrics(parts.status ?? (async () => STATUS), log);
  const routes = {
    '/healthz': { GET: healthz },
    '/readyz': { GET: readyz },
    '/metrics': { GET: metrics.handler },
  };
  server = await startServer({ host: '127.0.0.1', port: 0, routes, clock, random: systemRandom, log });
  return metrics;
}

afterEach(() => server.stop(0));

const STATUS: Status = {
  startedAt: 0,
  records: { stored: 9, pending: 3, rejected: 1, lastReject: undefined },
  lastReceivedAt: 1_795_166_102_000,
  lag: 1500,
  alerts: { firing: 2, acknowledged: 1, resolved: 5 },
  jobs: { due: 4, parked: 6, lastError: undefined },
  rules: { loaded: 25, loadedAt: 0, problems: [] },
};

const STORAGE: Check = { name: 'storage', state: 'ok', says: 'Writable.' };
const SLACK: Check = {
  name: 'slack',
  state: 'degraded',
  says: 'Slack does not answer; alerts wait until it does.',
};
const RULES: Check = {
  name: 'rules',
  state: 'failed',
  says: 'No rule is loaded; see the log for the mistakes.',
};

describe('/healthz', () => {
  test('says that the process answers', async () => {
    await start({});
    expect(await get(`${server.url}/healthz`)).toMatchObject({ status: 200, json: { alive: true } });
  });
});

describe('/readyz says in words what is wrong', () => {
  test('ready while nothing failed: without Slack events are still taken', async () => {
    await start({ checks: async () => [STORAGE, SLACK] });
    expect(await get(`${server.url}/readyz`)).toMatchObject({
      status: 200,
      json: { ready: true, checks: [STORAGE, SLACK] },
    });
  });

  test('not ready when one failed', async () => {
    await start({ checks: async () => [STORAGE, RULES] });
    expect(await get(`${server.url}/readyz`)).toMatchObject({
      status: 503,
      json: { ready: false, checks: [STORAGE, RULES] },
    });
  });

  test('not ready when the checks hang', async () => {
    await start({ checks: () => new Promise(() => {}) });
    const answer = get(`${server.url}/readyz`);
    await clock.untilSleeping(1);
    await clock.advance(3000);
    expect(await answer).toMatchObject({ status: 503, json: { ready: false } });
    expect((await answer).text).toContain('did not come to an end within 3 s');
  });

  test('not ready when the checks fail, the reason is in the log alone', async () => {
    await start({ checks: () => Promise.reject(new Error('disk I/O error')) });
    const answer = await get(`${server.url}/readyz`);
    expect(answer).toMatchObject({ status: 503, json: { ready: false } });
    expect(answer.text).not.toContain('disk I/O error');
    expect(lines.join()).toContain('disk I/O error');
  });
});

describe('/metrics', () => {
  test('shows what was counted', async () => {
    const metrics = await start({});
    metrics.received(5);
    metrics.duplicate(2);
    metrics.rejected(1);
    metrics.alert('high');
    metrics.notice('post', 'first');
    metrics.refused('key');
    metrics.answered(20);
    const { text, headers } = await get(`${server.url}/metrics`);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'trailbot_events_received_total 5',
        'trailbot_events_duplicate_total 2',
        'trailbot_events_rejected_total 1',
        'trailbot_alerts_total{level="high"} 1',
        'trailbot_notices_total{kind="post",reason="first"} 1',
        'trailbot_webhook_refused_total{reason="key"} 1',
        'trailbot_webhook_seconds_bucket{le="0.01"} 0',
        'trailbot_webhook_seconds_bucket{le="0.025"} 1',
        'trailbot_webhook_seconds_sum 0.02',
      ]),
    );
  });

  test('shows how the bot is doing', async () => {
    await start({});
    const { text } = await get(`${server.url}/metrics`);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'trailbot_lag_seconds 1.5',
        'trailbot_records_pending 3',
        'trailbot_last_received_timestamp_seconds 1795166102',
        'trailbot_alerts{state="firing"} 2',
        'trailbot_alerts{state="acknowledged"} 1',
        'trailbot_jobs_due 4',
        'trailbot_jobs_parked 6',
        'trailbot_rules_loaded 25',
        'trailbot_rules_problems 0',
      ]),
    );
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  test('shows how long events take, and how canaries fare', async () => {
    const places = [
      { account: '111122223333', region: 'eu-west-1', sentAt: 0, returnedAt: 1_795_166_102_000, took: 2000 },
      { account: '111122223333', region: 'us-east-1', sentAt: 0, returnedAt: null, took: null },
    ].map((place) => ({ ...place, accountName: 'prod' }));
    const outage = { kind: 'lost' as const, place: 'us-east-1', since: 0, what: undefined, remedy: '' };
    const metrics = await start({
      status: async () => ({ ...STATUS, canaries: { places, outages: [outage] } }),
    });
    metrics.posted(4000, 900);
    metrics.posted(7_200_000, undefined);
    metrics.canary('sent');
    metrics.canary('returned');
    metrics.canaryTook(2000);
    const { text } = await get(`${server.url}/metrics`);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'trailbot_event_to_slack_seconds_bucket{le="5"} 1',
        'trailbot_event_to_slack_seconds_count 2',
        'trailbot_received_to_slack_seconds_bucket{le="1"} 1',
        'trailbot_received_to_slack_seconds_count 1',
        'trailbot_canaries_total{outcome="returned"} 1',
        'trailbot_canary_seconds_bucket{le="2"} 1',
        'trailbot_canary_last_timestamp_seconds{account="111122223333",region="eu-west-1"} 1795166102',
        'trailbot_canary_last_timestamp_seconds{account="111122223333",region="us-east-1"} 0',
        'trailbot_canary_outages{kind="lost"} 1',
        'trailbot_canary_outages{kind="unsent"} 0',
      ]),
    );
  });

  test('shows which queue cannot be read or emptied', async () => {
    const queue = { answeredAt: 0, lastMessageAt: 0, messages: 0, failures: 0, files: 0, left: undefined };
    const trouble = { kind: 'denied' as const, what: 'not allowed', remedy: 'allow it', since: 0 };
    const queues = [
      { ...queue, name: 'events', trouble: undefined },
      { ...queue, name: 'files', trouble },
    ];
    await start({ status: async () => ({ ...STATUS, queues }) });
    const { text } = await get(`${server.url}/metrics`);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'trailbot_queue_trouble{queue="events"} 0',
        'trailbot_queue_trouble{queue="files"} 1',
      ]),
    );
  });

  test('does not pass off old numbers as new ones when storage is in trouble', async () => {
    let fails = false;
    const metrics = await start({
      status: () => (fails ? Promise.reject(new Error('disk I/O error')) : Promise.resolve(STATUS)),
    });
    metrics.received(7);
    await get(`${server.url}/metrics`);
    fails = true;
    const { status, text } = await get(`${server.url}/metrics`);
    expect(status).toBe(200);
    expect(text).toContain('\ntrailbot_events_received_total 7\n');
    expect(text).toContain('\ntrailbot_lag_seconds Nan\n');
  });

  test('of two bots in one process are kept apart', async () => {
    const one = await start({});
    const other = createMetrics(async () => STATUS, log);
    other.received(100);
    one.received(1);
    expect((await get(`${server.url}/metrics`)).text).toContain('\ntrailbot_events_received_total 1\n');
  });
});
