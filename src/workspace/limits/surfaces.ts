import { isObject } from '../../kernel/json.ts';
import { classicBlocks, markdown } from './blocks.ts';
import { newerBlocks } from './cards.ts';
import { dataVisualization } from './charts.ts';
import { type Check, echo, type Inspection, report, type Surface } from './inspection.ts';
import { byType, list } from './shape.ts';
import { dataTable, table } from './tables.ts';

const kinds: ReadonlyMap<string, Check> = new Map([
  ...classicBlocks,
  ...newerBlocks,
  markdown,
  table,
  dataTable,
  dataVisualization,
]);

/** Blocks that not every surface takes; where sources differ, the surfaces on which all agree. */
const ONLY_ON: ReadonlyMap<string, readonly Surface[]> = new Map<string, readonly Surface[]>([
  ['alert', ['modal']],
  ['card', ['message', 'home']],
  ['carousel', ['message', 'home']],
  ['container', ['message']],
  ['context_actions', ['message']],
  ['data_table', ['message']],
  ['data_visualization', ['message']],
  ['file', ['message']],
  ['markdown', ['message']],
  ['plan', ['message']],
  ['table', ['message']],
  ['task_card', ['message']],
]);

/** How many blocks a surface takes. */
const MOST_BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

const known = byType(kinds);

const anyBlock: Check = (value, at, into) => {
  known(value, at, into);
  const type = isObject(value) && typeof value.type === 'string' ? value.type : '';
  const surfaces = ONLY_ON.get(type);
  if (!surfaces || surfaces.includes(into.surface)) return;
  const constraint = { type: 'surface', expected: surfaces, got: into.surface };
  const message = `block type ${echo(type)} is not supported in a ${into.surface}`;
  report(into, `${at}/type`, 'unsupported_surface', message, constraint);
};

/** All blocks of one surface, or of one attachment. */
export function checkBlocks(blocks: unknown, at: string, into: Inspection): void {
  list(anyBlock, MOST_BLOCKS[into.surface], 0)(blocks, at, into);
}
