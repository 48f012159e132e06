import type { JsonObject } from '../../kernel/json.ts';
import { type FoundConnection, isThere } from './connection.ts';
import { hasKeyMark } from './mark.ts';
import { accountLetInBy, organizationsLetIn } from './permissions.ts';
import type { FoundPlace } from './place.ts';
import { eventsQueueName, type Site, type WantedPlace } from './wanted.ts';

/**
 * Whether a place has what only a home has. Others may still send their events there, and EventBridge would not
 * forward those over a second border: so it stays as it is until all others have been moved.
 */
export function isFormerHome(
  { destination, connection, permissions, queues }: FoundPlace,
  name: string,
): boolean {
  const posts = destination !== undefined || connection !== undefined;
  return posts || permissions.length > 0 || queues.some((queue) => queue.name === eventsQueueName(name));
}

/** A statement that would go if its account could be looked at. */
interface Kept {
  readonly site: Site;
  readonly account: string;
  readonly statement: JsonObject;
}

/**
 * The statements that are no longer wanted, of accounts that could not be looked at: they are all that says that
 * something of ours may be there.
 */
export function keptPermissions(
  { site, wanted, found }: { site: Site; wanted: WantedPlace; found: FoundPlace },
  name: string,
  unseen: ReadonlySet<string>,
): Kept[] {
  return found.permissions.flatMap((statement) => {
    const account = accountLetInBy(statement, name);
    const isWanted = wanted.permissions.some((one) => one.statement === statement.Sid);
    return account === undefined || isWanted || !unseen.has(account) ? [] : [{ site, account, statement }];
  });
}

export function sayKept({
  site: { account: where, region },
  account,
  statement: { Sid: sid },
}: Kept): string {
  return (
    `the permission for ${account} on the event bus of ${where} ${region} is left, because that account could not be looked at. ` +
    `If it is closed, take the statement away by hand: aws events remove-permission --region ${region} --statement-id ${String(sid)}`
  );
}

/**
 * What to mind when one statement for a whole organization goes: which of its accounts were connected, the bus does
 * not tell.
 */
export function hintsForOrganization(
  found: readonly JsonObject[],
  name: string,
  { organization, all }: { readonly organization: string | undefined; readonly all: boolean },
): string[] {
  if (!all && organization !== undefined) return [];
  return [...new Set(organizationsLetIn(found, name))].map((one) =>
    all
      ? `one permission lets all accounts of ${one} in, so only those in the configuration are cleared: put back the ones that you have taken out before you go on.`
      : `aws.organization is not set any more, so the permission for all accounts of ${one} goes. What is in an account that you have taken out of the configuration, too, is not found: put it back, run apply, take it out, and run apply again.`,
  );
}

/** Connections of former homes that go on showing the webhook another key than the first. */
export function hintsForKey(formerly: readonly FoundConnection[], key: string | undefined): string[] {
  const other = formerly.some((one) => isThere(one) && !hasKeyMark(one.description, key ?? ''));
  return other
    ? [
        'the former home still shows the webhook a key that is not the first of TRAILBOT_WEBHOOK_KEYS: leave that key among them until nothing of the former home is left.',
      ]
    : [];
}
