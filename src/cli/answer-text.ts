import { sayInstant, sayUtc } from '../kernel/time.ts';
import type { Answer, Line, Part, Span } from '../questions/answer.ts';
import type { Coverage } from '../questions/coverage.ts';
import type { Names } from '../questions/material.ts';
import { sayQuestion } from '../questions/reading/say-question.ts';
import { sayCoverage } from '../questions/say-coverage.ts';
import { aligned, harmless, onOneLine, wrapped } from './columns.ts';

/** No call, the fewest, … the most. */
const BARS = '▁▂▃▄▅▆▇█';

/** What of an answer is printed, and how. */
export interface Shown {
  /** Rows of each table and list; all when it is not given. */
  readonly limit?: number | undefined;
  /** Columns of the terminal. */
  readonly width: number;
  /** What a reader must know before all else, a sentence each. */
  readonly notes?: readonly string[] | undefined;
  /** Called with the number of a page, from 1: the command that shows it. */
  readonly command: (words: string, page?: number) => string;
}

type PartOf<Kind extends Part['kind']> = Extract<Part, { kind: Kind }>;
type Room = { readonly limit: number; readonly width: number };

const INDENT = '  ';

/** An answer for a terminal: times in UTC, keys whole, and at the end what was looked at. */
export function answerText(answer: Answer, names: Names, shown: Shown): string {
  const { width, notes = [] } = shown;
  const room: Room = { width, limit: shown.limit ?? Number.POSITIVE_INFINITY };
  const blocks = [
    notes.flatMap((note) => paragraph([{ text: note }], width)),
    ...answerBlocks(answer, room),
    sayPages(answer, shown),
    sayFollow(answer, shown),
    coverageLines(answer.coverage, names, width),
  ];
  return apart(blocks);
}

/** The answer itself, without what was looked at and where to go on. */
export function plainAnswerText(answer: Answer, width: number): string {
  return apart(answerBlocks(answer, { width, limit: Number.POSITIVE_INFINITY }));
}

function answerBlocks({ title, lead, parts }: Answer, room: Room): string[][] {
  return [
    paragraph(title, room.width),
    paragraph(lead, room.width),
    ...parts.map((part) => drawPart(part, room)),
  ];
}

function apart(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((lines) => lines.some((line) => line !== ''))
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What was looked at, and what is missing, one line each. */
export function coverageLines(coverage: Coverage, names: Names, width: number): string[] {
  return sayCoverage(coverage, names).flatMap((line) => paragraph(line, width));
}

function paragraph(line: Line, width: number): string[] {
  return wrapped(sayLine(line), width, INDENT.length);
}

export function sayLine(line: Line): string {
  return line.map(saySpan).join('');
}

function saySpan(span: Span): string {
  if ('keyId' in span) return onOneLine(span.keyId);
  if ('at' in span) return sayTime(span.at, span.form);
  return 'url' in span ? `${onOneLine(span.text)}: ${onOneLine(span.url)}` : onOneLine(span.text);
}

function sayTime(at: number, form: Extract<Span, { at: number }>['form']): string {
  if (form === 'date and time') return sayUtc(at);
  return form === 'date' ? sayInstant(at).slice(0, 10) : `${sayInstant(at).slice(11, 19)} UTC`;
}

function drawPart(part: Part, room: Room): string[] {
  switch (part.kind) {
    case 'lines':
      return part.lines.flatMap((line) => paragraph(line, room.width));
    case 'list':
      return drawList(part, room);
    case 'table':
      return drawTable(part, room);
    case 'chart':
      return drawChart(part, room);
    case 'code':
      return [
        onOneLine(part.title),
        ...harmless(part.text)
          .split(/\r?\n/)
          .map((line) => `${INDENT}${line}`),
      ];
  }
}

function drawList({ title, ordered, items }: PartOf<'list'>, { limit, width }: Room): string[] {
  const lines = items.slice(0, limit).flatMap((item, at) => {
    const mark = `${INDENT}${ordered ? `${at + 1}.` : '-'} `;
    return wrapped(`${mark}${sayLine(item)}`, width, mark.length);
  });
  return [onOneLine(title), ...lines, ...sayMore(items.length - limit, 0)];
}

function drawTable({ title, columns, rows, more }: PartOf<'table'>, { limit, width }: Room): string[] {
  const shown = rows.slice(0, limit);
  const cells = [columns.map(({ name }) => onOneLine(name)), ...shown.map((row) => row.map(sayLine))];
  const sides = columns.map(({ align }) => align);
  const lines = aligned(cells, sides, width - INDENT.length);
  return [
    onOneLine(title),
    ...lines.map((line) => `${INDENT}${line}`),
    ...sayMore(rows.length - limit, more),
  ];
}

/** What `--limit` left out, and what is nowhere to be seen. */
function sayMore(beyondLimit: number, more: number): string[] {
  const limited = Math.max(0, beyondLimit);
  if (limited + more === 0) return [];
  return [`${INDENT}… and ${limited + more} more${limited > 0 ? ' (--limit shows more)' : ''}`];
}

/** One line a series, all of one scale; a dot stands for none at all, and a series of none is left out. */
function drawChart({ title, unit, labels, series }: PartOf<'chart'>, { width }: Room): string[] {
  const telling = series.filter(({ values }) => values.some((value) => value > 0));
  if (telling.length === 0) return [];
  const most = Math.max(...telling.flatMap(({ values }) => values));
  const rows = telling.map(({ name, values }) => [
    onOneLine(name),
    values.map((value) => barOf(value, most)).join(''),
    `${values.reduce((sum, value) => sum + value, 0)}`,
    onOneLine(unit),
  ]);
  const span = [labels[0], labels.at(-1)].map((label) => onOneLine(label ?? '')).join(' to ');
  return [
    ...wrapped(`${onOneLine(title)}, ${span}; the highest bar is ${most}`, width, INDENT.length),
    ...aligned(rows, ['left', 'left', 'right', 'left']).map((line) => `${INDENT}${line}`),
  ];
}

function barOf(value: number, most: number): string {
  if (value <= 0) return '·';
  const height = Math.ceil((value / most) * BARS.length) - 1;
  return BARS[Math.min(BARS.length - 1, Math.max(0, height))] ?? '';
}

function sayPages({ pages, question }: Answer, { command, width }: Shown): string[] {
  if (!pages || pages.of <= 1) return [];
  const said = `Page ${pages.page + 1} of ${pages.of}.`;
  const next = pages.page + 2;
  if (next > pages.of) return [said];
  return withCommand(`${said} The next one: `, onOneLine(command(sayQuestion(question), next)), width);
}

function sayFollow({ follow }: Answer, { command, width }: Shown): string[] {
  if (follow.length === 0) return [];
  const rows = follow.map(({ label, question }) => [
    sayLine(label),
    onOneLine(command(sayQuestion(question))),
  ]);
  const lines = aligned(rows, ['left', 'left']).map((line) => `${INDENT}${line}`);
  const fit = lines.every((line) => line.length <= width);
  const below = rows.flatMap(([label = '', words = '']) => [
    `${INDENT}${label}`,
    `${INDENT}${INDENT}${words}`,
  ]);
  return ['To go on', ...(fit ? lines : below)];
}

/** A command is never broken, so that it can be copied: where it does not fit, it stands below. */
function withCommand(before: string, command: string, width: number): string[] {
  const line = `${before}${command}`;
  return line.length <= width ? [line] : [before.trimEnd(), `${INDENT}${command}`];
}
