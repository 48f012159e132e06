import { type JsonObject, textOf } from '../../kernel/json.ts';
import { askerOf, say } from '../asker.ts';
import { teamOf } from '../payload.ts';
import type { SlackTools } from '../slack-tools.ts';
import { telling } from '../telling.ts';
import { answerTyped } from '../trail.ts';
import { besidePlace } from './place.ts';

const STRANGER = 'Only people of the workspace that Trailbot belongs to can use it.';

/** `@trailbot who used AKIA…`: answered to that person alone, in the thread where it was asked. */
export async function answerMention(tools: SlackTools, event: JsonObject, body: JsonObject): Promise<void> {
  const [user, channel, ts] = [textOf(event, 'user'), textOf(event, 'channel'), textOf(event, 'ts')];
  if (user === undefined || channel === undefined || ts === undefined) return;
  // What bots say, this one included, is no question.
  if (event.bot_id !== undefined || event.bot_profile !== undefined) return;
  // An edit brings the same message under another event id.
  if (!(await tools.desk.firstTime(`delivery:mention:${channel}:${ts}`))) return;
  const teamId = textOf(event, 'user_team') ?? textOf(event, 'team') ?? teamOf(body) ?? '';
  const thread = textOf(event, 'thread_ts');
  const { client, clock, newBlocks } = tools;
  const asker = askerOf(
    { userId: user, teamId, name: user },
    { client, clock, channel, thread, respond: undefined },
  );
  if (teamId !== teamOf(body)) return asker.reply(say(STRANGER));
  const place = besidePlace(asker, newBlocks);
  await telling(tools.log, asker, () =>
    answerTyped(tools, {
      text: withoutMention(textOf(event, 'text') ?? ''),
      asker,
      place,
      deliveryId: `mention:${channel}:${ts}`,
    }),
  );
}

/** The mention of the bot itself, at the start, is how it was called and no part of the question. */
function withoutMention(text: string): string {
  return text.replace(/^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[\s,:]*/, '');
}
