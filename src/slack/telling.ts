import { SlackError } from '@slack/web-api';
import type { Log } from '../kernel/log.ts';
import { Fault } from '../kernel/problem.ts';
import { type Asker, say } from './asker.ts';
import { classify } from './classify.ts';

/** Whatever fails is told to the person, who is waiting. Never rejects. */
export async function telling(log: Log, asker: Asker, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ error, user: asker.operator.userId }, 'could not do what somebody asked for in Slack');
    const known = error instanceof SlackError || error instanceof Fault;
    const why = known ? classify(error).message : 'something failed inside Trailbot; its log says what';
    await asker.reply(say(`That did not work: ${why}. Please try again.`)).catch((second: unknown) => {
      log.warn({ error: second }, 'could not tell the person either');
    });
  }
}
