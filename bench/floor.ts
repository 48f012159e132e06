/**
 * What the machine allows, whatever the program does.
 *
 *   node bench/floor.ts disk FOLDER SECONDS     appends 2 kB and waits for fdatasync, again and again
 *   node bench/floor.ts http PORT               bare node:http that reads a body and answers 200
 */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export interface DiskFloor {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

function disk(folder: string, seconds: number): DiskFloor {
  const path = join(folder, 'floor');
  const file = openSync(path, 'a');
  const block = Buffer.alloc(2048, 'x');
  const times: number[] = [];
  const startedAt = performance.now();
  let now = startedAt;
  while (now < startedAt + seconds * 1000) {
    writeSync(file, block);
    fdatasyncSync(file);
    const then = performance.now();
    times.push(then - now);
    now = then;
  }
  closeSync(file);
  rmSync(path);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? 0;
  return { perSecond: times.length / ((now - startedAt) / 1000), p50: at(0.5), p99: at(0.99) };
}

function http(port: number): void {
  const answer = '{"stored":1,"duplicates":0,"rejected":0}';
  const headers = { 'Content-Type': 'application/json', 'Content-Length': answer.length };
  createServer((req, res) => {
    req.on('data', () => {});
    req.on('end', () => res.writeHead(200, headers).end(answer));
  }).listen(port, '127.0.0.1');
}

const [which, where = '', seconds = '3'] = process.argv.slice(2);
if (which === 'disk') process.stdout.write(JSON.stringify(disk(where, Number(seconds))));
if (which === 'http') http(Number(where));
