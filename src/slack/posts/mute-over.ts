import { isObject, type JsonObject, numberOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { AGAIN, control } from '../mute/list.ts';
import { dateLeaf, type Leaf, label, leaf, pushText, richText, sayCount, sentence, words } from '../text.ts';
import type { Scene } from './drawing.ts';

/**
 * In the alert's thread, and in its channel when there is something to tell: a mute is over, and what it hid. Content:
 * `muteId`, `by`, `since`, `reason`, `endedBy`, `total`, `actors`, `others`, `firstAt`, `lastAt`.
 */
export function drawMuteOver({ content, card }: Scene): Message {
  const id = textOf(content, 'muteId') ?? '';
  const total = numberOf(content, 'total') ?? 0;
  const hid = total === 0 ? 'nothing' : `${sayCount(total)} ${total === 1 ? 'match' : 'matches'}`;
  const endedBy = textOf(content, 'endedBy');
  const over = endedBy === undefined ? `The mute ${id} is over.` : `<@${endedBy}> ended the mute ${id}.`;
  const title = card ? [words(' · '), leaf(card.alert.title, 150)] : [];
  const actors = (Array.isArray(content.actors) ? content.actors : []).filter(isObject);
  const others = numberOf(content, 'others') ?? 0;
  const times = timesLine(numberOf(content, 'firstAt'), numberOf(content, 'lastAt'));
  const lines: Leaf[][] = [
    [...sentence(over), words(' '), leaf(`It hid ${hid}.`, 80, { bold: true }), ...title],
    ...(total > 0 ? [actorsLine(actors, others)] : []),
    ...times,
    [
      label('Why it was'),
      leaf(textOf(content, 'reason') ?? '', 500),
      ...sentence(` (<@${textOf(content, 'by') ?? ''}>)`),
    ],
    [words('New matches alert again.')],
  ];
  const again = {
    type: 'actions' as const,
    block_id: `mute:${id}`,
    elements: [control(AGAIN, 'Mute again…', id)],
  };
  return {
    text: pushText(`The mute ${id} is over; it hid ${hid}`),
    blocks: [richText(lines), ...(total > 0 ? [again] : [])],
  };
}

function actorsLine(actors: readonly JsonObject[], others: number): Leaf[] {
  const named = actors.flatMap((actor, index): Leaf[] => [
    ...(index > 0 ? [words(', ')] : []),
    leaf(textOf(actor, 'name') ?? '', 100),
    words(` ${sayCount(numberOf(actor, 'number') ?? 0)} ×`),
  ]);
  return [label('Who'), ...named, ...(others > 0 ? [words(` and ${sayCount(others)} others`)] : [])];
}

function timesLine(first: number | undefined, last: number | undefined): Leaf[][] {
  if (first === undefined || last === undefined) return [];
  const date = (at: number) => dateLeaf(at, '{date_short_pretty} {time}');
  if (first === last) return [[label('When'), date(first)]];
  return [[label('When'), words('first '), date(first), words(', last '), date(last)]];
}
