import type { types } from '@slack/bolt';
import { type Alert, type AlertState, furtherEvents } from '../alerts/alert.ts';
import { type Millis, sayDuration } from '../kernel/time.ts';
import { drawAlert, type Message } from './alert-message.ts';
import { showButton } from './buttons.ts';
import type { Desk, HistoryLine } from './desk.ts';
import { lookOf, severity } from './look.ts';
import { clean, dateLeaf, type Leaf, plain, pushText, richText, sayCount, sentence, words } from './text.ts';

/** Alerts in one answer; the eleventh is asked for to know that there are more. */
const SHOWN = 10;

export type Selection = 'open' | 'all' | 'mine';

const STATES: Readonly<Record<Exclude<Selection, 'open'>, readonly AlertState[]>> = {
  all: ['firing', 'acknowledged', 'resolved'],
  mine: ['firing', 'acknowledged'],
};
const NONE: Readonly<Record<Selection, string>> = {
  open: 'No alert is open. /trail status says whether events arrive at all.',
  all: 'There has been no alert yet. /trail status says whether events arrive at all.',
  mine: 'You have no open alert.',
};

/**
 * `/trail alerts`: one line each, with a button that shows the alert. Of the open ones the gravest come first: what is
 * low has no message, and would push the others out of the list.
 */
export async function listAlerts(
  desk: Desk,
  selection: Selection,
  userId: string,
  now: Millis,
): Promise<Message> {
  if (selection === 'open') return listOpen(desk, now);
  const mine = selection === 'mine' ? { mine: userId } : {};
  const alerts = await desk.alerts({ states: STATES[selection], ...mine, limit: SHOWN + 1 });
  const more = `These are the newest ${SHOWN}; older ones are not listed here.`;
  return drawList(selection, alerts.slice(0, SHOWN), alerts.length > SHOWN ? more : undefined, now);
}

async function listOpen(desk: Desk, now: Millis): Promise<Message> {
  const { levels, gravest } = await desk.home.open(SHOWN);
  const number = levels.reduce((sum, one) => sum + one.number, 0);
  const counts = levels.map((one) => `${sayCount(one.number)} ${one.level}`).join(', ');
  const more = `These are the gravest ${gravest.length} of ${sayCount(number)}: ${counts}. /trail alerts all lists the newest.`;
  return drawList('open', gravest, number > gravest.length ? more : undefined, now);
}

function drawList(
  selection: Selection,
  alerts: readonly Alert[],
  more: string | undefined,
  now: Millis,
): Message {
  if (alerts.length === 0)
    return { text: pushText(NONE[selection]), blocks: [richText([[words(NONE[selection])]])] };
  const blocks: types.KnownBlock[] = alerts.map((alert) => ({
    type: 'section',
    text: plain(`${lookOf(alert).sign} ${sayAlert(alert, now)}`, 300),
    accessory: showButton(alert),
  }));
  if (more !== undefined) blocks.push(richText([[words(more)]]));
  return { text: pushText(`Alerts (${selection}): ${alerts.length}`), blocks };
}

/** `A-1042 · HIGH · FIRING · Root console login · root @ prod · 138 × · 12 min old`. */
export function sayAlert(alert: Alert, now: Millis): string {
  const times = furtherEvents(alert) > 0 ? [`${sayCount(alert.count)} ×`] : [];
  const age = `${sayDuration(now - alert.openedAt)} old`;
  const state = lookOf(alert).word;
  const what = [clean(alert.title, 120), clean(alert.facts.actor, 60)];
  return [alert.id, severity(alert.level), state, ...what, ...times, age].join(' · ');
}

/** One alert for the one who asked: the message as it is in the channel, and its history. */
export function drawDetails(alert: Alert, history: readonly HistoryLine[]): Message {
  const message = drawAlert({ alert, samples: [], names: new Map() });
  if (history.length === 0) return message;
  const lines = history
    .slice(-10)
    .map((one): Leaf[] => [dateLeaf(one.at), words('  '), ...sentence(one.text, 200)]);
  const skipped = history.length - lines.length;
  if (skipped > 0) lines.unshift([words(`${skipped} earlier entries are not shown.`)]);
  return { ...message, blocks: [...message.blocks, richText(lines)] };
}
