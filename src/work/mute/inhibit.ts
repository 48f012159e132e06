import { type Inhibition, keysOfSource, keysOfTarget } from '../../alerts/inhibition.ts';
import type { Labels } from '../../alerts/matcher.ts';
import { type Millis, SECOND } from '../../kernel/time.ts';
import type { Match } from '../../rules/rule.ts';
import { countHidden, hiddenBy } from '../../store/hidden-counts.ts';
import { inhibitorOf, insertInhibitor } from '../../store/inhibitors.ts';
import { enqueue } from '../../store/jobs.ts';
import { wantRedraw } from '../../store/posts.ts';
import type { Sql } from '../../store/sql.ts';
import { insertSuppression } from '../../store/suppressions.ts';
import { saySoon } from '../posting.ts';

/** Job: an alert turned out to be a false alarm, and what it held back is raised after all. Its subject is the alert. */
export const RELEASE_JOB = 'mute_release';

/** Numbers in Slack change no more often than this. */
const COUNT_EVERY: Millis = 45 * SECOND;

/** An alert that was opened holds others back from now on, where it is the source of an inhibition. */
export async function holdOthersBack(
  sql: Sql,
  inhibitions: readonly Inhibition[],
  alert: { readonly id: string; readonly openedAt: Millis },
  labels: Labels,
): Promise<void> {
  for (const { key, for: length } of keysOfSource(inhibitions, labels)) {
    await insertInhibitor(sql, alert.id, key, alert.openedAt + length);
  }
}

/** The open alert that holds the match back now, if there is one; nothing is written. */
export async function heldBackNow(
  sql: Sql,
  inhibitions: readonly Inhibition[],
  match: Match,
  labels: Labels,
  now: Millis,
): Promise<{ alertId: string; title: string } | undefined> {
  for (const key of keysOfTarget(inhibitions, labels)) {
    const by = await inhibitorOf(sql, key, { ruleId: match.rule.id, now });
    if (by) return by;
  }
  return undefined;
}

/** Writes that the match is held back, and says so in the thread of the alert that does it. */
export async function holdBack(
  sql: Sql,
  { rule, record }: Match,
  by: { readonly alertId: string; readonly title: string },
  now: Millis,
): Promise<void> {
  const reason = sayHeldBack(by);
  const held = {
    recordKey: record.key,
    ruleId: rule.id,
    kind: 'inhibition',
    reason,
    source: by.alertId,
  } as const;
  if (!(await insertSuppression(sql, held, now))) return;
  await countHidden(sql, by.alertId, rule.title, record.eventTime);
  const what = (await hiddenBy(sql, by.alertId)).map(({ name, number }) => ({ name, number }));
  const id = `mute_held:${by.alertId}`;
  const place = { place: undefined, alertId: by.alertId, inThread: true, broadcast: false } as const;
  if (await saySoon(sql, { id, kind: 'mute_held', ...place, content: { what } }, now)) return;
  if (await wantRedraw(sql, id, { what })) await enqueue(sql, 'post', id, now + COUNT_EVERY);
}

export function sayHeldBack({
  alertId,
  title,
}: {
  readonly alertId: string;
  readonly title: string;
}): string {
  return `held back while ${alertId} (${title}) is open, which is graver and shares its labels`;
}
