import type { Random } from '../kernel/random.ts';
import type { Clock, Millis } from '../kernel/time.ts';
import type { Rule } from '../rules/rule.ts';
import type { ActorDesk } from '../slack/ask-actor/actor-desk.ts';
import type { Desk, HistoryLine } from '../slack/desk.ts';
import type { OnCallDesk } from '../slack/on-call/on-call-desk.ts';
import { alertById, listAlerts } from '../store/alerts.ts';
import { insertAudit } from '../store/audit.ts';
import { historyOf } from '../store/history.ts';
import { enqueue } from '../store/jobs.ts';
import { operatorNames } from '../store/operators.ts';
import { recordsByEventId } from '../store/records.ts';
import { firstTime } from '../store/seen.ts';
import type { Database } from '../store/sql.ts';
import { operate } from '../work/operate.ts';
import type { Status } from '../work/status.ts';
import { readStoredEvent } from '../work/stored-event.ts';
import type { EscalationDesk } from './escalation.ts';
import { createHomeDesk } from './home.ts';
import type { QuestionDesk } from './questions.ts';

/** What the desk is built from. */
export interface DeskTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly rules: () => readonly Rule[];
  readonly status: () => Promise<Status>;
  /** `undefined` when the person may, else one sentence with whom to ask. */
  readonly mayRespond: Desk['mayRespond'];
  readonly mayAdminister: Desk['mayAdminister'];
  readonly mayAsk: Desk['mayAsk'];
  readonly questions: QuestionDesk;
  readonly onCall: OnCallDesk;
  readonly escalation: EscalationDesk;
  readonly actors: ActorDesk;
  readonly mutes: Desk['mutes'];
  /** There is work to do at once. */
  readonly wake: () => void;
}

/** Everything people in Slack can ask of the bot, from the parts in work/ and store/. */
export function createDesk(tools: DeskTools): Desk {
  const { db, clock, random } = tools;
  return {
    ...tools.questions,
    onCall: tools.onCall,
    ...tools.escalation,
    actors: tools.actors,
    mutes: tools.mutes,
    home: createHomeDesk(tools),
    async operate(press) {
      const outcome = await operate({ db, clock, random, refuse: tools.mayRespond }, press);
      tools.wake();
      return outcome;
    },
    alert: (id) => alertById(db, id),
    alerts: (filter) => listAlerts(db, filter),
    history: (alertId) => readHistory(db, alertId),
    async events(eventId) {
      const found = await recordsByEventId(db, eventId);
      const events = await Promise.all(found.map((stored) => readStoredEvent(db, stored)));
      return events.filter((event) => event !== undefined);
    },
    rules: tools.rules,
    status: tools.status,
    firstTime: (...ids) => firstTimeOfAll(db, ids, clock.now()),
    async refresh(alertId) {
      await enqueue(db, 'notify', alertId, clock.now());
      tools.wake();
    },
    mayRespond: tools.mayRespond,
    mayAdminister: tools.mayAdminister,
    mayAsk: tools.mayAsk,
    asked: (operator, question) =>
      insertAudit(db, { id: random.id(), at: clock.now(), kind: 'question', detail: question, ...operator }),
  };
}

function firstTimeOfAll(db: Database, ids: readonly string[], now: Millis): Promise<boolean> {
  return db.tx(async (sql) => {
    let first = true;
    for (const id of ids) if (!(await firstTime(sql, id, now))) first = false;
    return first;
  });
}

async function readHistory(db: Database, alertId: string): Promise<HistoryLine[]> {
  const names = await operatorNames(db);
  return (await historyOf(db, alertId)).map(({ at, userId, detail }) => ({
    at,
    text: userId === null ? detail : `${names.get(userId) ?? userId}: ${detail}`,
  }));
}
