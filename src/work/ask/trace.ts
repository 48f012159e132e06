import { type CloudTrailRecord, readRecord } from '../../cloudtrail/record.ts';
import { parseJson } from '../../kernel/json.ts';
import type { Log } from '../../kernel/log.ts';
import { sayError } from '../../kernel/problem.ts';
import { type Clock, DAY } from '../../kernel/time.ts';
import { decodeAccount } from '../../questions/provenance/key-account.ts';
import { walkBack } from '../../questions/provenance/provenance.ts';
import { sayMissed } from '../../questions/provenance/provenance-gaps.ts';
import type { Found, Search } from '../../questions/provenance/provenance-search.ts';
import { EVENT_HISTORY_DAYS } from '../../questions/question.ts';
import type { Trace } from '../../questions/trace.ts';
import { recordsOf } from '../../store/calls.ts';
import type { Sql } from '../../store/sql.ts';
import { type CloudHistory, LookupTrouble, type Reach } from '../cloud-history.ts';
import { askPlaces, type Budget, roundsOf, type Said } from './trace-places.ts';

export interface TraceTools {
  readonly sql: Sql | undefined;
  readonly history: CloudHistory | { readonly off: string };
  readonly clock: Clock;
  readonly log: Log;
  /** Requests that one walk may cost; 60 unless said otherwise. */
  readonly lookups?: number;
}

export interface TraceStart {
  readonly keyId: string;
  /** Calls signed with the key; may be empty. */
  readonly seen: readonly CloudTrailRecord[];
  readonly usedAt?: number;
}

const LOOKUPS = 60;
const MOST_STORED = 50;

/** A walk under way. */
interface Run {
  readonly tools: TraceTools;
  readonly budget: Budget;
  readonly signal: AbortSignal;
}

/**
 * Walks from a key back to a person, a service or a job, asking the own store before AWS. Rejects neither for the
 * store's nor for AWS's sake: what could not be asked is among the caveats.
 */
export async function traceKey(tools: TraceTools, start: TraceStart, signal: AbortSignal): Promise<Trace> {
  const budget: Budget = { limit: tools.lookups ?? LOOKUPS, spent: 0, underway: 0 };
  const run: Run = { tools, budget, signal };
  const account = await before(
    signal,
    accountOf(run, start),
    accountSeen(start) ?? decodeAccount(start.keyId),
  );
  const walk = walkBack({ ...start, account, now: tools.clock.now() });
  let step = walk.next();
  while (!step.done) step = walk.next(await before(signal, answer(run, step.value), CANCELLED));
  return { ...step.value, lookups: budget.spent };
}

const CANCELLED: Found = { records: [], gaps: [], stopped: 'cancelled' };

/** What `work` gives, or `late` as soon as the signal aborts; what becomes of `work` then is nobody's concern. */
async function before<T>(signal: AbortSignal, work: Promise<T>, late: T): Promise<T> {
  const over = new AbortController();
  const stopped = new Promise<T>((resolve) => {
    if (signal.aborted) resolve(late);
    signal.addEventListener('abort', () => resolve(late), { signal: over.signal });
  });
  try {
    return await Promise.race([stopped, work]);
  } finally {
    over.abort();
  }
}

/** Of the latest use: the same id may have been given out by two accounts. */
function accountSeen({ keyId, seen }: TraceStart): string | undefined {
  return seen
    .filter((record) => record.accessKeyId === keyId && record.actor.account !== undefined)
    .reduce<CloudTrailRecord | undefined>(
      (latest, record) => (latest && latest.eventTime >= record.eventTime ? latest : record),
      undefined,
    )?.actor.account;
}

/** As the key's own calls say it, else as its id does where that account can be asked, else as AWS does. */
async function accountOf(run: Run, start: TraceStart): Promise<string | undefined> {
  const { keyId } = start;
  const { history } = run.tools;
  const told = accountSeen(start);
  if (told !== undefined) return told;
  const decoded = decodeAccount(keyId);
  if ('off' in history) return decoded;
  const { places } = await history.reach(run.signal, { account: decoded });
  if (run.signal.aborted || places.some((place) => place.account === decoded)) return decoded;
  run.budget.spent += 1;
  try {
    return (await history.keyAccount(keyId, run.signal)) ?? decoded;
  } catch (error) {
    if (!(error instanceof LookupTrouble)) throw error;
    run.tools.log.debug({ error }, 'sts:GetAccessKeyInfo failed');
    return decoded;
  }
}

/** Cheapest first: the own store costs nothing. */
async function answer(run: Run, search: Search): Promise<Found> {
  if (run.signal.aborted) return CANCELLED;
  const stored = await inStore(run, search);
  if (stored.records.length > 0) return stored;
  const there = await inHistory(run, search);
  return { ...there, gaps: [...stored.gaps, ...there.gaps] };
}

async function inStore({ tools }: Run, search: Search): Promise<Found> {
  const { sql, log } = tools;
  if (!sql) return { records: [], gaps: [] };
  const { stored: by, from, to, account } = search;
  try {
    const rows = await recordsOf(sql, { by, from, to, account }, MOST_STORED);
    const records = rows.flatMap((row) => {
      const record = readRecord(parseJson(row.body), row);
      return 'unreadable' in record ? [] : [record];
    });
    return { records: records.filter(search.wanted), gaps: [] };
  } catch (error) {
    log.error({ error }, 'the own store could not be asked');
    return { records: [], gaps: [`The own store could not be read (${sayError(error).slice(0, 200)}).`] };
  }
}

async function inHistory(run: Run, search: Search): Promise<Found> {
  const { tools, signal, budget } = run;
  const { history, clock } = tools;
  if ('off' in history) return { records: [], gaps: [sayOff(history.off)] };
  const horizon = clock.now() - EVENT_HISTORY_DAYS * DAY;
  if (search.to < horizon) return { records: [], gaps: [] };
  const reach = await history.reach(signal, { account: search.account });
  const places = reach.places.filter(
    ({ account }) => account !== search.except && (search.account ?? account) === account,
  );
  const barred = barredFrom(reach, search.account);
  if (barred !== undefined || places.length === 0) return { records: [], gaps: [], outside: barred };
  const said: Said[] = [];
  for (const round of roundsOf(places, search)) {
    if (signal.aborted) return CANCELLED;
    const asked = { ...search, from: Math.max(search.from, horizon) };
    said.push(...(await askPlaces(history, budget, asked, round, signal)));
    const records = said.flatMap((one) => one.records);
    if (records.length > 0) return { records, gaps: [] };
  }
  return nothing(run, search, said, reach);
}

function sayOff(off: string): string {
  return `AWS was not asked: ${off}. The own store alone often lacks AssumeRole, a read-only call: EventBridge delivers it only to rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS.`;
}

/** Why an account cannot be asked at all. */
function barredFrom({ places, troubles }: Reach, account: string | undefined): string | undefined {
  if (account === undefined || places.some((place) => place.account === account)) return undefined;
  const trouble = troubles.find((one) => one.account === account || one.account === '*')?.trouble;
  if (!trouble) return `no reader role there; add accounts.'${account}'.reader_role`;
  return trouble.remedy === '' ? trouble.what : `${trouble.what}; ${trouble.remedy}`;
}

function nothing({ budget, signal }: Run, search: Search, said: readonly Said[], reach: Reach): Found {
  const troubles = said.flatMap(({ place, trouble }) => (trouble ? [{ ...place, trouble }] : []));
  const unlisted = reach.troubles
    .filter(({ account }) => account !== search.except && (search.account ?? account) === account)
    .map((one) => ({ ...one, region: undefined }));
  const [first] = troubles;
  const everywhere = search.account !== undefined && first && troubles.length === said.length;
  const spent = said.some(({ cut }) => cut);
  return {
    records: [],
    asked: [...new Set(said.flatMap(({ place, trouble }) => (trouble ? [] : [place.region])))],
    gaps: [...sayMissed([...troubles, ...unlisted]), ...(spent ? [saySpent(budget.limit)] : [])],
    outside: everywhere ? `${first.trouble.what}; ${first.trouble.remedy}` : undefined,
    stopped: signal.aborted ? 'cancelled' : spent ? 'lookups' : undefined,
  };
}

function saySpent(limit: number): string {
  return `All ${limit} lookups that one walk may cost were used: what is missing here may exist.`;
}
