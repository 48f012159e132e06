import type { Labels } from '../../alerts/matcher.ts';
import { mutedBy } from '../../alerts/mute.ts';
import { type MuteWindow, windowAt } from '../../alerts/mute-window.ts';
import { type Millis, sayUtc } from '../../kernel/time.ts';
import type { Match } from '../../rules/rule.ts';
import { countHidden } from '../../store/hidden-counts.ts';
import { mutesInForce } from '../../store/mutes.ts';
import type { Sql } from '../../store/sql.ts';
import type { Suppression } from '../../store/suppressions.ts';

type Quiet = Pick<Suppression, 'kind' | 'reason' | 'source'>;

/** The mute window, or the mute, that hides the match now; nothing is written. Without a store there are no mutes. */
export async function quietBy(
  sql: Sql | undefined,
  windows: readonly MuteWindow[],
  match: Match,
  labels: Labels,
  now: Millis,
): Promise<Quiet | undefined> {
  const open = windowAt(windows, labels, now);
  if (open) {
    return { kind: 'window', reason: `in the mute window "${open.interval}": ${open.window.reason}` };
  }
  if (!sql) return undefined;
  const { rule, record } = match;
  const mute = mutedBy(await mutesInForce(sql, rule.id), { ruleId: rule.id, body: record.body }, now);
  if (!mute) return undefined;
  const until = sayUtc(mute.until);
  return {
    kind: 'mute',
    reason: `muted by ${mute.madeByName} until ${until} (${mute.id}): ${mute.reason}`,
    source: mute.id,
  };
}

/** A mute keeps count of whom it hid. */
export async function countMuted(sql: Sql, { kind, source }: Quiet, { record }: Match): Promise<void> {
  if (kind === 'mute' && source !== undefined) {
    await countHidden(sql, source, record.actor.label, record.eventTime);
  }
}
