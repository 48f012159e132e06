import type { types } from '@slack/bolt';
import type { Operator } from '../alerts/alert.ts';
import { LEVELS } from '../rules/rule.ts';
import { say } from './asker.ts';
import { lookOf } from './look.ts';
import type { SlackTools } from './slack-tools.ts';
import { leaf, plain, richText, words } from './text.ts';
import { sayAlert } from './trail-alerts.ts';
import { drawHelp } from './trail-help.ts';
import { statusLines } from './trail-status.ts';

/** Alerts on the Home, well inside its 100 blocks. */
const SHOWN = 20;

/** The app's Home for one person: what is open, most severe first, and how the bot is doing. */
export async function drawHome(tools: SlackTools, person: Operator): Promise<types.HomeView> {
  const refused = await tools.gate.refusalOf(person);
  if (refused !== undefined) return { type: 'home', blocks: say(refused).blocks };
  const now = tools.clock.now();
  const [open, status] = [
    await tools.desk.alerts({ states: ['firing', 'acknowledged'], limit: SHOWN + 1 }),
    await tools.desk.status(),
  ];
  const severe = open.slice(0, SHOWN).toSorted((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));
  const lines = severe.map((alert) => [words(`${lookOf(alert).sign} `), leaf(sayAlert(alert, now), 300)]);
  const list =
    lines.length > 0
      ? richText(lines)
      : richText([[words('No alert is open. Whether events arrive at all stands below.')]]);
  const more = open.length > SHOWN ? [richText([[words(`Only the newest ${SHOWN} are listed.`)]])] : [];
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plain('Open alerts', 150) },
      list,
      ...more,
      { type: 'divider' },
      { type: 'header', text: plain('How Trailbot is doing', 150) },
      richText(statusLines(status, tools.publicUrl, now, tools.sockets?.())),
      { type: 'divider' },
      ...drawHelp().blocks,
    ],
  };
}
