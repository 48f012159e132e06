import type { types } from '@slack/bolt';
import type { Alert } from '../alerts/alert.ts';
import type { Card } from '../work/notify.ts';
import { drawButtons } from './buttons.ts';
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
  leaf,
  link,
  markup,
  plain,
  richText,
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
  const text = drawPush(alert, card.names);
  const top: types.KnownBlock[] = [headline(alert), context(stateLine(alert))];
  if (alert.state !== 'resolved') top.push(story(alert));
  const below = [...body(card, options.classic ?? false), drawButtons(alert), footer(alert)];
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
function story(alert: Alert): types.RichTextBlock {
  const lines: Leaf[][] = [[leaf(alert.facts.summary, 600)]];
  const [why = '', check = ''] = (alert.why ?? '').split(FIRST_CHECK, 2);
  if (why.trim() !== '') lines.push([label('Why'), leaf(why, 500)]);
  if (check.trim() !== '') lines.push([label('First check'), leaf(check, 400)]);
  return richText(lines);
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
  return card.alert.count > 1 && card.samples.length > 0;
}

/** Where to read on, which rule it was and whose (the licence of imported rules asks for the author's name). */
function footer(alert: Alert): types.ContextBlock {
  const rule = markup`rule ${codeName(alert.ruleName)}`;
  const text = dotted([
    link(alert.runbook, 'Runbook'),
    link(alert.facts.consoleUrl, 'Open in CloudTrail'),
    rule,
  ]);
  const { elements } = context(text);
  if (alert.author) elements.push(plain(`by ${clean(alert.author, 100)}`, 120));
  return { type: 'context', elements };
}
