import type { Alert, AlertState } from '../../alerts/alert.ts';
import { type JsonObject, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { button } from '../buttons.ts';
import { drawPushAbout } from '../push.ts';
import { type Leaf, label, leaf, pushText, richText, sentence, words } from '../text.ts';
import {
  aboutAlert,
  actsOn,
  handOverButton,
  howItStands,
  resolveButton,
  whereToRead,
} from './about-alert.ts';
import { type Scene, sceneAlert } from './drawing.ts';

/** In the alert's thread: who gave it to whom. Content: `by`, `to`, `note`. */
export function drawGiven({ content, card }: Scene): Message {
  const { by, to, note } = read(content);
  const act = by === to ? `<@${by}> takes this.` : `<@${by}> gave this to <@${to}>.`;
  const name = card?.names.get(to) ?? 'somebody';
  return {
    text: pushText(`${card?.alert.id ?? 'The alert'} was given to ${name}`),
    blocks: [richText([sentence(act), ...noted(note)])],
  };
}

/** To the assignee: what they were given, and what to do with it. */
export function drawAssigned(scene: Scene): Message {
  const { card, alert } = sceneAlert(scene);
  const { by, to, note } = read(scene.content);
  const own = alert.assignee === to && alert.state !== 'resolved';
  const given = sentence(`<@${by}> gave you this alert.`);
  const todo = own && alert.snoozedUntil === undefined ? [words(TODO[alert.state])] : howItStands(alert);
  const about = aboutAlert(alert, undefined);
  const lines = [given, ...noted(note), ...about, todo, ...whereToRead(scene.link)];
  const start = own ? `${card.names.get(by) ?? 'Somebody'} gave you` : 'No longer yours';
  return {
    text: drawPushAbout(alert, start),
    blocks: [richText(lines), ...(own ? [actsOn(alert, acts(alert, to))] : [])],
  };
}

const TODO: Readonly<Record<AlertState, string>> = {
  firing: 'It is yours, and fires until it is acknowledged.',
  acknowledged: 'It is yours, and acknowledged.',
  resolved: 'It is resolved.',
};

function acts(alert: Alert, to: string) {
  const done = alert.acknowledgements.some(({ userId }) => userId === to);
  const acknowledge = button(alert, 'alert_ack', 'Acknowledge', 'primary');
  const open = alert.state === 'firing' && !done;
  return [...(open ? [acknowledge] : []), resolveButton(alert), handOverButton(alert)];
}

/** In the thread: Slack takes no direct message to the assignee. Content: `userId`, `reason`. */
export function drawUnreached({ content, card }: Scene): Message {
  const id = textOf(content, 'userId') ?? '';
  return {
    text: pushText(`${card?.alert.id ?? 'An alert'}: its assignee could not be told`),
    blocks: [
      richText([
        sentence(`<@${id}> could not be told in a direct message, and may not know of this alert.`),
        [label('Slack says'), leaf(textOf(content, 'reason') ?? '', 200)],
        [words('Tell them another way, or give it to somebody else: Assign… is in the menu of the alert.')],
      ]),
    ],
  };
}

function read(content: JsonObject) {
  return {
    by: textOf(content, 'by') ?? '',
    to: textOf(content, 'to') ?? '',
    note: textOf(content, 'note') ?? '',
  };
}

function noted(note: string): Leaf[][] {
  return note === '' ? [] : [[label('Note'), leaf(note, 500)]];
}
