import type { types } from '@slack/bolt';
import type { Alert } from '../../alerts/alert.ts';
import { type JsonObject, numberOf, objectOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { button } from '../buttons.ts';
import { drawPush } from '../push.ts';
import { stateLine } from '../state-line.ts';
import { context, dateLeaf, type Leaf, label, leaf, richText, words } from '../text.ts';
import { aboutAlert, actsOn, howItStands, resolveButton } from './about-alert.ts';
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
    ...aboutAlert(alert, scene.link),
    [label('Who'), leaf(facts.actor, 200)],
    [label('Where'), leaf(sayWhere(alert), 200)],
    [label('Since'), dateLeaf(alert.firstAt)],
    fires ? [label('Why you'), ...sayReason(scene.content)] : howItStands(alert),
  ];
  const acts = alert.state === 'resolved' ? [] : [actsOn(alert, controls(alert))];
  return { text: drawPush(alert, card.names), blocks: [context(stateLine(alert)), richText(lines), ...acts] };
}

function controls(alert: Alert): types.Button[] {
  const acknowledge = button(alert, 'alert_ack', 'Acknowledge', 'primary');
  return [...(alert.state === 'firing' ? [acknowledge] : []), resolveButton(alert)];
}

function sayWhere({ facts }: Alert): string {
  const from = facts.sourceAddress === undefined ? '' : `, from ${facts.sourceAddress}`;
  return `${facts.accountName ?? facts.account}, ${facts.region}${from}`;
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
