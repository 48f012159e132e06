/**
 * The own store as a source of answers: how long "who used this key" takes among millions of stored events, and what
 * it costs to make a record findable. Prints a table; asserts nothing.
 *
 *   npm run bench:store
 *   BENCH_EVENTS=200000 BENCH_DIR=/var/tmp npm run bench:store
 *
 * It needs about 3 GB of disk for a million events, and deletes them at the end.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type CloudTrailRecord, readRecord } from '../src/cloudtrail/record.ts';
import type { JsonObject } from '../src/kernel/json.ts';
import { createLog } from '../src/kernel/log.ts';
import { DAY, MINUTE, systemClock } from '../src/kernel/time.ts';
import type { ActivityQuestion } from '../src/questions/question.ts';
import type { StoredQuery } from '../src/questions/stored-query.ts';
import { insertCalls, readCalls, searchableOf } from '../src/store/calls.ts';
import { addDue } from '../src/store/calls-due.ts';
import { openStore } from '../src/store/open.ts';
import { countStored, insertRecord } from '../src/store/records.ts';
import type { Database, Sql, Value } from '../src/store/sql.ts';
import { ask } from '../src/work/ask/ask.ts';
import { makeSearchable } from '../src/work/searchable.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 5_000_000);
const OF_THE_KEY = Math.min(5000, EVENTS);
const RUNS = Number(process.env.BENCH_RUNS ?? 60);
const PERIOD = 30 * DAY;
const START = Date.UTC(2026, 9, 20);
const KEY = 'AKIAQNZGKIQYBENCHKEY';
const BATCH = 5000;

/** The same numbers in every run (mulberry32). */
let seed = 7;
function below(limit: number): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
}

/** Few are busy and many are seldom seen, as in any account. */
const skewed = (limit: number): number => Math.floor(limit * (below(10_000) / 10_000) ** 3);
const digits = (value: number, width: number): string => String(value).padStart(width, '0');
const hex = (width: number): string => {
  let text = '';
  while (text.length < width)
    text += below(2 ** 31)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, width);
};

const CALLS = ['ec2', 's3', 'kms', 'logs', 'iam', 'sts', 'lambda', 'dynamodb', 'secretsmanager', 'ecr'];
const VERBS = ['Describe', 'Get', 'List', 'Create', 'Put', 'Update', 'Delete', 'Batch'];
const THINGS = [
  'Instances',
  'Object',
  'Key',
  'Stream',
  'Role',
  'Function',
  'Table',
  'Secret',
  'Image',
  'Tags',
];
const AGENT =
  'aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/service#1.173.0';

/** One event of about 1.6 kB; every thousandth or so is signed with the key that is asked for. */
function event(index: number): JsonObject {
  const asked = index % Math.floor(EVENTS / OF_THE_KEY) === 0;
  const role = `app-${skewed(200)}`;
  const session = `i-0${hex(3)}${digits(skewed(4000), 13)}`;
  const service = CALLS[skewed(CALLS.length)] ?? 'ec2';
  const verb = VERBS[below(VERBS.length)] ?? 'Get';
  const account = `1111222233${digits(skewed(20), 2)}`;
  const at = START + Math.floor((index / EVENTS) * PERIOD);
  const request = {
    bucketName: `acme-${skewed(500)}`,
    key: `logs/2026/${index}.gz`,
    instanceId: `i-0${digits(skewed(20_000), 16)}`,
  };
  return {
    eventVersion: '1.11',
    userIdentity: asked
      ? {
          type: 'IAMUser',
          principalId: 'AIDACKCEVSQ6C2EXAMPLE',
          arn: `arn:aws:iam::${account}:user/deploy`,
          accountId: account,
          accessKeyId: KEY,
          userName: 'deploy',
        }
      : {
          type: 'AssumedRole',
          principalId: `AROACKCEVSQ6C2EXAMPLE:${session}`,
          arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
          accountId: account,
          accessKeyId: `ASIAQNZGKI${digits(skewed(50_000), 10)}`,
          sessionContext: {
            sessionIssuer: {
              type: 'Role',
              principalId: 'AROACKCEVSQ6C2EXAMPLE',
              arn: `arn:aws:iam::${account}:role/${role}`,
              accountId: account,
              userName: role,
            },
            attributes: { creationDate: '2026-11-20T08:00:00Z', mfaAuthenticated: 'false' },
          },
        },
    eventTime: new Date(at).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName: `${verb}${THINGS[below(THINGS.length)]}`,
    awsRegion: ['eu-central-1', 'us-east-1', 'eu-west-1', 'us-west-2'][skewed(4)] ?? 'us-east-1',
    sourceIPAddress: `203.0.${skewed(20)}.${below(250)}`,
    userAgent: AGENT,
    ...(below(25) === 0 ? { errorCode: 'AccessDenied', errorMessage: 'not authorized' } : {}),
    requestParameters: request,
    responseElements: null,
    requestID: `${hex(8)}-51f1-4c8e-9a57-0d2f6d0e1b11`,
    eventID: `${hex(8)}-${hex(4)}-4000-8000-${hex(12)}`,
    readOnly: below(10) < 8,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
  };
}

function made(index: number): CloudTrailRecord {
  const record = readRecord(event(index));
  if ('unreadable' in record) throw new Error(record.unreadable);
  return record;
}

/** The schema is the store's own; only the safety that a benchmark's data does not need is switched off. */
function bulk(file: string): { sql: Sql; connection: DatabaseSync } {
  const connection = new DatabaseSync(file);
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'cache_size = -2000000']) {
    connection.exec(`pragma ${pragma}`);
  }
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string): StatementSync => {
    const known = statements.get(text) ?? connection.prepare(text.replace(/\$(\d+)/g, '?$1'));
    statements.set(text, known);
    return known;
  };
  const sql: Sql = {
    all: async <T extends object>(text: string, values: readonly Value[] = []) =>
      prepared(text).all(...values) as T[],
    run: async (text, values = []) => Number(prepared(text).run(...values).changes),
  };
  return { sql, connection };
}

async function fill(folder: string): Promise<number> {
  await (await openStore(folder)).close();
  const { sql, connection } = bulk(join(folder, 'trailbot.db'));
  const startedAt = performance.now();
  for (let from = 0; from < EVENTS; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, EVENTS - from) }, (_, index) => made(from + index));
    connection.exec('begin');
    for (const record of batch) await insertRecord(sql, record, record.eventTime + MINUTE);
    await insertCalls(
      sql,
      batch.map((record) => searchableOf(record, record.eventTime + MINUTE)),
    );
    await sql.run('delete from pending');
    await countStored(sql, batch.length);
    connection.exec('commit');
    if (from % (100 * BATCH) === 0) process.stderr.write(`${from.toLocaleString('en-US')} events stored\n`);
  }
  connection.exec('pragma journal_mode = wal');
  connection.close();
  return (performance.now() - startedAt) / 1000;
}

interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

async function timed(runs: number, before: () => Promise<void>, work: () => Promise<number>): Promise<Times> {
  const took: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await before();
    const startedAt = performance.now();
    const found = await work();
    took.push(performance.now() - startedAt);
    if (found !== OF_THE_KEY) throw new Error(`${found} calls were found, not ${OF_THE_KEY}`);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.ceil(took.length * share) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

const PERIOD_ASKED = { from: START, to: START + PERIOD - 1, said: 'last 30 days' };
const QUESTION: ActivityQuestion = { kind: 'key', value: KEY, scope: { period: PERIOD_ASKED } };
const QUERY: StoredQuery = {
  by: { column: 'keyId', value: KEY },
  from: PERIOD_ASKED.from,
  to: PERIOD_ASKED.to,
};

async function wholeQuestion(sql: Sql): Promise<number> {
  const tools = { sql, history: { off: 'not asked here' }, clock: systemClock, log: createLog('silent') };
  const signal = new AbortController().signal;
  return (await ask(tools, QUESTION, { signal, deadline: MINUTE })).calls.length;
}

/** Takes the file out of the system's memory, where GNU dd is there to ask for it. */
function forget(file: string): void {
  execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
}

/** Microseconds for each record, in the batches that the bot writes. */
async function costOfSearch(db: Database, count: number): Promise<{ store: number; search: number }> {
  const records = Array.from({ length: count }, (_, index) => made(EVENTS + index));
  const receivedAt = START + PERIOD + MINUTE;
  const startedAt = performance.now();
  for (let from = 0; from < count; from += 200) {
    await db.tx(async (sql) => {
      for (const record of records.slice(from, from + 200)) await insertRecord(sql, record, receivedAt);
    });
  }
  const storedAt = performance.now();
  await db.run('delete from pending');
  await db.tx((sql) =>
    addDue(
      sql,
      records.map(({ key }) => ({ key, receivedAt })),
    ),
  );
  const dueAt = performance.now();
  while ((await makeSearchable({ db, log: createLog('silent') }, 200)) > 0);
  const perRecord = (took: number): number => (took * 1000) / count;
  return { store: perRecord(storedAt - startedAt), search: perRecord(performance.now() - dueAt) };
}

const ms = (value: number): string => `${value.toFixed(1)} ms`.padStart(10);
const row = (name: string, { p50, p95, max }: Times): string =>
  `${name.padEnd(48)}${ms(p50)}${ms(p95)}${ms(max)}`;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'trailbot-bench-'));
  try {
    const took = await fill(folder);
    const file = join(folder, 'trailbot.db');
    const size = statSync(file).size / 2 ** 30;
    const nothing = async (): Promise<void> => undefined;
    let db = await openStore(folder);
    const openAnew = async (): Promise<void> => {
      await db.close();
      db = await openStore(folder);
    };
    const cold = async (): Promise<void> => {
      forget(file);
      await openAnew();
    };
    const calls = async (): Promise<number> => (await readCalls(db, QUERY, 50_000)).length;
    const whole = () => wholeQuestion(db);
    const lines = [
      row('whole question', await timed(RUNS, nothing, whole)),
      row('calls alone', await timed(RUNS, nothing, calls)),
      row('whole question, opened anew', await timed(RUNS, openAnew, whole)),
    ];
    const cost = await costOfSearch(db, Math.min(20_000, EVENTS));
    lines.push(row('whole question, opened anew, file not in memory', await timed(RUNS, cold, whole)));
    await db.close();
    console.log(
      `${OF_THE_KEY.toLocaleString('en-US')} events of one key among ${EVENTS.toLocaleString('en-US')}, ${RUNS} runs each`,
    );
    console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}\n`);
    console.log(`${''.padEnd(48)}${'p50'.padStart(10)}${'p95'.padStart(10)}${'max'.padStart(10)}`);
    console.log(lines.join('\n'));
    console.log(`\ndatabase ${size.toFixed(1)} GB, filled in ${took.toFixed(0)} s`);
    console.log(
      `storing a record ${cost.store.toFixed(0)} µs, making it findable ${cost.search.toFixed(0)} µs more`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
