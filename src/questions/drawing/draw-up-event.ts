import { behind } from '../../cloudtrail/actor.ts';
import { consoleLinks } from '../../cloudtrail/console-links.ts';
import { readInsight } from '../../cloudtrail/insight.ts';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { signInOutcome } from '../../cloudtrail/sign-in.ts';
import { tell } from '../../cloudtrail/telling.ts';
import { sayDuration } from '../../kernel/time.ts';
import type { Line, Part } from '../answer.ts';
import { type Call, callOf, isDenied, sayAction } from '../call.ts';
import { bold, code, cut, fact, joined, link, sayAgo, sayCount, text } from '../lines.ts';
import type { EventInFull, Names } from '../material.ts';
import { namesIn, targetOf } from '../names.ts';
import type { EventsQuestion } from '../question.ts';
import { nameAccounts, sayAccount, sayActor, sayAddress } from '../say-names.ts';
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

/** What happened, in a sentence; an event that is no plain call has one of its own. */
function sentence(record: CloudTrailRecord, asked: Asked): Line {
  const telling = tell(record);
  if (!telling || telling.sort === 'data') return sayCalled(record, asked);
  const { now, names } = asked;
  const { address } = callOf(record);
  const from = telling.sort === 'sign-in' && address !== undefined;
  return [
    bold(nameAccounts(telling.said, names), 400),
    ...(from ? [text(' from '), ...sayAddress(address, names)] : []),
    text(`, ${sayAgo(record.eventTime, now)}.`),
  ];
}

/** `user alice called iam:CreateAccessKey on bob from 203.0.113.5, 2 h ago: denied (AccessDenied).` */
function sayCalled(record: CloudTrailRecord, { now, names }: Asked): Line {
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
      : [text(' · received '), { at: receivedAt, form: 'date and time' }, ...lateness(event)];
  const telling = tell(record);
  return [
    ...whoLine(record, names),
    ...(phrases.length > 0 ? [fact('Behind', text(phrases.map((one) => cut(one, 200)).join(' · ')))] : []),
    didLine(record, call),
    ...(call.target === undefined || telling ? [] : [fact('Target', code(call.target, 300))]),
    ...(telling?.facts ?? []).map(([label, said]) => fact(label, text(cut(nameAccounts(said, names), 400)))),
    ...(record.errorMessage === undefined ? [] : [fact('Error', text(cut(record.errorMessage, 400)))]),
    fact('When', { at: record.eventTime, form: 'date and time' }, ...received),
    ...(isOutside(call.address) ? [fact('From', ...sayAddress(call.address, names))] : []),
    ...clientOf(call),
    ...(call.keyId === undefined ? [] : [fact('Key', { keyId: call.keyId })]),
    ...(actor.mfa === undefined ? [] : [fact('MFA', actor.mfa ? text('yes') : bold('no'))]),
    fact('Where', text(`${sayAccount(record.account, names)} · ${cut(record.region, 40)}`)),
    ...consoleLine(record, names),
    ...alertLines(event),
  ];
}

/** `, late: 2 h after it happened, found by the sweep` */
function lateness({ record, receivedAt, late }: EventInFull): Line {
  if (!late || receivedAt === undefined) return [];
  const after = sayDuration(receivedAt - record.eventTime);
  return [text(', '), bold('late'), text(`: ${after} after it happened, found by the sweep`)];
}

/** An Insight does not always say whose calls they were. */
function whoLine({ actor, body }: CloudTrailRecord, names: Names): Line[] {
  const insight = readInsight(body) !== undefined;
  if (insight && actor.arn === undefined) return [];
  const arn = actor.arn === undefined ? [] : [text(' '), code(actor.arn, 300)];
  return [fact(insight ? 'Top caller' : 'Who', text(sayActor(actor.label, names)), ...arn)];
}

function didLine(record: CloudTrailRecord, call: Call): Line {
  const what = code(`${record.eventSource} ${record.eventName}`, 260);
  const sort = tell(record)?.sort;
  if (sort === 'insight') return fact('Unusual', what);
  if (sort === 'service' || sort === 'own') return fact('Event', what);
  const outcome = call.errorCode ?? signInOutcome(record)?.toLowerCase() ?? 'success';
  return fact('Did', what, text(` → ${cut(outcome)}`));
}

function consoleLine(record: CloudTrailRecord, names: Names): Line[] {
  const { event, thing } = consoleLinks(record, names.portal);
  const links = [
    ...(event === undefined ? [] : [[link('Open in CloudTrail', event)]]),
    ...(thing === undefined ? [] : [[link(`Open ${thing.kind}`, thing.url)]]),
  ];
  return links.length === 0 ? [] : [fact('Console', ...joined(links))];
}

function clientOf({ client }: Call): Line[] {
  if (client === undefined || !isOutside(client)) return [];
  const short = nameClient(client);
  return [fact('Client', text(short), ...(short === client ? [] : [text(' · '), code(client, 200)]))];
}

/** AWS writes the words in place of an address and of a client where it was its own. */
function isOutside(said: string | undefined): boolean {
  return said !== undefined && said !== 'AWS Internal';
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
  const target = targetOf(namesIn(record));
  const sharedId = readInsight(record.body)?.sharedId;
  if (sharedId !== undefined) {
    const halves = { ...followUp('resource', sharedId, period), label: [text('Its start and its end')] };
    return [halves, ...followActor(call, period)];
  }
  return [
    ...followKey(call.keyId, period),
    ...followActor(call, period),
    ...followAddress(call.address, period),
    ...(target === undefined ? [] : [followUp('resource', target, period)]),
  ];
}
