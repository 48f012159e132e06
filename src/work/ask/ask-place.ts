import type { Millis } from '../../kernel/time.ts';
import type { PlaceCover, Trouble } from '../../questions/coverage.ts';
import type { Attribute, Period } from '../../questions/question.ts';
import type { LookupPage, Place } from '../cloud-history.ts';

/** One lookup in one place, and how far it has come. A place with two attributes to ask has two of these. */
export interface Strand {
  readonly place: Place;
  readonly attribute: Attribute | undefined;
  state: PlaceCover['state'];
  startedAt: Millis | undefined;
  requests: number;
  events: number;
  throttled: number;
  /** Everything from here on was read. */
  readBackTo: Millis | undefined;
  trouble: Trouble | undefined;
}

export function strandOf(place: Place, attribute: Attribute | undefined): Strand {
  return {
    place,
    attribute,
    state: 'waiting',
    startedAt: undefined,
    requests: 0,
    events: 0,
    throttled: 0,
    readBackTo: undefined,
    trouble: undefined,
  };
}

export function takePage(strand: Strand, page: LookupPage): void {
  strand.requests += 1;
  strand.events += page.records.length;
  strand.throttled += page.throttled;
  const oldest = Math.min(...page.records.map(({ eventTime }) => eventTime));
  // The next page may begin with more calls of the same second.
  if (Number.isFinite(oldest)) strand.readBackTo = Math.min(oldest + 1, strand.readBackTo ?? oldest + 1);
}

/** Ends before everything was read: `trouble` says why, `undefined` when nothing more was wanted. */
export function breakOff(strand: Strand, trouble: Trouble | undefined): void {
  strand.state = strand.requests > 0 || trouble === undefined ? 'partial' : 'failed';
  strand.trouble = trouble;
}

/** What the strands of one place have covered together. */
export function coverOf(strands: readonly Strand[]): PlaceCover[] {
  const places = new Map<string, Strand[]>();
  for (const strand of strands) {
    const id = `${strand.place.account}|${strand.place.region}`;
    places.set(id, [...(places.get(id) ?? []), strand]);
  }
  return [...places.values()].flatMap((together) =>
    together[0] ? [cover(together[0].place, together)] : [],
  );
}

function cover(place: Place, strands: readonly Strand[]): PlaceCover {
  const state = together(strands.map((strand) => strand.state));
  return {
    ...place,
    state,
    requests: sum(strands.map(({ requests }) => requests)),
    events: sum(strands.map(({ events }) => events)),
    throttled: sum(strands.map(({ throttled }) => throttled)),
    readBackTo: state === 'done' ? undefined : readBackTo(strands),
    trouble: strands.find(({ trouble }) => trouble !== undefined)?.trouble,
  };
}

function together(states: readonly PlaceCover['state'][]): PlaceCover['state'] {
  const [first = 'waiting'] = states;
  if (states.every((state) => state === first)) return first;
  return states.includes('running') || states.includes('waiting') ? 'running' : 'partial';
}

/** A place is read as far back as the least read of its strands. */
function readBackTo(strands: readonly Strand[]): Millis | undefined {
  const unread = strands.filter(({ state }) => state !== 'done').map((strand) => strand.readBackTo);
  const known = unread.filter((at) => at !== undefined);
  return known.length < unread.length ? undefined : Math.max(...known);
}

/**
 * How long the strand will go on, when the calls before lie as thick as those that it has read; `undefined`
 * before its first page.
 */
export function leftFor(strand: Strand, period: Period, now: Millis): Millis | undefined {
  if (strand.state === 'waiting') return undefined;
  if (strand.state !== 'running') return 0;
  if (strand.readBackTo === undefined || strand.startedAt === undefined) return undefined;
  const covered = Math.max(1, period.to - strand.readBackTo);
  const remaining = Math.max(0, strand.readBackTo - period.from);
  return ((now - strand.startedAt) * remaining) / covered;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
