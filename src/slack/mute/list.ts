import type { types } from '@slack/bolt';
import type { Mute } from '../../alerts/mute.ts';
import { sayTerms } from '../../work/mute/say-terms.ts';
import type { Message } from '../alert-message.ts';
import { type Asker, say } from '../asker.ts';
import { maskKeys } from '../key-mask.ts';
import type { SlackTools } from '../slack-tools.ts';
import {
  dateLeaf,
  type Leaf,
  label,
  leaf,
  plain,
  pushText,
  richText,
  sayCount,
  sentence,
  words,
} from '../text.ts';

export const END = 'mute_end';
export const EXPORT = 'mute_export';
export const AGAIN = 'mute_again';
export const OPEN = 'mute_open';

const SHOWN = 15;
const NONE = 'No mute holds: every match alerts, unless the configuration silences it.';

/** `/trail mutes`: what is hidden at present, by whom and why, with the end of each at hand. */
export async function listMutes({ desk }: SlackTools): Promise<Message> {
  const all = await desk.mutes.inForce();
  if (all.length === 0) return { text: pushText(NONE), blocks: [richText([[words(NONE)]])] };
  const blocks = all.slice(0, SHOWN).flatMap(({ mute, hidden }) => drawMute(mute, hidden));
  const left = all.length - SHOWN;
  const more = left > 0 ? [richText([[words(`${left} more are not listed.`)]])] : [];
  return { text: pushText(`Mutes: ${all.length}`), blocks: [...blocks, ...more] };
}

/** One mute with its controls: who, what, why, until when, and how much it has hidden. */
export function drawMute(mute: Mute, hidden: number): types.KnownBlock[] {
  const { id, ruleTitle, terms, reason, madeBy, until } = mute;
  const so = hidden === 0 ? 'nothing hidden so far' : `${sayCount(hidden)} hidden so far`;
  return [
    richText([
      [leaf(ruleTitle, 150, { bold: true }), words(` · ${id} · ${so}`)],
      [label('When'), leaf(maskKeys(sayTerms(terms)), 600)],
      [label('Why'), leaf(reason, 500), words(' ('), ...sentence(`<@${madeBy}>`), words(')')],
      [label('Until'), dateLeaf(until, '{date_short_pretty} {time}')],
    ]),
    {
      type: 'actions',
      block_id: `mute:${id}`,
      elements: [control(END, 'End now', id), control(EXPORT, 'Export as Sigma filter', id)],
    },
  ];
}

/** A control that acts on a mute. */
export function control(action: string, text: string, muteId: string): types.Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(text, 75),
    value: muteId,
    accessibility_label: `${text.replace('…', '')}: mute ${muteId}`,
  };
}

/** `/trail mute A-1042`: a modal needs a press, so it offers the button. */
export async function offerMute(tools: SlackTools, rest: string, userId: string): Promise<Message> {
  const id = rest.trim().toUpperCase();
  if (!/^A-\d{1,15}$/u.test(id)) {
    return say('Say which alert the pattern is taken from: /trail mute A-12. /trail alerts all lists them.');
  }
  const refused = await tools.desk.mayAdminister(userId);
  if (refused !== undefined) return say(refused);
  const alert = await tools.desk.alert(id);
  if (!alert) return say(`${id} is not known here. /trail alerts all lists the alerts there are.`);
  const lines: Leaf[][] = [[words(`${id} · `), leaf(alert.title, 150, { bold: true })]];
  return {
    text: pushText(`Mute a pattern of ${id}`),
    blocks: [
      richText(lines),
      {
        type: 'actions',
        block_id: `mute:${id}`,
        elements: [control(OPEN, 'Mute pattern…', `${id}:${alert.version}`)],
      },
    ],
  };
}

/** The filter as a file in the direct messages: it has a whole event in it, which no channel needs to keep. */
export async function exportMute(tools: SlackTools, asker: Asker, id: string): Promise<void> {
  const refused = await tools.gate.refusalOf(asker.operator);
  if (refused !== undefined) return asker.reply(say(refused));
  const made = await tools.desk.mutes.exported(id);
  if ('refused' in made) return asker.reply(say(made.refused));
  await tools.desk.asked(asker.operator, `mute ${id} as a Sigma filter, with its event`);
  try {
    const { channel } = await tools.client.conversations.open({ users: asker.operator.userId });
    await tools.client.filesUploadV2({
      ...(channel?.id === undefined ? {} : { channel_id: channel.id }),
      filename: `${id}.yml`,
      file: Buffer.from(made.text, 'utf8'),
      initial_comment: `${id} as a Sigma filter. Put it beside the rules: "trailbot rules check" runs its tests.`,
    });
  } catch (error) {
    tools.log.warn({ error, mute: id }, 'the filter could not be sent as a file');
    return asker.reply(
      say(`Slack did not take the file. On the machine of the bot, "trailbot mutes export ${id}" prints it.`),
    );
  }
  await asker.reply(say(`${id} as a Sigma filter is in your direct messages with Trailbot.`));
}
