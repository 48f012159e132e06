import type { Config } from '../config/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import type { Clock } from '../kernel/time.ts';
import { insertAudit, lastOfKind } from '../store/audit.ts';
import type { Database } from '../store/sql.ts';

interface AuditTools {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Writes to the audit log which settings are in force from now on, as the bot's own act: nobody says who changed the
 * file. A start with the same settings as before is not worth an entry; a reload is, because rules may have changed.
 * Never rejects: the settings are in force either way.
 */
export async function auditSettings(
  { db, clock, random, log }: AuditTools,
  occasion: 'started' | 'reloaded',
  { origin, access }: Pick<Config, 'origin' | 'access'>,
  rules: number,
): Promise<void> {
  const file = origin ? `${origin.name}, SHA-256 ${origin.sha256}` : 'no configuration file';
  const settings = `${file}; ${rules} rules`;
  const by = { userId: 'trailbot', teamId: access.team ?? '' };
  const entry = { id: random.id(), at: clock.now(), kind: 'configuration', ...by } as const;
  try {
    await db.tx(async (sql) => {
      const before = occasion === 'started' ? await lastOfKind(sql, 'configuration') : undefined;
      if (before?.detail.endsWith(`: ${settings}`)) return;
      await insertAudit(sql, { ...entry, detail: `${occasion}: ${settings}` });
    });
  } catch (error) {
    log.error({ error }, 'the settings could not be written to the audit log');
  }
}
