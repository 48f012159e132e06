import { DAY, type Millis, sayUtc } from '../../kernel/time.ts';
import { hasKeyMark } from './mark.ts';
import type { Plan } from './plan.ts';

/**
 * When the second of the webhook's keys can be taken away; `undefined` when there is none, or when a connection, of a
 * former home too, does not show the first one yet.
 */
export function sayRotation(
  keys: readonly string[],
  { connection, formerConnections }: Pick<Plan, 'connection' | 'formerConnections'>,
): string | undefined {
  const [key] = keys;
  if (keys.length < 2 || key === undefined || !connection) return undefined;
  const all = [connection, ...formerConnections];
  const since = all.map(({ authorizedAt }) => authorizedAt).filter((at) => at !== undefined);
  const inUse = all.every(({ state, description }) => state === 'AUTHORIZED' && hasKeyMark(description, key));
  return inUse && since.length === all.length ? sayRotated(Math.max(...since)) : undefined;
}

/** `since`: when AWS took the first key. EventBridge tries for a day to deliver what it holds. */
export function sayRotated(since: Millis): string {
  return (
    `EventBridge shows the webhook the first of TRAILBOT_WEBHOOK_KEYS since ${sayUtc(since)}. ` +
    `Take the other one away after ${sayUtc(since + DAY)}: until then an event that is tried again may show it.`
  );
}
