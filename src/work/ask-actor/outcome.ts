import type { Alert } from '../../alerts/alert.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Millis } from '../../kernel/time.ts';
import { type ActorQuestion, changeQuestion, questionsJoined } from '../../store/actor-questions.ts';
import { alertById } from '../../store/alerts.ts';
import { insertHistory } from '../../store/history.ts';
import type { Sql } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import { keyOf } from './name.ts';
import { type PageTools, type Paging, pageAtOnce } from './page.ts';
import { OUTCOME_POST, redrawQuestion, sayInThread, TOLD_POST } from './say.ts';

/** What came of a question: an answer, or none in time. */
export type Outcome = 'yes' | 'no' | 'unsure' | 'silent';

/** What the history says of it, after the person's name where there is one. */
const IN_HISTORY: Readonly<Record<Outcome, string>> = {
  yes: 'says that it was them',
  no: 'says that it was NOT them',
  unsure: 'is not sure whether it was them',
  silent: 'did not answer whether it was them',
};

export interface Settled {
  readonly question: ActorQuestion;
  readonly outcome: Outcome;
  /** Who answered; `undefined`: nobody did. */
  readonly teamId: string | undefined;
}

/**
 * Follows an outcome that was written already: it counts for every alert that joined the question; all but a yes makes
 * sure that somebody looks at each of them now. Returns the alerts, as they were.
 */
export async function spread(sql: Sql, tools: PageTools, settled: Settled, now: Millis): Promise<Alert[]> {
  const { question, outcome } = settled;
  const alerts: Alert[] = [];
  const joined = await questionsJoined(sql, question);
  for (const one of joined) {
    const { answeredAt, reason, quietUntil } = question;
    // An answer that comes late counts for these, too.
    const late = outcome === 'silent' ? { with: one.with } : {};
    await changeQuestion(sql, one, { state: outcome, answeredAt, reason, quietUntil, ...late });
  }
  for (const one of [question, ...joined]) {
    const alert = await alertById(sql, one.alertId);
    if (!alert || alert.state === 'resolved') continue;
    alerts.push(alert);
    await tell(sql, tools, { ...settled, question: { ...one, ...answerOf(question) } }, alert, now);
  }
  await redrawQuestion(sql, question, now);
  return alerts;
}

function answerOf({ userId, askedAt, answeredAt, reason }: ActorQuestion) {
  return { userId, askedAt, answeredAt, reason };
}

/** The thread of one alert, its history, and whoever has to look at it. */
async function tell(
  sql: Sql,
  tools: PageTools,
  { question, outcome, teamId }: Settled,
  alert: Alert,
  now: Millis,
): Promise<void> {
  const { userId, askedAt, reason } = question;
  const loud = outcome !== 'yes';
  const paging = loud ? await pageAtOnce(sql, tools, alert, userId, now) : undefined;
  const content: JsonObject = {
    outcome,
    user: userId ?? '',
    waited: now - (askedAt ?? now),
    level: alert.level,
    ...(outcome === 'yes' && reason !== undefined ? { reason } : {}),
    ...(paging ? { paging } : {}),
  };
  await sayInThread(sql, question, { kind: OUTCOME_POST, content, which: outcome, loud }, now);
  if (paging?.how === 'held') await tellHolder(sql, question, paging, content, now);
  const because = outcome === 'yes' && reason !== undefined ? `: ${reason}` : '';
  const who = outcome === 'silent' ? { userId: undefined, teamId: undefined } : { userId, teamId };
  const detail = `${outcome === 'silent' ? `<@${userId}> ` : ''}${IN_HISTORY[outcome]}${because}`;
  await insertHistory(sql, {
    id: tools.random.id(),
    alertId: alert.id,
    at: now,
    kind: 'actor',
    ...who,
    detail,
  });
}

async function tellHolder(
  sql: Sql,
  question: ActorQuestion,
  paging: Paging & { how: 'held' },
  content: JsonObject,
  now: Millis,
): Promise<void> {
  const id = `${TOLD_POST}:${keyOf(question)}:${String(content.outcome)}`;
  const where = { place: paging.by, alertId: question.alertId, inThread: false, broadcast: false };
  await saySoon(sql, { id, kind: TOLD_POST, ...where, content }, now);
}
