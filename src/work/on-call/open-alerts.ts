import type { Alert } from '../../alerts/alert.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { LEVELS } from '../../rules/rule.ts';
import { listAlerts } from '../../store/alerts.ts';
import { openPolicies } from '../../store/on-call.ts';
import { messageState } from '../../store/receipts.ts';
import type { Sql } from '../../store/sql.ts';
import type { Receipt } from '../notify.ts';

/** Leads to a message; `undefined` where Slack does not say. */
export type LinkTo = (message: Receipt) => Promise<string | undefined>;

/** So many are named; of the rest it is said how many there are. */
const NAMED = 10;
/** More open alerts than anybody could take over. */
const MOST = 1000;
const LOUD = LEVELS.indexOf('high');

/** What whoever is on call takes over: `alerts` and `more`, plain data to be drawn. Asks Slack for links. */
export async function openAlertsFor(sql: Sql, schedule: string, linkTo: LinkTo): Promise<JsonObject> {
  const open = await listAlerts(sql, { states: ['firing', 'acknowledged'], limit: MOST });
  const policies = await openPolicies(sql);
  const own = open
    .filter((alert) => {
      const policy = policies.get(alert.id);
      // Without an escalation an alert is nobody's, and so everybody's once it is loud.
      if (!policy) return LEVELS.indexOf(alert.level) >= LOUD;
      return policy.steps.some(({ page }) =>
        page.some((target) => target.kind === 'schedule' && target.name === schedule),
      );
    })
    .sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || a.openedAt - b.openedAt);
  const alerts = await Promise.all(own.slice(0, NAMED).map((alert) => describe(sql, alert, linkTo)));
  return { alerts, more: Math.max(0, own.length - NAMED) };
}

async function describe(sql: Sql, alert: Alert, linkTo: LinkTo): Promise<JsonObject> {
  const { id, title, level, state, assignee } = alert;
  const receipt = (await messageState(sql, id))?.receipt;
  const link = receipt && (await linkTo(receipt));
  return {
    id,
    title,
    level,
    state,
    snoozed: alert.snoozedUntil !== undefined,
    ...(assignee === undefined ? {} : { assignee }),
    ...(link === undefined ? {} : { link }),
  };
}
