import type { types } from '@slack/bolt';
import type { Preview } from '../../work/mute/preview.ts';
import { DISPOSITION_WORDS } from '../facts-block.ts';
import { dateLeaf, type Leaf, leaf, sayCount, words } from '../text.ts';

/** What the mute would have hidden, with what speaks against it. */
export function drawPreview(preview: Preview, whole: boolean): types.RichTextBlock {
  const { latest, real, cutAt } = preview;
  const lines: Leaf[][] = [countLine(preview)];
  if (cutAt !== undefined) {
    lines.push([
      words('There are more matches than are looked at: only those since '),
      dateLeaf(cutAt),
      words('.'),
    ]);
  }
  if (whole) {
    lines.push([
      bold('⚠️ Nothing is ticked: '),
      words('every match of this rule would be hidden, whoever it is.'),
    ]);
  }
  for (const { id, level } of real.slice(0, 3)) {
    lines.push([
      bold(`⚠️ It would have hidden ${id}: `),
      words(`${level}, and resolved as “${DISPOSITION_WORDS.true_positive}”. Tick more.`),
    ]);
  }
  const sections = lines.map(section);
  if (latest.length === 0) return { type: 'rich_text', elements: sections };
  const list = latest.map(({ at, eventName, actor, alertId }) =>
    section([
      dateLeaf(at, '{date_short_pretty} {time}'),
      words(' · '),
      leaf(eventName, 80),
      words(' · '),
      leaf(actor, 80),
      words(` · ${alertId ?? 'alerted nobody'}`),
    ]),
  );
  return {
    type: 'rich_text',
    elements: [...sections, { type: 'rich_text_list', style: 'bullet', elements: list }],
  };
}

function countLine({ matches, alerts, latest }: Preview): Leaf[] {
  if (matches === 0) return [bold('In the last 7 days this would have hidden nothing.')];
  const hidden = `${sayCount(matches)} ${matches === 1 ? 'match' : 'matches'}`;
  const where = `${sayCount(alerts)} ${alerts === 1 ? 'alert' : 'alerts'}`;
  const last = latest[0];
  return [
    words('In the last 7 days this would have hidden '),
    bold(`${hidden} in ${where}`),
    ...(last ? [words(' (last: '), dateLeaf(last.at, '{date_short_pretty} {time}'), words(')')] : []),
    words('.'),
  ];
}

function section(elements: Leaf[]): types.RichTextSection {
  return { type: 'rich_text_section', elements };
}

function bold(text: string): Leaf {
  return { type: 'text', text, style: { bold: true } };
}
