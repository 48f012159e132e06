import type { Alert } from '../alerts/alert.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { Fault } from '../kernel/problem.ts';
import { type Clock, sayInstant } from '../kernel/time.ts';
import type { Level } from '../rules/rule.ts';
import type { OutsideWord } from '../work/escalation/outside.ts';
import { postJson } from './outgoing.ts';

/** A service of PagerDuty with an integration for events. */
interface PagerDutyService {
  readonly url: string;
  /** Without it nothing can be told. */
  readonly routingKey: string | undefined;
}

export interface PagerDutyTools {
  /** Those in force, by name. */
  readonly services: () => ReadonlyMap<string, PagerDutyService>;
  readonly clock: Clock;
}

const LONGEST_SUMMARY = 1024;

const SEVERITY: Readonly<Record<Level, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  informational: 'info',
};

/** Sends events; PagerDuty answers 202. Rejects with Faults. Source: PagerDuty, "Events API v2", Send an Alert Event. */
export function createPagerDuty({ services, clock }: PagerDutyTools) {
  return async ({ name, alert, action, dedupKey, signal }: OutsideWord): Promise<void> => {
    const service = services().get(name);
    if (!service) throw Fault.never(`there is no pagerduty service ${name} in the configuration any more`);
    if (service.routingKey === undefined)
      throw Fault.never(`pagerduty ${name} has no routing key (TRAILBOT_PAGERDUTY_… is not set)`);
    const event: JsonObject = {
      routing_key: service.routingKey,
      event_action: action,
      dedup_key: dedupKey,
      ...(action === 'trigger' ? triggerOf(alert) : {}),
    };
    await postJson(clock, { url: service.url, body: JSON.stringify(event), headers: {}, signal });
  };
}

function triggerOf(alert: Alert): JsonObject {
  const { facts } = alert;
  const links: Json[] = [
    ...linkTo(alert.runbook, 'Runbook'),
    ...linkTo(facts.consoleUrl, 'Open in CloudTrail'),
  ];
  return {
    payload: {
      summary: `${alert.id} ${alert.title}: ${facts.summary}`.slice(0, LONGEST_SUMMARY),
      source: facts.accountName ?? facts.account,
      severity: SEVERITY[alert.level],
      timestamp: sayInstant(facts.eventTime),
      component: facts.eventSource,
      group: facts.account,
      class: alert.ruleName,
      custom_details: {
        alert: alert.id,
        actor: facts.actor,
        region: facts.region,
        source_address: facts.sourceAddress ?? '',
        event: facts.eventName,
        event_id: facts.eventId,
        outcome: facts.outcome,
        count: alert.count,
      },
    },
    links,
    client: 'Trailbot',
  };
}

function linkTo(href: string | undefined, text: string): Json[] {
  return href === undefined ? [] : [{ href, text }];
}
