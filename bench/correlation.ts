/**
 * Correlations with very many groups: what counting an event costs, and how much memory the process takes while the
 * store holds a million groups. Prints a table; asserts nothing. Without a small heap Node collects later: the
 * process is then larger, for nothing.
 *
 *   node --max-semi-space-size=4 --max-old-space-size=64 bench/correlation.ts
 *   BENCH_KEYS=100000 BENCH_DIR=/var/tmp node bench/correlation.ts
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type CloudTrailRecord, readRecord } from '../src/cloudtrail/record.ts';
import { SECOND, sayInstant } from '../src/kernel/time.ts';
import { loadRules } from '../src/rules/load.ts';
import type { Ruleset } from '../src/rules/ruleset.ts';
import { openStore } from '../src/store/open.ts';
import type { Database } from '../src/store/sql.ts';
import { correlate, indexCorrelations } from '../src/work/correlate.ts';

const KEYS = Number(process.env.BENCH_KEYS ?? 1_000_000);
const BATCH = 200;
const START = Date.UTC(2026, 10, 20, 9, 0);

const rule = (correlation: string): string => `
title: Denied
id: 00000000-0000-4000-8000-000000000001
name: denied
logsource: {product: aws, service: cloudtrail}
detection: {sel: {errorCode: AccessDenied}, condition: sel}
---
title: Many denied
id: 00000000-0000-4000-8000-0000000000c1
name: many-denied
correlation: {${correlation}}
`;

function rulesOf(correlation: string): Ruleset {
  const { ruleset, problems } = loadRules([{ path: 'bench.yml', text: rule(correlation) }]);
  if (problems.length > 0) throw new Error(problems.map(({ what }) => what).join('\n'));
  return ruleset;
}

function denied(index: number, address: string, at: number): CloudTrailRecord {
  const read = readRecord({
    eventVersion: '1.11',
    eventTime: sayInstant(at),
    eventSource: 's3.amazonaws.com',
    eventName: `Get${index % 7919}`,
    awsRegion: 'eu-central-1',
    sourceIPAddress: address,
    userIdentity: { type: 'IAMUser', userName: 'alice', accountId: '111122223333' },
    errorCode: 'AccessDenied',
    requestParameters: { size: 1 },
    eventID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    recipientAccountId: '111122223333',
  });
  if ('unreadable' in read) throw new Error(read.unreadable);
  return read;
}

const address = (key: number): string => `10.${(key >> 16) & 255}.${(key >> 8) & 255}.${key & 255}`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

/** Counts events, so many in each transaction, and tells how many a second and what fired. */
async function run(db: Database, ruleset: Ruleset, count: number, make: (index: number) => CloudTrailRecord) {
  const correlations = indexCorrelations(ruleset.correlations);
  let busy = 0;
  let fired = 0;
  let most = 0;
  for (let from = 0; from < count; from += BATCH) {
    const records = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => make(from + index));
    const before = performance.now();
    await db.tx(async (sql) => {
      for (const record of records) {
        const tools = { sql, correlations, now: record.eventTime, recordOf: async () => undefined };
        for (const match of ruleset.match(record)) fired += (await correlate(tools, match)).firings.length;
      }
    });
    busy += performance.now() - before;
    most = Math.max(most, process.memoryUsage().rss);
  }
  return { rate: Math.round((count / busy) * 1000), fired, most };
}

const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'trailbot-bench-'));
try {
  const before = process.memoryUsage().rss;
  const db = await openStore(folder);
  const many = rulesOf(
    'type: event_count, rules: [denied], group-by: [sourceIPAddress], timespan: 1d, condition: {gte: 2}',
  );
  // Every key in turn, twice: the second time around each group is found among all the others.
  const first = await run(db, many, KEYS, (index) => denied(index, address(index), START + index));
  const again = await run(db, many, KEYS / 10, (index) =>
    denied(KEYS + index, address((index * 7919) % KEYS), START + KEYS + index),
  );
  const size = statSync(join(folder, 'trailbot.db')).size;
  console.log(`${KEYS} groups                  ${first.rate} events/s`);
  console.log(`among ${KEYS} groups            ${again.rate} events/s, ${again.fired} fired`);
  console.log(
    `memory (RSS)                     ${megabytes(before)} before, ${megabytes(Math.max(first.most, again.most))} at most`,
  );
  console.log(
    `on disk                          ${megabytes(size)}, ${Math.round(size / KEYS)} bytes a group`,
  );

  const by = 'rules: [denied], group-by: [sourceIPAddress], timespan: 1d';
  const sum = `type: value_sum, ${by}, condition: {field: requestParameters.size, gte: 1000000000}`;
  const hot: readonly [name: string, events: number, correlation: string][] = [
    ['event_count', 2_000, `type: event_count, ${by}, condition: {gte: 100}`],
    ['event_count', 20_000, `type: event_count, ${by}, condition: {gte: 9000}`],
    ['value_count', 2_000, `type: value_count, ${by}, condition: {field: eventName, gte: 10}`],
    ['value_sum', 2_000, sum],
    ['value_sum', 20_000, sum],
  ];
  for (const [group, [name, events, correlation]] of hot.entries()) {
    const { rate, fired } = await run(db, rulesOf(correlation), events, (index) =>
      denied(2 * KEYS + index, `192.0.2.${group}`, START + KEYS + index * SECOND),
    );
    console.log(`one group of ${events}, ${name.padEnd(12)} ${rate} events/s, ${fired} fired`);
  }
  await db.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
