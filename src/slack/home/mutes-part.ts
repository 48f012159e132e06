import type { types } from '@slack/bolt';
import { drawMute } from '../mute/list.ts';
import type { SlackTools } from '../slack-tools.ts';
import { plain, richText, sayCount, words } from '../text.ts';

/** Mutes that are listed: each takes two blocks. */
const SHOWN = 6;

/** What is muted, with the end of each at hand; nothing while no mute holds. */
export async function drawHomeMutes({ desk }: SlackTools): Promise<types.AnyBlock[]> {
  const all = await desk.mutes.inForce();
  if (all.length === 0) return [];
  const left = all.length - SHOWN;
  return [
    { type: 'header', text: plain('Mutes', 150) },
    ...all.slice(0, SHOWN).flatMap(({ mute, hidden }) => drawMute(mute, hidden)),
    ...(left > 0 ? [richText([[words(`${sayCount(left)} more hold: /trail mutes.`)]])] : []),
  ];
}
