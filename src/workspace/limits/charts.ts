import { isObject } from '../../kernel/json.ts';
import { block } from './blocks.ts';
import { type Check, type Inspection, report } from './inspection.ts';
import { byType, choice, distinct, list, number, type Rule, shape, text } from './shape.ts';

// https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block; where sources differ, the lower limit.

const MOST_SERIES = 6;
const MOST_CATEGORIES = 20;

const name = text(20);
const point = shape({ label: name, value: number(-Number.MAX_VALUE, Number.MAX_VALUE, false) });
const series = shape({ name, data: list(point, MOST_CATEGORIES) });
const axis = shape({ categories: list(name, MOST_CATEGORIES) }, { x_label: text(50), y_label: text(50) });

/** Each series has one point for each category, under the category's name. */
const pointsMatchAxis: Rule = (object, at, into) => {
  distinct(object.series, 'name', `${at}/series`, into);
  const categories = isObject(object.axis_config) ? object.axis_config.categories : undefined;
  if (!Array.isArray(categories) || !Array.isArray(object.series)) return;
  const expected = categories.slice(0, MOST_CATEGORIES).map(String).sort();
  for (const [index, one] of object.series.slice(0, MOST_SERIES).entries()) {
    checkPoints(isObject(one) ? one.data : undefined, expected, `${at}/series/${index}/data`, into);
  }
};

function checkPoints(data: unknown, expected: readonly string[], at: string, into: Inspection): void {
  if (!Array.isArray(data)) return;
  const labels = data.map((one) => (isObject(one) ? String(one.label) : '')).sort();
  if (labels.length === expected.length && labels.every((label, index) => label === expected[index])) return;
  const constraint = { type: 'categories', expected, got: `${labels.length} points` };
  report(into, at, 'points_mismatch', 'must have one point for each category', constraint);
}

const segment = shape({ label: name, value: positive() });

function positive(): Check {
  const finite = number(0, Number.MAX_VALUE, false);
  return (value, at, into) => {
    if (value !== 0) return finite(value, at, into);
    report(into, at, 'out_of_range', 'must be more than 0', { type: 'range', expected: ['> 0'], got: '0' });
  };
}

function xyChart(type: string): [string, Check] {
  return [
    type,
    shape({ type: choice(type), series: list(series, MOST_SERIES), axis_config: axis }, {}, pointsMatchAxis),
  ];
}

const chart = byType(
  new Map<string, Check>([
    xyChart('line'),
    xyChart('bar'),
    xyChart('area'),
    ['pie', shape({ type: choice('pie'), segments: list(segment, 6) })],
  ]),
);

export const dataVisualization = block('data_visualization', { title: text(50), chart });
