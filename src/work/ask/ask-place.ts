import type { Millis } from '../../kernel/time.ts';
import { endsBefore, type PlaceCover, type Trouble } from '../../questions/coverage.ts';
import { type Attribute, EVENT_HISTORY_DAYS, type Period, type Scope } from '../../questions/question.ts';
import { historyBegins, type LookupPage, type Place } from '../cloud-history.ts';

/** One lookup in one place, and how far it has come. A place with two attributes to ask has two of these. */
export interface Strand {
  readonly place: Place;
  readonly attribute: Attribute | undefined;
  state: PlaceCover['state'];
  startedAt: Millis | undefined;
  /** Sent, whatever became of them. */
  requests: number;
  /** Answers. */
  pages: number;
  events: number;
  /** Requests that AWS turned away. */
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
    pages: 0,
    events: 0,
    throttled: 0,
    readBackTo: undefined,
    trouble: undefined,
  };
}

export function takePage(strand: Strand, page: LookupPage): void {
  strand.pages += 1;
  strand.events += page.records.length;
  const oldest = Math.min(...page.records.map(({ eventTime }) => eventTime));
  // The next page may begin with more calls of the same second.
  if (Number.isFinite(oldest)) strand.readBackTo = Math.min(oldest + 1, strand.readBackTo ?? oldest + 1);
}

/** Everything that AWS has was read; of a period that begins earlier that is not all. */
export function finish(strand: Strand, period: Period, now: Millis): void {
  strand.state = 'done';
  if (!endsBefore(period.from, now)) return;
  strand.state = 'partial';
  strand.readBackTo = historyBegins(now);
  strand.trouble = {
    kind: 'refused',
    what: `AWS keeps ${EVENT_HISTORY_DAYS} days of event history`,
    remedy: '',
  };
}

/** Ends before everything was read: `trouble` says why, `undefined` when nothing more was wanted. */
export function breakOff(strand: Strand, trouble: Trouble | undefined): void {
  strand.state = strand.pages > 0 || trouble === undefined ? 'partial' : 'failed';
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

/** What is left of a period that was read back to `at`, as a share of the calls in it; `undefined` when nobody knows. */
export type ShareBefore = (place: Place, at: Millis) => number | undefined;

/** How evenly pages came is known from the second on. */
const TELLING_PAGES = 2;

/**
 * How long the strand will go on: where nothing better is known, as if the calls before lay as thick as those
 * that it has read. `undefined` before its second page.
 */
export function leftFor(
  strand: Strand,
  { scope: { period }, shareBefore }: { readonly scope: Scope; readonly shareBefore?: ShareBefore },
  now: Millis,
): Millis | undefined {
  const { state, pages, startedAt, readBackTo, place } = strand;
  if (state !== 'running' && state !== 'waiting') return 0;
  if (pages < TELLING_PAGES || readBackTo === undefined || startedAt === undefined) return undefined;
  const from = Math.max(period.from, historyBegins(now));
  const evenly = (readBackTo - from) / Math.max(1, period.to - from);
  const share = Math.min(1, Math.max(0, shareBefore?.(place, readBackTo) ?? evenly));
  return ((now - startedAt) * share) / (1 - share);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
