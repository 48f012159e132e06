import { behind } from '../../cloudtrail/actor.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import type { Line, Part } from '../answer.ts';
import { type Call, callOf, isDenied, sayAction } from '../call.ts';
import { bold, code, cut, fact, sayAgo, sayCount, text } from '../lines.ts';
import type { EventInFull } from '../material.ts';
import type { EventsQuestion } from '../question.ts';
import { sayAccount, sayActor, sayAddress } from '../say-names.ts';
import { nameClient } from './client-name.ts';
import type { Asked, Draft } from './draft.ts';
import { eventJson } from './event-json.ts';
import { followActor, followAddress, followKey, followUp } from './follow.ts';
import { keptQuiet } from './kept-quiet.ts';

/** One event can be recorded in several accounts and regions; more copies than these are only counted. */
const MOST_COPIES = 3;

/** One event in full: in words, then as JSON. */
export function drawUpEvent(asked: Asked<EventsQuestion>): Draft {
  const events = asked.material.events ?? [];
  const shown = events.slice(0, MOST_COPIES);
  const rest = events.length - shown.length;
  const [first] = shown;
  const copies: Line =
    events.length > 1
      ? [text(` Recorded in ${sayCount(events.length, 'place')}: each with its own copy below.`)]
      : [];
  return {
    lead: first ? [...sentence(first.record, asked), ...copies] : [],
    parts: [...shown.flatMap((event) => drawCopy(event, asked)), ...(rest > 0 ? [restLine(rest)] : [])],
    follow: first ? followsOf(first.record, asked) : [],
  };
}

/** `user alice called iam:CreateAccessKey on bob from 203.0.113.5, 2 h ago: denied (AccessDenied).` */
function sentence(record: CloudTrailRecord, { now, names }: Asked): Line {
  const call = callOf(record);
  const outcome =
    call.errorCode === undefined
      ? [text('.')]
      : [text(isDenied(call.errorCode) ? ': denied, ' : ': failed, '), bold(cut(call.errorCode)), text('.')];
  return [
    bold(sayActor(record.actor.label, names)),
    text(' called '),
    bold(sayAction(call)),
    ...(call.target === undefined ? [] : [text(' on '), code(call.target)]),
    ...(call.address === undefined ? [] : [text(' from '), ...sayAddress(call.address, names)]),
    text(`, ${sayAgo(call.at, now)}`),
    ...outcome,
  ];
}

function drawCopy(event: EventInFull, asked: Asked): Part[] {
  const { record } = event;
  return [
    { kind: 'lines', lines: factsOf(event, asked) },
    {
      kind: 'code',
      title: `Event as JSON · ${cut(record.eventId, 64)}`,
      text: eventJson(record.body),
    },
  ];
}

function factsOf(event: EventInFull, { names }: Asked): Line[] {
  const { record, receivedAt } = event;
  const { actor } = record;
  const call = callOf(record);
  const phrases = behind(actor);
  const received: Line =
    receivedAt === undefined
      ? [text(' · from the event history of AWS')]
      : [text(' · received '), { at: receivedAt, form: 'date and time' }];
  return [
    fact(
      'Who',
      text(sayActor(actor.label, names)),
      ...(actor.arn === undefined ? [] : [text(' '), code(actor.arn, 300)]),
    ),
    ...(phrases.length > 0 ? [fact('Behind', text(phrases.map((one) => cut(one, 200)).join(' · ')))] : []),
    fact(
      'Did',
      code(`${record.eventSource} ${record.eventName}`, 260),
      text(` → ${cut(call.errorCode ?? 'success')}`),
    ),
    ...(call.target === undefined ? [] : [fact('Target', code(call.target, 300))]),
    ...(record.errorMessage === undefined ? [] : [fact('Error', text(cut(record.errorMessage, 400)))]),
    fact('When', { at: record.eventTime, form: 'date and time' }, ...received),
    ...(call.address === undefined ? [] : [fact('From', ...sayAddress(call.address, names))]),
    ...clientOf(call),
    ...(call.keyId === undefined ? [] : [fact('Key', { keyId: call.keyId })]),
    ...(actor.mfa === undefined ? [] : [fact('MFA', actor.mfa ? text('yes') : bold('no'))]),
    fact('Where', text(`${sayAccount(record.account, names)} · ${cut(record.region, 40)}`)),
    ...alertLines(event),
  ];
}

function clientOf({ client }: Call): Line[] {
  if (client === undefined) return [];
  const short = nameClient(client);
  return [fact('Client', text(short), ...(short === client ? [] : [text(' · '), code(client, 200)]))];
}

/** Which alerts it made, or why none. */
function alertLines(event: EventInFull): Line[] {
  const { alertIds, receivedAt } = event;
  const quiet = keptQuiet(event);
  if (alertIds.length > 0) return [fact('Alerts', text(alertIds.slice(0, 20).join(', '))), ...quiet];
  if (quiet.length > 0) return [fact('Alerts', text('none')), ...quiet];
  const why =
    receivedAt === undefined
      ? 'none: it did not come through the webhook, so no rule has seen it'
      : 'none: no rule matched';
  return [fact('Alerts', text(why))];
}

function restLine(rest: number): Part {
  const said = sayCount(rest, 'more copy', 'more copies');
  return { kind: 'lines', lines: [[text(`and ${said} from other accounts or regions`)]] };
}

function followsOf(record: CloudTrailRecord, { question }: Asked<EventsQuestion>): Draft['follow'] {
  const call = callOf(record);
  const { period } = question.scope;
  return [
    ...followKey(call.keyId, period),
    ...followActor(call, period),
    ...followAddress(call.address, period),
    ...(call.target === undefined ? [] : [followUp('resource', call.target, period)]),
  ];
}
