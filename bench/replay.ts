/**
 * Replay of a folder of trail files: unpacking and parsing alone on one core, and the whole way through 1,000 rules
 * with two threads, in turns, each in a process of its own; and the most memory that takes for a short and a long
 * input. Prints a table; asserts nothing.
 *
 *   npm run bench:replay
 *   BENCH_EVENTS=100000 BENCH_RUNS=3 BENCH_DIR=/var/tmp npm run bench:replay
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createCrew } from '../src/cli/replay/crew.ts';
import { Matcher } from '../src/cli/replay/matcher.ts';
import { replay } from '../src/cli/replay/replay.ts';
import type { Source } from '../src/cli/replay/sources.ts';
import { loadRules } from '../src/rules/load.ts';
import { records } from './records.ts';
import { type Mix, ruleFiles } from './rules-mix.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 200_000);
const RUNS = Math.max(3, Number(process.env.BENCH_RUNS ?? 3));
const TIMES_LONGER = 5;
const EVENTS_A_FILE = 500;
const RULES = 1000;
const THREADS = 2;
const PROMISED = 1.5;
const PROMISED_MB = 300;

interface Run {
  readonly events: number;
  readonly ms: number;
  readonly matched: number;
  /** Microseconds of all cores for each event: what is left to compare where others use the cores too. */
  readonly cpu: number;
  /** The most that the process ever had in memory. */
  readonly mb: number;
}

function writeTrail(folder: string): void {
  let held: object[] = [];
  let files = 0;
  const write = (): void => {
    const bytes = gzipSync(JSON.stringify({ Records: held }));
    for (let day = 1; day <= TIMES_LONGER; day += 1) {
      const at = join(folder, `${day}`, 'AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/20');
      mkdirSync(at, { recursive: true });
      writeFileSync(
        join(at, `111122223333_CloudTrail_us-east-1_${String(files).padStart(6, '0')}.json.gz`),
        bytes,
      );
    }
    files += 1;
    held = [];
  };
  for (const record of records(EVENTS)) {
    held.push(record);
    if (held.length === EVENTS_A_FILE) write();
  }
  if (held.length > 0) write();
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => join(folder, name));
}

function cpuSince(start: NodeJS.CpuUsage | undefined, events: number): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / events;
}

function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** The best that one thread can do: each file into one buffer of the right size, and parsed at once. */
function parseAlone(folder: string): Run {
  const files = filesUnder(folder);
  let events = 0;
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  for (const file of files) {
    const bytes = readFileSync(file);
    const text = gunzipSync(bytes, { chunkSize: bytes.readUInt32LE(bytes.length - 4) + 1 }).toString(
      'latin1',
    );
    events += (JSON.parse(text) as { Records: object[] }).Records.length;
  }
  const ms = performance.now() - startedAt;
  return { events, ms, matched: 0, cpu: cpuSince(cpuBefore, events), mb: peak() };
}

/** From the moment at which the threads have their rules. */
async function ours(folder: string, mix: Mix): Promise<Run> {
  const source = { files: ruleFiles(mix, RULES), options: {} };
  const matcher = new Matcher(loadRules(source.files).ruleset, 'id');
  const crew = createCrew({ source, wanted: 'id', matcher, threads: THREADS });
  const sources = filesUnder(folder).map(
    (path): Source => ({ shown: path, path, size: statSync(path).size }),
  );
  const input = { stdin: process.stdin, crew, matcher, signal: new AbortController().signal };
  let startedAt: number | undefined;
  let cpuBefore: NodeJS.CpuUsage | undefined;
  let events = 0;
  let matched = 0;
  for await (const { outcome, problem } of replay({ ...input, sources })) {
    if (problem !== undefined) throw new Error(problem);
    // The first is not counted: it waited for the threads.
    if (startedAt !== undefined) events += outcome.records;
    cpuBefore ??= process.cpuUsage();
    startedAt ??= performance.now();
    if (outcome.texts !== '') matched += outcome.texts.split('\n').length;
  }
  const ms = performance.now() - (startedAt ?? 0);
  return { events, ms, matched, cpu: cpuSince(cpuBefore, events), mb: peak() };
}

/** As the program itself is started. */
const FLAGS = ['--max-semi-space-size=4'];

function inOwnProcess(flags: readonly string[], ...args: string[]): Run {
  const script = [...flags, import.meta.filename, ...args];
  return JSON.parse(execFileSync(process.execPath, script, { encoding: 'utf8' })) as Run;
}

const rate = ({ events, ms }: Run): number => (events * 1000) / ms;
const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function cpuOf(runs: readonly Run[]): string {
  return `${median(runs.map(({ cpu }) => cpu)).toFixed(1)} µs of a core each`;
}

function sayPromise(what: string, missedBy: number, unit: string): string {
  return missedBy <= 0 ? `${what}: kept` : `${what}: MISSED by ${missedBy.toFixed(2)} ${unit}`;
}

function compare(folder: string, mix: Mix): void {
  const alone: Run[] = [];
  const both: Run[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    alone.push(inOwnProcess([], 'alone', folder));
    both.push(inOwnProcess(FLAGS, 'ours', folder, mix));
  }
  const short = inOwnProcess(FLAGS, 'ours', join(folder, '1'), mix).mb;
  const ratio = median(both.map((run, index) => rate(run) / rate(alone[index] ?? run)));
  const share = median(both.map(({ matched }) => matched)) / (EVENTS * TIMES_LONGER);
  console.log(`Mix ${mix}, ${grouped(RULES)} rules, ${Math.round(share * 100)} % of the records match`);
  console.log(
    `  gunzip + JSON.parse, one core       ${grouped(median(alone.map(rate)))} events/s, ${cpuOf(alone)}`,
  );
  console.log(
    `  gunzip + parse + match, two threads ${grouped(median(both.map(rate)))} events/s, ${cpuOf(both)}`,
  );
  console.log(`  ratio ${ratio.toFixed(2)}; ${sayPromise(`≥ ${PROMISED} ×`, PROMISED - ratio, '×')}`);
  const long = Math.max(...both.map(({ mb }) => mb));
  const most = `most memory ${grouped(short)} MB for ${grouped(EVENTS)} events, ${grouped(long)} MB for ${grouped(EVENTS * TIMES_LONGER)}`;
  console.log(`  ${most}; ${sayPromise(`< ${PROMISED_MB} MB`, long - PROMISED_MB, 'MB')}\n`);
}

function main(): void {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'trailbot-replay-'));
  try {
    writeTrail(folder);
    console.log(
      `${grouped(EVENTS * TIMES_LONGER)} events, ${EVENTS_A_FILE} a file; median of ${RUNS} runs in turns`,
    );
    console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}\n`);
    for (const mix of ['G', 'F'] as const) compare(folder, mix);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [what, folder = '', mix = 'G'] = process.argv.slice(2);
if (what === 'alone') console.log(JSON.stringify(parseAlone(folder)));
else if (what === 'ours') console.log(JSON.stringify(await ours(folder, mix === 'F' ? 'F' : 'G')));
else main();
