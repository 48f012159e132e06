import { type Clock, sayDuration, sayUtc } from '../../kernel/time.ts';
import type { Sql } from '../../store/sql.ts';
import { readCanaryStatus } from '../canary-status.ts';
import { type PlaceStatus, readPlaceStatus, sayWhere, type Watched } from '../gaps/place-status.ts';
import type { Checkup, Diagnosis } from './checkup.ts';

const AREA = 'sight';

/** What the running bot has noticed of its own sight. */
export function watchCheckups(
  sql: Sql,
  clock: Clock,
  nameOf: (account: string) => string,
  watched: Watched,
): Checkup[] {
  return [
    { area: AREA, check: 'canaries', look: () => canaries(sql, clock, nameOf) },
    { area: AREA, check: 'sweep', look: () => places(sql, clock, watched) },
  ];
}

async function canaries(sql: Sql, clock: Clock, nameOf: (account: string) => string): Promise<Diagnosis[]> {
  const status = await readCanaryStatus(sql, nameOf);
  if (!status) return [];
  const { outages, places: sent } = status;
  if (outages.length === 0) {
    const back = sent.flatMap(({ returnedAt }) => returnedAt ?? []);
    const last =
      back.length === 0
        ? 'none has come back yet'
        : `the last came ${sayDuration(clock.now() - Math.max(...back))} ago`;
    const verdict = back.length === 0 ? 'unknown' : 'fine';
    return [
      { area: AREA, check: 'canaries', verdict, says: `canaries go from ${sent.length} places, ${last}` },
    ];
  }
  return outages.map(({ place, since, what, remedy }) => {
    const says = `no canary from ${place} since ${sayUtc(since)}${what === undefined ? '' : `: ${what}`}`;
    return { area: AREA, check: 'canaries', verdict: 'fault', says, remedy };
  });
}

async function places(sql: Sql, clock: Clock, watched: Watched): Promise<Diagnosis[]> {
  const all = await readPlaceStatus(sql, clock.now(), watched);
  const told = all.flatMap((place) => [...silence(place, clock), ...uncovered(place)]);
  if (told.length > 0 || all.length === 0) return told;
  const late = all.reduce((sum, { missing }) => sum + missing, 0);
  const says = `CloudTrail's event history was compared at ${all.length} places; ${late} events came late in 7 days`;
  return [{ area: AREA, check: 'sweep', verdict: 'fine', says }];
}

function silence(place: PlaceStatus, clock: Clock): Diagnosis[] {
  if (place.silentSince === undefined) return [];
  const says = `nothing has come from ${sayWhere(place)} for ${sayDuration(clock.now() - place.silentSince)}, against its habit`;
  const remedy = 'look with "trailbot aws plan", and whether its trail logs';
  return [{ area: AREA, check: 'silence', verdict: 'fault', says, remedy }];
}

function uncovered(place: PlaceStatus): Diagnosis[] {
  return place.uncovered.map(({ kind, trouble, period }) => {
    const gone = period ? `, nor will ${sayUtc(period.from)} to ${sayUtc(period.to)} be` : '';
    const says = `${kind} of ${sayWhere(place)} are not compared: ${trouble?.what ?? 'given up'}${gone}`;
    const remedy = trouble?.remedy ?? 'nothing: what happens now is compared again';
    return { area: AREA, check: 'sweep', verdict: 'doubt', says, remedy };
  });
}
