import type { Config } from '../config/config.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { ActorDesk } from '../slack/ask-actor/actor-desk.ts';
import type { Database } from '../store/sql.ts';
import { type AnswerTools, answerable, answerQuestion } from '../work/ask-actor/answer.ts';
import { askActor, SILENCE_JOB } from '../work/ask-actor/ask.ts';
import { QUIET_JOB, reportQuieted } from '../work/ask-actor/quiet.ts';
import { onQuestionRefused } from '../work/ask-actor/refused.ts';
import { endWaiting } from '../work/ask-actor/silence.ts';
import { ASK_JOB } from '../work/ask-actor/want.ts';
import type { Directory } from '../work/directory.ts';
import type { Roster } from '../work/on-call/roster.ts';
import type { PostTools } from '../work/posting.ts';
import type { Handler } from '../work/worker.ts';

export interface ActorOptions {
  readonly db: Database;
  readonly settings: () => Config;
  readonly roster: Roster;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly random: Random;
}

/** People are asked whether it was them. */
export interface ActorEngine {
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Slack will never take a post. */
  readonly onRefused: NonNullable<PostTools['onRefused']>;
}

export function createActorEngine(options: ActorOptions): ActorEngine {
  return {
    handlers: new Map<string, Handler>([
      [ASK_JOB, (key) => askActor(options, key)],
      [SILENCE_JOB, (key) => endWaiting(options, key)],
      [QUIET_JOB, (key) => reportQuieted(options, key)],
    ]),
    onRefused: (sql, post, reason, now) => onQuestionRefused(sql, options.random, post, reason, now),
  };
}

/** What people in Slack answer. */
export function createActorDesk(tools: AnswerTools & { readonly wake: () => void }): ActorDesk {
  return {
    question: (name, userId) => answerable(tools, name, userId),
    async answer(answer) {
      const refused = await answerQuestion(tools, answer);
      tools.wake();
      return refused;
    },
  };
}
