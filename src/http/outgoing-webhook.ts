import { createHmac } from 'node:crypto';
import { Fault } from '../kernel/problem.ts';
import { type Clock, SECOND, sayInstant } from '../kernel/time.ts';
import type { OutsideWord } from '../work/escalation/outside.ts';
import { postJson } from './outgoing.ts';

/** An address that is told of pages. */
interface Webhook {
  readonly url: string;
  /** What bodies are signed with; `undefined`: they are not. */
  readonly secret: string | undefined;
}

export interface WebhookTools {
  /** Those in force, by name. */
  readonly webhooks: () => ReadonlyMap<string, Webhook>;
  readonly clock: Clock;
}

/**
 * Posts what a step says of an alert as JSON. Signed as `X-Trailbot-Signature: t=SECONDS,v1=HEX`: HMAC-SHA256 over
 * the seconds, a dot and the body. Rejects with Faults.
 */
export function createWebhookCaller({ webhooks, clock }: WebhookTools) {
  return async (word: OutsideWord): Promise<void> => {
    const { name, id, signal } = word;
    const webhook = webhooks().get(name);
    if (!webhook) throw Fault.never(`there is no webhook ${name} in the configuration any more`);
    const body = JSON.stringify(bodyOf(word));
    const seconds = Math.floor(clock.now() / SECOND);
    const headers = {
      'x-trailbot-delivery': id,
      ...(webhook.secret === undefined
        ? {}
        : { 'x-trailbot-signature': `t=${seconds},v1=${sign(webhook.secret, `${seconds}.${body}`)}` }),
    };
    await postJson(clock, { url: webhook.url, body, headers, signal });
  };
}

function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** The shape that docs/on-call.md promises. */
function bodyOf({ alert, id, step }: OutsideWord) {
  const { facts } = alert;
  return {
    version: 1,
    kind: 'page',
    delivery: id,
    step,
    alert: {
      id: alert.id,
      state: alert.state,
      level: alert.level,
      rule: { id: alert.ruleId, name: alert.ruleName },
      title: alert.title,
      summary: facts.summary,
      actor: facts.actor,
      account: facts.account,
      account_name: facts.accountName ?? null,
      region: facts.region,
      source_address: facts.sourceAddress ?? null,
      event: { id: facts.eventId, name: facts.eventName, source: facts.eventSource, outcome: facts.outcome },
      count: alert.count,
      first_at: sayInstant(alert.firstAt),
      last_at: sayInstant(alert.lastAt),
      opened_at: sayInstant(alert.openedAt),
      runbook: alert.runbook ?? null,
      console_url: facts.consoleUrl ?? null,
    },
  };
}
