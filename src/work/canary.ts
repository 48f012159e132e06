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
/** Under way at the same time; one that hangs takes half a minute. */
const AT_ONCE = 32;
/** A step waits no longer for those under way. */
const PATIENCE: Millis = SECOND;
/** EventBridge tries for a day; what comes after that is nobody's any more. */
const CANARIES_FOR: Millis = DAY + HOUR;
/** A place that sent none for so long is connected no longer. */
const PLACES_FOR: Millis = 2 * HOUR;
const OUTAGES_FOR: Millis = 30 * DAY;

/** A round that is under way. */
interface RoundUnderWay extends Round {
  readonly slots: Slots<Place>;
  readonly sending: Set<Promise<void>>;
  readonly unsent: Failing[];
  lastSentAt: Millis;
  sendingJudged: boolean;
}

/**
 * Sends what is due, judges what is overdue and tells of both; answers how long to rest. Only canaries that this
 * process has sent, and waited for awake, count as lost: of those before, nobody knows what became of them while the
 * door was closed. `settled` waits for what is under way when no step follows.
 */
export function createCanaryStep(tools: CanaryTools): (() => Promise<Millis>) & { settled(): Promise<void> } {
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
    if (now >= nextRound && rounds.every(isSent)) {
      nextRound = (Math.floor(now / CANARY_EVERY) + 1) * CANARY_EVERY;
      rounds.push(await beginRound(tools, sender, now));
    }
    for (const round of rounds) await sendDue(tools, sender, round);
    for (const round of rounds.filter(isSent)) {
      if (!round.sendingJudged) await judgeSending(tools, round, failingSince);
      round.sendingJudged = true;
    }
    const overdue = rounds.filter((round) => isSent(round) && clock.now() >= round.lastSentAt + tools.late());
    for (const round of overdue) await judgeReturns(tools, round);
    rounds = rounds.filter((round) => !overdue.includes(round));
    await tellOutages(tools);
    return rest(await endCanaryOutages(tools));
  }

  function rest(outage: boolean): Millis {
    const now = clock.now();
    const due = rounds.map(
      ({ slots, sending, lastSentAt }) =>
        slots.untilNext(now) ?? (sending.size > 0 ? PATIENCE : lastSentAt + tools.late() - now),
    );
    const look = outage ? LOOK_SOON : LOOK_AGAIN;
    const next = rounds.every(isSent) ? nextRound - now : look;
    return Math.max(1, Math.min(look, next, ...due));
  }

  const paced = async (): Promise<Millis> => {
    const pause = await step();
    wakeBy = clock.now() + pause;
    return pause;
  };
  return Object.assign(paced, {
    async settled() {
      await Promise.all(rounds.flatMap(({ sending }) => [...sending]));
    },
  });
}

function isSent({ slots, sending }: RoundUnderWay): boolean {
  return slots.empty && sending.size === 0;
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
  return {
    at: now,
    reach,
    slots,
    sending: new Set(),
    unsent: [],
    lastSentAt: clock.now(),
    sendingJudged: false,
  };
}

async function sendDue(tools: CanaryTools, sender: CanarySender, round: RoundUnderWay): Promise<void> {
  const { clock, log } = tools;
  const { sending, slots } = round;
  for (const place of slots.take(clock.now(), AT_ONCE - sending.size)) {
    const work = sendOne(tools, sender, round, place)
      .catch((error) => log.error({ error, ...place }, 'a canary could not be noted'))
      .finally(() => sending.delete(work));
    sending.add(work);
  }
  if (sending.size === 0) return;
  // A place that hangs keeps neither the others waiting nor what is to be judged.
  const done = new AbortController();
  await Promise.race([Promise.all(sending), clock.sleep(PATIENCE, done.signal)]);
  done.abort();
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
