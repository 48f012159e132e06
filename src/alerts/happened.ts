import { type Millis, SECOND, sayDuration } from '../kernel/time.ts';
import type { Alert } from './alert.ts';

/** One sentence on how the alert stands and who made it so: what a stale press is answered with. */
export function happened(alert: Alert, now: Millis, names: ReadonlyMap<string, string>): string {
  const ago = (at: Millis | undefined) => {
    if (at === undefined) return '';
    return now - at < SECOND ? ' just now' : ` ${sayDuration(now - at)} ago`;
  };
  const who = (userId: string | undefined) => sayWho(userId, names);
  if (alert.state === 'resolved')
    return `${alert.resolvedBy === undefined ? 'Trailbot' : who(alert.resolvedBy)} resolved ${alert.id}${ago(alert.resolvedAt)}.`;
  if (alert.state === 'acknowledged') {
    const given = alert.assignee === undefined || alert.assignee === alert.acknowledgedBy;
    const holder = given ? '' : ` ${who(alert.assignee)} has it now.`;
    return `${who(alert.acknowledgedBy)} acknowledged ${alert.id}${ago(alert.acknowledgedAt)}.${holder}`;
  }
  if (alert.snoozedUntil !== undefined) {
    return `${who(alert.snoozedBy)} snoozed ${alert.id}; it comes back in ${sayDuration(alert.snoozedUntil - now)}.`;
  }
  const last = alert.acknowledgements.at(-1);
  if (last) {
    return `${who(last.userId)} acknowledged ${alert.id}${ago(last.at)}: ${alert.acknowledgements.length} of ${alert.needs} people.`;
  }
  if (alert.assignee !== undefined) {
    return `${alert.id} was given to ${who(alert.assignee)} and is not acknowledged yet.`;
  }
  return alert.again
    ? `${alert.id} is firing again and nobody has acknowledged it.`
    : `${alert.id} is firing and nobody has acknowledged it.`;
}

/** The person's name; where none is known, a mention in the form that Slack takes. */
export function sayWho(userId: string | undefined, names: ReadonlyMap<string, string>): string {
  if (userId === undefined) return 'Somebody';
  return names.get(userId) ?? (/^[UW][A-Z0-9]+$/.test(userId) ? `<@${userId}>` : userId);
}
