import { parentPort, workerData } from 'node:worker_threads';
import { loadRules } from '../../rules/load.ts';
import { movable, type Order, type Reply, type WorkerData } from './crew.ts';
import { Matcher } from './matcher.ts';
import { doUnit } from './whole.ts';

/** A thread of the crew: makes its own rules of the same texts, then does one order after the other. */
const { source, wanted }: WorkerData = workerData;
const matcher = new Matcher(loadRules(source.files, source.options).ruleset, wanted);

parentPort?.on('message', ({ id, units }: Order) => {
  const done = units.map((unit) => doUnit(matcher, unit));
  const reply: Reply = { id, units, done };
  const hits = done.flatMap((one) => (one === 'again' ? [] : [one.hits.buffer]));
  parentPort?.postMessage(reply, [...movable(units), ...hits]);
});
