import type { Alert } from '../../alerts/alert.ts';
import { type JsonObject, numberOf, textOf } from '../../kernel/json.ts';
import { sayDuration } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import { button } from '../buttons.ts';
import { drawPushAbout } from '../push.ts';
import { dateLeaf, type Leaf, leaf, richText, sentence, words } from '../text.ts';
import {
  aboutAlert,
  actsOn,
  handOverButton,
  howItStands,
  resolveButton,
  whereToRead,
} from './about-alert.ts';
import { type Scene, sceneAlert } from './drawing.ts';

/**
 * To the assignee: still on it? Once it is answered, or time has run out, the message says so and has no buttons.
 * Content: `userId`, `had` (ms), `confirmBy`.
 */
export function drawAckReminder(scene: Scene): Message {
  const { alert } = sceneAlert(scene);
  const { content, link } = scene;
  const had = sayDuration(numberOf(content, 'had') ?? 0);
  const about = aboutAlert(alert, undefined);
  const read = whereToRead(link);
  if (alert.confirmBy === undefined || alert.confirmBy !== numberOf(content, 'confirmBy')) {
    const answer = [words(`You were asked after ${had}. `), ...answered(alert, content)];
    return { text: drawPushAbout(alert, 'Answered'), blocks: [richText([answer, ...about, ...read])] };
  }
  const question = leaf(`You have had ${alert.id} for ${had}. Still on it?`, 100, { bold: true });
  const until = [
    words('Without an answer by '),
    dateLeaf(alert.confirmBy, '{time}'),
    words(' it is un-acknowledged and fires again.'),
  ];
  const acts = [
    button(alert, 'alert_confirm', 'Still on it', 'primary'),
    resolveButton(alert),
    handOverButton(alert),
  ];
  return {
    text: drawPushAbout(alert, `Still on it? You have had it for ${had}`),
    blocks: [richText([[question], ...about, until, ...read]), actsOn(alert, acts)],
  };
}

function answered(alert: Alert, content: JsonObject): Leaf[] {
  const own = alert.state === 'acknowledged' && alert.assignee === textOf(content, 'userId');
  if (!own || alert.heldSince === undefined) return howItStands(alert);
  return [words('You are still on it, as you said at '), dateLeaf(alert.heldSince, '{time}'), words('.')];
}

/** In the thread and the channel: the assignee did not answer. Content: `userId`, `had` (ms). */
export function drawExpired(scene: Scene): Message {
  const { card, alert } = sceneAlert(scene);
  const id = textOf(scene.content, 'userId') ?? '';
  const had = sayDuration(numberOf(scene.content, 'had') ?? 0);
  const name = card.names.get(id) ?? 'The assignee';
  const fires = alert.state === 'firing' && alert.assignee === undefined;
  return {
    text: drawPushAbout(alert, `${name} did not confirm; nobody has it`),
    blocks: [
      richText([
        [
          ...sentence(`<@${id}> did not confirm to be still on it after ${had}. Nobody has it:`),
          words(' '),
          leaf(alert.title, 150, { bold: true }),
          words(` (${alert.id})`),
        ],
        fires ? [words('Whoever takes it presses Acknowledge on the message above.')] : howItStands(alert),
      ]),
    ],
  };
}
