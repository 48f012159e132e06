import type { types } from '@slack/bolt';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { Message } from './alert-message.ts';
import type { StoredEvent } from './desk.ts';
import { maskKeys } from './key-mask.ts';
import { codeLeaf, cut, dateLeaf, type Leaf, label, leaf, plain, pushText, richText, words } from './text.ts';

/** One event can be recorded in several accounts or regions; more than this many are only counted. */
const SHOWN = 3;
/** Characters of JSON in the whole message, well inside the 13,200 that Slack takes. */
const JSON_BUDGET = 7500;

/** An event for the one who asked: who, what, when and where in words, then the record as JSON. */
export function drawEvent(eventId: string, events: readonly StoredEvent[]): Message {
  if (events.length === 0) return drawMissing(eventId);
  const shown = events.slice(0, SHOWN);
  const budget = Math.floor(JSON_BUDGET / shown.length);
  const blocks: types.KnownBlock[] = shown.flatMap((event) => drawOne(event, budget));
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

function drawOne(event: StoredEvent, budget: number): types.KnownBlock[] {
  const { record } = event;
  const json: types.RichTextBlock = {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: prettyJson(record, budget) }] },
    ],
  };
  return [
    { type: 'header', text: plain(`${record.eventName || 'Event'} · ${record.eventSource}`, 150) },
    richText(lines(event)),
    json,
  ];
}

function lines({ record, receivedAt, alertIds, suppressed }: StoredEvent): Leaf[][] {
  const { actor } = record;
  const who = [label('Who'), leaf(actor.label, 200)];
  if (actor.arn) who.push(words(' '), codeLeaf(actor.arn, 300));
  const did = [label('Did'), codeLeaf(`${record.eventSource} ${record.eventName}`, 260), words(' → ')];
  did.push(leaf(record.errorCode ?? 'Success', 120));
  const drawn = [who, did];
  if (record.errorMessage) drawn.push([label('Error'), leaf(record.errorMessage, 400)]);
  drawn.push([label('When'), dateLeaf(record.eventTime), words(' · received '), dateLeaf(receivedAt)]);
  if (record.sourceAddress) drawn.push([label('From'), codeLeaf(record.sourceAddress, 128)]);
  if (record.userAgent) drawn.push([label('Client'), codeLeaf(record.userAgent, 256)]);
  if (record.accessKeyId) drawn.push([label('Key'), codeLeaf(maskKeys(record.accessKeyId), 64)]);
  drawn.push([label('Where'), leaf(record.account, 40), words(' · '), leaf(record.region, 40)]);
  const kept = suppressed.slice(0, 5).map((one) => `${one.ruleId}: ${one.reason}`);
  const alerts = alertIds.length > 0 ? alertIds.slice(0, 20).join(', ') : 'none';
  const why = alertIds.length === 0 && kept.length === 0 ? '; no rule matched' : '';
  drawn.push([label('Alerts'), leaf(`${alerts}${why}`, 300)]);
  if (kept.length > 0) drawn.push([label('Kept quiet'), leaf(kept.join('; '), 500)]);
  return drawn;
}

/** Indented JSON; characters that would hide or reorder text are shown as escapes, and the end says what is missing. */
function prettyJson(record: CloudTrailRecord, budget: number): string {
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
