import type { Millis } from '../../kernel/time.ts';
import type { Line, Part } from '../answer.ts';
import type { Call } from '../call.ts';
import { bold, code, cut, sayNumber, text } from '../lines.ts';
import { networksOf, sayActor } from '../say-names.ts';
import { countCell, seenCell } from './cells.ts';
import { clientNamer } from './client-name.ts';
import { type Asked, table } from './draft.ts';
import { certainNews, type News, type NoNews } from './news.ts';
import { sum, type Tally, tally } from './tally.ts';

/** Groups that get a row of their own; the rest shares one. */
const MOST_ROWS = 10;

/** Calls by address: where they came from and with what. All rows together count every call. */
export function drawAddresses({ material, names, now }: Asked, news: News | NoNews): Part {
  const fresh = keysOf(certainNews(news)?.addresses);
  const tallies = tally(material.calls, ({ address }) => address ?? '');
  const rows = rowsOf(tallies, ['address', 'addresses'], now, (one) => [
    ...nameAddress(one.key, fresh.has(one.key), names),
    text(` · ${clientsOf(one.calls)}`),
  ]);
  return table('By address', ['Address · client', 'Calls#', 'Seen'], rows);
}

/** Calls by actor: who did it and from where. */
export function drawActors({ material, names, now }: Asked, news: News | NoNews): Part {
  const fresh = keysOf(certainNews(news)?.actors);
  const tallies = tally(material.calls, ({ actor }) => actor.label);
  const rows = rowsOf(tallies, ['actor', 'actors'], now, (one) => [
    ...mark([text(sayActor(one.key, names))], fresh.has(one.key)),
    ...addressesOf(one.calls, names),
  ]);
  return table('By actor', ['Who · from', 'Calls#', 'Seen'], rows);
}

/** Calls by session of a role: who held it, and from where. */
export function drawSessions({ material, names, now }: Asked, news: News | NoNews): Part {
  const fresh = keysOf(certainNews(news)?.actors);
  const tallies = tally(material.calls, ({ actor }) => actor.name);
  const rows = rowsOf(tallies, ['session', 'sessions'], now, (one) => [
    ...mark([text(cut(one.key))], fresh.has(one.calls[0]?.actor.label ?? '')),
    ...addressesOf(one.calls, names),
  ]);
  return table('By session', ['Session · from', 'Calls#', 'Seen'], rows);
}

function keysOf(tallies: readonly Tally[] = []): ReadonlySet<string> {
  return new Set(tallies.map(({ key }) => key));
}

function rowsOf(
  tallies: readonly Tally[],
  [one, many]: readonly [string, string],
  now: Millis,
  nameOf: (tally: Tally) => Line,
): Line[][] {
  const row = (name: Line, group: Tally): Line[] => [name, countCell(group), seenCell(group, now)];
  const shown = tallies.length > MOST_ROWS + 1 ? tallies.slice(0, MOST_ROWS) : tallies;
  const rest = tallies.slice(shown.length);
  const rows = shown.map((group) => row(nameOf(group), group));
  if (rest.length === 0) return rows;
  const others = sum(
    '',
    rest.flatMap(({ calls }) => calls),
  );
  const name = `${sayNumber(rest.length)} more ${rest.length === 1 ? one : many}`;
  return [...rows, row([text(name)], others)];
}

function nameAddress(address: string, fresh: boolean, names: Asked['names']): Line {
  if (address === '') return mark([text('no address')], fresh);
  const networks = networksOf(address, names);
  const note =
    networks !== '' ? ` (${networks})` : /\.amazonaws\.com(\.cn)?$/.test(address) ? ' (AWS service)' : '';
  return mark([text(cut(address, 60)), ...(note === '' ? [] : [text(note)])], fresh);
}

function mark(name: Line, fresh: boolean): Line {
  return fresh ? [...name, text(' '), bold('NEW')] : name;
}

/** The most frequent client and how many others. */
function clientsOf(calls: readonly Call[]): string {
  const [top, ...others] = tally(calls, clientNamer());
  return `${top?.key ?? ''}${others.length > 0 ? ` +${sayNumber(others.length)}` : ''}`;
}

function addressesOf(calls: readonly Call[], names: Asked['names']): Line {
  const [top, ...others] = tally(calls, ({ address }) => address);
  if (!top) return [text(' · no address')];
  const rest = others.length > 0 ? [text(` +${sayNumber(others.length)}`)] : [];
  const networks = networksOf(top.key, names);
  return [text(' · '), code(top.key, 60), ...(networks === '' ? [] : [text(` (${networks})`)]), ...rest];
}
