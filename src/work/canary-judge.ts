import { type Millis, sayDuration, sayUtc } from '../kernel/time.ts';
import type { Trouble } from '../questions/coverage.ts';
import { canariesOf, canaryPlaces, type KeptCanary } from '../store/canaries.ts';
import { openOutages } from '../store/canary-outages.ts';
import { beginOutage, type OutageTools } from './canary-outages.ts';
import { covers, type Scope, sayScope, scopesOf } from './canary-scope.ts';
import type { Place, Reach } from './cloud-history.ts';

/** A place that could not send. */
export interface Failing extends Place {
  readonly id: string;
  readonly sentAt: Millis;
  readonly trouble: Trouble;
}

/** One canary from each place, as far as it is judged. */
export interface Round {
  readonly at: Millis;
  readonly reach: Reach;
  readonly unsent: readonly Failing[];
  readonly lastSentAt: Millis;
}

interface JudgeTools extends OutageTools {
  readonly late: () => Millis;
}

/** May be over by the next round; then nobody needs to know. */
const PASSING: ReadonlySet<Trouble['kind']> = new Set(['throttled', 'unreachable', 'out of time']);

/**
 * What could not be sent, once all of a round are under way: at once where only a person can help, in the second round
 * in a row where it may pass. `since` remembers the first.
 */
export async function judgeSending(
  tools: OutageTools,
  round: Round,
  since: Map<string, Millis>,
): Promise<void> {
  const { places, troubles } = round.reach;
  const entered = new Set(places.map(({ account }) => account));
  const closed = troubles.filter(({ account }) => !entered.has(account));
  const failing: Failing[] = [
    ...round.unsent,
    ...closed.map(({ account, trouble }) => ({
      account,
      region: '*',
      id: `${account}-${round.at}`,
      sentAt: round.lastSentAt,
      trouble,
    })),
  ];
  const keys = new Set(failing.map(keyOf));
  for (const key of since.keys()) if (!keys.has(key)) since.delete(key);
  const told = failing.filter((one) => {
    const first = since.get(keyOf(one)) ?? round.at;
    since.set(keyOf(one), first);
    return !PASSING.has(one.trouble.kind) || first < round.at;
  });
  for (const scope of scopesOf(told, [
    ...places,
    ...closed.map(({ account }) => ({ account, region: '*' })),
  ])) {
    await noteUnsent(tools, round, scope);
  }
}

function keyOf({ account, region }: Place): string {
  return `${account}|${region}`;
}

async function noteUnsent(tools: OutageTools, round: Round, scope: Scope<Failing>): Promise<void> {
  if (await isKnown(tools, 'unsent', scope)) return;
  const [first] = scope.members;
  if (!first) return;
  const { what, remedy } = first.trouble;
  const others = new Set(scope.members.map(({ trouble }) => trouble.what)).size - 1;
  await beginOutage(tools, {
    ...placeOf(scope),
    id: first.id,
    kind: 'unsent',
    sentAt: Math.max(...scope.members.map(({ sentAt }) => sentAt)),
    home: round.reach.home,
    details: {
      place: sayScope(scope, tools.accountName),
      what,
      remedy: remedy === '' ? 'look into the log of the bot' : remedy,
      ...(others > 0 && { others: `${others} other reasons; "trailbot doctor" lists them` }),
    },
  });
}

/** What of a round is not back by now: sent, and nowhere to be seen. */
export async function judgeReturns(tools: JudgeTools, round: Round): Promise<void> {
  const canaries = await canariesOf(tools.db, round.at);
  const sent = canaries.filter(({ state }) => state === 'sent' || state === 'returned');
  const lost = sent.filter(({ state }) => state === 'sent');
  for (const _ of lost) tools.counters.canary('lost');
  for (const scope of scopesOf(lost, sent)) await noteLost(tools, round, scope);
}

const REMEDIES = {
  everywhere:
    'check what all have in common: "trailbot doctor" looks at the address, the key and the dead-letter queue of the home region',
  account:
    'check what its regions have in common: the permission on the home bus and the role that forwards ("trailbot aws plan")',
  region:
    'check what all accounts have in common there: EventBridge itself, a service control policy, the way to the home bus ("trailbot aws plan")',
  place: 'check the rule for canaries there, its target and its dead-letter queue ("trailbot aws plan")',
} as const;

async function noteLost(tools: JudgeTools, round: Round, scope: Scope<KeptCanary>): Promise<void> {
  if (await isKnown(tools, 'lost', scope)) return;
  const [first] = scope.members;
  if (!first) return;
  const extent = extentOf(scope);
  await beginOutage(tools, {
    ...placeOf(scope),
    id: first.id,
    kind: 'lost',
    sentAt: Math.min(...scope.members.map(({ sentAt }) => sentAt)),
    home: round.reach.home,
    details: {
      extent,
      place: sayScope(scope, tools.accountName),
      sent: sayUtc(first.sentAt),
      waited: sayDuration(tools.late()),
      lastReturned: await lastReturned(tools, scope),
      remedy: REMEDIES[extent],
    },
  });
}

function extentOf({ account, region }: Place): keyof typeof REMEDIES {
  if (account === '*') return region === '*' ? 'everywhere' : 'region';
  return region === '*' ? 'account' : 'place';
}

function placeOf({ account, region }: Place): Place {
  return { account, region };
}

async function isKnown({ db }: OutageTools, kind: 'lost' | 'unsent', place: Place): Promise<boolean> {
  const open = await openOutages(db);
  return open.some((outage) => outage.kind === kind && covers(outage, place));
}

async function lastReturned({ db }: OutageTools, scope: Scope<Place>): Promise<string> {
  const known = (await canaryPlaces(db)).filter((place) => covers(scope, place));
  const last = Math.max(0, ...known.map(({ returnedAt }) => returnedAt ?? 0));
  return last === 0 ? 'never' : sayUtc(last);
}
