import type { Canary } from '../cloudtrail/canary.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, DAY, HOUR, MINUTE, type Millis, SECOND } from '../kernel/time.ts';
import type { Trouble } from '../questions/coverage.ts';
import { insertCanary, pruneCanaries, settleCanary } from '../store/canaries.ts';
import { pruneOutages } from '../store/canary-outages.ts';
import type { Database } from '../store/sql.ts';
import { type Failing, judgeReturns, judgeSending, type Round } from './canary-judge.ts';
import { endCanaryOutages, forgetDisconnected, type OutageTools, tellOutages } from './canary-outages.ts';
import { createSlots, type Slots } from './canary-slots.ts';
import { LookupTrouble, type Place, type Reach } from './cloud-history.ts';

/** The way into each connected place. */
export interface CanarySender {
  /** Every connected account and region, and the accounts that cannot be entered. Never throws. */
  places(signal: AbortSignal): Promise<Reach>;
  /** Puts it on the bus of its place. Throws LookupTrouble when AWS does not take it. */
  send(canary: Canary, sentAt: Millis, signal: AbortSignal): Promise<void>;
}

export interface CanaryTools extends OutageTools {
  readonly db: Database;
  /** `undefined` while no canaries are wanted. */
  readonly sender: () => Promise<CanarySender | undefined>;
  /** After how long one that is not back counts as lost. */
  readonly late: () => Millis;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends what is under way. */
  readonly closing: AbortSignal;
}

/** How often each place sends one. */
const CANARY_EVERY: Millis = 15 * MINUTE;
/** The first after the start: the door is open by then. */
const SOON: Millis = 5 * SECOND;
const LOOK_AGAIN: Millis = MINUTE;
/** While some are missing: how soon it is noticed that they are back. */
const LOOK_SOON: Millis = 10 * SECOND;
/** Whoever wakes so much later than asked for was asleep, and with it the door. */
const OVERSLEPT: Millis = MINUTE;
/** Side by side. */
const AT_ONCE = 8;
/** EventBridge tries for a day; what comes after that is nobody's any more. */
const CANARIES_FOR: Millis = DAY + HOUR;
/** A place that sent none for so long is connected no longer. */
const PLACES_FOR: Millis = 2 * HOUR;
const OUTAGES_FOR: Millis = 30 * DAY;

/** A round that is under way. */
interface RoundUnderWay extends Round {
  readonly slots: Slots<Place>;
  readonly unsent: Failing[];
  lastSentAt: Millis;
  sendingJudged: boolean;
}

/**
 * Sends what is due, judges what is overdue and tells of both; answers how long to rest. Only canaries that this
 * process has sent, and waited for awake, count as lost: of those before, nobody knows what became of them while the
 * door was closed.
 */
export function createCanaryStep(tools: CanaryTools): () => Promise<Millis> {
  const { clock } = tools;
  let rounds: RoundUnderWay[] = [];
  let nextRound = clock.now() + SOON;
  let wakeBy = Number.POSITIVE_INFINITY;
  const failingSince = new Map<string, Millis>();

  async function step(): Promise<Millis> {
    const sender = await tools.sender();
    if (!sender) {
      rounds = [];
      await tellOutages(tools);
      await forgetDisconnected(tools, { places: [] });
      await pruneCanaries(tools.db, { canaries: clock.now() - CANARIES_FOR, places: clock.now() });
      return LOOK_AGAIN;
    }
    const now = clock.now();
    if (now > wakeBy + OVERSLEPT) rounds = [];
    if (now >= nextRound) {
      nextRound = (Math.floor(now / CANARY_EVERY) + 1) * CANARY_EVERY;
      rounds.push(await beginRound(tools, sender, now));
    }
    for (const round of rounds) await sendDue(tools, sender, round);
    for (const round of rounds.filter(({ slots }) => slots.empty)) {
      if (!round.sendingJudged) await judgeSending(tools, round, failingSince);
      round.sendingJudged = true;
    }
    const overdue = rounds.filter(
      (round) => round.slots.empty && clock.now() >= round.lastSentAt + tools.late(),
    );
    for (const round of overdue) await judgeReturns(tools, round);
    rounds = rounds.filter((round) => !overdue.includes(round));
    await tellOutages(tools);
    return rest(await endCanaryOutages(tools));
  }

  function rest(outage: boolean): Millis {
    const now = clock.now();
    const due = rounds.map(
      ({ slots, lastSentAt }) => slots.untilNext(now) ?? lastSentAt + tools.late() - now,
    );
    const look = outage ? LOOK_SOON : LOOK_AGAIN;
    return Math.max(1, Math.min(look, nextRound - now, ...due));
  }

  return async () => {
    const pause = await step();
    wakeBy = clock.now() + pause;
    return pause;
  };
}

async function beginRound(tools: CanaryTools, sender: CanarySender, now: Millis): Promise<RoundUnderWay> {
  const { db, clock, closing } = tools;
  await db.tx(async (sql) => {
    await pruneCanaries(sql, { canaries: now - CANARIES_FOR, places: now - PLACES_FOR });
    await pruneOutages(sql, now - OUTAGES_FOR);
  });
  const reach = await sender.places(closing);
  if (reach.troubles.length === 0) await forgetDisconnected(tools, reach);
  const slots = createSlots(reach.places, clock.now());
  return { at: now, reach, slots, unsent: [], lastSentAt: clock.now(), sendingJudged: false };
}

async function sendDue(tools: CanaryTools, sender: CanarySender, round: RoundUnderWay): Promise<void> {
  const due = round.slots.take(tools.clock.now(), AT_ONCE);
  await Promise.all(due.map((place) => sendOne(tools, sender, round, place)));
}

async function sendOne(
  tools: CanaryTools,
  sender: CanarySender,
  round: RoundUnderWay,
  place: Place,
): Promise<void> {
  const { db, clock, random, counters, log } = tools;
  const canary = { id: random.id(), ...place };
  const sentAt = clock.now();
  await db.tx((sql) => insertCanary(sql, canary, round.at, sentAt));
  const trouble = await troubleOf(sender.send(canary, sentAt, tools.closing));
  round.lastSentAt = Math.max(round.lastSentAt, clock.now());
  await settleCanary(db, canary.id, trouble ? 'unsent' : 'sent');
  if (trouble?.kind === 'cancelled') return;
  counters.canary(trouble ? 'unsent' : 'sent');
  if (!trouble) return;
  log.debug({ ...place, what: trouble.what }, 'a canary could not be sent');
  round.unsent.push({ ...place, id: canary.id, sentAt, trouble });
}

async function troubleOf(work: Promise<void>): Promise<Trouble | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof LookupTrouble) return error.trouble;
    throw error;
  }
}
