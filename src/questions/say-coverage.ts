import { SECOND, sayDuration } from '../kernel/time.ts';
import type { Line, Span } from './answer.ts';
import { type Coverage, type PlaceCover, wasAsked } from './coverage.ts';
import { sayCount, sayNumber, text } from './lines.ts';
import type { Names } from './material.ts';
import type { Scope } from './question.ts';
import { listed, sayGaps } from './say-gaps.ts';

/**
 * What an answer has looked at: what was asked, how much came from where, what is missing and why, and what this
 * kind of question cannot find. Two or three lines when all went well; never silent about a gap.
 */
export function sayCoverage(coverage: Coverage, names: Names): Line[] {
  return [
    sayAsked(coverage, names),
    sayFound(coverage),
    ...sayGaps(coverage, names),
    ...(coverage.blind.length > 0 ? [[text(coverage.blind.join(' '))]] : []),
  ];
}

/** `Asked: Production and Staging in 17 regions, last 30 days, reads and writes.` */
function sayAsked({ scope, lookup }: Coverage, names: Names): Line {
  const places = 'places' in lookup ? lookup.places.filter(({ region }) => region !== '*') : [];
  const what = places.length === 0 ? sayScope(scope, names) : sayPlaces(places, names);
  return [text(`Asked: ${what}, ${scope.period.said}, ${sayAccess(scope)}.`)];
}

function sayPlaces(places: readonly PlaceCover[], names: Names): string {
  const accounts = [...new Set(places.map(({ account }) => account))];
  const regions = [...new Set(places.map(({ region }) => region))];
  return `${listed(accounts.map(names.account), 5, 'accounts')} in ${listed(regions, 3, 'regions')}`;
}

/** Where AWS was not asked, the own store was, whatever it has. */
function sayScope({ account, region }: Scope, names: Names): string {
  const where = account === undefined ? 'all accounts' : names.account(account);
  return `${where} in ${region ?? 'all regions'}`;
}

function sayAccess({ access, failed }: Scope): string {
  const kind = access === undefined ? 'reads and writes' : `${access} only`;
  return failed === true ? `${kind}, failed calls only` : kind;
}

/** `Own store since …: 40 events. LookupEvents: 290 events read in 51 requests, 26 s.` */
function sayFound({ store, lookup }: Coverage): Line {
  const own: Span[] =
    'off' in store
      ? [text(`Own store not asked: ${sentence(store.off)}`)]
      : store.since === undefined
        ? [text('Own store: nothing stored yet.')]
        : [
            text('Own store (since '),
            { at: store.since, form: 'date' },
            text(`): ${sayCount(store.events, 'event')} of ${sayNumber(store.stored)}.`),
          ];
  const said = sayLookup(lookup);
  return said === undefined ? own : [...own, text(` ${said}`)];
}

/** Where no request was sent, the gaps say why. */
function sayLookup(lookup: Coverage['lookup']): string | undefined {
  if ('off' in lookup) return `LookupEvents not asked: ${sentence(lookup.off)}`;
  if (lookup.places.length === 0) return 'LookupEvents: finding out which accounts and regions there are.';
  if (!wasAsked(lookup)) return undefined;
  const total = (member: 'events' | 'requests') =>
    lookup.places.reduce((sum, place) => sum + place[member], 0);
  const took = lookup.took < SECOND ? 'under 1 s' : sayDuration(lookup.took);
  return `LookupEvents: ${sayCount(total('events'), 'event')} read in ${sayCount(total('requests'), 'request')}, ${took}.`;
}

function sentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
