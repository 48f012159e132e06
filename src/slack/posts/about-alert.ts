import type { types } from '@slack/bolt';
import type { Alert } from '../../alerts/alert.ts';
import { button } from '../buttons.ts';
import { lookOf, severity } from '../look.ts';
import { dateLeaf, type Leaf, leaf, sentence, urlLeaf, words } from '../text.ts';

/** Which alert, for a message that stands elsewhere: what it is called, what happened, where to read on. */
export function aboutAlert(alert: Alert, link: string | undefined): Leaf[][] {
  const { title, facts, level } = alert;
  const head = [
    words(`${lookOf(alert).sign} `),
    leaf(title, 150, { bold: true }),
    words(` · ${severity(level)} · ${alert.id}`),
  ];
  return [head, [leaf(facts.summary, 400)], ...whereToRead(link)];
}

/** A line that leads to the alert's own message; none where Slack did not say where that is. */
export function whereToRead(link: string | undefined): Leaf[][] {
  return link === undefined ? [] : [[urlLeaf(link, 'Open the alert')]];
}

/** Who has it, or who ended it: without times that grow old in a message that nobody draws anew. */
export function howItStands(alert: Alert): Leaf[] {
  const who = (id: string | undefined) => (id === undefined ? 'Trailbot' : `<@${id}>`);
  if (alert.state === 'resolved') return sentence(`${who(alert.resolvedBy)} has resolved it.`);
  if (alert.snoozedUntil !== undefined) {
    return [
      ...sentence(`${who(alert.snoozedBy)} has snoozed it until`),
      words(' '),
      dateLeaf(alert.snoozedUntil, '{date_short_pretty} {time}'),
      words('.'),
    ];
  }
  if (alert.assignee === undefined) return [words('It fires, and nobody has it.')];
  const acknowledged = alert.state === 'acknowledged';
  return sentence(`${who(alert.assignee)} has it${acknowledged ? '' : '; it is not acknowledged yet'}.`);
}

/** Buttons in a direct message about the alert: the same acts as on its own message. */
export function actsOn(alert: Alert, elements: types.Button[]): types.ActionsBlock {
  return { type: 'actions', block_id: `act:${alert.id}:${alert.version}`, elements };
}

export function resolveButton(alert: Alert): types.Button {
  return button(alert, 'alert_resolve', 'Resolve…');
}

export function handOverButton(alert: Alert): types.Button {
  return button(alert, 'alert_assign', 'Hand over…');
}
