import type { Millis } from '../kernel/time.ts';
import type { Line, Span } from './answer.ts';
import type { Coverage, PlaceCover, Trouble } from './coverage.ts';
import { sayCount, text } from './lines.ts';
import type { Names } from './material.ts';

/** One line for each kind of gap, however many places have it: what is missing, where, and what to do. */
export function sayGaps(coverage: Coverage, names: Names): Line[] {
  const places = 'places' in coverage.lookup ? coverage.lookup.places : [];
  return [
    ...sayCut(coverage),
    ...sayStoreGaps(coverage.store),
    ...sayRunning(places),
    ...grouped(places).map((group) => sayGroup(group, places, names)),
    ...sayThrottled(places),
  ];
}

function sayCut({ cutAt }: Coverage): Line[] {
  if (cutAt === undefined) return [];
  const cut: Span = { at: cutAt, form: 'date and time' };
  return [
    [text('Too many calls for one answer: those before '), cut, text(' are left out. Ask for less time.')],
  ];
}

function sayStoreGaps(store: Coverage['store']): Line[] {
  if ('off' in store) return [];
  return [
    ...(store.truncated
      ? [[text('The own store has more than was read: its oldest calls are left out. Ask for less time.')]]
      : []),
    ...(store.waiting > 0
      ? [[text(`${sayCount(store.waiting, 'stored event')} cannot be searched yet; ask again in a while.`)]]
      : []),
  ];
}

function sayRunning(places: readonly PlaceCover[]): Line[] {
  const open = places.filter(({ state }) => state === 'waiting' || state === 'running');
  return open.length === 0
    ? []
    : [[text(`Still asking ${open.length} of ${sayCount(places.length, 'place')}.`)]];
}

/** Places that stopped for the same reason, those that read something apart from those that did not. */
function grouped(places: readonly PlaceCover[]): PlaceCover[][] {
  const groups = new Map<string, PlaceCover[]>();
  for (const place of places) {
    if (place.state !== 'partial' && place.state !== 'failed') continue;
    const { trouble, readBackTo } = place;
    const reason = [trouble?.kind, trouble?.what, trouble?.remedy, readBackTo === undefined].join('\n');
    groups.set(reason, [...(groups.get(reason) ?? []), place]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

function sayGroup(group: readonly PlaceCover[], all: readonly PlaceCover[], names: Names): Line {
  const trouble = group[0]?.trouble;
  const what = trouble?.what ?? 'not read to the end, as older calls would not fit into the answer';
  return [
    text(`${sayWhere(group, all, names)}: ${what}`),
    ...sayReadBack(group),
    text(trouble ? `.${sayRemedy(trouble)}` : '.'),
  ];
}

/** Where all of it happened, in as few words as say it exactly. */
function sayWhere(group: readonly PlaceCover[], all: readonly PlaceCover[], names: Names): string {
  const accounts = [...new Set(group.map(({ account }) => account))];
  const regions = [...new Set(group.map(({ region }) => region))];
  if (accounts.includes('*')) return 'AWS';
  if (regions.every((region) => region === '*')) return listed(accounts.map(names.account), 5, 'accounts');
  if (group.length === all.length && all.length > 3) return `All ${all.length} places`;
  if (group.length === accounts.length * regions.length) {
    return `${listed(accounts.map(names.account), 5, 'accounts')} in ${listed(regions, 5, 'regions')}`;
  }
  const each = group.map(({ account, region }) => `${names.account(account)} ${region}`);
  return listed(each, 4, `places in ${listed(accounts.map(names.account), 5, 'accounts')}`);
}

/** How far back a partly read group is complete: as far as the least read of its places. */
function sayReadBack(group: readonly PlaceCover[]): Span[] {
  const backTo = group.flatMap(({ readBackTo }) => (readBackTo === undefined ? [] : [readBackTo]));
  if (backTo.length === 0) return group[0]?.state === 'partial' ? [text(' (nothing complete)')] : [];
  const least: Millis = Math.max(...backTo);
  return [
    text(group.length === 1 ? ' (read back to ' : ' (all read back to at least '),
    { at: least, form: 'date and time' },
    text(')'),
  ];
}

function sayThrottled(places: readonly PlaceCover[]): Line[] {
  const throttled = places.reduce((sum, place) => sum + place.throttled, 0);
  if (throttled === 0) return [];
  return [
    [
      text(
        `AWS turned ${sayCount(throttled, 'request')} away as too fast; ${throttled === 1 ? 'it was' : 'they were'} asked again.`,
      ),
    ],
  ];
}

/** The remedy as a sentence of its own, after a space; nothing where nothing can be done. */
export function sayRemedy({ remedy }: Trouble): string {
  if (remedy === '') return '';
  const end = /[.!?]$/.test(remedy) ? '' : '.';
  return ` ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}${end}`;
}

/** `Production, Staging and Sandbox`, or `17 regions` when there are more than `most`. */
export function listed(names: readonly string[], most: number, noun: string): string {
  if (names.length > most) return `${names.length} ${noun}`;
  const [last = '', ...others] = [...names].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}
