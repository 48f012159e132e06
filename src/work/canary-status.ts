import { isObject, objectOf, parseJson, textOf } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';
import { type CanaryPlace, canaryPlaces } from '../store/canaries.ts';
import { type OutageKind, openOutages } from '../store/canary-outages.ts';
import type { Sql } from '../store/sql.ts';

/** How canaries fare, for people. */
export interface CanaryStatus {
  readonly places: readonly (CanaryPlace & { readonly accountName: string })[];
  readonly outages: readonly {
    readonly kind: OutageKind;
    /** `prod (111122223333) in eu-west-1`. */
    readonly place: string;
    readonly since: Millis;
    /** Why none could be sent. */
    readonly what: string | undefined;
    readonly remedy: string;
  }[];
}

/** `undefined` while no canary was ever sent, or none for long. */
export async function readCanaryStatus(
  sql: Sql,
  accountName: (account: string) => string,
): Promise<CanaryStatus | undefined> {
  const places = await canaryPlaces(sql);
  const open = await openOutages(sql);
  if (places.length + open.length === 0) return undefined;
  return {
    places: places.map((place) => ({ ...place, accountName: accountName(place.account) })),
    outages: open.map(({ kind, sentAt, report }) => {
      const body = parseJson(report);
      const details = (isObject(body) && objectOf(body, 'serviceEventDetails')) || {};
      return {
        kind,
        place: textOf(details, 'place') ?? '',
        since: sentAt,
        what: textOf(details, 'what'),
        remedy: textOf(details, 'remedy') ?? '',
      };
    }),
  };
}
