import type { Operator } from '../alerts/alert.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Refusal } from '../kernel/problem.ts';
import type { Random } from '../kernel/random.ts';
import { type Clock, MINUTE, type Millis } from '../kernel/time.ts';
import type { Progress } from '../questions/answer.ts';
import { toCsv } from '../questions/csv.ts';
import { drawUp } from '../questions/drawing/draw-up.ts';
import type { Material } from '../questions/material.ts';
import { narrow } from '../questions/narrow.ts';
import type { Question } from '../questions/question.ts';
import { readQuestion } from '../questions/reading/read-question.ts';
import { sayCoverage } from '../questions/say-coverage.ts';
import type { Ruleset } from '../rules/ruleset.ts';
import type { Asked, Desk } from '../slack/desk.ts';
import { keepQuestion, keptQuestion } from '../store/questions.ts';
import type { Database } from '../store/sql.ts';
import { type AskState, ask } from '../work/ask/ask.ts';
import { judgeEvent } from '../work/judge-event.ts';
import { refusalIn } from './access.ts';
import type { Cloud } from './cloud.ts';
import { createMemory } from './memory.ts';
import { namesOf } from './names.ts';
import { subjectOf } from './subject.ts';

export interface QuestionTools {
  readonly db: Database;
  readonly settings: () => Config;
  readonly cloud: Cloud;
  readonly ruleset: () => Ruleset;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The part of the desk that answers questions. */
export type QuestionDesk = Pick<
  Desk,
  'read' | 'ask' | 'recall' | 'draw' | 'narrow' | 'csv' | 'coverage' | 'names' | 'subjectOf' | 'mayAskIn'
>;

/** An answer that takes longer is given as far as it got. */
const DEADLINE: Millis = 5 * MINUTE;

/** Questions as people in Slack ask them: limited per person, kept by id, remembered for their buttons. */
export function createQuestionDesk(tools: QuestionTools): QuestionDesk {
  const { db, settings, clock, random } = tools;
  const memory = createMemory(clock);
  const limit = createLimit(clock, () => settings().access.questionsPerMinute);
  const names = () => namesOf(settings());

  async function keep(question: Question, material: Material, userId: string): Promise<Asked> {
    const id = `q${random.id().replaceAll('-', '').slice(0, 16)}`;
    await keepQuestion(db, { id, at: clock.now(), userId, question: JSON.stringify(question) });
    const asked = { id, question, material };
    memory.add(asked);
    return asked;
  }

  return {
    async ask({ question, operator, hear, signal }) {
      const refused = limit(operator);
      if (refused) return refused;
      memory.prune();
      const history = await tools.cloud.history(settings());
      const judge = (record: CloudTrailRecord) => judgeEvent({ ...tools, sql: db }, record);
      const material = await ask({ sql: db, history, clock, log: tools.log, judge }, question, {
        signal,
        deadline: DEADLINE,
        hear: (state) => hear(progressOf(state, (found) => draw(question, found))),
      });
      return keep(question, material, operator.userId);
    },
    async recall(id) {
      const asked = memory.get(id);
      if (asked) return { question: asked.question, asked };
      const kept = await keptQuestion(db, id);
      return kept === undefined ? undefined : { question: JSON.parse(kept) as Question, asked: undefined };
    },
    draw: ({ question, material }, view) => drawUp(question, view, material, names(), clock.now()),
    narrow: (asked, scope, { userId }) =>
      keep(
        { ...asked.question, scope: { ...asked.question.scope, ...scope } },
        narrow(asked.material, scope),
        userId,
      ),
    coverage: (answer) => sayCoverage(answer.coverage, names()),
    csv: (asked) => toCsv(asked.material.calls),
    names,
    read: (text) => readQuestion(text, clock.now(), settings().accounts),
    subjectOf: (alertId) => subjectOf(db, alertId, clock.now()),
    mayAskIn: (channel) => refusalIn(settings(), channel),
  };

  function draw(question: Question, material: Material) {
    return drawUp(question, { kind: 'summary' }, material, names(), clock.now());
  }
}

/** The answer so far is drawn only where somebody looks at it. */
function progressOf(state: AskState, draw: (material: Material) => Progress['soFar']): Progress {
  const { material, ...counts } = state;
  return {
    ...counts,
    get soFar() {
      return material.calls.length > 0 ? draw(material) : undefined;
    },
  };
}

/** At most so many questions in any minute, for each person. */
function createLimit(clock: Clock, most: () => number): (operator: Operator) => Refusal | undefined {
  const asked = new Map<string, Millis[]>();
  return ({ userId }) => {
    const since = clock.now() - MINUTE;
    const recent = (asked.get(userId) ?? []).filter((at) => at > since);
    if (recent.length >= most()) {
      return {
        refused: `You have asked ${recent.length} questions within a minute, and that is the most (access.questions_per_minute). Please wait a moment.`,
      };
    }
    asked.delete(userId);
    asked.set(userId, [...recent, clock.now()]);
    for (const [other, times] of asked) if ((times.at(-1) ?? 0) < since) asked.delete(other);
    return undefined;
  };
}
