import { type Event, LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import { type CloudTrailRecord, readRecord } from '../cloudtrail/record.ts';
import { parseJson } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, dateOf, type Millis, SECOND } from '../kernel/time.ts';
import {
  historyBegins,
  type Lookup,
  type LookupPage,
  LookupTrouble,
  type Place,
} from '../work/cloud-history.ts';
import type { Accounts } from './accounts.ts';
import { type Asked, classify, type Failure } from './classify.ts';
import type { Clients } from './clients.ts';
import type { Pace } from './pace.ts';
import { MOST_TRIES, unlessAborted } from './patience.ts';

interface LookupTools {
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly paceOf: (account: string, region: string) => Pace;
  readonly clock: Clock;
  readonly log: Log;
}

/** What one request asks for, in AWS's whole seconds. */
interface Window {
  readonly from: Millis;
  readonly to: Millis;
}

/** Source: CloudTrail API reference, `LookupEvents`. */
const PAGE_SIZE = 50;

/**
 * Page by page, newest first. A token that AWS no longer takes is replaced by a new question from the oldest
 * instant read on, without the events of that second that were handed out already. `by` is the question that takes
 * its turns at the place. Throws LookupTrouble.
 */
export async function* lookupEvents(
  tools: LookupTools,
  lookup: Lookup,
  signal: AbortSignal,
  by: object,
): AsyncGenerator<LookupPage> {
  let window = windowOf(lookup, tools.clock.now());
  const progress = createProgress();
  let token: string | undefined;
  while (window.from <= window.to) {
    const answer = await ask(tools, lookup, { window, token, by }, signal);
    if (answer === 'aborted') return;
    if ('lost' in answer) {
      // Twice at one place means that the token is not the reason.
      if (token === undefined || !progress.restart()) throw answer.lost;
      window = { from: window.from, to: progress.oldest ?? window.to };
      token = undefined;
      continue;
    }
    const events = progress.news(answer.Events ?? []);
    yield readEvents(events, lookup.place);
    token = answer.NextToken;
    if (!token) return;
  }
}

/** AWS takes no fractions; an event of the second in which the period begins belongs to it. */
function windowOf({ period }: Lookup, now: Millis): Window {
  const from = Math.max(period.from, historyBegins(now));
  return { from: Math.floor(from / SECOND) * SECOND, to: Math.floor(period.to / SECOND) * SECOND };
}

/** How far an answer was read, and what of its oldest second was handed out. */
function createProgress() {
  let oldest: Millis | undefined;
  let given = new Set<string>();
  let restartedAt: Millis | 'nowhere' | undefined;
  return {
    get oldest() {
      return oldest;
    },
    /** False when nothing was read since the last restart. */
    restart(): boolean {
      const place = oldest ?? 'nowhere';
      if (restartedAt === place) return false;
      restartedAt = place;
      return true;
    },
    news(events: readonly Event[]): Event[] {
      const fresh = events.filter((event) => event.EventId === undefined || !given.has(event.EventId));
      for (const { EventId: id, EventTime: time } of fresh) {
        const at = time?.getTime();
        if (at === undefined || (oldest !== undefined && at > oldest)) continue;
        if (at !== oldest) given = new Set();
        oldest = at;
        if (id !== undefined) given.add(id);
      }
      return fresh;
    },
  };
}

type Answer = LookupEventsCommandOutput | { readonly lost: LookupTrouble } | 'aborted';

interface Request {
  readonly window: Window;
  readonly token: string | undefined;
  readonly by: object;
}

/** One page, however often it must be asked for. Throws LookupTrouble. */
async function ask(
  tools: LookupTools,
  lookup: Lookup,
  request: Request,
  signal: AbortSignal,
): Promise<Answer> {
  const { account, region } = lookup.place;
  const pace = tools.paceOf(account, region);
  const asked: Asked = { action: 'cloudtrail:LookupEvents', region };
  let failures = 0;
  let renewed = false;
  while (await pace.turn(signal, request.by, lookup.patient)) {
    try {
      const output = await send(tools, lookup, request, signal);
      pace.answered();
      return output;
    } catch (error) {
      if (signal.aborted) return 'aborted';
      const failure = classify(error, asked);
      if (failure.again === 'slower') lookup.hear?.('turned away');
      else if (failure.again === 'soon') failures += 1;
      else if (failure.trouble.kind === 'expired' && !renewed) {
        renewed = await renew(tools, account, asked);
        continue;
      } else return give(failure, error);
      if (failures >= MOST_TRIES) return give(failure, error);
      tools.log.debug({ account, region, what: failure.trouble.what }, 'LookupEvents once more');
      pace.backOff();
    }
  }
  return 'aborted';
}

function give(failure: Failure, error: unknown): { lost: LookupTrouble } {
  const trouble = new LookupTrouble(failure.trouble, error);
  if (failure.again !== 'from the start') throw trouble;
  return { lost: trouble };
}

async function renew({ accounts }: LookupTools, account: string, asked: Asked): Promise<true> {
  try {
    await accounts.renew(account);
    return true;
  } catch (error) {
    throw new LookupTrouble(classify(error, asked).trouble, error);
  }
}

async function send(
  { accounts, clients }: LookupTools,
  { place, attribute, hear }: Lookup,
  { window, token }: Request,
  signal: AbortSignal,
): Promise<LookupEventsCommandOutput> {
  const credentials = accounts.credentials(place.account);
  // First, since a reader role that is being assumed would not stop when the question does.
  await unlessAborted(credentials(), signal);
  const request = new LookupEventsCommand({
    ...(attribute && {
      LookupAttributes: [{ AttributeKey: attribute.key, AttributeValue: attribute.value }],
    }),
    StartTime: dateOf(window.from),
    EndTime: dateOf(window.to),
    MaxResults: PAGE_SIZE,
    NextToken: token,
  });
  hear?.('sent');
  return clients.cloudTrail(place, credentials).send(request, { abortSignal: signal });
}

function readEvents(events: readonly Event[], place: Place): Pick<LookupPage, 'records' | 'unreadable'> {
  const records: CloudTrailRecord[] = [];
  const unreadable: string[] = [];
  for (const event of events) {
    const read = readEvent(event, place);
    if ('unreadable' in read)
      unreadable.push(`Event ${event.EventId ?? 'without an id'}: ${read.unreadable}`);
    else records.push(read);
  }
  return { records, unreadable };
}

/** The record itself is JSON in a text. */
function readEvent(
  { CloudTrailEvent: text }: Event,
  place: Place,
): CloudTrailRecord | { readonly unreadable: string } {
  if (text === undefined) return { unreadable: 'it has no CloudTrailEvent.' };
  const value = parseJson(text);
  return value === undefined ? { unreadable: 'its CloudTrailEvent is not JSON.' } : readRecord(value, place);
}
