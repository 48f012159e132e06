import type { types } from '@slack/bolt';
import type { Alert, Operator } from '../../alerts/alert.ts';
import type { Millis } from '../../kernel/time.ts';
import { button, showButton } from '../buttons.ts';
import { lookOf, severity } from '../look.ts';
import { actsOn } from '../posts/about-alert.ts';
import type { SlackTools } from '../slack-tools.ts';
import { type Leaf, plain, richText, sayCount, words } from '../text.ts';
import { sayAlert } from '../trail-alerts.ts';

/** Alerts that are listed: each takes two blocks. */
const MINE = 8;
const OPEN = 10;

/** What this person has; the ids of what is listed, so that it is not listed again. */
export async function drawMine(
  { desk, clock }: SlackTools,
  { userId }: Operator,
): Promise<{ readonly blocks: types.AnyBlock[]; readonly shown: ReadonlySet<string> }> {
  const states = ['firing', 'acknowledged'] as const;
  const mine = await desk.alerts({ states, mine: userId, limit: MINE + 1 });
  const shown = mine.slice(0, MINE);
  const more = mine.length > MINE ? [line('There are more: /trail alerts mine.')] : [];
  const list = shown.flatMap((alert) => drawOne(alert, clock.now()));
  const blocks = [
    heading('My alerts'),
    ...(list.length > 0 ? list : [line('You have no open alert.')]),
    ...more,
  ];
  return { blocks, shown: new Set(shown.map(({ id }) => id)) };
}

/** How much is open of each level, and the gravest of it besides what is listed already. */
export async function drawOpen(
  { desk, clock }: SlackTools,
  listed: ReadonlySet<string>,
): Promise<types.AnyBlock[]> {
  const { levels, gravest } = await desk.home.open(OPEN + listed.size);
  if (levels.length === 0) {
    return [heading('Open alerts'), line('No alert is open. Whether events arrive at all stands below.')];
  }
  const others = gravest.filter(({ id }) => !listed.has(id)).slice(0, OPEN);
  const number = levels.reduce((sum, one) => sum + one.number, 0);
  const left = number - listed.size - others.length;
  const more = left > 0 ? [line(`${sayCount(left)} more are open: /trail alerts.`)] : [];
  const list = others.flatMap((alert) => drawOne(alert, clock.now()));
  return [heading('Open alerts'), richText([counts(levels)]), ...list, ...more];
}

function counts(levels: readonly { readonly level: Alert['level']; readonly number: number }[]): Leaf[] {
  const parts = levels.map(({ level, number }) => {
    const { sign } = lookOf({ level, state: 'firing', snoozedUntil: undefined });
    // A number is never torn from its sign and its word at the end of a line.
    return `${sign}\u00a0${sayCount(number)}\u00a0${severity(level)}`;
  });
  return [words(parts.join('   '))];
}

function drawOne(alert: Alert, now: Millis): types.KnownBlock[] {
  const take =
    alert.state === 'firing'
      ? [button(alert, 'alert_ack', 'Acknowledge', 'primary')]
      : [button(alert, 'alert_unack', 'Un-acknowledge')];
  return [
    { type: 'section', text: plain(`${lookOf(alert).sign} ${sayAlert(alert, now)}`, 300) },
    actsOn(alert, [...take, button(alert, 'alert_resolve', 'Resolve…'), showButton(alert)]),
  ];
}

function heading(text: string): types.HeaderBlock {
  return { type: 'header', text: plain(text, 150) };
}

function line(text: string): types.RichTextBlock {
  return richText([[words(text)]]);
}
