import { parentPort, workerData } from 'node:worker_threads';
import { loadRules } from '../../rules/load.ts';
import type { Order, Reply, WorkerData } from './crew.ts';
import { Matcher } from './matcher.ts';
import { doUnit } from './whole.ts';

/** A thread of the crew: makes its own rules of the same texts, then does one unit after the other. */
const { source, wanted }: WorkerData = workerData;
const matcher = new Matcher(loadRules(source.files, source.options).ruleset, wanted);

parentPort?.on('message', ({ id, unit }: Order) => {
  const done = doUnit(matcher, unit);
  const reply: Reply = { id, unit, done };
  const moved = 'bytes' in unit ? [unit.bytes.buffer] : [];
  parentPort?.postMessage(reply, done === 'again' ? moved : [...moved, done.hits.buffer]);
});
