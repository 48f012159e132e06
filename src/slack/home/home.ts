import type { types } from '@slack/bolt';
import type { Operator } from '../../alerts/alert.ts';
import { say } from '../asker.ts';
import type { SlackTools } from '../slack-tools.ts';
import { plain, richText, words } from '../text.ts';
import { doctorLines } from '../trail-doctor.ts';
import { gapLines } from '../trail-gaps.ts';
import { drawHelp } from '../trail-help.ts';
import { sightLines } from '../trail-sight.ts';
import { statusLines } from '../trail-status.ts';
import { drawMine, drawOpen } from './alerts-part.ts';
import { drawHomeMutes } from './mutes-part.ts';
import { drawOnCallPart } from './on-call-part.ts';
import { drawUndelivered } from './undelivered-part.ts';

/** Slack takes no more blocks; each part is far below its share of them. */
const MOST_BLOCKS = 100;

/**
 * The app's Home for one person: who is on call, what they have, what is open, what is muted, what was not delivered,
 * what the bot cannot see, and how it is doing. Throws what Slack or the store throws.
 */
export async function drawHome(tools: SlackTools, person: Operator): Promise<types.HomeView> {
  const refused = await tools.gate.refusalOf(person);
  if (refused !== undefined) return { type: 'home', blocks: say(refused).blocks };
  const mine = await drawMine(tools, person);
  const parts = [
    await drawOnCallPart(tools),
    mine.blocks,
    await drawOpen(tools, mine.shown),
    await drawHomeMutes(tools),
    await drawUndelivered(tools),
    ...(await drawState(tools)),
    drawHelp().blocks,
  ].filter((blocks) => blocks.length > 0);
  const blocks = parts.flatMap((part, index) => (index === 0 ? part : [{ type: 'divider' }, ...part]));
  return { type: 'home', blocks: blocks.slice(0, MOST_BLOCKS) as types.KnownBlock[] };
}

/** Draws the person's Home anew. */
export async function publishHome(tools: SlackTools, person: Operator): Promise<void> {
  await tools.client.views.publish({ user_id: person.userId, view: await drawHome(tools, person) });
}

/** What the bot does not see, and how it is doing otherwise. */
async function drawState(tools: SlackTools): Promise<types.AnyBlock[][]> {
  const status = await tools.desk.status();
  const now = tools.clock.now();
  const blind = [
    ...sightLines({ ...status, latency: undefined }, now),
    ...gapLines(status.places ?? [], now),
    ...doctorLines(status.doctor, now),
  ];
  // What stands in one part is not said again in the other.
  const rest = { ...status, canaries: undefined, places: [], doctor: undefined };
  return [
    [
      { type: 'header', text: plain('What Trailbot cannot see', 150) },
      richText(
        blind.length > 0
          ? blind
          : [[words('Nothing that it knows of, besides what stands below under Not seen.')]],
      ),
    ],
    [
      { type: 'header', text: plain('How Trailbot is doing', 150) },
      richText(statusLines(rest, tools.publicUrl, now, tools.sockets?.())),
    ],
  ];
}
