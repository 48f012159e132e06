import { parseArn } from '../../cloudtrail/arn.ts';
import { type CloudTrailRecord, readRecord } from '../../cloudtrail/record.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Call } from '../../questions/call.ts';
import { sayCount } from '../../questions/lines.ts';
import type { KeyAccount, KeyOwner } from '../../questions/material.ts';
import { decodeAccount } from '../../questions/provenance/key-account.ts';
import { sayRemedy } from '../../questions/say-gaps.ts';
import type { Trace } from '../../questions/trace.ts';
import { recordsOf } from '../../store/calls.ts';
import { LookupTrouble } from '../cloud-history.ts';
import type { Stop } from './ask-stop.ts';
import { type TraceStart, type TraceTools, traceKey } from './trace.ts';

/** What is asked about a key beside its calls, as far as it is known. */
export interface KeyFacts {
  /** Never rejects. */
  run(): Promise<void>;
  /** An event of the key has come: the walk back begins with the first ones. */
  saw(records: readonly CloudTrailRecord[]): void;
  /** Neither source has more events of the key. */
  sawAll(): void;
  known(): { owner?: KeyOwner | undefined; trace?: Trace | undefined; keyAccount?: KeyAccount | undefined };
  /** What could not be found out, each one sentence. */
  blind(): readonly string[];
  /** What that took, at most one sentence. */
  spent(): readonly string[];
}

interface KeyAsking {
  readonly tools: TraceTools;
  readonly keyId: string;
  readonly stop: Stop;
  /** Calls signed with the key, as far as they have come. */
  readonly calls: () => readonly Call[];
  readonly changed: () => void;
}

/** Enough events to know whose session a temporary key is. */
const ENOUGH_EVENTS = 20;

export function createKeyFacts({ tools, keyId, stop, calls, changed }: KeyAsking): KeyFacts {
  const { history, log } = tools;
  const decoded = decodeAccount(keyId);
  const temporary = keyId.startsWith('ASIA');
  const blind: string[] = [];
  let confirmed: string | undefined;
  let owner: KeyOwner | undefined;
  /** Beside those of LookupEvents for its calls. */
  let requests = 0;
  let trace: Trace | undefined;
  let saw: (records: readonly CloudTrailRecord[]) => void = () => {};
  const seen = new Promise<readonly CloudTrailRecord[]>((resolve) => {
    saw = resolve;
  });

  function account(): KeyAccount | undefined {
    if (confirmed !== undefined) return { account: confirmed, by: 'aws' };
    for (const { actor } of calls()) {
      const told = parseArn(actor.id)?.account;
      if (told) return { account: told, by: 'seen' };
    }
    return decoded === undefined ? undefined : { account: decoded, by: 'decoded' };
  }

  async function findAccount(): Promise<void> {
    if ('off' in history) return;
    requests += 1;
    try {
      confirmed = await stop.before(history.keyAccount(keyId, stop.signal));
      if (confirmed !== undefined) changed();
    } catch (error) {
      // The account is read from the key or its events then, and marked as such.
      log.debug({ error }, 'sts:GetAccessKeyInfo failed');
    }
  }

  async function findOwner(accountFound: Promise<void>): Promise<void> {
    if ('off' in history) return;
    await accountFound;
    if (confirmed === undefined) await seen;
    const known = account();
    if (known === undefined) return;
    const where = known.account;
    const reached = await stop.before(history.reach(stop.signal, { account: where }));
    if (reached && !reached.places.some((place) => place.account === where)) {
      blind.push(sayAway(known));
      return;
    }
    if (!reached || temporary) return;
    requests += 1;
    try {
      owner = await stop.before(history.keyOwner(keyId, where, stop.signal));
      if (owner) changed();
    } catch (error) {
      if (!stop.signal.aborted) blind.push(`Whose key it is could not be asked: ${sayTrouble(error)}`);
    }
  }

  async function walkBack(): Promise<void> {
    const events = await seen;
    try {
      trace = await stop.orSoonAfter(traceKey(tools, startOf(keyId, events), stop.signal));
      if (trace) changed();
      else blind.push('Who made the key was still being looked for when the question ended.');
    } catch (error) {
      log.error({ error }, 'walking back from a key failed');
      blind.push(`Who made the key could not be found out: ${sayTrouble(error)}`);
    }
  }

  return {
    async run() {
      const accountFound = findAccount();
      await Promise.all([accountFound, findOwner(accountFound), temporary ? walkBack() : undefined]);
    },
    saw(records) {
      const signed = records.filter(({ accessKeyId }) => accessKeyId === keyId).slice(0, ENOUGH_EVENTS);
      if (signed.length > 0) saw(signed);
    },
    sawAll: () => saw([]),
    known: () => ({ owner, trace, keyAccount: account() }),
    blind: () => blind,
    spent: () => sayRequests(requests, trace?.lookups ?? 0),
  };
}

function sayAway({ account, by }: KeyAccount): string {
  const unsure = by === 'decoded' ? ' (computed from the key id, unconfirmed)' : '';
  return `The key belongs to account ${account}${unsure}, which Trailbot cannot ask: most of its use is there.`;
}

function startOf(keyId: string, seen: readonly CloudTrailRecord[]): TraceStart {
  return seen.length === 0
    ? { keyId, seen }
    : { keyId, seen, usedAt: Math.max(...seen.map(({ eventTime }) => eventTime)) };
}

/** The latest events of the key in the own store, whatever the period of the question. Never rejects. */
export async function storedEventsOf(
  { sql, log }: Pick<TraceTools, 'sql' | 'log'>,
  keyId: string,
): Promise<CloudTrailRecord[]> {
  if (!sql) return [];
  const query = { by: { column: 'keyId', value: keyId }, from: 0, to: Number.MAX_SAFE_INTEGER - 1 } as const;
  try {
    return (await recordsOf(sql, query, ENOUGH_EVENTS)).flatMap(({ body, account, region }) => {
      const record = readRecord(JSON.parse(body), { account, region });
      return 'unreadable' in record ? [] : [record];
    });
  } catch (error) {
    log.error({ error }, 'the events of a key could not be read from the own store');
    return [];
  }
}

/** Those that the coverage does not count. */
function sayRequests(facts: number, walk: number): string[] {
  if (facts + walk === 0) return [];
  const parts = [
    ...(facts > 0 ? [`${sayCount(facts, 'request')} went into the key itself`] : []),
    ...(walk > 0 ? [`${sayCount(walk, 'request')} into the walk back to who made it`] : []),
  ];
  return [`Besides, ${parts.join(' and ')}.`];
}

function sayTrouble(error: unknown): string {
  if (!(error instanceof LookupTrouble)) return `${sayError(error).slice(0, 200)}.`;
  return `${error.trouble.what}.${sayRemedy(error.trouble)}`;
}
