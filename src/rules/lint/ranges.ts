import type { Probe } from '../probe.ts';
import type { Literal } from './literal.ts';

/** A place between numbers: before the number, or behind it. */
interface Cut {
  readonly number: number;
  readonly behind: boolean;
}

interface Span {
  readonly from: Cut;
  readonly to: Cut;
}

/** What is compared: the field as a number, or a part of a time, which is a whole number. */
type Measure = 'number' | string;

const FIRST: Cut = { number: Number.NEGATIVE_INFINITY, behind: false };
const LAST: Cut = { number: Number.POSITIVE_INFINITY, behind: true };
const MOST_PROBES = 100;

/**
 * Two literals on a field with one value at most whose numbers have nothing in common; `undefined` when there may be a
 * number that all of them leave.
 */
export function outOfRange(literals: readonly Literal[]): readonly [Literal, Literal] | undefined {
  const measures = new Set(literals.flatMap((literal) => (literal.wanted ? (measureOf(literal) ?? []) : [])));
  for (const measure of measures) {
    const found = emptyIn(measure, literals);
    if (found) return found;
  }
  return undefined;
}

/** One of the literals makes sure that there is a number. */
function emptyIn(measure: Measure, literals: readonly Literal[]): readonly [Literal, Literal] | undefined {
  const before: { readonly literal: Literal; readonly spans: readonly Span[] }[] = [];
  let left: readonly Span[] = [{ from: FIRST, to: LAST }];
  for (const literal of literals) {
    const spans = spansOf(literal, measure)?.filter((span) => hasNumber(span, measure));
    if (!spans || spans.length === 0) continue;
    const common = (others: readonly Span[]) =>
      shared(others, spans).filter((span) => hasNumber(span, measure));
    left = common(left);
    if (left.length === 0) {
      const other = before.find((one) => common(one.spans).length === 0) ?? before[0];
      return other && [other.literal, literal];
    }
    before.push({ literal, spans });
  }
  return undefined;
}

/** What all values of a test are about; `undefined` when they are about several things, or no number. */
function measureOf({ test }: Literal): Measure | undefined {
  if (test.kind !== 'field' || test.probes.length > MOST_PROBES) return undefined;
  const measures = new Set(test.probes.map(probeMeasure));
  return measures.size === 1 ? [...measures][0] : undefined;
}

function probeMeasure(probe: Probe): Measure | undefined {
  if (probe.kind === 'number') return 'number';
  return probe.kind === 'time' ? probe.part : undefined;
}

/** The numbers that the literal leaves; `undefined` when it says nothing about them. */
function spansOf(literal: Literal, measure: Measure): Span[] | undefined {
  const { test, wanted } = literal;
  if (wanted ? measureOf(literal) !== measure : test.kind !== 'field') return undefined;
  if (test.kind !== 'field' || test.probes.length > MOST_PROBES) return undefined;
  const own = test.probes.filter((probe) => probeMeasure(probe) === measure).flatMap(spanOf);
  if (wanted || own.length === 0) return own.length > 0 ? own : undefined;
  return own.reduce<Span[]>((left, span) => shared(left, outside(span)), [{ from: FIRST, to: LAST }]);
}

function spanOf(probe: Probe): Span[] {
  if (probe.kind !== 'number' && probe.kind !== 'time') return [];
  const { comparison, number } = probe;
  const [before, behind] = [
    { number, behind: false },
    { number, behind: true },
  ];
  switch (comparison) {
    case 'eq':
      return [{ from: before, to: behind }];
    case 'lt':
      return [{ from: FIRST, to: before }];
    case 'lte':
      return [{ from: FIRST, to: behind }];
    case 'gt':
      return [{ from: behind, to: LAST }];
    case 'gte':
      return [{ from: before, to: LAST }];
  }
}

function outside({ from, to }: Span): Span[] {
  return [
    { from: FIRST, to: from },
    { from: to, to: LAST },
  ];
}

function shared(some: readonly Span[], others: readonly Span[]): Span[] {
  const both = some.flatMap((one) =>
    others.map((other) => ({
      from: isBefore(one.from, other.from) ? other.from : one.from,
      to: isBefore(one.to, other.to) ? one.to : other.to,
    })),
  );
  return both.filter(({ from, to }) => isBefore(from, to));
}

function isBefore(one: Cut, other: Cut): boolean {
  return one.number < other.number || (one.number === other.number && !one.behind && other.behind);
}

function hasNumber({ from, to }: Span, measure: Measure): boolean {
  if (measure === 'number') return isBefore(from, to);
  const least = from.behind ? Math.floor(from.number) + 1 : Math.ceil(from.number);
  const most = to.behind ? Math.floor(to.number) : Math.ceil(to.number) - 1;
  return least <= most;
}
