import type { Operator } from '../../alerts/alert.ts';
import type { Refusal } from '../../kernel/problem.ts';
import { DAY, type Millis } from '../../kernel/time.ts';
import { enqueue } from '../../store/jobs.ts';
import { endOverride, overrideById, overridesBetween, type StoredOverride } from '../../store/overrides.ts';
import type { Sql } from '../../store/sql.ts';
import { type ChangeTools, recordChange, sayPeriod, sayTo } from './change.ts';
import { HAND_OVER_JOB } from './hand-over.ts';

const COMING: Millis = 400 * DAY;

/** Overrides of these schedules that hold or will, the earliest first. */
export async function comingOverrides(
  { db, clock }: Pick<ChangeTools, 'db' | 'clock'>,
  schedules: readonly string[],
): Promise<StoredOverride[]> {
  const now = clock.now();
  const all = await Promise.all(schedules.map((name) => overridesBetween(db, name, now, now + COMING)));
  return all.flat().sort((a, b) => a.from - b.from || a.madeAt - b.madeAt);
}

/** Ends an override, or both halves of a swap, before its time. */
export async function endShift(
  tools: ChangeTools,
  id: string,
  by: Operator,
): Promise<{ ended: readonly StoredOverride[] } | Refusal> {
  const asked = await overrideById(tools.db, id);
  if (!asked) return { refused: 'This override is not known here any more. Nothing was changed.' };
  const halves = (await comingOverrides(tools, [asked.schedule])).filter(
    (one) => one.id === id || (asked.swapId !== undefined && one.swapId === asked.swapId),
  );
  const own = [asked, ...halves].some(({ person, madeBy }) => [person, madeBy].includes(by.userId));
  const refused = await (own ? tools.mayRespond(by.userId) : tools.mayAdminister(by.userId));
  if (refused !== undefined) return { refused };
  return tools.db.tx(async (sql): Promise<{ ended: readonly StoredOverride[] } | Refusal> => {
    const now = tools.clock.now();
    const ended: StoredOverride[] = [];
    for (const half of halves) if (await endOverride(sql, half.id, now)) ended.push(half);
    if (ended.length === 0)
      return { refused: 'This override is over, or somebody has ended it. Nothing was changed.' };
    for (const half of ended) await follow(sql, tools, half, by, now);
    await enqueue(sql, HAND_OVER_JOB, asked.schedule, now);
    return { ended };
  });
}

async function follow(
  sql: Sql,
  tools: ChangeTools,
  half: StoredOverride,
  by: Operator,
  now: Millis,
): Promise<void> {
  const { id, schedule, person, until } = half;
  const from = Math.max(half.from, now);
  const detail = `${schedule}: the ${half.kind} that gave ${person} the pager ${sayPeriod(half)} was ended`;
  await recordChange(sql, tools, by, detail, now);
  const after = await tools.roster.shifts(sql, schedule, from, until);
  const back = [...new Set(after.map((shift) => shift.person))].filter((one) => one !== person);
  const content = { schedule, person, from, until, by: by.userId, back, kind: half.kind };
  for (const one of [person, ...back].filter((other) => other !== by.userId)) {
    await sayTo(sql, `oncall_ended:${id}:${one}`, 'oncall_ended', one, { ...content, to: one }, now);
  }
  // Where it held, the hand-over says it all.
  const [first] = after;
  const holder = first && first.from <= from ? first.person : undefined;
  const atOnce = half.from <= now && holder !== person;
  const channel = tools.channelOf(schedule);
  if (channel !== undefined && !atOnce)
    await sayTo(
      sql,
      `oncall_changed:${id}:ended`,
      'oncall_changed',
      channel,
      { ...content, what: 'ended' },
      now,
    );
}
