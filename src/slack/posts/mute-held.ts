import { isObject, numberOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { bullets, leaf, pushText, richText, sayCount, words } from '../text.ts';
import type { Scene } from './drawing.ts';

const SHOWN = 10;

/** In the thread of a graver alert: what it holds back. Content: `what`, a list of `name` and `number`. */
export function drawMuteHeld({ content, card }: Scene): Message {
  const what = (Array.isArray(content.what) ? content.what : []).filter(isObject);
  const total = what.reduce((sum, one) => sum + (numberOf(one, 'number') ?? 0), 0);
  const held = `${sayCount(total)} lesser ${total === 1 ? 'match was' : 'matches were'} held back`;
  const lines = what
    .slice(0, SHOWN)
    .map((one) => [
      leaf(textOf(one, 'name') ?? '', 150),
      words(` ${sayCount(numberOf(one, 'number') ?? 0)} ×`),
    ]);
  const left = what.length - lines.length;
  const after =
    card?.alert.disposition === 'false_positive'
      ? 'The alert was a false positive, so they are raised after all.'
      : 'They belong to this. If it is resolved as a false positive, they are raised after all.';
  return {
    text: pushText(`${card?.alert.id ?? 'An alert'}: ${held}`),
    blocks: [
      richText([[leaf(`${held}.`, 100, { bold: true }), words(` ${after}`)]]),
      bullets(lines),
      ...(left > 0 ? [richText([[words(`and of ${sayCount(left)} more rules`)]])] : []),
    ],
  };
}
