import { sayInstant, sayUtc } from '../kernel/time.ts';
import type { Answer, Line, Part, Span } from '../questions/answer.ts';
import type { Names } from '../questions/material.ts';
import { sayQuestion } from '../questions/reading/say-question.ts';
import { sayCoverage } from '../questions/say-coverage.ts';
import { aligned, harmless, onOneLine } from './columns.ts';

/** No call, the fewest, … the most. */
const BARS = '▁▂▃▄▅▆▇█';

/** What of an answer is printed. */
export interface Shown {
  /** Rows of each table and list; all when it is not given. */
  readonly limit?: number | undefined;
  /** Called with the number of a page, from 1: the command that shows it. */
  readonly command: (words: string, page?: number) => string;
}

type PartOf<Kind extends Part['kind']> = Extract<Part, { kind: Kind }>;

/** An answer for a terminal: times in UTC, keys whole, and at the end what was looked at. */
export function answerText(answer: Answer, names: Names, shown: Shown): string {
  const blocks = [
    [sayLine(answer.title)],
    [sayLine(answer.lead)],
    ...answer.parts.map((part) => drawPart(part, shown.limit ?? Number.POSITIVE_INFINITY)),
    sayPages(answer, shown),
    sayFollow(answer, shown),
    sayCoverage(answer.coverage, names).map(sayLine),
  ];
  return `${blocks
    .filter((lines) => lines.some((line) => line !== ''))
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function sayLine(line: Line): string {
  return line.map(saySpan).join('');
}

function saySpan(span: Span): string {
  if ('keyId' in span) return onOneLine(span.keyId);
  return 'at' in span ? sayTime(span.at, span.form) : onOneLine(span.text);
}

function sayTime(at: number, form: Extract<Span, { at: number }>['form']): string {
  if (form === 'date and time') return sayUtc(at);
  return form === 'date' ? sayInstant(at).slice(0, 10) : `${sayInstant(at).slice(11, 19)} UTC`;
}

function drawPart(part: Part, limit: number): string[] {
  switch (part.kind) {
    case 'lines':
      return part.lines.map(sayLine);
    case 'list':
      return drawList(part, limit);
    case 'table':
      return drawTable(part, limit);
    case 'chart':
      return drawChart(part);
    case 'code':
      return [
        onOneLine(part.title),
        ...harmless(part.text)
          .split(/\r?\n/)
          .map((line) => `  ${line}`),
      ];
  }
}

function drawList({ title, ordered, items }: PartOf<'list'>, limit: number): string[] {
  const lines = items.slice(0, limit).map((item, at) => `  ${ordered ? `${at + 1}.` : '-'} ${sayLine(item)}`);
  return [onOneLine(title), ...lines, ...sayMore(items.length - lines.length)];
}

function drawTable({ title, columns, rows, more }: PartOf<'table'>, limit: number): string[] {
  const shown = rows.slice(0, limit);
  const cells = [columns.map(({ name }) => onOneLine(name)), ...shown.map((row) => row.map(sayLine))];
  const lines = aligned(
    cells,
    columns.map(({ align }) => align),
  );
  return [
    onOneLine(title),
    ...lines.map((line) => `  ${line}`),
    ...sayMore(more + rows.length - shown.length),
  ];
}

function sayMore(more: number): string[] {
  return more > 0 ? [`  … and ${more} more`] : [];
}

/** One line a series, all of one scale; a dot stands for none at all. */
function drawChart({ title, unit, labels, series }: PartOf<'chart'>): string[] {
  const most = Math.max(0, ...series.flatMap(({ values }) => values));
  const rows = series.map(({ name, values }) => [
    onOneLine(name),
    values.map((value) => barOf(value, most)).join(''),
    `${values.reduce((sum, value) => sum + value, 0)}`,
    onOneLine(unit),
  ]);
  const span = [labels[0], labels.at(-1)].map((label) => onOneLine(label ?? '')).join(' to ');
  return [
    `${onOneLine(title)}, ${span}; the highest bar is ${most}`,
    ...aligned(rows, ['left', 'left', 'right', 'left']).map((line) => `  ${line}`),
  ];
}

function barOf(value: number, most: number): string {
  if (value <= 0) return '·';
  const height = Math.ceil((value / most) * BARS.length) - 1;
  return BARS[Math.min(BARS.length - 1, Math.max(0, height))] ?? '';
}

function sayPages({ pages, question }: Answer, { command }: Shown): string[] {
  if (!pages || pages.of <= 1) return [];
  const said = `Page ${pages.page + 1} of ${pages.of}.`;
  const next = pages.page + 2;
  return [next > pages.of ? said : `${said} The next one: ${command(sayQuestion(question), next)}`];
}

function sayFollow({ follow }: Answer, { command }: Shown): string[] {
  if (follow.length === 0) return [];
  const rows = follow.map(({ label, question }) => [
    sayLine(label),
    onOneLine(command(sayQuestion(question))),
  ]);
  return ['To go on', ...aligned(rows, ['left', 'left']).map((line) => `  ${line}`)];
}
