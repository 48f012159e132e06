import type { JsonObject } from '../../kernel/json.ts';
import { accountLetInBy } from './permissions.ts';
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
