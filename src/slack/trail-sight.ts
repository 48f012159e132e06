import { type Millis, sayDuration } from '../kernel/time.ts';
import type { CanaryStatus } from '../work/canary-status.ts';
import type { Status } from '../work/status.ts';
import { type Leaf, label, leaf, sayCount, words } from './text.ts';

/** Places and outages that are listed. */
const SHOWN = 6;

/** How long events take to Slack, and whether canaries come back from where they are sent. */
export function sightLines({ latency, canaries }: Status, now: Millis): Leaf[][] {
  return [
    ...(latency
      ? [
          [
            label('Latency'),
            words(
              `median ${sayDuration(latency.median)}, worst ${sayDuration(latency.worst)} from the event to Slack (${sayCount(latency.alerts)} ${latency.alerts === 1 ? 'alert' : 'alerts'} of the last day)`,
            ),
          ],
        ]
      : []),
    ...(canaries ? canaryLines(canaries, now) : []),
  ];
}

type Place = CanaryStatus['places'][number];

function canaryLines({ places, outages }: CanaryStatus, now: Millis): Leaf[][] {
  const several = new Set(places.map(({ account }) => account)).size > 1;
  const latest = places.toSorted((a, b) => (b.returnedAt ?? 0) - (a.returnedAt ?? 0));
  const [first, ...others] = latest.slice(0, SHOWN).map((place) => sayPlace(place, several, now));
  const more = places.length - SHOWN;
  const lines: Leaf[][] = [];
  if (first !== undefined) {
    const rest = [...others, ...(more > 0 ? [`${sayCount(more)} more places`] : [])].join('; ');
    lines.push([label('Canaries'), leaf(`last ${first}${rest === '' ? '' : `; ${rest}`}`, 900)]);
  }
  lines.push(...outages.slice(0, SHOWN).map((outage) => outageLine(outage, now)));
  if (outages.length > SHOWN) lines.push([words(`and ${sayCount(outages.length - SHOWN)} more outages`)]);
  return lines;
}

/** `canary from eu-west-1 12 s ago (took 2 s)`. */
function sayPlace(place: Place, several: boolean, now: Millis): string {
  const from = several ? `${place.accountName} ${place.region}` : place.region;
  if (place.returnedAt === null) return `canary from ${from} never`;
  return `canary from ${from} ${sayDuration(now - place.returnedAt)} ago (took ${sayDuration(place.took ?? 0)})`;
}

function outageLine(
  { kind, place, since, what, remedy }: CanaryStatus['outages'][number],
  now: Millis,
): Leaf[] {
  const for_ = sayDuration(now - since);
  return kind === 'lost'
    ? [label('Canary lost'), leaf(`${place}, for ${for_}: ${remedy}`, 400)]
    : [label('Canary not sent'), leaf(`${place}, for ${for_}: ${what ?? 'refused'}. To do: ${remedy}`, 400)];
}
