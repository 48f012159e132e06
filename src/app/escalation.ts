import type { Config } from '../config/config.ts';
import { createWebhookCaller } from '../http/outgoing-webhook.ts';
import { createPagerDuty } from '../http/pagerduty.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { Desk } from '../slack/desk.ts';
import type { Database } from '../store/sql.ts';
import type { Directory } from '../work/directory.ts';
import { type EscalateTools, escalateNow, lookAhead } from '../work/escalation/escalate-now.ts';
import { nudge } from '../work/escalation/nudge.ts';
import { NUDGE_JOB, STEP_JOB } from '../work/escalation/open.ts';
import { createOutside } from '../work/escalation/outside.ts';
import { OUTSIDE_JOB } from '../work/escalation/page.ts';
import { onPageRefused } from '../work/escalation/refused.ts';
import { takeStep } from '../work/escalation/step.ts';
import type { Roster } from '../work/on-call/roster.ts';
import type { PostTools } from '../work/posting.ts';
import type { Handler } from '../work/worker.ts';

export interface EscalationOptions {
  readonly db: Database;
  readonly settings: () => Config;
  readonly roster: Roster;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly random: Random;
}

/** People are paged, step by step. */
export interface EscalationEngine {
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Slack will never take a post. */
  readonly onRefused: NonNullable<PostTools['onRefused']>;
  /** Lets go of requests to services that are under way; they are made again after the next start. */
  stop(): void;
}

export function createEscalationEngine(options: EscalationOptions): EscalationEngine {
  const { db, settings, clock, random } = options;
  const outlets = {
    webhook: createWebhookCaller({ webhooks: () => settings().webhooks, clock }),
    pagerduty: createPagerDuty({ services: () => settings().pagerduty, clock }),
  };
  const outside = createOutside({ db, outlets, clock, random });
  return {
    handlers: new Map<string, Handler>([
      [STEP_JOB, (alertId) => takeStep(options, alertId)],
      [NUDGE_JOB, (alertId) => nudge({ db, clock }, alertId)],
      [OUTSIDE_JOB, outside.handler],
    ]),
    onRefused: (sql, post, reason, now) => onPageRefused(sql, random, post, reason, now),
    stop: outside.stop,
  };
}

/** What people in Slack ask of escalations. */
export type EscalationDesk = Pick<Desk, 'escalating' | 'escalateNow'>;

export function createEscalationDesk(tools: EscalateTools & { readonly wake: () => void }): EscalationDesk {
  return {
    escalating: (alertId) => lookAhead(tools, alertId),
    async escalateNow(hurry) {
      const refused = await escalateNow(tools, hurry);
      tools.wake();
      return refused;
    },
  };
}
