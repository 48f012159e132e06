import { isIP } from 'node:net';
import { type Alert, furtherEvents } from '../alerts/alert.ts';
import { sayUtc } from '../kernel/time.ts';
import type { Chain } from '../work/escalation/chain.ts';
import type { Reminder } from '../work/notify.ts';
import { DISPOSITION_WORDS } from './facts-block.ts';
import { severity } from './look.ts';
import { clean, pushText, sayCount } from './text.ts';

/** Longest text that a phone shows whole. */
const LONGEST = 120;

/**
 * What a phone shows: `HIGH: what in account from address. A-1042`, at most 120 characters, the id always at
 * the end. Names: user id → how to call that person, because a push shows no mention. While somebody is paged, that
 * person stands before the id: `On call: Bob. A-1042`.
 */
export function drawPush(alert: Alert, names: ReadonlyMap<string, string>, chain?: Chain): string {
  const by = (id: string | undefined) => pushText(names.get(id ?? '') ?? '', 25) || 'somebody';
  const account = inAccount(alert);
  if (alert.state === 'resolved') {
    const how = alert.disposition ? ` (${DISPOSITION_WORDS[alert.disposition].toLowerCase()})` : '';
    // What the bot itself has noticed, it closes itself when it is over.
    const resolver = alert.resolvedBy === undefined ? 'Trailbot' : by(alert.resolvedBy);
    return compose(`RESOLVED by ${resolver}${how}`, alert.title, account, alert.id);
  }
  if (alert.snoozedUntil !== undefined) {
    const until = sayUtc(alert.snoozedUntil).slice(0, -':00 UTC'.length);
    return compose(`SNOOZED by ${by(alert.snoozedBy)} until ${until} UTC`, alert.title, account, alert.id);
  }
  if (alert.state === 'acknowledged') {
    return compose(`ACKNOWLEDGED by ${by(alert.acknowledgedBy)}`, alert.title, account, alert.id);
  }
  const times = furtherEvents(alert) > 0 ? `${sayCount(alert.count)} × ` : '';
  const start = `${severity(alert.level)}${soFar(alert, by)}`;
  const end = `${onCall(chain, names)}${alert.id}`;
  return compose(start, `${times}${alert.title}`, account + address(alert), end);
}

/** Of an alert that needs several people, once one of them has acknowledged it. */
function soFar({ needs, acknowledgements }: Alert, by: (id: string) => string): string {
  const [first] = acknowledgements;
  if (!first) return '';
  const others = acknowledgements.length > 1 ? ` and ${acknowledgements.length - 1} more` : '';
  return `, ${acknowledgements.length} of ${needs} acknowledged (${by(first.userId)}${others})`;
}

function onCall(chain: Chain | undefined, names: ReadonlyMap<string, string>): string {
  const last = chain?.state === 'running' ? chain.paged.at(-1) : undefined;
  const name = pushText(names.get(last ?? '') ?? '', 25);
  return name === '' ? '' : `On call: ${name}. `;
}

const WHY: Readonly<Record<Exclude<Reminder, 'over'>, string>> = {
  'snooze over': 'the snooze is over',
  reopened: 'reopened',
  raised: 'its level was raised',
};

/** What a phone shows when an alert is back: `HIGH again: what in account — the snooze is over. A-1042`. */
export function drawReminderPush(alert: Alert, why: Reminder): string {
  if (why === 'over') return compose('OVER', alert.title, inAccount(alert), alert.id);
  const where = `${inAccount(alert)} — ${WHY[why]}`;
  return compose(`${severity(alert.level)} again`, alert.title, where, alert.id);
}

/** What a phone shows of another message about the alert: `Still on it?: what in account. A-1042`. */
export function drawPushAbout(alert: Alert, start: string): string {
  return compose(pushText(start, 60), alert.title, inAccount(alert), alert.id);
}

function inAccount(alert: Alert): string {
  return ` in ${clean(alert.facts.accountName || alert.facts.account, 30)}`;
}

/** Only a real address: a host name could be chosen so that a client makes a link of it. */
function address(alert: Alert): string {
  const from = alert.facts.sourceAddress ?? '';
  return isIP(from) > 0 && alert.count === 1 ? ` from ${from}` : '';
}

/** `start` and `id` are harmless already: words of this program, and names that went through pushText. */
function compose(start: string, what: string, where: string, id: string): string {
  const end = `. ${id}`;
  const room = LONGEST - start.length - ': '.length - end.length;
  const whole = `${clean(what, Math.max(room - where.length, 20))}${where}`;
  return `${start}: ${pushText(whole, room)}${end}`;
}
