import type { types } from '@slack/bolt';
import { isObject, type JsonObject, numberOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { maskKeys } from '../key-mask.ts';
import { control, END } from '../mute/list.ts';
import { dateLeaf, type Leaf, label, leaf, pushText, richText, sentence, words } from '../text.ts';
import type { Scene } from './drawing.ts';

/** In the alert's thread: somebody has muted the pattern. Content: `muteId`, `by`, `until`, `reason`, `terms`, `over`. */
export function drawMuteMade({ content }: Scene): Message {
  const id = textOf(content, 'muteId') ?? '';
  const terms = (Array.isArray(content.terms) ? content.terms : []).filter(isObject);
  return {
    text: pushText(`A pattern was muted (${id}): ${textOf(content, 'reason') ?? ''}`),
    blocks: [
      richText([
        [
          ...sentence(`<@${textOf(content, 'by') ?? ''}> muted this pattern (${id}) until`),
          words(' '),
          dateLeaf(numberOf(content, 'until') ?? Number.NaN, '{date_short_pretty} {time}'),
          words('.'),
        ],
        ...(terms.length > 0 ? terms.map(termLine) : [[words('It hides every match of the rule.')]]),
        [label('Why'), leaf(textOf(content, 'reason') ?? '', 500)],
      ]),
      ...(content.over === true ? [] : [ending(id)]),
    ],
  };
}

function ending(id: string): types.ActionsBlock {
  return { type: 'actions', block_id: `mute:${id}`, elements: [control(END, 'End now', id)] };
}

function termLine(term: JsonObject): Leaf[] {
  return [
    leaf(textOf(term, 'field') ?? '', 200),
    words(' is '),
    leaf(maskKeys(textOf(term, 'value') ?? ''), 300, { code: true }),
  ];
}
