import type { types } from '@slack/bolt';
import { type Alert, furtherEvents } from '../alerts/alert.ts';
import { MINUTE, type Millis, sayDuration } from '../kernel/time.ts';
import type { Card } from '../work/notify.ts';
import { drawButtons } from './buttons.ts';
import { sayChain } from './chain-line.ts';
import { drawFacts, drawOutcome, drawSharedFacts, drawTable, drawTableAsList } from './facts-block.ts';
import { maskDeep } from './key-mask.ts';
import { lookOf } from './look.ts';
import { drawPush } from './push.ts';
import { stateLine } from './state-line.ts';
import {
  clean,
  codeName,
  context,
  dotted,
  type Leaf,
  label,
  lasting,
  leaf,
  link,
  markup,
  plain,
  richText,
  sayCount,
  type Trusted,
  words,
} from './text.ts';

/** One message, in the members that chat.postMessage, chat.update and a response_url share. */
export interface Message {
  /** What a phone shows. */
  readonly text: string;
  readonly blocks: types.AnyBlock[];
  readonly attachments?: { color: string; fallback: string; blocks: types.KnownBlock[] }[];
}

/**
 * The message of an alert in its present state. With `classic` it uses only blocks that every workspace has
 * had for years: the twin that is sent where the newer `table` block is refused. Access keys are masked in all of
 * it, because everybody in the channel reads it; *Investigate* asks about the whole key by the alert's id.
 */
export function drawAlert(whole: Card, options: { classic?: boolean } = {}): Message {
  const card = maskDeep(whole);
  const { alert } = card;
  const text = drawPush(alert, card.names, card.chain);
  const top: types.KnownBlock[] = [headline(alert), context(stateLine(alert))];
  if (alert.state !== 'resolved') top.push(story(card));
  const below = [...body(card, options.classic ?? false), drawButtons(alert, card.chain), footer(card)];
  return { text, blocks: top, attachments: [{ color: lookOf(alert).color, fallback: text, blocks: below }] };
}

/** Whether the message holds a block that not every workspace takes, so that a classic twin makes sense. */
export function hasTwin(card: Card): boolean {
  return card.alert.state !== 'resolved' && isBurst(card);
}

function headline(alert: Alert): types.HeaderBlock {
  const title = clean(alert.title, 140) || clean(alert.ruleName, 140);
  return {
    type: 'header',
    block_id: `h:${alert.id}:${alert.version}`,
    text: plain(`${lookOf(alert).sign} ${title}`, 150),
  };
}

/** What happened in one sentence, why that is worth an alert, and what to look at first. */
function story(card: Card): types.RichTextBlock {
  const { alert, late } = card;
  const lines: Leaf[][] = [[leaf(alert.facts.summary, 600)]];
  const [why = '', check = ''] = (alert.why ?? '').split(FIRST_CHECK, 2);
  if (why.trim() !== '') lines.push([label('Why'), leaf(why, 500)]);
  if (check.trim() !== '') lines.push([label('First check'), leaf(check, 400)]);
  if (late) lines.push([label('Late'), words(sayLate(alert, late))]);
  const onCall = sayChain(card);
  if (onCall) lines.push([label('On call'), ...onCall]);
  return richText(lines);
}

/** What the sweep found did not come by itself, and so not when it could have been looked at. */
function sayLate({ count }: Alert, { events, longest }: NonNullable<Card['late']>): string {
  const by = `${sayDuration(longest)} after ${events === 1 ? 'it' : 'they'} happened, found by the sweep`;
  if (count === 1) return `came late, ${by}.`;
  return `${sayCount(events)} of ${sayCount(count)} events came late, up to ${by}.`;
}

/** In the description of a rule, what follows these words is what a paged person does first (docs/rules.md). */
const FIRST_CHECK = /\bFirst check:/;

function body(card: Card, classic: boolean): types.KnownBlock[] {
  const { alert, samples } = card;
  if (alert.state === 'resolved') return [drawOutcome(alert)];
  if (!isBurst(card)) return [drawFacts(alert.facts)];
  const table = classic ? drawTableAsList(samples) : drawTable(alert, samples);
  return [drawSharedFacts(alert.facts), table];
}

function isBurst(card: Card): boolean {
  return furtherEvents(card.alert) > 0 && card.samples.length > 0;
}

/** EventBridge takes minutes at worst; what took longer was held up, or came by a sweep. */
const LATE: Millis = 10 * MINUTE;

/** How long it took from the event to this message. */
function seen(after: Millis | undefined): Trusted | undefined {
  if (after === undefined) return undefined;
  return after >= LATE
    ? markup`*seen late*: ${lasting(after)} after it happened`
    : markup`seen ${lasting(after)} after it happened`;
}

/** Where to read on, which rule it was and whose (the licence of imported rules asks for the author's name). */
function footer({ alert, late, seenAfter }: Card): types.ContextBlock {
  const { thing } = alert.facts;
  const rule = markup`rule ${codeName(alert.ruleName)}`;
  const text = dotted([
    link(alert.runbook, 'Runbook'),
    link(alert.facts.consoleUrl, 'Open in CloudTrail'),
    thing && link(thing.url, `Open ${thing.kind}`),
    rule,
    // What the sweep found says so above.
    late ? undefined : seen(seenAfter),
  ]);
  const { elements } = context(text);
  if (alert.author) elements.push(plain(`by ${clean(alert.author, 100)}`, 120));
  return { type: 'context', elements };
}
