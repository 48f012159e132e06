import type { Doer } from '../alerts/ask-actor.ts';
import { isObject, type JsonObject, parseJson } from '../kernel/json.ts';
import type { Millis } from '../kernel/time.ts';
import type { Row, Sql } from './sql.ts';

/**
 * - `wanted`: nobody was asked yet
 * - `asked`: the answer is waited for
 * - `joined`: the same person is asked the same for another alert; that answer counts here, too
 * - `yes`, `no`, `unsure`: the answer
 * - `silent`: none came in time; one that comes late still counts
 * - `closed`: the alert was resolved before
 * - `nobody`: nobody could be asked; `reason` says why
 */
export type QuestionState =
  | 'wanted'
  | 'asked'
  | 'joined'
  | 'yes'
  | 'no'
  | 'unsure'
  | 'silent'
  | 'closed'
  | 'nobody';

/** What happened, as the direct message shows it; texts of the event. */
export type Deed = JsonObject & {
  readonly summary: string;
  readonly at: Millis;
  readonly account: string;
  readonly region: string;
  /** It is about the identity's own credentials: the channel hears of the question. */
  readonly own: boolean;
};

/** One alert's question to one human. */
export interface ActorQuestion {
  readonly alertId: string;
  /** From 1. */
  readonly number: number;
  readonly ruleId: string;
  readonly account: string;
  readonly doer: Doer;
  readonly deed: Deed;
  /** Where it came from. */
  readonly address: string | undefined;
  readonly state: QuestionState;
  readonly wantedAt: Millis;
  readonly userId: string | undefined;
  readonly askedAt: Millis | undefined;
  readonly answerBy: Millis | undefined;
  readonly answeredAt: Millis | undefined;
  /** What the person wrote; why nobody was asked. */
  readonly reason: string | undefined;
  readonly with: QuestionName | undefined;
  readonly quietUntil: Millis | undefined;
  /** Matches that made no alert because of a yes. */
  readonly quieted: number;
}

export interface QuestionName {
  readonly alertId: string;
  readonly number: number;
}

type QuestionRow = Row & {
  alert_id: string;
  number: number;
  rule_id: string;
  account: string;
  doer: string;
  deed: string;
  address: string | null;
  state: string;
  wanted_at: number;
  user_id: string | null;
  asked_at: number | null;
  answer_by: number | null;
  answered_at: number | null;
  reason: string | null;
  with_alert: string | null;
  with_number: number | null;
  quiet_until: number | null;
  quieted: number;
};

type NewQuestion = Pick<
  ActorQuestion,
  'alertId' | 'number' | 'ruleId' | 'account' | 'doer' | 'deed' | 'address' | 'wantedAt'
>;

export async function insertQuestion(sql: Sql, question: NewQuestion): Promise<void> {
  const { alertId, number, ruleId, account, doer, deed, address, wantedAt } = question;
  await sql.run(
    `insert into actor_questions (alert_id, number, rule_id, account, doer, doer_key, deed, address, state, wanted_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, 'wanted', $9)`,
    [
      alertId,
      number,
      ruleId,
      account,
      JSON.stringify(doer),
      doer.key,
      JSON.stringify(deed),
      address ?? null,
      wantedAt,
    ],
  );
}

export async function questionOf(
  sql: Sql,
  { alertId, number }: QuestionName,
): Promise<ActorQuestion | undefined> {
  const [row] = await sql.all<QuestionRow>(
    'select * from actor_questions where alert_id = $1 and number = $2',
    [alertId, number],
  );
  return row && readRow(row);
}

/** In the order in which they were wanted. */
export async function questionsOfAlert(sql: Sql, alertId: string): Promise<ActorQuestion[]> {
  const rows = await sql.all<QuestionRow>(
    'select * from actor_questions where alert_id = $1 order by number',
    [alertId],
  );
  return rows.map(readRow);
}

/** Those of other alerts for which the answer to this one counts, however late it comes. */
export async function questionsJoined(sql: Sql, { alertId, number }: QuestionName): Promise<ActorQuestion[]> {
  const rows = await sql.all<QuestionRow>(
    `select * from actor_questions where with_alert = $1 and with_number = $2 and state in ('joined', 'silent')
      order by wanted_at, alert_id, number`,
    [alertId, number],
  );
  return rows.map(readRow);
}

/**
 * What one human has said yes to, of a rule in an account, as long as it counts, newest first. It counts for nothing where
 * somebody has found out that it was not so.
 */
export async function confirmations(
  sql: Sql,
  of: {
    readonly ruleId: string;
    readonly account: string;
    readonly key: string;
    /** Of the alert that it was said about. */
    readonly fingerprint?: string;
  },
  now: Millis,
): Promise<ActorQuestion[]> {
  const rows = await sql.all<QuestionRow>(
    `select q.* from actor_questions q join alerts a on a.id = q.alert_id
      where q.rule_id = $1 and q.account = $2 and q.doer_key = $3 and q.state = 'yes' and q.quiet_until > $4
        and coalesce(a.disposition, '') <> 'true_positive' and ($5 = 0 or a.fingerprint = $6)
      order by q.answered_at desc, q.alert_id, q.number`,
    [of.ruleId, of.account, of.key, now, of.fingerprint === undefined ? 0 : 1, of.fingerprint ?? ''],
  );
  return rows.map(readRow);
}

/** The question about a rule in an account that somebody has not answered yet. */
export async function openQuestionTo(
  sql: Sql,
  of: { readonly ruleId: string; readonly account: string; readonly userId: string },
): Promise<ActorQuestion | undefined> {
  const [row] = await sql.all<QuestionRow>(
    `select * from actor_questions where user_id = $1 and rule_id = $2 and account = $3 and state = 'asked'
      order by asked_at limit 1`,
    [of.userId, of.ruleId, of.account],
  );
  return row && readRow(row);
}

/** How often a person was asked since. */
export async function countAsked(sql: Sql, userId: string, since: Millis): Promise<number> {
  const [row] = await sql.all<{ asked: number }>(
    'select count(*) as asked from actor_questions where user_id = $1 and asked_at > $2',
    [userId, since],
  );
  return row?.asked ?? 0;
}

/** Whether somebody was not asked something else for the same reason, of what came up since. */
export async function wasSpared(
  sql: Sql,
  of: { readonly userId: string; readonly reason: string },
  since: Millis,
): Promise<boolean> {
  const rows = await sql.all(
    `select 1 as found from actor_questions
      where user_id = $1 and state = 'nobody' and reason = $2 and wanted_at > $3 limit 1`,
    [of.userId, of.reason, since],
  );
  return rows.length > 0;
}

/** Compare-and-set on the state, and what goes with the new one; what is absent stays as it is. */
export async function changeQuestion(
  sql: Sql,
  { alertId, number, state }: ActorQuestion,
  change: { readonly state: QuestionState } & Partial<
    Pick<ActorQuestion, 'userId' | 'askedAt' | 'answerBy' | 'answeredAt' | 'reason' | 'with' | 'quietUntil'>
  >,
): Promise<boolean> {
  const changed = await sql.run(
    `update actor_questions set state = $4, user_id = coalesce($5, user_id), asked_at = coalesce($6, asked_at),
        answer_by = coalesce($7, answer_by), answered_at = coalesce($8, answered_at), reason = coalesce($9, reason),
        with_alert = $10, with_number = $11, quiet_until = $12
      where alert_id = $1 and number = $2 and state = $3`,
    [
      alertId,
      number,
      state,
      change.state,
      change.userId ?? null,
      change.askedAt ?? null,
      change.answerBy ?? null,
      change.answeredAt ?? null,
      change.reason ?? null,
      change.with?.alertId ?? null,
      change.with?.number ?? null,
      change.quietUntil ?? null,
    ],
  );
  return changed === 1;
}

/** One more match that made no alert because of this answer. */
export async function countQuieted(sql: Sql, { alertId, number }: QuestionName): Promise<void> {
  await sql.run('update actor_questions set quieted = quieted + 1 where alert_id = $1 and number = $2', [
    alertId,
    number,
  ]);
}

function readRow(row: QuestionRow): ActorQuestion {
  const { with_alert: withAlert, with_number: withNumber } = row;
  return {
    alertId: row.alert_id,
    number: row.number,
    ruleId: row.rule_id,
    account: row.account,
    doer: JSON.parse(row.doer) as Doer,
    deed: readDeed(row.deed),
    address: row.address ?? undefined,
    state: row.state as QuestionState,
    wantedAt: row.wanted_at,
    userId: row.user_id ?? undefined,
    askedAt: row.asked_at ?? undefined,
    answerBy: row.answer_by ?? undefined,
    answeredAt: row.answered_at ?? undefined,
    reason: row.reason ?? undefined,
    with: withAlert === null || withNumber === null ? undefined : { alertId: withAlert, number: withNumber },
    quietUntil: row.quiet_until ?? undefined,
    quieted: row.quieted,
  };
}

function readDeed(text: string): Deed {
  const deed = parseJson(text);
  return (isObject(deed) ? deed : {}) as Deed;
}
