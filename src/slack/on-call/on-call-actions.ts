import { type Asker, say } from '../asker.ts';
import type { SlackTools } from '../slack-tools.ts';
import { pressOnCall } from './answer-on-call.ts';

/** Does what a button of `/trail oncall`, or of a message about shifts, asks; false for every other button. */
export async function handleOnCallAction(
  tools: SlackTools,
  press: {
    readonly asker: Asker;
    readonly action: string;
    readonly value: string;
    /** The message that was pressed on is this person's alone: the answer takes its place. */
    readonly inPlace: boolean;
  },
): Promise<boolean> {
  const { asker, action, value, inPlace } = press;
  if (!action.startsWith('oncall_')) return false;
  const refused = await tools.gate.refusalOf(asker.operator);
  const answer =
    refused === undefined ? await pressOnCall(tools, { action, value, by: asker.operator }) : say(refused);
  if (!answer) return false;
  await asker.reply(answer, inPlace && refused === undefined);
  return true;
}
