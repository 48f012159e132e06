import { numberOf, textOf } from '../../kernel/json.ts';
import { MINUTE } from '../../kernel/time.ts';
import type { Message } from '../alert-message.ts';
import { moment, person, scheduleName } from '../on-call/shift-words.ts';
import { codeLeaf, type Leaf, label, pushText, richText, words } from '../text.ts';
import type { Scene } from './drawing.ts';
import { drawOpenAlerts } from './open-alerts.ts';

/** To whoever has the pager next. Content: `schedule`, `from`, `in` (ms), `until`, `before`, `alerts`, `more`. */
export function drawHandOverSoon({ content }: Scene): Message {
  const schedule = textOf(content, 'schedule') ?? '';
  const from = numberOf(content, 'from') ?? Number.NaN;
  const until = numberOf(content, 'until');
  const minutes = Math.max(1, Math.round((numberOf(content, 'in') ?? 0) / MINUTE));
  const inTime = minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const before = textOf(content, 'before');
  const end: Leaf[] = until === undefined ? [] : [words(' until '), moment(until)];
  const after: Leaf[] = before === undefined ? [] : [words(', after '), ...person(before)];
  return {
    text: pushText(`You are on call for ${schedule} in ${inTime}`),
    blocks: [
      richText([
        [label('Soon on call'), scheduleName(schedule)],
        [words('You have the pager from '), moment(from), ...end, ...after, words('.')],
        [words('Cannot do it? Swap with somebody: '), codeLeaf('/trail oncall swap @colleague')],
      ]),
      ...drawOpenAlerts(content),
    ],
  };
}
