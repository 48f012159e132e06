import type { types } from '@slack/bolt';
import type { Part } from '../../questions/answer.ts';
import { type Leaf, preformatted, richText, sayCount, words } from '../text.ts';
import { shown } from './answer-spans.ts';

export type ChartPart = Extract<Part, { kind: 'chart' }>;

/**
 * Slack's chart, which the types of its library do not know yet.
 * Source: Slack, "data_visualization block".
 */
export interface ChartBlock extends types.Block {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'bar';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: { readonly categories: readonly string[]; readonly y_label: string };
  };
}

const MOST_LABELS = 20;
const MOST_SERIES = 6;
/** One character each: as many as a line on a screen holds, three months of days among them. */
const MOST_BARS = 92;

/** A bar for each of the newest labels and series; `undefined` where there is nothing to draw. */
export function drawChart(part: ChartPart): ChartBlock | undefined {
  const { labels, series } = readable(part, MOST_LABELS);
  if (labels.length === 0 || series.length === 0) return undefined;
  const newest = part.labels.length > labels.length ? `, the last ${labels.length}` : '';
  return {
    type: 'data_visualization',
    title: shown(`${part.title}${newest}`, 50) || 'Chart',
    chart: {
      type: 'bar',
      series: series.map(({ name, values }) => ({
        name,
        data: labels.map((label, at) => ({ label, value: values[at] ?? 0 })),
      })),
      axis_config: { categories: labels, y_label: shown(part.unit, 50) || 'count' },
    },
  };
}

/** What lies before the labels that Slack's chart has room for; `undefined` when that is nothing. */
export function drawBefore({ labels, series, unit }: ChartPart): types.RichTextBlock | undefined {
  const before = Math.max(0, labels.length - MOST_LABELS);
  if (before === 0) return undefined;
  const sums = series.map(({ name, values }) => {
    return `${sayCount(values.slice(0, before).reduce((sum, value) => sum + value, 0))} ${shown(name, 20)}`;
  });
  const [first = '', last = ''] = [labels[0], labels[before - 1]].map((label) => shown(label ?? '', 20));
  const said = `Before that, ${first} to ${last}: ${sums.join(', ')} ${shown(unit, 50)}.`;
  return richText([[words(said)]]);
}

/** Characters of the block's labels and names, as Slack counts them. */
export function chartLength({ title, chart }: ChartBlock): number {
  const labels = chart.axis_config.categories.join('').length;
  const names = chart.series.reduce((sum, { name }) => sum + name.length + labels, 0);
  return title.length + names;
}

const STEPS = '▂▃▄▅▆▇█';
const NOTHING = '▁';

/** The chart's twin in text, for a workspace that does not take charts: a title, then a row of bars a series. */
export function drawChartAsText(part: ChartPart): types.RichTextBlock | undefined {
  const { labels, series } = readable(part, MOST_BARS);
  const [first = '', last = ''] = [labels[0], labels.at(-1)];
  if (labels.length === 0 || series.length === 0) return undefined;
  const top = Math.max(...series.flatMap(({ values }) => values));
  const width = Math.max(...series.map(({ name }) => name.length));
  const rows = series.map(({ name, values }) => {
    const sum = values.reduce((all, value) => all + value, 0);
    const most = Math.max(...values);
    const bars = values.map((value) => bar(value, top)).join('');
    return `${name.padEnd(width)} ${bars} ${sayCount(sum)} in all, at most ${sayCount(most)}`;
  });
  const title: Leaf[] = [
    { type: 'text', text: shown(part.title, 50) || 'Chart', style: { bold: true } },
    words(` ${first} to ${last}, ${shown(part.unit, 50)}`),
  ];
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: title }, preformatted(rows.join('\n'))],
  };
}

function bar(value: number, top: number): string {
  if (value <= 0) return NOTHING;
  return STEPS[Math.round((value / top) * (STEPS.length - 1))] ?? NOTHING;
}

/** The newest labels, each once and at most 20 characters; values that are numbers. */
function readable(
  { labels, series }: ChartPart,
  most: number,
): {
  labels: readonly string[];
  series: readonly { name: string; values: readonly number[] }[];
} {
  const from = Math.max(0, labels.length - most);
  const values = (all: readonly number[]) =>
    labels.slice(from).map((_, at) => {
      const value = all[from + at] ?? 0;
      return Number.isFinite(value) ? value : 0;
    });
  const some = series.slice(0, MOST_SERIES);
  const names = distinct(some.map(({ name }) => name));
  return {
    labels: distinct(labels.slice(from)),
    series: some.map((one, at) => ({ name: names[at] ?? '', values: values(one.values) })),
  };
}

/** Slack tells bars and series apart by their names. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, at) => {
    const short = shown(name, 20) || '–';
    const unique = taken.has(short) ? `${shown(name, 15)} ${at + 1}`.trim() : short;
    taken.add(unique);
    return unique;
  });
}
