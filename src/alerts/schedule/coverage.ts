import { DAY, type Millis } from '../../kernel/time.ts';
import { instantOf } from '../../kernel/zone.ts';
import { FOREVER, layerAt } from './layer.ts';
import type { Layer, Schedule } from './schedule.ts';

/** A time at which nobody is on call. */
export interface Gap {
  readonly from: Millis;
  readonly until: Millis;
}

/** Restrictions come again every week; what begins in one may end in the next. */
const LONG_ENOUGH: Millis = 16 * DAY;

/**
 * The first time after the first layer's start at which no layer has anybody; `undefined` when there is none, and
 * for a schedule without layers.
 */
export function firstGap({ layers, zone }: Pick<Schedule, 'layers' | 'zone'>): Gap | undefined {
  const starts = layers.map(({ start }) => instantOf(start, zone)).sort((a, b) => a - b);
  const covered = (at: Millis) => coverAt(layers, zone, at);
  // From each start on, the layers that take part are the same until the next.
  for (const [index, start] of starts.entries()) {
    const from = walk(covered, start, Math.min(start + LONG_ENOUGH, starts[index + 1] ?? FOREVER), true);
    if (from !== undefined) return { from, until: walk(covered, from, FOREVER, false) ?? FOREVER };
  }
  return undefined;
}

/** Whether anybody has one of the layers, and how long that cannot change. */
type Cover = { readonly holds: boolean; readonly until: Millis };

function coverAt(layers: readonly Layer[], zone: string, at: Millis): Cover {
  const said = layers.map((layer) => layerAt(layer, zone, at));
  const has = said.filter(({ person }) => person !== undefined);
  if (has.length > 0) return { holds: true, until: Math.max(...has.map(({ until }) => until)) };
  return { holds: false, until: Math.min(...said.map(({ until }) => until)) };
}

/** Goes on while it is covered, or while it is not; `undefined` when that is so to the end. */
function walk(
  covered: (at: Millis) => Cover,
  from: Millis,
  end: Millis,
  whileIt: boolean,
): Millis | undefined {
  let at = from;
  while (at < end) {
    const { holds, until } = covered(at);
    if (holds !== whileIt) return at;
    at = until;
  }
  return undefined;
}
