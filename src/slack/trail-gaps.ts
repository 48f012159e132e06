import { type Millis, sayDuration, sayUtc } from '../kernel/time.ts';
import { type PlaceStatus, sayWhere } from '../work/gaps/place-status.ts';
import { type Leaf, label, leaf, sayCount, words } from './text.ts';

/** Places that are listed by name. */
const SHOWN = 5;

/** How far AWS's event history was compared with what arrived, what that left out, and who is silent. */
export function gapLines(places: readonly PlaceStatus[], now: Millis): Leaf[][] {
  const silent = places.flatMap((place) =>
    place.silentSince === undefined
      ? []
      : [[label('Silent'), leaf(`${sayWhere(place)}, for ${sayDuration(now - place.silentSince)}`, 200)]],
  );
  const open = places.flatMap((place) => place.uncovered.map((one) => openLine(place, one)));
  return [...sweepLine(places, now), ...listed(open), ...listed(silent)];
}

function sweepLine(places: readonly PlaceStatus[], now: Millis): Leaf[][] {
  const swept = places.flatMap(({ sweptUntil }) => sweptUntil ?? []);
  if (swept.length === 0) return [];
  const late = places.reduce((sum, { missing }) => sum + missing, 0);
  const where = `${sayCount(swept.length)} ${swept.length === 1 ? 'place' : 'places'}`;
  const until = sayDuration(now - Math.min(now, ...swept));
  const found = late === 0 ? 'no event' : `${sayCount(late)} ${late === 1 ? 'event' : 'events'}`;
  return [[label('Sweep'), words(`${where} compared up to ${until} ago; ${found} came late in 7 days`)]];
}

function openLine(place: PlaceStatus, { kind, trouble, period }: PlaceStatus['uncovered'][number]): Leaf[] {
  const what = trouble ? trouble.what : 'given up';
  const gone = period ? `; not compared: ${sayUtc(period.from)} to ${sayUtc(period.to)}` : '';
  const todo = trouble && trouble.remedy !== '' ? `. To do: ${trouble.remedy}` : '';
  return [label('Not compared'), leaf(`${sayWhere(place)} (${kind}): ${what}${gone}${todo}`, 500)];
}

function listed(lines: readonly Leaf[][]): Leaf[][] {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [[words(`and ${sayCount(more)} more`)]] : [])];
}
