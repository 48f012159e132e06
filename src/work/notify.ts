import type { Alert } from '../alerts/alert.ts';
import { decideNotice, type Notice } from '../alerts/group.ts';
import { OWN_SOURCE } from '../cloudtrail/own-event.ts';
import type { Log } from '../kernel/log.ts';
import { Fault } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, MINUTE, type Millis } from '../kernel/time.ts';
import { alertById, changeLoudness } from '../store/alerts.ts';
import { type Lateness, latenessOf } from '../store/gaps-late.ts';
import { enqueue } from '../store/jobs.ts';
import { callsOfAlert } from '../store/memberships.ts';
import { operatorNames } from '../store/operators.ts';
import { eventToPost, insertPostDelay } from '../store/post-delays.ts';
import {
  forgetMessage,
  type MessageState,
  messageState,
  wantMessageDrawn,
  writeDrawn,
  writeIntent,
  writeReceipt,
} from '../store/receipts.ts';
import { receivedAt } from '../store/records.ts';
import type { Database, Sql } from '../store/sql.ts';
import type { Counters } from './counters.ts';
import { type Chain, chainOf } from './escalation/chain.ts';
import { type Sample, samplesOf } from './samples.ts';
import type { Result } from './worker.ts';

/** Everything a message about an alert is drawn from. */
export interface Card {
  readonly alert: Alert;
  /** Absent for alerts without an escalation. */
  readonly chain?: Chain | undefined;
  /** The most frequent calls, largest first; at most four, then `N others`. Empty while count is 1. */
  readonly samples: readonly Sample[];
  /** How people are called where a mention is not possible: user id → name. */
  readonly names: ReadonlyMap<string, string>;
  /** Of events that did not arrive by themselves; absent when all did. */
  readonly late?: Lateness | undefined;
  /** From the event to the first post of the message; absent for what the bot itself has noticed. */
  readonly seenAfter?: Millis | undefined;
}

/** Proof that Slack took a message. */
export interface Receipt {
  readonly channel: string;
  readonly ts: string;
}

/** Why an alert that people had put aside is back; or that what it reported is over. */
export type Reminder = 'snooze over' | 'reopened' | 'raised' | 'over';

/**
 * Where messages go. Every failure is thrown as a Fault: `later` with the time to wait, `never` when a new
 * try is useless, `uncertain` when Slack may have taken the message although no answer came.
 */
export interface Notifier {
  /** `intent` is a fresh id, stored before the call and carried as message metadata. */
  post(card: Card, intent: string): Promise<Receipt>;
  /** `gone`: the message cannot be edited any more, mostly because somebody deleted it. */
  update(card: Card, receipt: Receipt): Promise<'updated' | 'gone'>;
  /** Says in the message's thread, and in the channel, that the alert is back; in the thread alone that it is over. */
  remind(card: Card, receipt: Receipt, why: Reminder, note?: string): Promise<void>;
  /** The message that carries `intent`, if Slack has it: asked after a crash or a lost answer. */
  find(channel: string, intent: string, since: Millis): Promise<Receipt | undefined>;
}

export interface NotifyTools {
  readonly db: Database;
  readonly notifier: Notifier;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** How far this machine's clock may be ahead of Slack's when a message is looked for by time. */
const CLOCKS_APART: Millis = 10 * MINUTE;

/** Brings an alert's message in Slack up to date: post, edit, wait or leave it. */
export async function notifyAlert(tools: NotifyTools, alertId: string): Promise<Result> {
  const { db, clock } = tools;
  const alert = await alertById(db, alertId);
  if (!alert) return 'done';
  const message = await settledMessage(tools, alert, await messageState(db, alertId));
  const notice = decideNotice(alert, message?.drawn, clock.now());
  const result = await carryOut(tools, alert, notice, message);
  tools.counters.notice(notice.kind, notice.reason);
  return result;
}

async function carryOut(
  tools: NotifyTools,
  alert: Alert,
  notice: Notice,
  message: MessageState | undefined,
): Promise<Result> {
  switch (notice.kind) {
    case 'quiet':
      return 'done';
    case 'wait':
      return { again: notice.until };
    case 'post':
      return post(tools, alert);
    case 'update':
      return update(tools, alert, message, notice.reason === 'counter');
  }
}

/** After a crash or a lost answer an intent has no receipt: Slack is asked whether it took the message. */
async function settledMessage(
  tools: NotifyTools,
  alert: Alert,
  message: MessageState | undefined,
): Promise<MessageState | undefined> {
  if (!message || message.receipt || message.intent === undefined) return message;
  const found = await findMessage(tools, alert, message.intent, message.intentAt ?? alert.openedAt);
  if (found) await writeReceipt(tools.db, alert.id, found, message.intentAt ?? tools.clock.now());
  else await forgetMessage(tools.db, alert.id);
  return messageState(tools.db, alert.id);
}

async function findMessage(
  tools: NotifyTools,
  alert: Alert,
  intent: string,
  intentAt: Millis,
): Promise<Receipt | undefined> {
  try {
    return await tools.notifier.find(alert.channel, intent, intentAt - CLOCKS_APART);
  } catch (error) {
    if (!(error instanceof Fault) || error.retryAfter !== undefined) throw error;
    // Without the history scope nobody can know; an alert twice is better than an alert lost.
    tools.log.warn(
      { error, alert: alert.id },
      'could not look for a message after a lost answer; posting again',
    );
    return undefined;
  }
}

async function post(tools: NotifyTools, alert: Alert): Promise<Result> {
  const { db, clock, notifier } = tools;
  const intent = tools.random.id();
  await writeIntent(db, alert.id, intent, alert, clock.now());
  // What changes from here on asks for another drawing.
  const card = await cardOf(tools, alert);
  let receipt: Receipt;
  try {
    receipt = await notifier.post(card, intent);
  } catch (error) {
    if (error instanceof Fault && !error.uncertain) await forgetMessage(db, alert.id);
    throw error;
  }
  const now = clock.now();
  await writeReceipt(db, alert.id, receipt, now);
  await measure(tools, alert, now);
  return catchUp(tools, alert);
}

/** How long it took from the event to Slack. What the bot itself has noticed says nothing about the way. */
async function measure({ db, counters }: NotifyTools, { id, facts }: Alert, postedAt: Millis): Promise<void> {
  // What the sweep had to fetch says nothing of how long events take by themselves.
  if (facts.eventSource === OWN_SOURCE || (await latenessOf(db, id))) return;
  const received = await receivedAt(db, facts);
  const delay = { eventAt: facts.eventTime, receivedAt: received, postedAt };
  if (!(await insertPostDelay(db, id, delay))) return;
  counters.posted(
    Math.max(0, postedAt - facts.eventTime),
    received === undefined ? undefined : Math.max(0, postedAt - received),
  );
}

async function update(
  tools: NotifyTools,
  alert: Alert,
  message: MessageState | undefined,
  counter: boolean,
): Promise<Result> {
  if (!message?.receipt) throw new Error(`${alert.id} has no message to edit`);
  const outcome = await tools.notifier.update(await cardOf(tools, alert), message.receipt);
  if (outcome === 'gone') {
    await forgetMessage(tools.db, alert.id);
    return alert.state === 'resolved' ? 'done' : { again: tools.clock.now() };
  }
  const drawn = { version: alert.version, count: alert.count, wanted: message.wanted };
  await writeDrawn(tools.db, alert.id, drawn, counter, tools.clock.now());
  return catchUp(tools, alert);
}

/** Something is to be said below the message of an alert that has stood in digests alone: it gets one. */
export async function bringOut(sql: Sql, { id, loudness }: Alert, now: Millis): Promise<void> {
  if (loudness === 'digest' && (await changeLoudness(sql, id, 'message')))
    await enqueue(sql, 'notify', id, now);
}

/** Draws the alert's message anew for what it shows besides the alert, such as its escalation. */
export async function redrawMessage(sql: Sql, alertId: string, now: Millis): Promise<void> {
  await wantMessageDrawn(sql, alertId);
  await enqueue(sql, 'notify', alertId, now);
}

/** What happened to the alert while Slack was being told of it. */
async function catchUp(tools: NotifyTools, told: Alert): Promise<Result> {
  const alert = await alertById(tools.db, told.id);
  const changed = alert?.version !== told.version || alert.count !== told.count;
  const outdated = changed || (await messageState(tools.db, told.id))?.drawn?.outdated;
  return outdated ? { again: tools.clock.now() } : 'done';
}

/** What a message about the alert is drawn from, as things stand now. */
export async function cardOf(tools: NotifyTools, alert: Alert): Promise<Card> {
  const calls = alert.count > 1 ? await callsOfAlert(tools.db, alert.id) : [];
  const names = await operatorNames(tools.db);
  const late = await latenessOf(tools.db, alert.id);
  const chain = await chainOf(tools.db, alert.id);
  return { alert, chain, samples: samplesOf(calls), names, late, seenAfter: await seenAfter(tools, alert) };
}

async function seenAfter({ db, clock }: NotifyTools, { id, facts }: Alert): Promise<Millis | undefined> {
  if (facts.eventSource === OWN_SOURCE) return undefined;
  return Math.max(0, (await eventToPost(db, id)) ?? clock.now() - facts.eventTime);
}
