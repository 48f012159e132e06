import type { Alert } from '../../alerts/alert.ts';
import { textOf } from '../../kernel/json.ts';
import { sayDuration } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import { drawPushAbout } from '../push.ts';
import { dateLeaf, type Leaf, leaf, richText, words } from '../text.ts';
import { aboutAlert } from './about-alert.ts';
import { type Scene, sceneAlert } from './drawing.ts';

const TAKE_IT = 'Whoever takes it presses Acknowledge on its message.';

/** Where everybody sees it: all steps were taken, and nobody has answered. Content: `policy`, `here`, `nobody`. */
export function drawEnd(scene: Scene): Message {
  const { alert } = sceneAlert(scene);
  const { content, link } = scene;
  const here: Leaf[] = content.here === true ? [{ type: 'broadcast', range: 'here' }, words(' ')] : [];
  const policy = leaf(textOf(content, 'policy') ?? '', 80);
  const why: Leaf[] =
    content.nobody === true
      ? [words('No step of '), policy, words(' reached anybody. Nobody else will be paged.')]
      : [words('Everybody in '), policy, words(' was paged. Nobody else will be.')];
  return {
    text: drawPushAbout(alert, 'NOBODY ANSWERED'),
    blocks: [
      richText([
        [...here, leaf('Nobody answered.', 40, { bold: true }), words(' '), ...why],
        ...aboutAlert(alert, link),
        [words('Firing since '), dateLeaf(alert.openedAt), words(`. ${TAKE_IT}`)],
      ]),
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
