import type { types } from '@slack/bolt';
import type { Line, Part } from '../../questions/answer.ts';
import { maskKeys } from '../key-mask.ts';
import { cut, type Leaf, label, preformatted, richText, sayCount, words } from '../text.ts';
import { leavesOf, lengthOf, plainLine, shown } from './answer-spans.ts';
import { chartLength, drawBefore, drawChart, drawChartAsText } from './chart-block.ts';
import type { NewBlock } from './new-blocks.ts';

/** What is left of Slack's limits while a message is drawn part by part. */
export interface Room {
  characters: number;
  blocks: number;
  tables: number;
  charts: number;
  /** Blocks that this workspace does not take. */
  readonly refused: ReadonlySet<NewBlock>;
  /** How what does not fit is read instead: `; the CSV has all`, or nothing. */
  readonly elsewhere: string;
}

/** Kept for the line that says how much is missing. */
const REST = 60;
const LONGEST_CELL = 90;
const MOST_ROWS = 99;
const MOST_COLUMNS = 20;
const LONGEST_TITLE = 120;

/** One part as blocks, as much of it as there is room for. */
export function drawPart(part: Part, room: Room): types.AnyBlock[] {
  if (room.blocks < 2 || room.characters < 3 * REST) return [];
  const blocks = draw(part, room);
  room.blocks -= blocks.length;
  return blocks;
}

function draw(part: Part, room: Room): types.AnyBlock[] {
  switch (part.kind) {
    case 'lines':
      return drawLines(part.lines, room);
    case 'list':
      return drawList(part, room);
    case 'table':
      return drawTable(part, room);
    case 'chart': {
      const chart = room.refused.has('data_visualization') || room.charts < 1 ? undefined : drawChart(part);
      if (chart && take(room, chartLength(chart))) {
        room.charts -= 1;
        const before = drawBefore(part);
        return before && take(room, 100) ? [chart, before] : [chart];
      }
      const twin = drawChartAsText(part);
      return twin && take(room, 600) ? [twin] : [];
    }
    case 'code':
      return drawCode(part, room);
  }
}

function take(room: Room, characters: number): boolean {
  if (room.characters < characters + REST) return false;
  room.characters -= characters;
  return true;
}

/** As many as fit, from the first on. */
function fitting(lines: readonly Line[], room: Room): Leaf[][] {
  const fit: Leaf[][] = [];
  for (const line of lines) {
    const leaves = leavesOf(line);
    if (!take(room, lengthOf(leaves))) break;
    fit.push(leaves);
  }
  return fit;
}

function drawLines(lines: readonly Line[], room: Room): types.AnyBlock[] {
  const fit = fitting(lines, room);
  if (fit.length === 0) return [];
  return [richText([...fit, ...rest(lines.length - fit.length, room)])];
}

function rest(missing: number, room: Room): Leaf[][] {
  if (missing <= 0) return [];
  const text = `… ${sayCount(missing)} more${room.elsewhere}`;
  room.characters -= text.length;
  return [[words(text)]];
}

function drawList(part: Extract<Part, { kind: 'list' }>, room: Room): types.AnyBlock[] {
  if (part.items.length === 0 || !take(room, Math.min(part.title.length, LONGEST_TITLE))) return [];
  const fit = fitting(part.items, room);
  if (fit.length === 0) return [];
  const missing = rest(part.items.length - fit.length, room);
  return [listBlock(part.title, part.ordered ? 'ordered' : 'bullet', fit, missing)];
}

function listBlock(
  title: string,
  style: 'ordered' | 'bullet',
  items: readonly Leaf[][],
  below: readonly Leaf[][],
): types.RichTextBlock {
  const section = (elements: Leaf[]): types.RichTextSection => ({ type: 'rich_text_section', elements });
  return {
    type: 'rich_text',
    elements: [
      ...titleLine(title).map(section),
      { type: 'rich_text_list', style, elements: items.map(section) },
      ...below.map(section),
    ],
  };
}

function titleLine(title: string): Leaf[][] {
  const text = shown(title, LONGEST_TITLE);
  return text === '' ? [] : [[{ type: 'text', text, style: { bold: true } }]];
}

type TablePart = Extract<Part, { kind: 'table' }>;

function drawTable(part: TablePart, room: Room): types.AnyBlock[] {
  if (part.rows.length === 0 || part.columns.length === 0) return [];
  if (room.tables < 1 || room.refused.has('table')) return drawTableAsList(part, room);
  const columns = part.columns.slice(0, MOST_COLUMNS);
  const head = columns.map(({ name }) => rawCell(shown(name, LONGEST_CELL)));
  if (!take(room, LONGEST_TITLE + head.reduce((sum, { text }) => sum + text.length, 0))) return [];
  const rows: types.TableBlock['rows'] = [];
  for (const row of part.rows.slice(0, MOST_ROWS)) {
    const leaves = columns.map((_, at) => leavesOf(row[at] ?? [], LONGEST_CELL));
    if (
      !take(
        room,
        leaves.reduce((sum, cell) => sum + lengthOf(cell), 0),
      )
    )
      break;
    rows.push(leaves.map(cellOf));
  }
  if (rows.length === 0) return [];
  room.tables -= 1;
  room.blocks -= 1;
  const table: types.TableBlock = {
    type: 'table',
    column_settings: columns.map(({ align }) => ({ align, is_wrapped: true })),
    rows: [head, ...rows],
  };
  const missing = rest(part.rows.length - rows.length + part.more, room);
  const title = titleLine(part.title);
  return [...(title.length > 0 ? [richText(title)] : []), table, ...missing.map((line) => richText([line]))];
}

function rawCell(text: string): types.RawTextElement {
  return { type: 'raw_text', text: text || '–' };
}

/** Dates are drawn in the reader's zone, which needs rich text; anything else renders nothing as it is. */
function cellOf(leaves: readonly Leaf[]): types.RawTextElement | types.RichTextBlock {
  const texts = leaves.map((leaf) => (leaf.type === 'text' ? leaf.text : undefined));
  return texts.every((text) => text !== undefined)
    ? rawCell(cut(texts.join('').trim(), 300))
    : richText([leaves]);
}

/** The table's twin: a line a row, the first cell bold, the others behind the names of their columns. */
function drawTableAsList(part: TablePart, room: Room): types.AnyBlock[] {
  const lines = part.rows.map(
    (row): Line =>
      part.columns.flatMap(({ name }, at): Line => {
        const cell = row[at] ?? [];
        if (at === 0) return cell.map((span) => ('text' in span ? { text: span.text, style: 'bold' } : span));
        return plainLine(cell) === '' ? [] : [{ text: ` · ${name} ` }, ...cell];
      }),
  );
  if (!take(room, Math.min(part.title.length, LONGEST_TITLE))) return [];
  const fit = fitting(lines, room);
  if (fit.length === 0) return [];
  return [listBlock(part.title, 'bullet', fit, rest(lines.length - fit.length + part.more, room))];
}

function drawCode(part: Extract<Part, { kind: 'code' }>, room: Room): types.AnyBlock[] {
  const available = room.characters - LONGEST_TITLE - 2 * REST;
  const whole = maskKeys(visibleCode(part.text));
  if (whole === '' || available < 200) return [];
  const text =
    whole.length <= available
      ? whole
      : `${cut(whole, available)}\n(${sayCount(whole.length - available)} more characters do not fit here)`;
  room.characters -= text.length + LONGEST_TITLE;
  const title = shown(part.title, LONGEST_TITLE);
  return [
    {
      type: 'rich_text',
      elements: [
        ...(title === '' ? [] : [{ type: 'rich_text_section' as const, elements: [label(title)] }]),
        preformatted(text),
      ],
    } satisfies types.RichTextBlock,
  ];
}

/** Line ends and indentation stay; characters that would hide or reorder text are shown as escapes. */
function visibleCode(text: string): string {
  return text
    .slice(0, 100_000)
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (sign) =>
      sign === '\n' ? sign : escaped(sign),
    )
    .trimEnd();
}

function escaped(sign: string): string {
  return [...Array(sign.length).keys()]
    .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
