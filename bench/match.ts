/**
 * Matching on one core: what the rules add to the reading of JSON, which nothing that parses can do without. Each
 * line of the table is a process of its own, in which `JSON.parse` alone and `JSON.parse` with matching take turns
 * over the same records. Prints a table; asserts nothing.
 *
 *   npm run bench:match
 *   BENCH_EVENTS=50000 BENCH_RUNS=3 npm run bench:match
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { JsonObject } from '../src/kernel/json.ts';
import { loadRules, type RuleFile } from '../src/rules/load.ts';
import type { Ruleset } from '../src/rules/ruleset.ts';
import { readSource } from '../src/rules/source.ts';
import { records } from './records.ts';
import { type Mix, ruleFiles } from './rules-mix.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 200_000);
const RUNS = Math.max(3, Number(process.env.BENCH_RUNS ?? 5));
const SIZES = [10, 100, 1000, 10_000];
const MIXES: readonly Mix[] = ['G', 'F'];
/** Parse and match over parse alone, at most. */
const PROMISED: Readonly<Record<string, number>> = { G1000: 1.25, G10000: 1.6, F1000: 1.7, F10000: 2 };
const COMPILE_PROMISED_MS = 2000;
/** Bodies that are held while only matching is timed. */
const BATCH = 1000;

/** Times in milliseconds over all events. */
interface Measured {
  readonly parse: number;
  readonly both: number;
  readonly ratio: number;
  readonly match: number;
  readonly matched: number;
  readonly events: number;
  readonly bytes: number;
  /** Reading the YAML, and all of loading. */
  readonly yaml: number;
  readonly load: number;
}

function timed(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A line as it comes out of a file: text that stands for itself in memory. */
function lines(): string[] {
  return Array.from(records(EVENTS), (record) => JSON.stringify(record));
}

function parseAll(texts: readonly string[]): number {
  let named = 0;
  for (const text of texts) if ((JSON.parse(text) as JsonObject).eventName !== undefined) named += 1;
  return named;
}

function parseAndMatch(texts: readonly string[], ruleset: Ruleset): number {
  let matched = 0;
  for (const text of texts) {
    if (ruleset.rulesFor(JSON.parse(text) as JsonObject).length > 0) matched += 1;
  }
  return matched;
}

function countMatches(bodies: readonly JsonObject[], ruleset: Ruleset): number {
  return bodies.reduce((sum, body) => sum + ruleset.rulesFor(body).length, 0);
}

function matchOnly(texts: readonly string[], ruleset: Ruleset): number {
  let took = 0;
  for (let from = 0; from < texts.length; from += BATCH) {
    const bodies = texts.slice(from, from + BATCH).map((text) => JSON.parse(text) as JsonObject);
    took += timed(() => countMatches(bodies, ruleset));
  }
  return took;
}

function loaded(files: readonly RuleFile[]): Ruleset {
  const { ruleset, problems } = loadRules(files);
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  return ruleset;
}

function measure(mix: Mix, size: number): Measured {
  const files = ruleFiles(mix, size);
  // As a program that just started does it: nothing is warm.
  let ruleset = loaded([]);
  const load = timed(() => {
    ruleset = loaded(files);
  });
  const yaml = timed(() => {
    for (const file of files) readSource(file);
  });
  const texts = lines();
  parseAndMatch(texts.slice(0, EVENTS / 10), ruleset);
  const parse: number[] = [];
  const both: number[] = [];
  let matched = 0;
  for (let run = 0; run < RUNS; run += 1) {
    parse.push(timed(() => parseAll(texts)));
    both.push(
      timed(() => {
        matched = parseAndMatch(texts, ruleset);
      }),
    );
  }
  return {
    parse: median(parse),
    both: median(both),
    ratio: median(both.map((took, run) => took / (parse[run] ?? Number.NaN))),
    match: matchOnly(texts, ruleset),
    matched,
    events: texts.length,
    bytes: texts.reduce((sum, text) => sum + text.length, 0) / texts.length,
    yaml,
    load,
  };
}

function inOwnProcess(mix: Mix, size: number): Measured {
  const script = [...process.execArgv, import.meta.filename, mix, String(size)];
  return JSON.parse(execFileSync(process.execPath, script, { encoding: 'utf8' })) as Measured;
}

const rate = (events: number, ms: number): string => Math.round((events * 1000) / ms).toLocaleString('en-US');

function verdict(mix: Mix, size: number, { ratio, load, yaml }: Measured): string {
  const promised = PROMISED[`${mix}${size}`];
  const said =
    promised === undefined
      ? []
      : [sayPromise(`≤ ${promised} ×`, ratio - promised, (by) => `${by.toFixed(2)} ×`)];
  if (size === 10_000) {
    const compile = load - yaml;
    said.push(sayPromise('compiled in < 2 s', compile - COMPILE_PROMISED_MS, (by) => `${Math.round(by)} ms`));
  }
  return said.join('; ');
}

function sayPromise(what: string, over: number, say: (by: number) => string): string {
  return over <= 0 ? `${what} kept` : `${what} MISSED by ${say(over)}`;
}

function main(): void {
  const shown: string[][] = [
    [
      'rules',
      'mix',
      'parse/s',
      'parse+match/s',
      'ratio',
      'match µs',
      'matched',
      'load ms',
      'YAML ms',
      'promise',
    ],
  ];
  let bytes = 0;
  for (const mix of MIXES) {
    for (const size of SIZES) {
      const found = inOwnProcess(mix, size);
      bytes = found.bytes;
      shown.push([
        size.toLocaleString('en-US'),
        mix,
        rate(found.events, found.parse),
        rate(found.events, found.both),
        found.ratio.toFixed(2),
        ((found.match * 1000) / found.events).toFixed(2),
        `${Math.round((found.matched * 100) / found.events)} %`,
        Math.round(found.load).toString(),
        Math.round(found.yaml).toString(),
        verdict(mix, size, found),
      ]);
    }
  }
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (text: string, column: number): string =>
    column === 9 ? text : text.padStart(widths[column] ?? 0);
  const about = `${EVENTS.toLocaleString('en-US')} records of ${Math.round(bytes)} bytes`;
  console.log(
    `${about}; median of ${RUNS} runs in turns; Node ${process.version}, ${cpus()[0]?.model ?? 'CPU'}\n`,
  );
  for (const row of shown) console.log(row.map(pad).join('  '));
}

const [mix, size] = process.argv.slice(2);
if (mix === 'G' || mix === 'F') console.log(JSON.stringify(measure(mix, Number(size))));
else main();
