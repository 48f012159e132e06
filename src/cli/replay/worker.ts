import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Order, Reply, WorkerData } from './crew.ts';

// Before anything else is loaded, as in main.ts: a thread does not inherit it.
enableCompileCache();
const { loadRules } = await import('../../rules/load.ts');
const { movable } = await import('./crew.ts');
const { Matcher } = await import('./matcher.ts');
const { doUnit } = await import('./whole.ts');

/** A thread of the crew: makes its own rules of the same texts, then does one order after the other. */
const { source, wanted }: WorkerData = workerData;
const matcher = new Matcher(loadRules(source.files, source.options).ruleset, wanted);

parentPort?.on('message', ({ id, units }: Order) => {
  const done = units.map((unit) => doUnit(matcher, unit));
  const reply: Reply = { id, units, done };
  const hits = done.flatMap((one) => (one === 'again' ? [] : [one.hits.buffer]));
  parentPort?.postMessage(reply, [...movable(units), ...hits]);
});
