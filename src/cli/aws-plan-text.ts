import { allSteps, type Plan } from '../aws/connect/plan.ts';
import type { Step } from '../aws/connect/step.ts';
import type { Trouble } from '../questions/coverage.ts';
import type { Place } from '../work/cloud-history.ts';

const SIGNS: Readonly<Record<Step['verb'], string>> = { create: '+', change: '~', remove: '-' };

const HELD =
  'Not yet, because events of places that could not be looked at, or are left alone, may still go there:';

/** Nothing to do, and everything was looked at. */
export function isSettled(plan: Plan): boolean {
  return allSteps(plan).length + plan.foreign.length + plan.troubles.length === 0;
}

/** Places at which the same is to be done are told together. */
export function planLines(plan: Plan): string[] {
  const { home, held, foreign, troubles, hints, looked } = plan;
  const steps = allSteps(plan);
  return [
    ...sayGroups(steps, home),
    ...(held.length === 0 ? [] : [HELD, ...sayGroups(held, home)]),
    ...foreign.map(
      ({ site, what, why }) =>
        `${sayPlace(site)}: the ${what} is left alone: ${why}. Choose another aws.name, or remove it there.`,
    ),
    ...troubles.map((one) => `${sayPlace(one)}: ${sayTrouble(one.trouble)}`),
    ...hints.map((hint) => `Note: ${hint}`),
    steps.length === 0
      ? `Nothing to do: ${looked} ${looked === 1 ? 'place was' : 'places were'} looked at.`
      : `${counts(steps)}, in ${new Set(steps.map(({ site }) => sayPlace(site))).size} of ${looked} places.`,
  ];
}

/** What is said besides the plan. */
interface Extras {
  readonly notes: readonly string[];
  /** When the second key of the webhook can go. */
  readonly rotation: string | undefined;
}

export function planJson(plan: Plan, { notes, rotation }: Extras): object {
  const { home, held, foreign, troubles, hints, looked } = plan;
  return {
    home,
    places: looked,
    steps: allSteps(plan).map(stepJson),
    held: held.map(stepJson),
    leftAlone: foreign.map(({ site, what, why }) => ({ ...placeOf(site), what, why })),
    troubles: troubles.map(({ account, region, trouble }) => ({ account, region, ...trouble })),
    hints: [...hints, ...notes],
    ...(rotation !== undefined && { rotation }),
  };
}

function stepJson({ site, verb, what, why }: Step): object {
  return { ...placeOf(site), verb, what, why };
}

export function sayPlace({ account, region }: Place): string {
  return region === '*' ? account : `${account} ${region}`;
}

export function sayTrouble({ what, remedy }: Trouble): string {
  return remedy === '' ? `${what}.` : `${what}; ${remedy}.`;
}

function placeOf({ account, region }: Place): Place {
  return { account, region };
}

interface Group {
  readonly places: Place[];
  readonly said: readonly string[];
}

function sayGroups(steps: readonly Step[], home: Place): string[] {
  return grouped(steps).flatMap(({ places, said }) => [`${sayPlaces(places, home)}:`, ...said]);
}

function grouped(steps: readonly Step[]): Group[] {
  const byPlace = new Map<string, Step[]>();
  for (const step of steps) {
    const place = sayPlace(step.site);
    byPlace.set(place, [...(byPlace.get(place) ?? []), step]);
  }
  const groups = new Map<string, Group>();
  for (const [first, ...rest] of byPlace.values()) {
    if (!first) continue;
    const said = [first, ...rest].map(sayStep);
    // Names of roles have the region in them.
    const alike = said.join('\n').replaceAll(first.site.region, 'REGION');
    const group = groups.get(alike);
    if (group) group.places.push(placeOf(first.site));
    else groups.set(alike, { places: [placeOf(first.site)], said });
  }
  return [...groups.values()].map(({ places, said }) => ({
    places,
    said: places.length === 1 ? said : said.map((line) => line.replaceAll(places[0]?.region ?? '', 'REGION')),
  }));
}

function sayStep({ verb, what, why }: Step): string {
  return `  ${SIGNS[verb]} ${what}${why.length > 0 ? `: ${why.join(', ')}` : ''}`;
}

function sayPlaces(places: readonly Place[], home: Place): string {
  const [only] = places;
  if (only && places.length === 1) {
    const isHome = only.account === home.account && only.region === home.region;
    return isHome ? `${sayPlace(only)} (home)` : sayPlace(only);
  }
  const accounts = Map.groupBy(places, ({ account }) => account);
  return [...accounts]
    .map(([account, at]) => `${account} ${at.map(({ region }) => region).join(', ')}`)
    .join('; ');
}

const DONE: Readonly<Record<Step['verb'], string>> = {
  create: 'to create',
  change: 'to change',
  remove: 'to remove',
};

function counts(steps: readonly Step[]): string {
  const verbs = ['create', 'change', 'remove'] as const;
  return verbs
    .map((verb) => ({ verb, count: steps.filter((step) => step.verb === verb).length }))
    .filter(({ count }) => count > 0)
    .map(({ verb, count }) => `${count} ${DONE[verb]}`)
    .join(', ');
}
