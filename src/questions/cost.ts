import { type Millis, SECOND, sayDuration } from '../kernel/time.ts';
import type { Call } from './call.ts';
import { sayCount } from './lines.ts';
import type { Attribute, Period } from './question.ts';

/** What a question costs at AWS, known before it is asked. */
export interface Cost {
  /** Fewer requests are impossible: one for each lookup in each place. */
  readonly least: Spending;
  /** As far as the own store lets one guess. */
  readonly likely: Spending;
}

interface Spending {
  readonly requests: number;
  readonly took: Millis;
}

/** What the own store knows that helps to guess. */
export interface Known {
  /** Of this question. */
  readonly calls: readonly Call[];
  /** Stored events in all, and the time of the oldest. */
  readonly stored: number;
  readonly since: Millis | undefined;
}

/** One place, and what it is asked. */
interface Asked {
  readonly account: string;
  readonly region: string;
  readonly lookups: readonly (Attribute | undefined)[];
}

/** Source: AWS CloudTrail user guide, quotas: two requests a second in each account and region; API: 50 events. */
const PER_REQUEST: Millis = SECOND / 2;
const PER_PAGE = 50;
const WORTH_SAYING: Millis = 10 * SECOND;

/** All places are asked at the same time: the slowest decides. */
export function costOf(places: readonly Asked[], period: Period, known: Known): Cost {
  const counts = new Map<string, number>();
  for (const { account, region } of known.calls) {
    counts.set(`${account}|${region}`, (counts.get(`${account}|${region}`) ?? 0) + 1);
  }
  const seen = shareSeen(period, known.since);
  const likely = places.map(({ account, region, lookups }) => {
    const found = (counts.get(`${account}|${region}`) ?? 0) * seen;
    const all = (known.stored * shareAsked(period, known.since)) / Math.max(1, places.length);
    return sum(lookups.map((attribute) => pages(isScan(attribute) ? all : found)));
  });
  return { least: spending(places.map(({ lookups }) => lookups.length)), likely: spending(likely) };
}

/** One sentence when it takes more than ten seconds. */
export function sayCost({ least, likely }: Cost): string | undefined {
  if (likely.took <= WORTH_SAYING) return undefined;
  const at = least.took === likely.took ? 'about' : 'probably about';
  return `This takes ${at} ${sayDuration(likely.took)} and ${sayCount(likely.requests, 'request')}: AWS allows two a second in each account and region.`;
}

function spending(requests: readonly number[]): Spending {
  return { requests: sum(requests), took: Math.max(0, ...requests) * PER_REQUEST };
}

function pages(events: number): number {
  return Math.max(1, Math.ceil(events / PER_PAGE));
}

function isScan(attribute: Attribute | undefined): boolean {
  return attribute === undefined || attribute.key === 'ReadOnly';
}

/** How many times more there is than the own store has seen of the period. */
function shareSeen(period: Period, since: Millis | undefined): number {
  const length = period.to - period.from;
  if (since === undefined || since <= period.from || since >= period.to) return 1;
  return length / (period.to - since);
}

/** The period as a share of the time that the own store spans, which it is taken to end. */
function shareAsked(period: Period, since: Millis | undefined): number {
  if (since === undefined || since >= period.to) return 0;
  return (period.to - period.from) / (period.to - since);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
