import { DAY, type Millis, sayUtc } from '../../kernel/time.ts';
import type { FoundConnection } from './connection.ts';
import { hasKeyMark } from './mark.ts';

/**
 * When the second of the webhook's keys can be taken away; `undefined` when there is none, or when the connection
 * does not show the first one yet.
 */
export function sayRotation(
  keys: readonly string[],
  connection: FoundConnection | undefined,
): string | undefined {
  const [key] = keys;
  if (keys.length < 2 || key === undefined || !connection) return undefined;
  const { state, description, authorizedAt } = connection;
  if (state !== 'AUTHORIZED' || authorizedAt === undefined || !hasKeyMark(description, key)) return undefined;
  return sayRotated(authorizedAt);
}

/** `since`: when AWS took the first key. EventBridge tries for a day to deliver what it holds. */
export function sayRotated(since: Millis): string {
  return (
    `EventBridge shows the webhook the first of TRAILBOT_WEBHOOK_KEYS since ${sayUtc(since)}. ` +
    `Take the other one away after ${sayUtc(since + DAY)}: until then an event that is tried again may show it.`
  );
}
