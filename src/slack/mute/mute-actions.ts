import { type JsonObject, textOf } from '../../kernel/json.ts';
import { type Asker, say } from '../asker.ts';
import { readValue } from '../buttons.ts';
import type { SlackTools } from '../slack-tools.ts';
import { AGAIN, END, EXPORT, exportMute, listMutes, OPEN } from './list.ts';
import { FIELDS } from './modal.ts';
import { muteAgain, openMute, previewAnew } from './open.ts';

/** One press on a control of mutes. */
export interface MutePress {
  readonly asker: Asker;
  readonly action: string;
  readonly value: string;
  readonly pressId: string;
  /** The message that was pressed on is visible to this person alone. */
  readonly inPlace: boolean;
}

/** Does what a control of mutes asks; false when it is none of them. */
export async function handleMuteAction(
  tools: SlackTools,
  body: JsonObject,
  press: MutePress,
): Promise<boolean> {
  const { asker, action, value, pressId } = press;
  const triggerId = textOf(body, 'trigger_id') ?? '';
  if (action === FIELDS) {
    await previewAnew(tools, body);
    return true;
  }
  if (action === OPEN) {
    const alert = readValue(value);
    if (!alert) return false;
    await openMute(tools, {
      asker,
      value: alert,
      pressId,
      triggerId,
      messageTs: undefined,
      inPlace: press.inPlace,
    });
    return true;
  }
  if (!/^M-\d{1,15}$/u.test(value)) return false;
  if (action === AGAIN) await muteAgain(tools, asker, triggerId, value);
  else if (action === EXPORT) await exportMute(tools, asker, value);
  else if (action === END) await end(tools, press);
  else return false;
  return true;
}

async function end(tools: SlackTools, { asker, value, inPlace }: MutePress): Promise<void> {
  const outcome = await tools.desk.mutes.end(value, await tools.people.named(asker.operator));
  if ('refused' in outcome) return asker.reply(say(outcome.refused));
  // The list shows what holds now; elsewhere the report in the thread says that it is over.
  if (inPlace) return asker.reply(await listMutes(tools), true);
  await asker.reply(say(`${value} is over. What it hid stands in the thread of ${outcome.ended.alertId}.`));
}
