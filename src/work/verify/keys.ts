import type { KeyObject } from 'node:crypto';
import { readPublicKey } from '../../cloudtrail/digest.ts';
import { HOUR } from '../../kernel/time.ts';
import { LookupTrouble, type Place } from '../cloud-history.ts';
import type { Keys } from './inspect-digest.ts';
import type { Period, Trails } from './trails.ts';

type Known = Promise<ReadonlyMap<string, KeyObject>>;

/** A digest of the last hour is written, and signed, some time after it. */
const AFTER = 2 * HOUR;

/** CloudTrail's keys by place, asked once for each period. */
export function createKeyRing(trails: Pick<Trails, 'publicKeys'>, signal: AbortSignal) {
  const asked = new Map<string, Known>();

  async function ask(place: Place, period: Period): Known {
    const listed = await trails.publicKeys(place, period, signal);
    return new Map(
      listed.map(({ fingerprint, value }) => {
        const key = readPublicKey(value);
        if (key) return [fingerprint, key];
        const what = `CloudTrail gives the key ${fingerprint} in an encoding that is not known`;
        throw new LookupTrouble({ kind: 'refused', what, remedy: 'update Trailbot' });
      }),
    );
  }

  /** For the digests of one place. */
  return (place: Place, period: Period): Keys =>
    (extra) => {
      const { from, to } = extra ?? { from: period.from, to: period.to + AFTER };
      const name = [place.account, place.region, from, to].join('|');
      const known = asked.get(name) ?? ask(place, { from, to });
      asked.set(name, known);
      return known;
    };
}
