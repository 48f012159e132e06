import type { Clock } from '../../kernel/time.ts';
import { alertById } from '../../store/alerts.ts';
import { escalationOf } from '../../store/escalations.ts';
import { changeNudge, nudgeOf } from '../../store/nudges.ts';
import type { Database } from '../../store/sql.ts';
import { saySoon } from '../posting.ts';
import type { Result } from '../worker.ts';
import { NUDGE_POST } from './page.ts';

/** Says so again, and when the next time is; while people are being paged there is no need to. */
export async function nudge(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  alertId: string,
): Promise<Result> {
  const now = clock.now();
  const due = await nudgeOf(db, alertId);
  if (due?.nextAt === undefined) return 'done';
  if (due.nextAt > now) return { again: due.nextAt };
  const nextAt = now + due.every;
  await db.tx(async (sql) => {
    const alert = await alertById(sql, alertId);
    const paging = (await escalationOf(sql, alertId))?.state === 'running';
    const said = paging ? due.said : due.said + 1;
    if (!alert || !(await changeNudge(sql, due, { said, nextAt })) || paging) return;
    const where = { place: undefined, alertId, inThread: true, broadcast: true };
    await saySoon(
      sql,
      { id: `nudge:${alertId}:${said}`, kind: NUDGE_POST, ...where, content: { for: now - alert.openedAt } },
      now,
    );
  });
  return { again: nextAt };
}
