import type { Alert } from '../alerts/alert.ts';
import { LEVELS, type Level } from '../rules/rule.ts';
import { alertById } from './alerts.ts';
import type { Sql } from './sql.ts';

/** How many alerts of each level are open, the gravest first; levels without one are left out. */
export async function openByLevel(sql: Sql): Promise<{ level: Level; number: number }[]> {
  const rows = await sql.all<{ level: string; number: number }>(
    `select level, count(*) as number from alerts where state <> 'resolved' group by level`,
  );
  return LEVELS.toReversed().flatMap((level) => {
    const row = rows.find((one) => one.level === level);
    return row ? [{ level, number: row.number }] : [];
  });
}

/** Of those that are open the gravest, of these what fires, and of these the newest, first. */
export async function gravestOpen(sql: Sql, limit: number): Promise<Alert[]> {
  const ranks = LEVELS.map((level, rank) => `when '${level}' then ${rank}`).join(' ');
  const rows = await sql.all<{ id: string }>(
    `select id from alerts where state <> 'resolved' order by case level ${ranks} end desc,
        case state when 'firing' then 0 else 1 end, opened_at desc, length(id) desc, id desc
      limit $1`,
    [limit],
  );
  const alerts = [];
  for (const { id } of rows) alerts.push(await alertById(sql, id));
  return alerts.filter((alert) => alert !== undefined);
}
