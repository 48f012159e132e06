import type { WebClient } from '@slack/web-api';
import { classify } from './classify.ts';

/** Who the token says we are. */
export interface Identity {
  readonly teamId: string;
  readonly botId: string | undefined;
  readonly botUserId: string | undefined;
}

/**
 * Asks Slack once whom the token belongs to. When that fails (a Fault), the next call asks again, so that
 * the bot can start and take events while Slack cannot be reached.
 */
export function createIdentity(client: WebClient): () => Promise<Identity> {
  let known: Promise<Identity> | undefined;
  return () => {
    known ??= ask(client).catch((error: unknown) => {
      known = undefined;
      throw classify(error);
    });
    return known;
  };
}

async function ask(client: WebClient): Promise<Identity> {
  const answer = await client.auth.test();
  return { teamId: answer.team_id ?? '', botId: answer.bot_id, botUserId: answer.user_id };
}
