import { createHash } from 'node:crypto';

/**
 * The name of a case: two matches with the same fingerprint are the same alert while it is open. The channel
 * is part of it, because an alert lives in one: after a change of the routes, new matches go where those say.
 */
export function fingerprintOf(ruleId: string, groupValues: readonly string[], channel: string): string {
  return createHash('sha256')
    .update(JSON.stringify([ruleId, groupValues, channel]))
    .digest('hex');
}
