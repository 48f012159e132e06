/**
 * Durable throughput of the webhook: the real bot as a child process on one core, the client on another, and
 * what the machine allows, measured in the same run. Prints a table; asserts nothing.
 *
 *   npm run bench:ingest
 *   BENCH_SECONDS=3 BENCH_DIR=/var/tmp npm run bench:ingest
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DiskFloor } from './floor.ts';
import type { Load, Result } from './load.ts';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const KEY = 'bench-key-0123456789abcdef';
const CONNECTIONS = 64;
const HERE = import.meta.dirname;
/** As `npm start` and the container run it. */
const BOT = ['--max-semi-space-size=4', resolve(HERE, '../src/main.ts')];

const canPin = existsSync('/usr/bin/taskset') && availableParallelism() > 1;

/** The command that runs a script of Node on one core, where the machine has `taskset` and two cores. */
function onCore(core: number, script: readonly string[]): [string, string[]] {
  const command = [process.execPath, ...script];
  const [first = '', ...rest] = canPin ? ['taskset', '-c', String(core), ...command] : command;
  return [first, rest];
}

interface Started {
  readonly child: ChildProcess;
  /** What it has written to standard error so far. */
  readonly said: () => string;
}

/** Without the environment of whoever runs this: a Slack token in it would bring a real workspace into play. */
function start(core: number, script: readonly string[], cwd: string): Started {
  const [command, rest] = onCore(core, script);
  const env = { PATH: process.env.PATH, TRAILBOT_WEBHOOK_KEYS: KEY };
  const child = spawn(command, rest, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return { child, said: () => text };
}

function measure<T>(core: number, script: readonly string[]): Promise<T> {
  const [command, rest] = onCore(core, script);
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => {
      if (code === 0) done(JSON.parse(text) as T);
      else failed(new Error(`${script.join(' ')} ended with code ${code}`));
    });
  });
}

let series = 0;

function load(port: number, rate: number, seconds: number): Promise<Result> {
  series += 1;
  const options: Load = { port, key: KEY, connections: CONNECTIONS, seconds, rate, series: String(series) };
  return measure<Result>(1, [join(HERE, 'load.ts'), JSON.stringify(options)]);
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Resolves, with the milliseconds it took, when `path` is answered; throws when the process ends before. */
async function untilAnswered({ child, said }: Started, port: number, path: string): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the process ended with code ${child.exitCode}:\n${said()}`);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    if (answer?.ok) return performance.now() - startedAt;
    await sleep(5);
  }
}

/** Resident memory in MB: now, and the most it ever was where the system tells. */
function memory(pid: number): { now: number; most: number | undefined } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
    return { now: kilobytes('VmRSS') / 1024, most: kilobytes('VmHWM') / 1024 };
  } catch {
    const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
    return { now: kilobytes / 1024, most: undefined };
  }
}

function end({ child }: Started): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null) done();
    child.on('exit', () => done());
    child.kill('SIGTERM');
  });
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number): string => `${value.toFixed(2)} ms`;

function row(name: string, result: Result): string[] {
  const refused = result.refused > 0 ? `${count(result.refused)} refused` : '';
  return [name, count(result.perSecond), ms(result.p50), ms(result.p99), ms(result.max), refused];
}

function print(rows: readonly string[][]): void {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0))) ?? [];
  for (const cells of rows) {
    const [first = '', ...rest] = cells.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    console.log([first, ...rest].join('   ').trimEnd());
  }
}

async function bareHttp(): Promise<Result> {
  const port = await freePort();
  const bare = start(0, [join(HERE, 'floor.ts'), 'http', String(port)], HERE);
  try {
    await untilAnswered(bare, port, '/');
    await load(port, 0, 1);
    return await load(port, 0, SECONDS / 2);
  } finally {
    await end(bare);
  }
}

async function bot(folder: string): Promise<{ rows: string[][]; notes: string[] }> {
  const port = await freePort();
  const running = start(0, [...BOT, 'serve', '--data', join(folder, 'data'), '--port', String(port)], folder);
  try {
    const ready = await untilAnswered(running, port, '/readyz');
    const idle = memory(running.child.pid ?? 0);
    await load(port, 0, Math.min(2, SECONDS));
    const saturated = await load(port, 0, SECONDS);
    const steady = await load(port, 1000, SECONDS);
    const loaded = memory(running.child.pid ?? 0);
    const most = loaded.most === undefined ? '' : `, ${count(loaded.most)} MB at most`;
    return {
      rows: [row('bot, saturated', saturated), row('bot, 1,000 events/s', steady)],
      notes: [
        `ready ${count(ready)} ms after start`,
        `resident memory ${count(idle.now)} MB when ready, ${count(loaded.now)} MB after the load${most}`,
      ],
    };
  } finally {
    await end(running);
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'trailbot-bench-'));
  try {
    const disk = await measure<DiskFloor>(0, [join(HERE, 'floor.ts'), 'disk', folder, '3']);
    const bare = await bareHttp();
    const { rows, notes } = await bot(folder);
    const cores = canPin ? 'server and client on a core each' : 'server and client not pinned';
    console.log(`Webhook, 2 kB events, ${CONNECTIONS} connections, ${SECONDS} s a run; ${cores}`);
    console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}\n`);
    print([
      ['', 'per second', 'p50', 'p99', 'max', ''],
      ['disk: append 2 kB + fdatasync', count(disk.perSecond), ms(disk.p50), ms(disk.p99), '', ''],
      row('bare node:http, nothing stored', bare),
      ...rows,
    ]);
    console.log(`\n${notes.join('\n')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
