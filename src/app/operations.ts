import type { Acknowledgement } from '../config/acknowledgement.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import type { Database } from '../store/sql.ts';
import { tendAcknowledged } from '../work/ack-reminder.ts';
import { sayUnreached } from '../work/assign.ts';
import { wakeAlert } from '../work/operate.ts';
import type { PostTools } from '../work/posting.ts';
import type { Handler } from '../work/worker.ts';

/** Slack will never take a post: what is said instead, besides what `others` do. */
export function afterRefusal(others: PostTools['onRefused']): NonNullable<PostTools['onRefused']> {
  return async (sql, post, reason, now) => {
    await sayUnreached(sql, post, reason, now);
    await others?.(sql, post, reason, now);
  };
}

/** What becomes of alerts that people have put aside or taken, by itself and in time. */
export function operationHandlers(tools: {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly acknowledgement: () => Acknowledgement;
}): ReadonlyMap<string, Handler> {
  const { acknowledgement: settings, ...rest } = tools;
  return new Map<string, Handler>([
    ['wake', (alertId) => wakeAlert(rest, alertId)],
    ['alert_held', (alertId) => tendAcknowledged({ ...rest, settings }, alertId)],
  ]);
}
