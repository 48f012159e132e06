/**
 * How long a question to AWS takes, against what AWS allows at best: "key AKIA… 30d" in 17 regions of 3 accounts,
 * with 5,000 events spread unevenly, through the real SDK and over real HTTP to a fake that enforces two requests
 * a second in each account and region. Each run is a first question: it also learns who it is, enters the
 * accounts and lists their regions. Prints a table; asserts nothing.
 *
 *   npm run bench:lookup
 *   BENCH_RUNS=1 BENCH_EVENTS=500 npm run bench:lookup
 */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { createCloudHistory } from '../src/aws/cloud-history.ts';
import type { JsonObject } from '../src/kernel/json.ts';
import { createLog } from '../src/kernel/log.ts';
import { DAY, type Millis, SECOND, sayInstant, systemClock } from '../src/kernel/time.ts';
import { readQuestion } from '../src/questions/reading/read-question.ts';
import { ask } from '../src/work/ask/ask.ts';
import { DEFAULT_REGIONS, keyIdOf } from '../test/support/aws/accounts.ts';
import { type FakeAws, startFakeAws } from '../test/support/aws/fake-aws.ts';
import { record, user } from '../test/support/records.ts';

const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const EVENTS = Number(process.env.BENCH_EVENTS ?? 5000);
const HOME = '111122223333';
const OTHERS = ['444455556666', '777788889999'];
const READER = 'TrailbotReader';
const KEY = keyIdOf('AKIA', HOME, 7);
const RATE = { requests: 2, per: SECOND };
/** Shortest and longest time from a request's arrival to its answer. */
const LATENCY: readonly [Millis, Millis] = [80, 150];
const PAGE = 50;

interface Run {
  readonly first: Millis;
  readonly total: Millis;
  readonly requests: number;
  readonly throttled: number;
  readonly calls: number;
  readonly unread: number;
}

/** How many of the events lie in each place: the second has half as many as the first, the third a third … */
function spread(places: number): number[] {
  const weights = Array.from({ length: places }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const counts = weights.map((weight) => Math.floor((EVENTS * weight) / sum));
  const rest = EVENTS - counts.reduce((total, count) => total + count, 0);
  return counts.map((count, i) => (i < rest ? count + 1 : count));
}

/** The home account has most; neighbours in the list of regions differ much, as in life. */
function records(counts: readonly number[]): JsonObject[] {
  const accounts = [HOME, ...OTHERS];
  const now = Date.now();
  return counts.flatMap((count, place) => {
    const awsRegion = DEFAULT_REGIONS[Math.floor(place / accounts.length)] ?? '';
    const recipientAccountId = accounts[place % accounts.length] ?? '';
    return Array.from({ length: count }, (_, i) =>
      record({
        userIdentity: { ...user('alice', HOME), accessKeyId: KEY },
        eventTime: sayInstant(now - DAY - ((i + 1) * 28 * DAY) / (count + 1)),
        sourceIPAddress: `203.0.113.${i % 20}`,
        awsRegion,
        recipientAccountId,
      }),
    );
  });
}

/** Spread evenly between shortest and longest, and the same in every run. */
function latencies(): () => Millis {
  const [shortest, longest] = LATENCY;
  let asked = 0;
  return () => {
    asked += 1;
    return shortest + ((asked * 37) % (longest - shortest + 1));
  };
}

/**
 * The soonest that the fullest place can have given all its pages: a page can be asked for when the one before has
 * come, and when the rate lets it through.
 */
function best(fullest: number): Millis {
  const latency = (LATENCY[0] + LATENCY[1]) / 2;
  const pages = Math.max(1, Math.ceil(fullest / PAGE));
  const starts: Millis[] = [];
  for (let page = 0; page < pages; page += 1) {
    const before = starts.at(-1);
    const allowed = starts.at(-RATE.requests);
    const isFull = starts.length >= RATE.requests;
    starts.push(
      Math.max(before === undefined ? 0 : before + latency, isFull ? (allowed ?? 0) + RATE.per : 0),
    );
  }
  return (starts.at(-1) ?? 0) + latency;
}

async function startAws(counts: readonly number[]): Promise<FakeAws> {
  const readers = OTHERS.map((account) => [account, { readerRole: READER }] as const);
  const keys = { [KEY]: { userName: 'alice' } };
  const aws = await startFakeAws({
    accounts: { [HOME]: { keys }, ...Object.fromEntries(readers) },
    home: HOME,
    rate: RATE,
    delay: latencies(),
  });
  aws.add(records(counts));
  return aws;
}

async function run(aws: FakeAws): Promise<Run> {
  const log = createLog('silent');
  const history = createCloudHistory({
    accounts: new Map(OTHERS.map((account) => [account, { readerRole: READER }])),
    regions: 'enabled',
    endpoint: aws.url,
    credentials: aws.credentials,
    clock: systemClock,
    log,
  });
  const question = readQuestion(`key ${KEY} 30d`, systemClock.now());
  if ('mistake' in question) throw new Error(question.mistake);
  let first: Millis | undefined;
  const startedAt = performance.now();
  const material = await ask({ sql: undefined, history, clock: systemClock, log }, question, {
    signal: new AbortController().signal,
    deadline: 120 * SECOND,
    hear: ({ events }) => {
      if (events > 0) first ??= performance.now() - startedAt;
    },
  });
  const total = performance.now() - startedAt;
  history.close();
  const { lookup } = material.coverage;
  return {
    first: first ?? total,
    total,
    requests: aws.requests.length,
    throttled: aws.requests.filter(({ outcome }) => outcome === 'ThrottlingException').length,
    calls: material.calls.length,
    unread: 'places' in lookup ? lookup.places.filter(({ state }) => state !== 'done').length : Number.NaN,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const seconds = (ms: Millis): string => `${(ms / 1000).toFixed(2)} s`;

async function main(): Promise<void> {
  const places = (1 + OTHERS.length) * DEFAULT_REGIONS.length;
  const counts = spread(places);
  const fullest = Math.max(...counts);
  const atBest = best(fullest);
  console.log(`key ${KEY} 30d: ${EVENTS} events in ${places} places, ${fullest} in the fullest`);
  console.log(`${RATE.requests} requests in ${RATE.per} ms, answers after ${LATENCY.join(' to ')} ms`);
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}\n`);
  console.log('run   first result     total   of the best   requests   throttled   calls');
  const runs: Run[] = [];
  for (let number = 1; number <= RUNS; number += 1) {
    const aws = await startAws(counts);
    const one = await run(aws);
    await aws.stop();
    runs.push(one);
    const cells: [string, number][] = [
      [String(number), 3],
      [seconds(one.first), 15],
      [seconds(one.total), 10],
      [(one.total / atBest).toFixed(2), 14],
      [String(one.requests), 11],
      [String(one.throttled), 12],
      [String(one.calls), 8],
    ];
    console.log(cells.map(([cell, width]) => cell.padStart(width)).join(''));
    if (one.unread > 0) console.log(`      ${one.unread} places were not read to the end`);
  }
  const total = median(runs.map((one) => one.total));
  console.log(`\nbest that the rate allows ${seconds(atBest)}`);
  console.log(`median total ${seconds(total)}, ${(total / atBest).toFixed(2)} of the best (promise: 1.2)`);
  console.log(`median first result ${seconds(median(runs.map((one) => one.first)))} (promise: 1.5 s)`);
}

await main();
