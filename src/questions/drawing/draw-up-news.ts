import { isIP } from 'node:net';
import { DAY, type Millis, sayDuration } from '../../kernel/time.ts';
import type { Line, Part } from '../answer.ts';
import { bold, code, cut, fact, joined, sayAgo, sayNumber, text } from '../lines.ts';
import type { ActivityQuestion } from '../question.ts';
import { networksOf, sayActor } from '../say-names.ts';
import { type Asked, list } from './draft.ts';
import { sayClauses } from './missing.ts';
import { certainNews, type News, type NoNews } from './news.ts';
import { sayDenied, type Tally } from './tally.ts';

const MOST_NAMED = 5;

/** A list of what is new, or one line that says why there is none. */
export function drawNews(news: News | NoNews, asked: Asked<ActivityQuestion>): Part[] {
  if (news === 'still reading') return [];
  if (news === 'nothing before') return whatIsNew(NOTHING_BEFORE);
  if ('unread' in news) return whatIsNew(`${UNREAD}: ${sayClauses(news.unread)}.`);
  const items = [
    named('Addresses', news.addresses, asked, (one) => [code(one.key, 60), text(inNetworks(one.key, asked))]),
    named('Actors', news.actors, asked, (one) => [code(sayActor(one.key, asked.names))]),
    named('Clients', news.clients, asked, (one) => [text(one.key)]),
    named('Regions', news.regions, asked, (one) => [code(one.key)]),
    named('Actions', news.actions, asked, (one) => [code(one.key)]),
  ].flat();
  const title = `New in the last ${sayPart(Math.min(asked.now, asked.question.scope.period.to) - news.since)}`;
  if (items.length === 0) {
    return [
      { kind: 'lines', lines: [[bold(title), text('  nothing: same addresses, clients and actions.')]] },
    ];
  }
  const doubt: Line = [text(`Some of this may not be new: ${sayClauses(news.doubts)}.`)];
  return list(title, news.doubts.length > 0 ? [...items, doubt] : items);
}

const NOTHING_BEFORE = 'Nothing before the newest part of the period to compare with.';
const UNREAD = 'The older part was not read, so nothing can be called new';

function whatIsNew(line: string): Part[] {
  return [{ kind: 'lines', lines: [fact('What is new', text(line))] }];
}

/** `iam:CreateUser · iam:ListUsers × 2, first 2 h ago; …`: what began together is told together. */
function named(what: string, tallies: readonly Tally[], { now }: Asked, name: (one: Tally) => Line): Line[] {
  if (tallies.length === 0) return [];
  const groups = new Map<string, Line[]>();
  for (const one of tallies.slice(0, MOST_NAMED).sort((a, b) => b.first - a.first)) {
    const times = one.calls.length > 1 ? ` × ${sayNumber(one.calls.length)}` : '';
    const denied = one.denied > 0 ? ` (${sayDenied(one)})` : '';
    const ago = sayAgo(one.first, now);
    groups.set(ago, [...(groups.get(ago) ?? []), [...name(one), text(`${times}${denied}`)]]);
  }
  const shown = [...groups].map(([ago, lines]): Line => [...joined(lines), text(`, first ${ago}`)]);
  const rest = tallies.length - MOST_NAMED;
  if (rest > 0) shown.push([text(`${sayNumber(rest)} more`)]);
  return [fact(what, ...joined(shown, '; '))];
}

/** `24 h`, not `1 d`: that is what it is called. */
function sayPart(length: Millis): string {
  return length === DAY ? '24 h' : sayDuration(length);
}

/**
 * The news that tells most, to end a lead with: `first call from 203.0.113.90 2 h ago; 3 of its 4 calls were denied`.
 * Nothing when nothing is new for certain.
 */
export function leadNews(news: News | NoNews, asked: Asked<ActivityQuestion>): Line | undefined {
  const certain = certainNews(news);
  if (!certain) return undefined;
  const { addresses, clients, regions, actors } = certain;
  const address = worst(addresses.filter(({ key }) => isIP(key) !== 0));
  const { kind } = asked.question;
  if (address && kind !== 'address') {
    const first: Line = [
      bold('first call from '),
      code(address.key, 60),
      text(inNetworks(address.key, asked)),
    ];
    return [...first, bold(` ${sayAgo(address.first, asked.now)}`), ...deniedOf(address)];
  }
  const actor = worst(actors);
  if (actor && (kind === 'resource' || kind === 'address' || kind === 'anything')) {
    return [
      bold(`first call by ${sayActor(actor.key, asked.names)} ${sayAgo(actor.first, asked.now)}`),
      ...deniedOf(actor),
    ];
  }
  const client = worst(clients);
  if (client)
    return [bold(`first call with ${client.key} ${sayAgo(client.first, asked.now)}`), ...deniedOf(client)];
  const region = worst(regions);
  if (!region) return undefined;
  return [
    bold(`first call in ${cut(region.key, 30)} ${sayAgo(region.first, asked.now)}`),
    ...deniedOf(region),
  ];
}

/** Who was denied most; a stranger that fails is what an intruder looks like. */
function worst(tallies: readonly Tally[]): Tally | undefined {
  return [...tallies].sort((one, other) => other.denied - one.denied || other.last - one.last)[0];
}

function deniedOf({ denied, calls }: Tally): Line {
  if (denied === 0) return [];
  if (calls.length === 1) return [bold('; it was denied')];
  if (denied === calls.length) return [bold(`; all of its ${sayNumber(denied)} calls were denied`)];
  return [
    bold(
      `; ${sayNumber(denied)} of its ${sayNumber(calls.length)} calls ${denied === 1 ? 'was' : 'were'} denied`,
    ),
  ];
}

function inNetworks(address: string, { names }: Asked): string {
  const networks = networksOf(address, names);
  return networks === '' ? '' : ` (${networks})`;
}
