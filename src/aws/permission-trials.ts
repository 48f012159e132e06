import { isObject, type JsonObject } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import { type CloudHistory, LookupTrouble } from '../work/cloud-history.ts';
import type { Trail } from '../work/verify/trails.ts';
import type { Accounts } from './accounts.ts';
import type { Clients, Credentials } from './clients.ts';
import { type Abilities, readerPolicy, runPolicy } from './connect/policies.ts';
import { deadLettersUrl, eventsQueueUrl, type Site } from './connect/wanted.ts';
import { patiently, within } from './patience.ts';
import { CALLS, type CallPlace, NOT_TRIED } from './permission-calls.ts';
import { type Outcome, outcomeOf, type Tried } from './permission-outcome.ts';
import { readQueueUrl } from './queue.ts';

export interface PermissionOptions {
  readonly abilities: Abilities;
  /** The roles to look by, by account. */
  readonly readers: ReadonlyMap<string, { readonly readerRole?: string | undefined }>;
  /** The home region, and those that are watched. */
  readonly region: string;
  readonly regions: 'enabled' | readonly string[];
  /** Asks for CloudTrail's event history at the pace that all keep to; `undefined` while it may not be asked. */
  readonly history: Pick<CloudHistory, 'lookup'> | undefined;
  /** Whose files are verified. Throws LookupTrouble. */
  readonly trails: (signal: AbortSignal) => Promise<readonly Trail[]>;
  /** Takes the place of the address of every service. */
  readonly endpoint?: string | undefined;
  /** Instead of what the SDK finds in environment, profile and metadata service. */
  readonly credentials?: Credentials | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface TrialTools {
  readonly options: PermissionOptions;
  readonly accounts: Accounts;
  readonly clientsFor: (account: string) => Clients;
  readonly home: { readonly account: string; readonly partition: string };
  readonly signal: AbortSignal;
}

/** An action that is to be tried. */
interface Trial extends Omit<Tried, 'outcome'> {
  take(): Promise<Outcome>;
}

/** A refusal is an answer; what may pass is tried once more. */
const MOST_TRIES = 2;
/** Nobody waits longer for one answer. */
const LIMIT: Millis = 5 * SECOND;

/** One for each action that the policy of the account has for this configuration. */
export async function trialsIn(tools: TrialTools, site: Site, isHome: boolean): Promise<Trial[]> {
  const { abilities } = tools.options;
  const statements = statementsOf(isHome ? runPolicy(abilities) : readerPolicy(abilities));
  const all: Trial[] = [];
  for (const { sid, actions } of statements) {
    // Whether another account can be entered stands on that account's line.
    if (sid === 'OtherAccounts') continue;
    if (sid === 'ReadQueues') all.push(...actions.flatMap((action) => queueTrials(tools, site, action)));
    else if (actions.some((action) => action.startsWith('s3:')))
      all.push(...(await bucketTrials(tools, site, actions)));
    else all.push(...actions.map((action) => trialOf(tools, site, action)));
  }
  return all;
}

function statementsOf({ Statement: statements }: JsonObject): { sid: string; actions: string[] }[] {
  return (Array.isArray(statements) ? statements.filter(isObject) : []).map(
    ({ Sid: sid, Action: actions }) => ({
      sid: String(sid),
      actions: Array.isArray(actions) ? actions.map(String) : [],
    }),
  );
}

function trialOf(tools: TrialTools, site: Site, action: string, other: Partial<CallPlace> = {}): Trial {
  if (action === 'cloudtrail:LookupEvents') return historyTrial(tools, site, action);
  // A key is looked up by the bot's own credentials, whoever's it is.
  const isElsewhere = action === 'sts:GetAccessKeyInfo' && site.account !== tools.home.account;
  const why = isElsewhere ? 'the bot asks that at home' : NOT_TRIED[action];
  const take = async (): Promise<Outcome> =>
    why === undefined ? tryCall(tools, site, action, other) : { kind: 'not told', why };
  return { action, on: undefined, take };
}

function tryCall(
  { options, accounts, clientsFor, signal }: TrialTools,
  site: Site,
  action: string,
  other: Partial<CallPlace>,
): Promise<Outcome> {
  const { clock, abilities } = options;
  const place: CallPlace = {
    site,
    credentials: accounts.credentials(site.account),
    clients: clientsFor(site.account),
    clock,
    name: abilities.name,
    queue: deadLettersUrl(site, abilities.name),
    bucket: '',
    prefix: '',
    ...other,
  };
  const asked = { action, region: site.region, setting: 'aws.regions' };
  const call = CALLS[action];
  if (!call) return Promise.resolve({ kind: 'not told', why: 'nothing harmless tries it' });
  return outcomeOf(
    within(clock, LIMIT, asked, signal, (stop) =>
      patiently(clock, asked, stop, (abortSignal) => call(place, { abortSignal }), MOST_TRIES),
    ),
  );
}

/** For an event that nobody has, in the pace of all who ask, after the questions of people. */
function historyTrial({ options, signal }: TrialTools, { account, region }: Site, action: string): Trial {
  const { history, clock } = options;
  const to = clock.now();
  const lookup = {
    place: { account, region },
    attribute: { key: 'EventId', value: '00000000-0000-0000-0000-000000000000' },
    period: { from: to - MINUTE, to, said: '' },
    patient: true,
  } as const;
  const ask = async (stop: AbortSignal): Promise<void> => {
    for await (const _ of history?.lookup(lookup, stop) ?? []) return;
  };
  const why = 'history.lookup_events is false';
  const take = async (): Promise<Outcome> =>
    history ? outcomeOf(within(clock, LIMIT, { action, region }, signal, ask)) : { kind: 'not told', why };
  return { action, on: undefined, take };
}

/** Of queues of any account, by the bot's own credentials. */
function queueTrials(tools: TrialTools, home: Site, action: string): Trial[] {
  const { queues, deliver, name } = tools.options.abilities;
  const all = [...queues, ...(deliver === 'queue' ? [eventsQueueUrl(home, name)] : [])];
  return [...new Set(all)].map((queue) => ({
    ...trialOf(tools, home, action, { queue }),
    on: readQueueUrl(queue).name,
  }));
}

/** The files of a trail are read by whoever may first: the accounts that see it, and the bot's own. */
async function bucketTrials(tools: TrialTools, home: Site, actions: readonly string[]): Promise<Trial[]> {
  const { options, signal } = tools;
  const trails = options.abilities.trails ? await options.trails(signal).catch(unlessTrouble) : [];
  const buckets = new Map(trails.map((trail) => [trail.bucket, trail]));
  if (buckets.size === 0) {
    const take = async (): Promise<Outcome> => ({ kind: 'not told', why: 'a trail file shows it' });
    return actions.map((action) => ({ action, on: undefined, take }));
  }
  return [...buckets.values()].flatMap(({ bucket, prefix, seenBy, homeRegion: region }) => {
    const sites = [...new Set([...seenBy, home.account])].map((account) => ({ ...home, account, region }));
    const files = { bucket, prefix: prefix === undefined ? '' : `${prefix}/` };
    return actions.map((action) => ({
      action,
      on: bucket,
      take: () => asFirst(sites, (site) => tryBucket(tools, site, action, files)),
    }));
  });
}

function unlessTrouble(error: unknown): [] {
  if (error instanceof LookupTrouble) return [];
  throw error;
}

/** What comes of it for the first who may, else for the last. */
async function asFirst(sites: readonly Site[], attempt: (site: Site) => Promise<Outcome>): Promise<Outcome> {
  let last: Outcome = { kind: 'not told', why: 'nobody can ask' };
  for (const site of sites) {
    last = await attempt(site);
    if (last.kind === 'allowed') break;
  }
  return last;
}

async function tryBucket(
  tools: TrialTools,
  site: Site,
  action: string,
  files: Pick<CallPlace, 'bucket' | 'prefix'>,
): Promise<Outcome> {
  const outcome = await tryCall(tools, site, action, files);
  if (action !== 's3:GetObject' || outcome.kind !== 'denied') return outcome;
  // Source: S3 API reference, `GetObject`: without ListBucket what is missing is denied, too.
  const listed = await tryCall(tools, site, 's3:ListBucket', files);
  if (listed.kind === 'allowed') return outcome;
  return { kind: 'not told', why: 'S3 does not say, without s3:ListBucket' };
}
