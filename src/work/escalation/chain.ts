import { isAtEnd } from '../../alerts/escalation.ts';
import type { Millis } from '../../kernel/time.ts';
import { escalationOf } from '../../store/escalations.ts';
import { pagesOf } from '../../store/pages.ts';
import type { Sql } from '../../store/sql.ts';

/** How far an alert's escalation is, for whoever shows the alert. */
export interface Chain {
  /** `waiting`: while the alert is snoozed. `ended`: everybody was paged and nobody has answered. */
  readonly state: 'running' | 'waiting' | 'stopped' | 'ended';
  /** When the next step is taken, and whom it pages as far as that is known; Slack user ids. */
  readonly next?:
    | {
        readonly at: Millis;
        readonly who: readonly string[];
        /** Every step was taken: all that comes is to say that nobody has answered. */
        readonly end?: boolean;
      }
    | undefined;
  /** Slack user ids, latest step last; each person once. */
  readonly paged: readonly string[];
}

/** `undefined` when the alert was opened by a route without an escalation. */
export async function chainOf(sql: Sql, alertId: string): Promise<Chain | undefined> {
  const escalation = await escalationOf(sql, alertId);
  if (!escalation) return undefined;
  const { state, nextAt, nextWho, policy, progress } = escalation;
  const told = (await pagesOf(sql, alertId)).filter(({ refused }) => refused === undefined);
  const people = told.map(({ target }) => target).filter(isPerson);
  // Of somebody who was paged twice the later time counts.
  const paged = [...new Set(people.reverse())].reverse();
  const end = isAtEnd(policy, progress);
  const next = nextAt === undefined ? undefined : { at: nextAt, who: nextWho, ...(end ? { end } : {}) };
  return { state, next, paged };
}

function isPerson(target: string): boolean {
  return /^[UW][A-Z0-9]+$/u.test(target);
}
