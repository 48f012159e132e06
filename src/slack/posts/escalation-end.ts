import type { Alert } from '../../alerts/alert.ts';
import { textOf } from '../../kernel/json.ts';
import { sayDuration } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import { button } from '../buttons.ts';
import { drawPushAbout } from '../push.ts';
import { dateLeaf, type Leaf, leaf, richText, words } from '../text.ts';
import { aboutAlert, actsOn, howItStands } from './about-alert.ts';
import { type Scene, sceneAlert } from './drawing.ts';

const TAKE_IT = 'Whoever takes it presses Acknowledge on its message.';

/**
 * Where everybody sees it: all steps were taken, and nobody has answered; once somebody has the alert, that instead of
 * the button. Content: `policy`, `here`, `nobody`.
 */
export function drawEnd(scene: Scene): Message {
  const { alert, card } = sceneAlert(scene);
  const { content, link } = scene;
  const here: Leaf[] = content.here === true ? [{ type: 'broadcast', range: 'here' }, words(' ')] : [];
  const policy = leaf(textOf(content, 'policy') ?? '', 80);
  const fires = alert.state === 'firing' && alert.snoozedUntil === undefined;
  const over = card.chain?.state === 'ended' ? ' Nobody else will be paged.' : '';
  const why: Leaf[] =
    content.nobody === true
      ? [words('No step of '), policy, words(` reached anybody.${over}`)]
      : [words('Everybody in '), policy, words(` was paged.${over}`)];
  return {
    text: drawPushAbout(alert, 'NOBODY ANSWERED'),
    blocks: [
      richText([
        [...here, leaf('Nobody answered.', 40, { bold: true }), words(' '), ...why],
        ...aboutAlert(alert, link),
        fires ? [words('Firing since '), dateLeaf(alert.openedAt), words('.')] : howItStands(alert),
      ]),
      ...(fires ? [actsOn(alert, [button(alert, 'alert_ack', 'Acknowledge', 'primary')])] : []),
    ],
  };
}

/** In the thread and the channel: still nobody has it. Content: `for` (ms). */
export function drawNudge(scene: Scene): Message {
  const { alert } = sceneAlert(scene);
  const since = sayDuration(scene.content.for === undefined ? 0 : Number(scene.content.for));
  return {
    text: drawPushAbout(alert, `Nobody has it for ${since}`),
    blocks: [
      richText([
        [leaf(`Nobody has acknowledged this for ${since}:`, 60, { bold: true }), ...titled(alert)],
        [words(`It still fires. ${TAKE_IT}`)],
      ]),
    ],
  };
}

function titled(alert: Alert): Leaf[] {
  return [words(' '), leaf(alert.title, 150), words(` (${alert.id})`)];
}
