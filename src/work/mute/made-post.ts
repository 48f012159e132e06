import type { Mute } from '../../alerts/mute.ts';
import type { Post } from '../../store/posts.ts';

/** In the thread of the alert: who has muted what; with its end at hand as long as it holds. */
export function madePost({ id, madeBy, until, reason, terms, alertId, endedAt }: Mute): Post {
  const place = { place: undefined, alertId, inThread: true, broadcast: false } as const;
  const content = {
    muteId: id,
    by: madeBy,
    until,
    reason,
    terms: terms.map(({ field, value }) => ({ field, value })),
    over: endedAt !== undefined,
  };
  return { id: `mute_made:${id}`, kind: 'mute_made', ...place, content };
}
