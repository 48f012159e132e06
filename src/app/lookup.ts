import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { Material, Names } from '../questions/material.ts';
import type { Question } from '../questions/question.ts';
import { openStoreForReading } from '../store/open.ts';
import { type AskOptions, ask } from '../work/ask/ask.ts';
import { createCloud } from './cloud.ts';
import { namesOf } from './names.ts';

/** What the command line asks questions with: the store of a bot, running or not, and AWS. */
export interface OpenLookup {
  ask(question: Question, options: AskOptions): Promise<Material>;
  readonly names: Names;
  close(): Promise<void>;
}

/** Throws Misuse when the data folder has a database that cannot be read. */
export async function openLookup(options: { config: Config; clock: Clock; log: Log }): Promise<OpenLookup> {
  const { config, clock, log } = options;
  const sql = await openStoreForReading(config.dataDir);
  const cloud = createCloud({ clock, log });
  return {
    ask: async (question, asking) =>
      ask({ sql, history: await cloud.history(config), clock, log }, question, asking),
    names: namesOf(config),
    async close() {
      cloud.close();
      await sql?.close();
    },
  };
}
