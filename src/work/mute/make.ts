import type { Operator } from '../../alerts/alert.ts';
import { LONGEST_MUTE, type Mute, SHORTEST_MUTE } from '../../alerts/mute.ts';
import { termsOf } from '../../alerts/mute-choices.ts';
import type { Refusal } from '../../kernel/problem.ts';
import { type Millis, sayUtc } from '../../kernel/time.ts';
import { enqueue } from '../../store/jobs.ts';
import { insertMute, nextMuteId } from '../../store/mutes.ts';
import { rememberOperator } from '../../store/operators.ts';
import { firstTime } from '../../store/seen.ts';
import type { Sql } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import { END_JOB } from './end.ts';
import { madePost } from './made-post.ts';
import type { MuteTools } from './mute-tools.ts';
import { recordMute } from './record-mute.ts';
import { sayTerms } from './say-terms.ts';
import { type MuteOrigin, muteSubject } from './subject.ts';

/** What somebody has filled in: the fields; their values are read from the event here. */
export interface MuteRequest {
  readonly origin: MuteOrigin;
  readonly fields: readonly string[];
  readonly reason: string;
  readonly length: Millis;
  readonly operator: Operator;
  /** Same for every delivery of this one submission. */
  readonly pressId: string;
}

/** Makes a mute with its history, its audit entry and its end, all or nothing; `undefined` for a second delivery. */
export async function makeMute(
  tools: MuteTools,
  request: MuteRequest,
): Promise<{ readonly made: Mute | undefined } | Refusal> {
  const refused = await tools.refuse(request.operator.userId);
  if (refused !== undefined) return { refused };
  if (request.length < SHORTEST_MUTE || request.length > LONGEST_MUTE) {
    return { refused: 'A mute lasts from one minute to 30 days.' };
  }
  return tools.db.tx((sql) => write(sql, tools, request));
}

async function write(
  sql: Sql,
  tools: MuteTools,
  request: MuteRequest,
): Promise<{ readonly made: Mute | undefined } | Refusal> {
  const now = tools.clock.now();
  const { operator, origin } = request;
  await rememberOperator(sql, operator, now);
  if (!(await firstTime(sql, request.pressId, now))) return { made: undefined };
  const subject = await muteSubject(sql, tools.rules(), origin);
  if ('refused' in subject) return subject;
  const { alert, choices, body } = subject;
  const mute: Mute = {
    id: await nextMuteId(sql),
    ruleId: alert.ruleId,
    ruleTitle: alert.title,
    terms: termsOf(choices, request.fields),
    reason: request.reason,
    madeBy: operator.userId,
    madeByName: operator.name,
    madeAt: now,
    until: now + request.length,
    alertId: alert.id,
    sample: JSON.stringify(body),
    endedAt: undefined,
    endedBy: undefined,
  };
  await insertMute(sql, mute);
  await enqueue(sql, END_JOB, mute.id, mute.until);
  const detail = `muted until ${sayUtc(mute.until)} (${mute.id}; ${sayTerms(mute.terms)}): ${mute.reason}`;
  await recordMute(sql, tools.random, mute, operator, detail, now);
  await saySoon(sql, madePost(mute), now);
  return { made: mute };
}
