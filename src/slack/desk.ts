import type { Alert, AlertState, Operator } from '../alerts/alert.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Refusal } from '../kernel/problem.ts';
import type { Millis } from '../kernel/time.ts';
import type { Answer, Line, Progress, View } from '../questions/answer.ts';
import type { Material, Names } from '../questions/material.ts';
import type { Mistake, Question, Scope } from '../questions/question.ts';
import type { Rule } from '../rules/rule.ts';
import type { Escalating, Hurry } from '../work/escalation/escalate-now.ts';
import type { Outcome, Press } from '../work/operate.ts';
import type { Status } from '../work/status.ts';
import type { ActorDesk } from './ask-actor/actor-desk.ts';
import type { HomeDesk } from './home/home-desk.ts';
import type { MuteDesk } from './mute/mute-desk.ts';
import type { OnCallDesk } from './on-call/on-call-desk.ts';

/** One line of an alert's history, in words. */
export interface HistoryLine {
  readonly at: Millis;
  readonly text: string;
}

/** A stored record with what the bot did about it. */
export interface StoredEvent {
  readonly record: CloudTrailRecord;
  readonly receivedAt: Millis;
  /** It did not arrive by itself: the sweep found it. */
  readonly late?: boolean | undefined;
  /** Ids of the alerts it belongs to. */
  readonly alertIds: readonly string[];
  /** Rules that matched without an alert, and why. */
  readonly suppressed: readonly { readonly ruleId: string; readonly reason: string }[];
}

/** A question that was answered. */
export interface Asked {
  /** Letters, digits, `-` and `_`, at most 48: what the buttons of the answer carry. */
  readonly id: string;
  readonly question: Question;
  readonly material: Material;
}

/** One person's question on its way. */
export interface Request {
  readonly question: Question;
  readonly operator: Operator;
  /** Told now and then how far it has come. */
  readonly hear: (progress: Progress) => void;
  /** Ends it early; what was found by then is the answer. */
  readonly signal: AbortSignal;
}

/** Where somebody asks. */
export interface AskedIn {
  readonly id: string;
  /** Without `#`; `undefined` where Slack gives none. */
  readonly name: string | undefined;
  /**
   * - `direct`: the person's direct messages with the bot
   * - `between people`: a direct message that the bot is no part of
   * - `group`: a direct message of several people
   * - `external`: a channel that is shared with another company, or about to be
   */
  readonly kind: 'direct' | 'between people' | 'group' | 'external' | 'channel';
}

/** What people in Slack can ask of the bot. Built in app.ts from work/; Slack's listeners know nothing else. */
export interface Desk {
  /** Schedules: who is on call, and changes of that. */
  readonly onCall: OnCallDesk;
  /** Those who are asked whether it was them. */
  readonly actors: ActorDesk;
  operate(press: Press): Promise<Outcome>;
  alert(id: string): Promise<Alert | undefined>;
  /** Whom Escalate now would page, or why nobody. */
  escalating(alertId: string): Promise<Escalating | Refusal>;
  /** Pages whoever is next at once. */
  escalateNow(hurry: Hurry): Promise<Refusal | undefined>;
  /** Newest first, at most `limit`; `mine` = given to, or acknowledged by, this Slack user. */
  alerts(filter: { states: readonly AlertState[]; mine?: string; limit: number }): Promise<Alert[]>;
  history(alertId: string): Promise<HistoryLine[]>;
  /** Same event recorded in several accounts or regions gives several. */
  events(eventId: string): Promise<StoredEvent[]>;
  /** What accounts are called, and where links to the console lead. */
  names(): Names;
  rules(): readonly Rule[];
  status(): Promise<Status>;
  /**
   * False when this delivery (signature, press, command) was seen before, by one of its names: the caller then does
   * nothing. All names are remembered, or none.
   */
  firstTime(...deliveryIds: string[]): Promise<boolean>;
  /** Looks again whether the alert's message shows how it stands, and draws it anew where it does not. */
  refresh(alertId: string): Promise<void>;
  /** `undefined` when this person may act on alerts, else one sentence with whom to ask. */
  mayRespond(userId: string): Promise<string | undefined>;
  /** `undefined` when this person may mute, and change who is on call for others; else one sentence with whom to ask. */
  mayAdminister(userId: string): Promise<string | undefined>;
  readonly mutes: MuteDesk;
  readonly home: HomeDesk;
  /** `undefined` when this person may use `/trail`, else one sentence with whom to ask. Guests may only where they are named. */
  mayAsk(userId: string, guest?: boolean): Promise<string | undefined>;
  /** What people type after `/trail`, or in a mention, as a question. */
  read(text: string): Question | Mistake;
  /** Answers; refuses a person who asks too often. */
  ask(request: Request): Promise<Asked | Refusal>;
  /** `asked` is absent when the material is forgotten: the question is then asked again. */
  recall(id: string): Promise<{ question: Question; asked: Asked | undefined } | undefined>;
  draw(asked: Asked, view: View): Answer;
  /** The same material under another id, with less in it, for whoever narrows it; nothing is asked. */
  narrow(asked: Asked, scope: Partial<Scope>, operator: Operator): Promise<Asked>;
  /** All calls of the answer, RFC 4180. */
  csv(asked: Asked): string;
  /** What was and was not looked at, in words. */
  coverage(answer: Answer): readonly Line[];
  /** What to look into when somebody investigates the alert, or why nothing can be. */
  subjectOf(alertId: string): Promise<Question | Refusal>;
  /** `undefined` when questions may be asked there, else one sentence with where they may. */
  mayAskIn(channel: AskedIn): string | undefined;
  /** Writes who asked what to the audit log. */
  asked(operator: { userId: string; teamId: string }, question: string): Promise<void>;
}
