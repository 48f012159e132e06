import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import { Misuse } from '../kernel/problem.ts';
import type { Clock } from '../kernel/time.ts';
import type { Judgement } from '../questions/judgement.ts';
import type { Material, Names } from '../questions/material.ts';
import type { Question } from '../questions/question.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import { openStoreForReading } from '../store/open.ts';
import { type AskOptions, ask } from '../work/ask/ask.ts';
import { judgeEvent } from '../work/judge-event.ts';
import { createCloud } from './cloud.ts';
import { namesOf, startOrganizationNames } from './names.ts';

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
  /** What `explain` asks. */
  ruleset?: () => Ruleset;
}): Promise<OpenLookup> {
  const { config, clock, log, named, ruleset } = options;
  const sql = await openStoreForReading(config.dataDir);
  if (!sql && named) {
    throw new Misuse(
      `The data folder ${config.dataDir} has no database: give the folder that the bot runs with, or leave --data out.`,
    );
  }
  const cloud = createCloud({ clock, log });
  const organization = startOrganizationNames({ settings: () => config, clock, log });
  // Names come while AWS is asked for events; what is not known when the answer is drawn is shown as the id.
  const settings = () => organization.withNames(config);
  const judge = ruleset && {
    judge: (record: CloudTrailRecord) => judgeEvent({ sql, ruleset, settings, clock }, record),
  };
  return {
    ask: async (question, asking) =>
      ask({ sql, history: await cloud.history(config), clock, log, ...judge }, question, asking),
    names: { ...namesOf(config), account: (id) => namesOf(settings()).account(id) },
    async close() {
      await organization.stop();
      cloud.close();
      await sql?.close();
    },
  };
}

/** What the rules say of a record that somebody gives, beside the alerts of the bot where there are any. */
export async function judgeHere(
  { config, clock, ruleset }: { config: Config; clock: Clock; ruleset: Ruleset },
  record: CloudTrailRecord,
): Promise<Judgement> {
  const sql = await openStoreForReading(config.dataDir);
  try {
    return await judgeEvent({ sql, ruleset: () => ruleset, settings: () => config, clock }, record);
  } finally {
    await sql?.close();
  }
}
