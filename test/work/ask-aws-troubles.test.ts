import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { createCloudHistory } from '../../src/aws/cloud-history.ts';
import { createLog } from '../../src/kernel/log.ts';
import { DAY, HOUR, MINUTE, nextTurn, SECOND, sayInstant, systemClock } from '../../src/kernel/time.ts';
import type { Material } from '../../src/questions/material.ts';
import type { ActivityQuestion, Scope } from '../../src/questions/question.ts';
import { sayCoverage } from '../../src/questions/say-coverage.ts';
import { type AskOptions, type AskState, ask } from '../../src/work/ask/ask.ts';
import type { CloudHistory } from '../../src/work/cloud-history.ts';
import { event, jsonError, PLACE, page, startWire, stopWire } from '../aws/wire.ts';
import { type FakeAwsOptions, startFakeAws } from '../support/aws/fake-aws.ts';
import { type FakeClock, fakeClock } from '../support/clock.ts';
import { HOME, OTHER } from '../support/memory-history.ts';
import { record } from '../support/records.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const LOG = createLog('silent');
const REGIONS = ['us-east-1', 'eu-west-1'];

interface Setting {
  readonly regions?: readonly string[];
  readonly rate?: { requests: number; per: number };
  readonly delay?: FakeAwsOptions['delay'];
  /** Calls of the key in each account, in us-east-1. */
  readonly calls?: number;
}

async function setting({ regions, rate, delay, calls = 1 }: Setting = {}) {
  const clock = fakeClock(systemClock.now());
  const aws = await startFakeAws({
    accounts: { [HOME]: { regions: REGIONS }, [OTHER]: { regions: REGIONS, readerRole: 'TrailbotReader' } },
    rate: 'unlimited',
    now: clock.now,
    ...(delay === undefined ? {} : { delay }),
  });
  aws.add(
    [HOME, OTHER].flatMap((recipientAccountId) =>
      Array.from({ length: calls }, (_, index) => {
        const eventTime = sayInstant(clock.now() - HOUR - index * SECOND).replace(/\.\d+Z$/, 'Z');
        return record({ recipientAccountId, awsRegion: 'us-east-1', eventTime });
      }),
    ),
  );
  const history = createCloudHistory({
    accounts: new Map([
      [HOME, {}],
      [OTHER, { readerRole: 'TrailbotReader' }],
    ]),
    regions: regions ?? 'enabled',
    endpoint: aws.url,
    credentials: aws.credentials,
    clock,
    log: LOG,
    rate: rate ?? { requests: 1000, per: SECOND },
  });
  onTestFinished(() => history.close());
  return { clock, aws, history };
}

function start(
  { clock, history }: { clock: FakeClock; history: CloudHistory },
  scope: Partial<Scope> = {},
  options: Partial<AskOptions> = {},
) {
  const now = clock.now();
  const heard: AskState[] = [];
  const period = { from: now - DAY, to: now, said: 'last 24 h' };
  const question: ActivityQuestion = { kind: 'key', value: KEY, scope: { period, ...scope } };
  const asked = ask({ sql: undefined, history, clock, log: LOG }, question, {
    signal: new AbortController().signal,
    deadline: MINUTE,
    hear: (state) => heard.push(state),
    ...options,
  });
  /** Time goes by slowly until then. */
  async function until(wanted: (state: AskState) => boolean): Promise<AskState | undefined> {
    while (!heard.some(wanted)) {
      await clock.advance(1);
    }
    return heard.find(wanted);
  }
  return { asked, heard, until };
}

/** Time goes by while the question waits for it. */
async function answered(clock: FakeClock, asked: Promise<Material>): Promise<Material> {
  let ended = false;
  const watched = asked.finally(() => {
    ended = true;
  });
  while (!ended) await clock.advance(1);
  return watched;
}

function said({ coverage }: Material): string {
  const names = { account: (id: string) => (id === OTHER ? 'Staging' : 'Production'), networks: () => [] };
  return sayCoverage(coverage, names)
    .map((line) => line.map((span) => ('text' in span ? span.text : '…')).join(''))
    .join('\n');
}

describe('an account that does not answer', () => {
  it.each(['AssumeRole', 'ListRegions'])('is no matter of a question in another (%s)', async (operation) => {
    const { aws, ...tools } = await setting();
    aws.fault({ kind: 'hang', operation, account: operation === 'AssumeRole' ? HOME : OTHER });
    const { calls, coverage } = await start(tools, { account: HOME }).asked;
    expect(calls).toHaveLength(1);
    expect(said({ calls, coverage })).not.toContain('Staging');
  });

  it('keeps no other waiting, and is named after five seconds', async () => {
    const { aws, ...tools } = await setting();
    aws.fault({ kind: 'hang', operation: 'AssumeRole' });
    const { asked, until } = start(tools);
    const first = await until(({ done }) => done === 2);
    expect(first).toMatchObject({ places: 3, material: { calls: [{}] } });
    await tools.clock.advance(5 * SECOND);
    expect(said(await asked)).toContain(
      'Staging: AWS did not answer sts:AssumeRole within 5 s. Ask again in a minute',
    );
  });

  it('is asked in the regions that every account has where it does not list its own', async () => {
    const { aws, ...tools } = await setting();
    aws.fault({ kind: 'hang', operation: 'ListRegions', account: OTHER });
    const { asked, until } = start(tools);
    await until(({ done }) => done === 2);
    await tools.clock.advance(5 * SECOND);
    const material = await asked;
    expect(material.calls).toHaveLength(2);
    expect(said(material)).toContain(
      'AWS did not answer account:ListRegions within 5 s, so only the 17 regions',
    );
  });

  it('is named when the question ends before', async () => {
    const { aws, ...tools } = await setting();
    aws.fault({ kind: 'hang', operation: 'AssumeRole' });
    const { asked, until } = start(tools, {}, { deadline: 2 * SECOND });
    await until(({ done }) => done === 2);
    await tools.clock.advance(2 * SECOND);
    expect(said(await asked)).toContain('Staging: out of time after 2 s before its regions were known.');
  });
});

describe('AWS that turns requests away', () => {
  it('is named as the reason when time runs out, and while it happens', async () => {
    const { aws, ...tools } = await setting();
    aws.fault({ kind: 'throttle', region: 'us-east-1' });
    const { asked, heard } = start(tools, { account: HOME }, { deadline: 5 * SECOND });
    const material = await answered(tools.clock, asked);
    const sent = aws.requests.filter(({ operation }) => operation === 'LookupEvents').length;
    expect(said(material)).toContain(
      `Production in us-east-1: out of time after 5 s (throttled: AWS turned away ${sent - 1} requests)`,
    );
    expect(said(material)).toContain(`read in ${sent} requests`);
    const counts = heard.map(({ material: { coverage } }) =>
      'places' in coverage.lookup ? Math.max(0, ...coverage.lookup.places.map((one) => one.throttled)) : 0,
    );
    expect(counts).toContain(1);
  });
});

describe('a period beyond the 90 days', () => {
  it('asks nothing when all of it is, and says why', async () => {
    const { aws, ...tools } = await setting();
    const now = tools.clock.now();
    const period = { from: now - 120 * DAY, to: now - 100 * DAY, said: 'then' };
    const { coverage } = await start(tools, { period }).asked;
    expect(coverage.lookup).toEqual({ off: 'older than the 90 days of CloudTrail’s event history' });
    expect(aws.requests.filter(({ operation }) => operation === 'LookupEvents')).toEqual([]);
  });

  it('is read as far as AWS goes when it begins there, and says how far that is', async () => {
    const tools = await setting();
    const now = tools.clock.now();
    const period = { from: now - 120 * DAY, to: now, said: 'long' };
    const material = await start(tools, { period, account: HOME }).asked;
    expect(material.calls).toHaveLength(1);
    expect(material.coverage.lookup).toMatchObject({
      places: [
        { state: 'partial', readBackTo: now - 90 * DAY + MINUTE },
        { state: 'partial', readBackTo: now - 90 * DAY + MINUTE },
      ],
    });
    expect(said(material)).toContain('AWS keeps 90 days of event history (all read back to at least …)');
  });

  it('is not meant by a question for all of the 90 days', async () => {
    const tools = await setting();
    const now = tools.clock.now();
    const period = { from: now - 90 * DAY, to: now, said: 'last 90 days' };
    const { coverage } = await start(tools, { period, account: HOME }).asked;
    expect(coverage.lookup).toMatchObject({ places: [{ state: 'done' }, { state: 'done' }] });
  });
});

describe('what goes wrong in the middle', () => {
  /** Stops the clock after the first page of each place. */
  const slow = { calls: 120, rate: { requests: 1, per: SECOND } };

  it('expired credentials of a reader role are renewed, and nothing is missing', async () => {
    const { aws, ...tools } = await setting(slow);
    const { asked, until } = start(tools, { account: OTHER });
    await until(({ events, done }) => events >= 50 && done === 1);
    aws.fault({ kind: 'expired', times: 1 });
    const material = await answered(tools.clock, asked);
    expect(material.calls).toHaveLength(120);
    expect(material.coverage.lookup).toMatchObject({ places: [{ state: 'done' }, { state: 'done' }] });
    expect(aws.requests.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(2);
  });

  it('credentials that stay expired end the place, with what was read', async () => {
    const { aws, ...tools } = await setting(slow);
    const { asked, until } = start(tools, { account: OTHER });
    await until(({ events, done }) => events >= 50 && done === 1);
    aws.fault({ kind: 'expired' });
    const material = await answered(tools.clock, asked);
    expect(material.calls).toHaveLength(50);
    expect(said(material)).toContain(
      'Staging in us-east-1: the credentials have expired (read back to …). Renew them',
    );
  });

  it('a region that is off says so, and how to be rid of it', async () => {
    const tools = await setting({ regions: ['us-east-1', 'ap-east-1'] });
    expect(said(await start(tools, { account: HOME }).asked)).toContain(
      'Production in ap-east-1: the region is off in that account. Enable it there, or leave it out of history.regions.',
    );
  });
});

describe('a token that AWS forgets', () => {
  afterEach(stopWire);

  it('costs one request, and says so when it happens again', async () => {
    const lost = jsonError('InvalidNextTokenException', 'Invalid token');
    const at = Date.UTC(2026, 10, 20, 9);
    const again = startWire(
      {
        lookup: (_, count) =>
          [page([event('a', at)], 'old'), lost, page([event('a', at), event('b', at - 5000)])][count - 1] ??
          page([]),
      },
      { regions: [PLACE.region] },
    );
    const whole = await start(again, { period: periodOf(at) }).asked;
    expect(said(whole)).toContain('2 events read in 3 requests');
    const gone = startWire(
      { lookup: (_, count) => (count % 2 === 1 ? page([event('a', at)], `${count}`) : lost) },
      { regions: [PLACE.region] },
    );
    expect(said(await start(gone, { period: periodOf(at) }).asked)).toContain(
      'Production in eu-west-1: AWS forgot where the answer stood (read back to …). Ask again.',
    );
  });

  const periodOf = (at: number) => ({ from: at - DAY, to: at + HOUR, said: 'last day' });
});

describe('questions that nobody waits for', () => {
  it('leave nothing behind: 50 that are stopped at any moment', async () => {
    const failures: unknown[] = [];
    const note = (error: unknown) => failures.push(error);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const { aws, ...tools } = await setting({ calls: 120, rate: { requests: 2, per: SECOND } });
    aws.fault({ kind: 'throttle', region: 'eu-west-1', times: 20 });
    aws.fault({ kind: 'hang', operation: 'ListRegions', account: OTHER, times: 1 });
    aws.fault({ kind: 'reset', operation: 'GetAccessKeyInfo', times: 10 });
    const questions = Array.from({ length: 50 }, async (_, index) => {
      const stop = new AbortController();
      const { asked } = start(tools, index % 3 === 0 ? {} : { account: HOME }, {
        signal: stop.signal,
      });
      if (index % 4 === 1) await Promise.race([asked, aws.untilRequests(5 + index)]);
      if (index % 4 === 2) await tools.clock.sleep(index * SECOND);
      if (index % 4 === 3) await aws.untilRequests(index);
      stop.abort();
      return asked;
    });
    const all = Promise.all(questions);
    let ended = false;
    void all.then(() => {
      ended = true;
    });
    while (!ended) await tools.clock.advance(20);
    for (const { coverage } of await all) expect(coverage).toBeDefined();
    tools.history.close();
    for (let turn = 0; turn < 100; turn += 1) await nextTurn();
    expect(tools.clock.asleep).toBe(0);
    expect(failures).toEqual([]);
  });
});
