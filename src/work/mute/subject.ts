import type { Alert } from '../../alerts/alert.ts';
import type { MuteTerm } from '../../alerts/mute.ts';
import { type MuteChoice, muteChoices } from '../../alerts/mute-choices.ts';
import { isObject, type JsonObject, parseJson } from '../../kernel/json.ts';
import type { Refusal } from '../../kernel/problem.ts';
import type { Rule } from '../../rules/rule.ts';
import { alertById } from '../../store/alerts.ts';
import { firstRecordOf } from '../../store/memberships.ts';
import { muteById } from '../../store/mutes.ts';
import type { Sql } from '../../store/sql.ts';

/** What a mute can be made of. */
export interface MuteSubject {
  readonly alert: Alert;
  readonly choices: readonly MuteChoice[];
  /** The event that the values come from. */
  readonly body: JsonObject;
}

/** Out of which alert, or like which mute that is over. */
export interface MuteOrigin {
  readonly alertId: string;
  readonly like?: string | undefined;
}

/** The alert with the fields and values of its first event; the event of an earlier mute where that is no longer kept. */
export async function muteSubject(
  sql: Sql,
  rules: readonly Rule[],
  { alertId, like }: MuteOrigin,
): Promise<MuteSubject | Refusal> {
  const alert = await alertById(sql, alertId);
  if (!alert)
    return { refused: `${alertId} is not known here; it may belong to another installation of Trailbot.` };
  const rule = rules.find(({ id }) => id === alert.ruleId);
  if (!rule) {
    return { refused: `The rule of ${alertId} is no longer loaded, so it alerts nobody and needs no mute.` };
  }
  const sample = like === undefined ? undefined : (await muteById(sql, like))?.sample;
  const body = parseJson(sample ?? (await firstRecordOf(sql, alertId))?.body ?? '');
  if (!isObject(body)) {
    return {
      refused: `The event behind ${alertId} is no longer kept (history.records), so there is nothing to read a pattern from. A newer alert of the rule can be muted, or a Sigma filter written.`,
    };
  }
  return { alert, choices: muteChoices(body, rule), body };
}

/** The fields that were chosen before, for a mute that is made again. */
export function fieldsOf(terms: readonly MuteTerm[]): string[] {
  return [...new Set(terms.map(({ field }) => field))];
}
