import { DAY, type Millis } from '../kernel/time.ts';

/** A length of time with both its ends. */
export interface Stretch {
  readonly from: Millis;
  readonly to: Millis;
}

/** When events happened: of each day (UTC) the first and the last. They may come in any order. */
export class EventDays {
  readonly #days = new Map<number, Stretch>();

  add(at: Millis): void {
    const day = this.#days.get(dayOf(at)) ?? { from: at, to: at };
    this.#days.set(dayOf(at), { from: Math.min(day.from, at), to: Math.max(day.to, at) });
  }

  /** The time of the events, cut wherever a whole day is without one. Nothing after `end`, which counts as an event. */
  stretches(end?: Millis): Stretch[] {
    const days = [...this.#days.values()];
    if (end !== undefined) days.push({ from: end, to: end });
    const stretches: Stretch[] = [];
    for (const day of days.sort((a, b) => a.from - b.from)) {
      if (day.from > (end ?? day.from)) break;
      const to = Math.min(day.to, end ?? day.to);
      const last = stretches.at(-1);
      if (last && dayOf(day.from) - dayOf(last.to) <= 1) {
        stretches.splice(-1, 1, { from: last.from, to: Math.max(last.to, to) });
      } else stretches.push({ from: day.from, to });
    }
    return stretches;
  }
}

function dayOf(at: Millis): number {
  return Math.floor(at / DAY);
}

export function lengthOf(stretches: readonly Stretch[]): Millis {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

/**
 * Gaps between stretches that are longer than all the rest of the time together, in their order. One record with a
 * wrong date makes such a gap; the gaps in a file that holds only a few kinds of events are shorter.
 */
export function longGaps(stretches: readonly Stretch[]): Stretch[] {
  const gaps = stretches
    .slice(1)
    .map(({ from }, index) => ({ from: stretches[index]?.to ?? from, to: from }));
  let rest = stretches.reduce((sum, { from, to }) => sum + (dayOf(to) - dayOf(from) + 1) * DAY, 0);
  let longest = 0;
  for (const length of gaps.map((gap) => lengthOf([gap])).sort((a, b) => a - b)) {
    if (length > rest) break;
    longest = length;
    rest += length;
  }
  return gaps.filter((gap) => lengthOf([gap]) > longest);
}

/** From when on `learn` must count so that it is over when stretches of this length have passed. */
export function learningFrom(stretches: readonly Stretch[], learn: Millis): Millis {
  let left = learn;
  for (const one of stretches) {
    const length = lengthOf([one]);
    if (length >= left) return one.from + left - learn;
    left -= length;
  }
  return (stretches.at(-1)?.to ?? 0) + left - learn;
}
