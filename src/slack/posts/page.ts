import type { types } from '@slack/bolt';
import type { Alert } from '../../alerts/alert.ts';
import { type JsonObject, numberOf, objectOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { button } from '../buttons.ts';
import { lookOf } from '../look.ts';
import { drawPush } from '../push.ts';
import { stateLine } from '../state-line.ts';
import { context, dateLeaf, type Leaf, label, leaf, richText, words } from '../text.ts';
import { actsOn, howItStands, resolveButton, whereToRead } from './about-alert.ts';
import { type Scene, sceneAlert } from './drawing.ts';

/**
 * To whoever is paged, in a direct message or a channel: what happened, and why them; the buttons of the alert's own
 * message. Once somebody has it, that stands there instead. Content: `reason`, `step`, `steps`, `round`.
 */
export function drawPage(scene: Scene): Message {
  const { alert, card } = sceneAlert(scene);
  const { facts } = alert;
  const fires = alert.state === 'firing' && alert.snoozedUntil === undefined;
  const lines: Leaf[][] = [
    // The line above says how grave it is, and which.
    [words(`${lookOf(alert).sign} `), leaf(alert.title, 150, { bold: true })],
    [leaf(facts.summary, 400)],
    ...whereToRead(scene.link),
    [label('Who'), leaf(facts.actor, 200)],
    [label('Where'), leaf(sayWhere(alert), 200)],
    [label('Since'), dateLeaf(alert.firstAt)],
    fires ? todo(alert, scene) : howItStands(alert),
  ];
  const acts = alert.state === 'resolved' ? [] : [actsOn(alert, controls(alert, scene))];
  return { text: drawPush(alert, card.names), blocks: [context(stateLine(alert)), richText(lines), ...acts] };
}

function controls(alert: Alert, scene: Scene): types.Button[] {
  const acknowledge = button(alert, 'alert_ack', 'Acknowledge', 'primary');
  const open = alert.state === 'firing' && !hasDone(alert, scene);
  return [...(open ? [acknowledge] : []), resolveButton(alert)];
}

/** Of an alert that needs several people: the reader is one of those who have acknowledged it. */
function hasDone({ acknowledgements }: Alert, { to }: Scene): boolean {
  return acknowledgements.some(({ userId }) => userId === to);
}

function todo(alert: Alert, scene: Scene): Leaf[] {
  if (!hasDone(alert, scene)) return sayWhy(scene.content);
  const more = alert.needs - alert.acknowledgements.length;
  return [words(`You have acknowledged it; it fires until ${more} more ${more === 1 ? 'has' : 'have'}.`)];
}

function sayWhere({ facts }: Alert): string {
  const from = facts.sourceAddress === undefined ? '' : `, from ${facts.sourceAddress}`;
  return `${facts.accountName ?? facts.account}, ${facts.region}${from}`;
}

function sayWhy(content: JsonObject): Leaf[] {
  const here = textOf(objectOf(content, 'reason') ?? {}, 'kind') === 'channel';
  return [label(here ? 'Why here' : 'Why you'), ...sayReason(content)];
}

function sayReason(content: JsonObject): Leaf[] {
  const reason = objectOf(content, 'reason') ?? {};
  const step = `step ${numberOf(content, 'step') ?? 1} of ${numberOf(content, 'steps') ?? 1}`;
  const again = (numberOf(content, 'round') ?? 1) > 1 ? ', not for the first time' : '';
  switch (textOf(reason, 'kind')) {
    case 'schedule': {
      const name = leaf(textOf(reason, 'name') ?? '', 100);
      const until = numberOf(reason, 'until');
      const end: Leaf[] =
        until === undefined ? [] : [words(' until '), dateLeaf(until, '{date_short_pretty} {time}')];
      return [words('you are on call for '), name, ...end, words(` (${step}${again})`)];
    }
    case 'group': {
      const group = textOf(reason, 'group') ?? '';
      return [words('you are in '), ...mentionGroup(group), words(` (${step}${again})`)];
    }
    case 'channel':
      return [words(`this channel is ${step} of the escalation${again}`)];
    default:
      return [words(`the escalation names you (${step}${again})`)];
  }
}

/** A user group; in a channel, Slack notifies its people. */
function mentionGroup(id: string): Leaf[] {
  return /^S[A-Z0-9]{2,20}$/u.test(id) ? [{ type: 'usergroup', usergroup_id: id }] : [leaf(id, 40)];
}
