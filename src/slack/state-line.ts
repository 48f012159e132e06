import { type Alert, furtherEvents } from '../alerts/alert.ts';
import { alertName, amount, dateTime, dotted, lasting, markup, mention, type Trusted } from './text.ts';

/** Severity and state in words, since when and by whom, when it happened and how often, which alert. */
export function stateLine(alert: Alert): Trusted {
  return dotted([state(alert), happened(alert), alertName(alert.id)]);
}

const LEVEL = {
  informational: markup`INFORMATIONAL`,
  low: markup`LOW`,
  medium: markup`MEDIUM`,
  high: markup`HIGH`,
  critical: markup`CRITICAL`,
} as const;

function state(alert: Alert): Trusted {
  const level = LEVEL[alert.level];
  if (alert.state === 'resolved') {
    const resolver = alert.resolvedBy === undefined ? markup`Trailbot` : mention(alert.resolvedBy);
    return markup`*${level} · RESOLVED* by ${resolver} ${time(alert.resolvedAt)} · ${openFor(alert)}`;
  }
  if (alert.snoozedUntil !== undefined) {
    const until = dateTime(alert.snoozedUntil, '{date_short_pretty} {time}');
    return markup`*${level} · SNOOZED* by ${mention(alert.snoozedBy)} until ${until}${alsoAcknowledged(alert)}`;
  }
  if (alert.state === 'acknowledged') {
    return markup`*${level} · ACKNOWLEDGED* by ${everybody(alert)} ${time(alert.acknowledgedAt)}${after(alert)}${holder(alert)}`;
  }
  const word = alert.again ? markup`FIRING AGAIN` : markup`FIRING`;
  return markup`*${level} · ${word}*${soFar(alert)}${given(alert)}`;
}

/** Everybody who has acknowledged it, in order. */
function everybody({ acknowledgements, acknowledgedBy }: Alert): Trusted {
  const people = acknowledgements.map(({ userId }) => mention(userId));
  return people.length === 0
    ? mention(acknowledgedBy)
    : people.reduce((all, one) => markup`${all} and ${one}`);
}

/** Of an alert that needs several people. */
function soFar(alert: Alert): Trusted {
  const { needs, acknowledgements } = alert;
  if (needs === 1) return markup``;
  if (acknowledgements.length === 0) return markup` · needs ${needs} people`;
  return markup` · ${acknowledgements.length} of ${needs} acknowledged (${everybody(alert)})`;
}

/** Who has an alert that fires: given to them, and not acknowledged by them. */
function given({ assignee, assignedBy, acknowledgements }: Alert): Trusted {
  const own = acknowledgements.some(({ userId }) => userId === assignee);
  return assignee === undefined || own ? markup`` : has(assignee, assignedBy);
}

function has(assignee: string, assignedBy: string | undefined): Trusted {
  if (assignedBy === undefined) return markup` · ${mention(assignee)} has it`;
  return markup` · given to ${mention(assignee)} by ${mention(assignedBy)}`;
}

/** Where it is not plain from who acknowledged it: who has it, or whose it was. */
function holder({ assignee, assignedBy, takenFrom, acknowledgements }: Alert): Trusted {
  const own = acknowledgements.some(({ userId }) => userId === assignee);
  if (assignee === undefined || (own && takenFrom === undefined && assignedBy === undefined)) return markup``;
  return takenFrom === undefined
    ? has(assignee, assignedBy)
    : markup`, who took it from ${mention(takenFrom)}`;
}

function time(at: number | undefined): Trusted {
  return dateTime(at ?? Number.NaN, '{time}');
}

function after(alert: Alert): Trusted {
  if (alert.acknowledgedAt === undefined) return markup``;
  return markup` (after ${lasting(alert.acknowledgedAt - alert.openedAt)})`;
}

function alsoAcknowledged(alert: Alert): Trusted {
  if (alert.state !== 'acknowledged') return markup`${soFar(alert)}${given(alert)}`;
  return markup` · acknowledged by ${everybody(alert)}${holder(alert)}`;
}

function openFor(alert: Alert): Trusted {
  const open = markup`open ${lasting((alert.resolvedAt ?? alert.openedAt) - alert.openedAt)}`;
  if (alert.acknowledgedAt === undefined || alert.acknowledgedBy === undefined) return open;
  const soon = markup`${open}, acknowledged in ${lasting(alert.acknowledgedAt - alert.openedAt)}`;
  if (alert.acknowledgedBy === alert.resolvedBy) return soon;
  return markup`${soon} by ${mention(alert.acknowledgedBy)}`;
}

function start(alert: Alert): Trusted {
  return dateTime(alert.firstAt, '{date_short_pretty} {time_secs}');
}

function happened(alert: Alert): Trusted {
  if (furtherEvents(alert) === 0) {
    const at = dateTime(alert.facts.eventTime, '{date_short_pretty} {time_secs}');
    const { endedAt } = alert.facts;
    const since =
      endedAt === undefined ? at : markup`${start(alert)} to ${dateTime(endedAt, '{time_secs}')}, over`;
    return alert.state === 'firing' && alert.snoozedUntil === undefined ? since : markup`event ${since}`;
  }
  const last = dateTime(alert.lastAt, '{time_secs}');
  return markup`*${amount(furtherEvents(alert))} more like this* · first ${start(alert)}, last ${last}`;
}
