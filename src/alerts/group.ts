import { type Millis, SECOND } from '../kernel/time.ts';
import type { Alert } from './alert.ts';

/** What Slack shows of an alert at the moment. */
export interface Drawn {
  readonly version: number;
  readonly count: number;
  readonly postedAt: Millis;
  /** When a counter alone was last written into the message. */
  readonly countedAt: Millis | undefined;
  /** Something beside the alert that the message shows has changed. */
  readonly outdated: boolean;
}

/** A decision about an alert's message, with its reason. */
export type Notice =
  | { readonly kind: 'post'; readonly reason: 'first' }
  | { readonly kind: 'update'; readonly reason: 'state' | 'counter' }
  | { readonly kind: 'wait'; readonly reason: 'group_wait' | 'counter_interval'; readonly until: Millis }
  | { readonly kind: 'quiet'; readonly reason: 'nothing_new' | 'digest_only' };

/** A burst often goes on right after its first match, so the first counter comes soon; later ones are rare. */
const FIRST_COUNTER: Millis = 2 * SECOND;
const COUNTER_INTERVAL: Millis = 45 * SECOND;

/** Post, edit now, edit later, or leave it: one message an alert, state at once, counters seldom. */
export function decideNotice(alert: Alert, drawn: Drawn | undefined, now: Millis): Notice {
  if (!drawn) {
    if (alert.loudness === 'digest') return { kind: 'quiet', reason: 'digest_only' };
    const ready = alert.openedAt + alert.groupWait;
    return ready > now && alert.state === 'firing'
      ? { kind: 'wait', reason: 'group_wait', until: ready }
      : { kind: 'post', reason: 'first' };
  }
  if (drawn.version !== alert.version || drawn.outdated) return { kind: 'update', reason: 'state' };
  if (drawn.count === alert.count) return { kind: 'quiet', reason: 'nothing_new' };
  const ready =
    drawn.countedAt === undefined ? drawn.postedAt + FIRST_COUNTER : drawn.countedAt + COUNTER_INTERVAL;
  return ready > now
    ? { kind: 'wait', reason: 'counter_interval', until: ready }
    : { kind: 'update', reason: 'counter' };
}
