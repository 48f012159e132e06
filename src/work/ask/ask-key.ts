import { parseArn } from '../../cloudtrail/arn.ts';
import { type CloudTrailRecord, readRecord } from '../../cloudtrail/record.ts';
import { sayError } from '../../kernel/problem.ts';
import type { Call } from '../../questions/call.ts';
import type { KeyAccount, KeyOwner } from '../../questions/material.ts';
import { decodeAccount } from '../../questions/provenance/key-account.ts';
import { sayRemedy } from '../../questions/say-gaps.ts';
import type { Trace } from '../../questions/trace.ts';
import { recordsOf } from '../../store/calls.ts';
import { LookupTrouble, type Reach } from '../cloud-history.ts';
import type { Stop } from './ask-stop.ts';
import { type TraceTools, traceKey } from './trace.ts';

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
}

interface KeyAsking {
  readonly tools: TraceTools;
  readonly keyId: string;
  readonly stop: Stop;
  readonly reach: Promise<Reach | undefined>;
  /** Calls signed with the key, as far as they have come. */
  readonly calls: () => readonly Call[];
  readonly changed: () => void;
}

/** Enough events to know whose session a temporary key is. */
const ENOUGH_EVENTS = 20;

export function createKeyFacts({ tools, keyId, stop, reach, calls, changed }: KeyAsking): KeyFacts {
  const { history, log } = tools;
  const decoded = decodeAccount(keyId);
  const temporary = keyId.startsWith('ASIA');
  const blind: string[] = [];
  let confirmed: string | undefined;
  let owner: KeyOwner | undefined;
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
    try {
      confirmed = await stop.before(history.keyAccount(keyId, stop.signal));
      if (confirmed !== undefined) changed();
    } catch (error) {
      // The account is read from the key or its events then, and marked as such.
      log.debug({ error }, 'sts:GetAccessKeyInfo failed');
    }
  }

  async function findOwner(accountFound: Promise<void>): Promise<void> {
    const reached = await reach;
    if ('off' in history || !reached) return;
    if (decoded === undefined) await accountFound;
    if (decoded === undefined && confirmed === undefined) await seen;
    const where = confirmed ?? decoded ?? account()?.account;
    if (where === undefined) return;
    if (!reached.places.some((place) => place.account === where)) {
      blind.push(`The key belongs to account ${where}, which Trailbot cannot ask: most of its use is there.`);
      return;
    }
    if (temporary) return;
    try {
      owner = await stop.before(history.keyOwner(keyId, where, stop.signal));
      if (owner) changed();
    } catch (error) {
      if (!stop.signal.aborted) blind.push(`Whose key it is could not be asked: ${sayTrouble(error)}`);
    }
  }

  async function walkBack(): Promise<void> {
    const events = await seen;
    const usedAt = events.length > 0 ? Math.max(...events.map(({ eventTime }) => eventTime)) : undefined;
    const start = { keyId, seen: events, ...(usedAt === undefined ? {} : { usedAt }) };
    try {
      trace = await traceKey(tools, start, stop.signal);
      changed();
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
  };
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

function sayTrouble(error: unknown): string {
  if (!(error instanceof LookupTrouble)) return `${sayError(error).slice(0, 200)}.`;
  return `${error.trouble.what}.${sayRemedy(error.trouble)}`;
}
