import type { types } from '@slack/bolt';
import { consoleLinks } from '../cloudtrail/console-links.ts';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { signInOutcome } from '../cloudtrail/sign-in.ts';
import { tell } from '../cloudtrail/telling.ts';
import { sayDuration } from '../kernel/time.ts';
import type { Names } from '../questions/material.ts';
import { nameAccounts, sayAccount, sayActor } from '../questions/say-names.ts';
import type { Message } from './alert-message.ts';
import type { StoredEvent } from './desk.ts';
import { NO_CALL } from './facts-block.ts';
import { maskDeep, maskKeys } from './key-mask.ts';
import {
  codeLeaf,
  cut,
  dateLeaf,
  type Leaf,
  label,
  leaf,
  plain,
  pushText,
  richText,
  urlLeaf,
  words,
} from './text.ts';

/** One event can be recorded in several accounts or regions; more than this many are only counted. */
const SHOWN = 3;
/** Characters of JSON in the whole message, well inside the 13,200 that Slack takes. */
const JSON_BUDGET = 7500;

/** An event for the one who asked: who, what, when and where in words, then the record as JSON. */
export function drawEvent(eventId: string, events: readonly StoredEvent[], names: Names): Message {
  if (events.length === 0) return drawMissing(eventId);
  const shown = events.slice(0, SHOWN);
  const budget = Math.floor(JSON_BUDGET / shown.length);
  const blocks: types.KnownBlock[] = shown.flatMap((event) => drawOne(event, names, budget));
  if (events.length > SHOWN) {
    blocks.push(
      richText([[words(`and ${events.length - SHOWN} more copies from other accounts or regions`)]]),
    );
  }
  const [first] = shown;
  return { text: pushText(`Event ${first?.record.eventName ?? ''} ${eventId}`), blocks };
}

function drawMissing(eventId: string): Message {
  const text = 'This event is not stored here.';
  const hint = ' Events are kept 30 days by default, and only those that EventBridge forwards arrive at all.';
  return {
    text,
    blocks: [
      richText([
        [words(text), words(hint)],
        [label('Event'), codeLeaf(eventId, 64)],
      ]),
    ],
  };
}

function drawOne(event: StoredEvent, names: Names, budget: number): types.KnownBlock[] {
  // Keys are masked before anything is cut: half a key is not known for one.
  const record = maskDeep(event.record);
  const json: types.RichTextBlock = {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: prettyJson(record, budget) }] },
    ],
  };
  return [
    { type: 'header', text: plain(`${record.eventName || 'Event'} · ${record.eventSource}`, 150) },
    richText([
      ...maskDeep(lines({ ...event, record }, names)),
      ...consoleLine(event.record, names),
      ...alertLines(event),
    ]),
    json,
  ];
}

function lines({ record, receivedAt, late }: StoredEvent, names: Names): Leaf[][] {
  const drawn = whatHappened(record, names);
  if (record.errorMessage) drawn.push([label('Error'), leaf(record.errorMessage, 400)]);
  const after = sayDuration(receivedAt - record.eventTime);
  const lateness = late ? [words(`, late: ${after} after it happened, found by the sweep`)] : [];
  const received = [words(' · received '), dateLeaf(receivedAt), ...lateness];
  drawn.push([label('When'), dateLeaf(record.eventTime), ...received]);
  if (record.sourceAddress) drawn.push([label('From'), codeLeaf(record.sourceAddress, 128)]);
  if (record.userAgent) drawn.push([label('Client'), codeLeaf(record.userAgent, 256)]);
  if (record.accessKeyId) drawn.push([label('Key'), codeLeaf(record.accessKeyId, 64)]);
  drawn.push([
    label('Where'),
    leaf(sayAccount(record.account, names), 90),
    words(' · '),
    leaf(record.region, 40),
  ]);
  return drawn;
}

/** Which alerts it made, or why none. */
function alertLines({ alertIds, suppressed }: StoredEvent): Leaf[][] {
  const kept = suppressed.slice(0, 5).map((one) => `${one.ruleId}: ${one.reason}`);
  const alerts = alertIds.length > 0 ? alertIds.slice(0, 20).join(', ') : 'none';
  const why = alertIds.length === 0 && kept.length === 0 ? '; no rule matched' : '';
  const quiet = kept.length > 0 ? [[label('Kept quiet'), leaf(kept.join('; '), 500)]] : [];
  return [[label('Alerts'), leaf(`${alerts}${why}`, 300)], ...quiet];
}

/** Who did what; an event that is no plain call is told in a sentence first. */
function whatHappened(record: CloudTrailRecord, names: Names): Leaf[][] {
  const { actor } = record;
  const telling = tell(record);
  const drawn = telling ? [[leaf(`${nameAccounts(telling.said, names)}.`, 600)]] : [];
  const who = [
    label(telling?.sort === 'insight' ? 'Top caller' : 'Who'),
    leaf(sayActor(actor.label, names), 200),
  ];
  if (actor.arn) who.push(words(' '), codeLeaf(actor.arn, 300));
  if (telling?.sort !== 'insight' || actor.arn) drawn.push(who);
  const call = codeLeaf(`${record.eventSource} ${record.eventName}`, 260);
  const named = telling && NO_CALL.get(telling.sort);
  const outcome = leaf(record.errorCode ?? signInOutcome(record) ?? 'Success', 120);
  drawn.push(named === undefined ? [label('Did'), call, words(' → '), outcome] : [label(named), call]);
  const told = telling?.facts ?? [];
  return [...drawn, ...told.map(([name, said]) => [label(name), leaf(nameAccounts(said, names), 400)])];
}

function consoleLine(record: CloudTrailRecord, names: Names): Leaf[][] {
  const { event, thing } = consoleLinks(record, names.portal);
  const links = [
    ...(event === undefined ? [] : [urlLeaf(event, 'Open in CloudTrail')]),
    ...(thing === undefined ? [] : [urlLeaf(thing.url, `Open ${thing.kind}`)]),
  ];
  if (links.length === 0) return [];
  return [[label('Console'), ...links.flatMap((one, at) => (at === 0 ? [one] : [words(' · '), one]))]];
}

/** Indented JSON; characters that would hide or reorder text are shown as escapes, and the end says what is missing. */
function prettyJson(record: CloudTrailRecord, budget: number): string {
  // Names of members may be keys, too.
  const whole = maskKeys(JSON.stringify(record.body, undefined, 2))
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (sign) =>
      sign === '\n' ? sign : escaped(sign),
    );
  if (whole.length <= budget) return whole;
  const kept = cut(whole, budget - 80);
  return `${kept}\n(${whole.length - kept.length} more characters are stored but do not fit here)`;
}

function escaped(sign: string): string {
  return [...Array(sign.length).keys()]
    .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
