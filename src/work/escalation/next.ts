import {
  advanced,
  isAtEnd,
  type Policy,
  type Progress,
  passedOver,
  type Target,
} from '../../alerts/escalation.ts';
import type { Millis } from '../../kernel/time.ts';
import type { Level } from '../../rules/rule.ts';
import type { Sql } from '../../store/sql.ts';
import type { Roster } from '../on-call/roster.ts';

/** Somebody or something that would be paged, as far as it can be known without asking Slack. Plain data. */
export type Somebody = {
  /** A user id. */
  readonly user?: string;
  /** A user group's id. */
  readonly group?: string;
  /** An address, a channel, a service. */
  readonly name?: string;
  /** The schedule that says so. */
  readonly schedule?: string;
};

/** The step that would be taken at an instant, and whom it would page then. */
export interface Next {
  /** Index of the step; `undefined`: nobody is left to be paged. */
  readonly step: number | undefined;
  readonly who: readonly Somebody[];
}

/** Looks ahead: schedules are asked who is on call then; steps that would not be taken are passed over. */
export async function nextAfter(
  sql: Sql,
  roster: Roster,
  plan: { readonly policy: Policy; readonly progress: Progress; readonly level: Level },
  at: Millis,
): Promise<Next> {
  const { policy, level } = plan;
  let { progress } = plan;
  for (let looked = 0; looked <= policy.steps.length && !isAtEnd(policy, progress); looked++) {
    const step = policy.steps[progress.step];
    if (step && passedOver(step, level, at) === undefined) {
      const who = await Promise.all(step.page.map((target) => somebody(sql, roster, target, at)));
      return { step: progress.step, who: who.filter((one) => one !== undefined) };
    }
    progress = advanced(policy, progress, false);
  }
  return { step: undefined, who: [] };
}

async function somebody(sql: Sql, roster: Roster, target: Target, at: Millis): Promise<Somebody | undefined> {
  switch (target.kind) {
    case 'person':
      return { user: target.user };
    case 'address':
      return { name: target.address };
    case 'group':
      return { group: target.group };
    case 'channel':
      return { name: target.channel };
    case 'webhook':
    case 'pagerduty':
      return { name: `${target.kind} ${target.name}` };
    case 'schedule': {
      const shift = await roster.onCall(sql, target.name, at);
      return shift && { user: shift.person, schedule: target.name };
    }
  }
}
