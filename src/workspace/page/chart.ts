import { el, freshId, svg } from './dom.ts';
import { type Fields, fields, items, text, texts } from './read.ts';
import { scroller } from './tables.ts';

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 48;
const BOTTOM = 26;
const TOP = 10;

interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

interface Plot {
  readonly categories: readonly string[];
  readonly series: readonly Series[];
  /** The largest value of the axis, a round number. */
  readonly most: number;
}

/** A `data_visualization` block: bar, line, area or pie, with its numbers as a table behind it. */
export function drawChart(block: Fields): HTMLElement {
  const chart = fields(block.chart);
  const pie = chart.type === 'pie';
  const plot = pie ? slices(chart) : plotOf(chart);
  const titleId = freshId();
  const picture = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: 'chart',
    role: 'img',
    'aria-labelledby': titleId,
  });
  if (pie) picture.append(...drawPie(plot));
  else picture.append(...drawAxes(plot), ...drawSeries(plot, text(chart.type)));
  const axis = fields(chart.axis_config);
  const unit = [text(axis.y_label), text(axis.x_label)].filter((label) => label !== '').join(' by ');
  return el(
    'figure',
    { class: 'chart-frame' },
    el('figcaption', { id: titleId }, text(block.title)),
    unit === '' ? null : el('div', { class: 'chart-unit' }, unit),
    scroller(picture, text(block.title)),
    legend(pie ? plot.categories : plot.series.map((series) => series.name)),
    numbers(plot),
  );
}

function plotOf(chart: Fields): Plot {
  const series = items(chart.series).map((one) => ({ name: text(one.name), points: items(one.data) }));
  const named = texts(fields(chart.axis_config).categories);
  const categories = named.length > 0 ? named : (series[0]?.points ?? []).map((point) => text(point.label));
  const valueAt = (points: readonly Fields[], category: string) =>
    Number(points.find((point) => text(point.label) === category)?.value) || 0;
  const drawn = series.map(({ name, points }) => ({
    name,
    values: categories.map((category) => valueAt(points, category)),
  }));
  return { categories, series: drawn, most: roundUp(Math.max(1, ...drawn.flatMap((one) => one.values))) };
}

function slices(chart: Fields): Plot {
  const segments = items(chart.segments);
  const values = segments.map((segment) => Math.max(0, Number(segment.value) || 0));
  const categories = segments.map((segment) => text(segment.label));
  return {
    categories,
    series: [{ name: 'value', values }],
    most: values.reduce((sum, value) => sum + value, 0),
  };
}

/** The next 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

function y(value: number, plot: Plot): number {
  return HEIGHT - BOTTOM - (Math.max(0, value) / plot.most) * (HEIGHT - BOTTOM - TOP);
}

function slot(plot: Plot): number {
  return (WIDTH - LEFT) / Math.max(1, plot.categories.length);
}

function drawAxes(plot: Plot): Node[] {
  const lines = [0, 0.5, 1].flatMap((part) => {
    const at = y(plot.most * part, plot);
    return [
      svg('line', { x1: LEFT, x2: WIDTH, y1: at, y2: at, class: 'grid' }),
      svg('text', { x: LEFT - 8, y: at + 4, class: 'axis end' }, (plot.most * part).toLocaleString()),
    ];
  });
  const every = Math.ceil(plot.categories.length / 12);
  const labels = plot.categories.map((category, at) =>
    at % every === 0
      ? svg('text', { x: LEFT + slot(plot) * (at + 0.5), y: HEIGHT - 8, class: 'axis middle' }, category)
      : null,
  );
  return [...lines, ...labels.filter((label) => label !== null)];
}

function drawSeries(plot: Plot, type: string): Node[] {
  if (type === 'bar') return plot.series.flatMap((series, index) => bars(series, index, plot));
  return plot.series.flatMap((series, index) => {
    const points = series.values.map((value, at) => `${LEFT + slot(plot) * (at + 0.5)},${y(value, plot)}`);
    const line = svg('polyline', { points: points.join(' '), class: `line series-${index}` });
    if (type !== 'area') return [line];
    const [first, last] = [LEFT + slot(plot) / 2, WIDTH - slot(plot) / 2];
    const ground = y(0, plot);
    const corners = `${first},${ground} ${points.join(' ')} ${last},${ground}`;
    return [svg('polygon', { points: corners, class: `area series-${index}` }), line];
  });
}

function bars(series: Series, index: number, plot: Plot): Node[] {
  const width = Math.min(28, (slot(plot) * 0.7) / plot.series.length);
  return series.values.map((value, at) => {
    const x = LEFT + slot(plot) * (at + 0.5) + (index - plot.series.length / 2) * width;
    const top = y(value, plot);
    const height = Math.max(HEIGHT - BOTTOM - top, value > 0 ? 2 : 0);
    const label = `${plot.categories[at] ?? ''}, ${series.name}: ${value.toLocaleString()}`;
    const bar = svg('rect', {
      x: x + 1,
      y: HEIGHT - BOTTOM - height,
      width: Math.max(1, width - 2),
      height,
      rx: 2,
      class: `column series-${index}`,
    });
    bar.append(svg('title', {}, label));
    return bar;
  });
}

function drawPie(plot: Plot): Node[] {
  const [x0, y0, radius] = [WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - TOP];
  const around = 2 * Math.PI * (radius / 2);
  let before = 0;
  return (plot.series[0]?.values ?? []).map((value, index) => {
    const share = plot.most === 0 ? 0 : value / plot.most;
    const arc = svg('circle', {
      cx: x0,
      cy: y0,
      r: radius / 2,
      'stroke-width': radius,
      'stroke-dasharray': `${share * around} ${around}`,
      'stroke-dashoffset': -before * around,
      transform: `rotate(-90 ${x0} ${y0})`,
      class: `slice series-${index}`,
    });
    arc.append(svg('title', {}, `${plot.categories[index] ?? ''}: ${value.toLocaleString()}`));
    before += share;
    return arc;
  });
}

function legend(names: readonly string[]): HTMLElement {
  const entries = names.map((name, index) =>
    el('li', {}, el('span', { class: `key series-${index}`, 'aria-hidden': 'true' }), name),
  );
  return el('ul', { class: 'legend' }, ...entries);
}

function numbers(plot: Plot): HTMLElement {
  const head = el(
    'tr',
    {},
    el('th', { scope: 'col' }),
    ...plot.series.map((one) => el('th', { scope: 'col' }, one.name)),
  );
  const rows = plot.categories.map((category, at) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, category),
      ...plot.series.map((one) => el('td', { class: 'right' }, (one.values[at] ?? 0).toLocaleString())),
    ),
  );
  return el(
    'details',
    { class: 'chart-numbers' },
    el('summary', {}, 'Show the numbers'),
    el('table', {}, el('thead', {}, head), el('tbody', {}, ...rows)),
  );
}
