import { isObject } from '../../kernel/json.ts';
import { block } from './blocks.ts';
import { type Check, type Inspection, report } from './inspection.ts';
import { ID_LENGTH } from './objects.ts';
import { richText } from './rich-text.ts';
import { byType, choice, flag, list, number, type Rule, shape, text } from './shape.ts';
import { visibleLength } from './visible.ts';

// https://docs.slack.dev/reference/block-kit/blocks/table-block and …/data-table-block

const MOST_COLUMNS = 20;
const MOST_ROWS = 100;
const MOST_CHARACTERS = 10_000;

const cell = byType(
  new Map<string, Check>([
    ['raw_text', shape({ type: choice('raw_text'), text: text(MOST_CHARACTERS) })],
    [
      'raw_number',
      shape({
        type: choice('raw_number'),
        value: number(-Number.MAX_VALUE, Number.MAX_VALUE, false),
        text: text(ID_LENGTH),
      }),
    ],
    ['rich_text', richText],
  ]),
);

const row = list(cell, MOST_COLUMNS);
const column = shape({}, { align: choice('left', 'center', 'right'), is_wrapped: flag });

/** A column that the table leaves as it is may be null. */
const columnOrNull: Check = (value, at, into) => {
  if (value !== null) column(value, at, into);
};

const fits: Rule = (object, at, into) => {
  const length = visibleLength(object.rows);
  if (length <= MOST_CHARACTERS) return;
  const constraint = { type: 'max_length', expected: [String(MOST_CHARACTERS)], got: String(length) };
  report(
    into,
    `${at}/rows`,
    'too_long',
    `table must be less than ${MOST_CHARACTERS + 1} characters`,
    constraint,
  );
};

export const table = block(
  'table',
  { rows: list(row, MOST_ROWS) },
  { column_settings: list(columnOrNull, MOST_COLUMNS) },
  fits,
);

/** The header row plus up to a hundred rows, all as wide as the header, whose cells are text. */
const dataRows: Rule = (object, at, into) => {
  fits(object, at, into);
  if (!Array.isArray(object.rows)) return;
  const [header, ...rest] = object.rows;
  if (!Array.isArray(header)) return;
  headerIsText(header, `${at}/rows/0`, into);
  for (const [index, one] of rest.slice(0, MOST_ROWS).entries()) {
    if (!Array.isArray(one) || one.length === header.length) continue;
    const constraint = { type: 'width', expected: [String(header.length)], got: String(one.length) };
    report(
      into,
      `${at}/rows/${index + 1}`,
      'row_width',
      'each row must be as wide as the header row',
      constraint,
    );
  }
  const column = object.row_header_column_index;
  if (typeof column !== 'number' || column < header.length) return;
  const constraint = { type: 'range', expected: [`0..${header.length - 1}`], got: String(column) };
  report(into, `${at}/row_header_column_index`, 'out_of_range', 'there is no such column', constraint);
};

function headerIsText(header: readonly unknown[], at: string, into: Inspection): void {
  for (const [index, one] of header.slice(0, MOST_COLUMNS).entries()) {
    if (!isObject(one) || one.type !== 'raw_number') continue;
    const constraint = { type: 'type', expected: ['raw_text', 'rich_text'], got: 'raw_number' };
    report(into, `${at}/${index}/type`, 'unsupported_type', 'header cells must be text', constraint);
  }
}

export const dataTable = block(
  'data_table',
  { rows: list(row, MOST_ROWS + 1, 2), caption: text(ID_LENGTH) },
  { page_size: number(1, 100), row_header_column_index: number(0, MOST_COLUMNS - 1) },
  dataRows,
);
