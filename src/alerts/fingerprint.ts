import { createHash } from 'node:crypto';

/**
 * The name of a case: two matches with the same fingerprint are the same alert while it is open. A channel is
 * part of it only where the route tree sends one match to several places.
 */
export function fingerprintOf(ruleId: string, groupValues: readonly string[], channel?: string): string {
  const parts = channel === undefined ? [ruleId, groupValues] : [ruleId, groupValues, channel];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
