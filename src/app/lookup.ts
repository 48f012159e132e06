import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
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

/**
 * `named`: the data folder is one that somebody said, and must have a database; else AWS alone is asked where it has
 * none. Throws Misuse when it must have one, or has one that cannot be read.
 */
export async function openLookup(options: {
  config: Config;
  clock: Clock;
  log: Log;
  named: boolean;
}): Promise<OpenLookup> {
  const { config, clock, log, named } = options;
  const sql = await openStoreForReading(config.dataDir);
  if (!sql && named) {
    throw new Misuse(
      `The data folder ${config.dataDir} has no database: give the folder that the bot runs with, or leave --data out.`,
    );
  }
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
