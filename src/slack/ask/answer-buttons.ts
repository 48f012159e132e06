import { createHash } from 'node:crypto';
import type { types } from '@slack/bolt';
import type { Answer, View } from '../../questions/answer.ts';
import type { Question } from '../../questions/question.ts';
import { plain } from '../text.ts';
import { plainLine } from './answer-spans.ts';
import type { Sharing } from './place.ts';

/** What a button of an answer carries: which answer, looked at how, and which of several; nothing to trust. */
export interface AnswerValue {
  readonly id: string;
  readonly view: View;
  /** The follow-up question that the button stands for. */
  readonly choice: string | undefined;
}

/** More would push the answer off a phone's screen. */
const MOST_FOLLOWED = 3;
/** Slack shows about this much of a button. */
const LONGEST_LABEL = 40;

/** `8f1c…:s`, `8f1c…:t2` or `8f1c…:s:1a2b3c4d`; `undefined` when it is none of these. */
export function readAnswerValue(value: string): AnswerValue | undefined {
  const parts = /^([A-Za-z0-9_-]{1,48}):(?:s|t(\d{1,5}))(?::([0-9a-f]{8}))?$/.exec(value);
  if (parts?.[1] === undefined) return undefined;
  const page = parts[2];
  const view: View = page === undefined ? { kind: 'summary' } : { kind: 'timeline', page: Number(page) };
  return { id: parts[1], view, choice: parts[3] };
}

function sayValue(id: string, view: View, choice?: string): string {
  const seen = view.kind === 'summary' ? 's' : `t${view.page}`;
  return choice === undefined ? `${id}:${seen}` : `${id}:${seen}:${choice}`;
}

/** Names a follow-up question by what it asks, so that a button never leads to another one. */
export function nameOf(question: Question): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 8);
}

/** What the buttons under an answer depend on, besides the answer. */
export interface Offer {
  readonly id: string;
  /** `undefined` where everybody sees it already, or nobody else could. */
  readonly sharing?: Sharing | undefined;
  /** Some of the calls may have changed something. */
  readonly writes: boolean;
}

/** The rows of buttons under an answer. */
export function drawAnswerButtons(answer: Answer, offer: Offer): types.ActionsBlock[] {
  const { id } = offer;
  const rows = [pageButtons(answer, id), mainButtons(answer, offer), followButtons(answer, id)];
  const drawn = rows.filter((elements) => elements.length > 0);
  return drawn.map((elements) => ({ type: 'actions', elements }));
}

function pageButtons({ pages, view }: Answer, id: string): types.Button[] {
  if (!pages || view.kind !== 'timeline') return [];
  const to = (page: number): View => ({ kind: 'timeline', page });
  const previous = button('q_previous', 'Previous page', sayValue(id, to(pages.page - 1)));
  const next = button('q_next', 'Next page', sayValue(id, to(pages.page + 1)), 'primary');
  return [...(pages.page > 0 ? [previous] : []), ...(pages.page + 1 < pages.of ? [next] : [])];
}

function mainButtons(answer: Answer, { id, sharing, writes }: Offer): types.Button[] {
  const { view, question } = answer;
  const here = sayValue(id, view);
  const buttons = sharing === undefined ? [] : [shareButton(sharing, here)];
  if (answer.calls === 0) return buttons;
  // Events that were named one by one are shown whole: there is nothing to page through or to narrow.
  const several = !('eventIds' in question);
  if (view.kind === 'timeline') buttons.push(button('q_view', 'Summary', sayValue(id, { kind: 'summary' })));
  else if (several) buttons.push(button('q_view', 'Timeline', sayValue(id, { kind: 'timeline', page: 0 })));
  if (several && writes && question.scope.access === undefined)
    buttons.push(button('q_writes', 'Only writes', here));
  buttons.push(button('q_csv', 'CSV', here));
  return buttons;
}

/** Nothing takes back what everybody has read: what happens is said before. */
function shareButton(sharing: Sharing, value: string): types.Button {
  const text = `Posts this answer in this ${sharing}, where everybody reads it, with your name under it.`;
  return {
    ...button('q_share', `Share in ${sharing}`, value),
    confirm: {
      title: plain(`Share in ${sharing}?`, 100),
      text: plain(text, 300),
      confirm: plain('Share', 30),
      deny: plain('Cancel', 30),
    },
  };
}

/** Shows an answer that was found, to the person who presses. */
export function showButton(id: string, view: View): types.Button {
  return button('q_view', 'Show the answer', sayValue(id, view));
}

function followButtons({ follow, view }: Answer, id: string): types.Button[] {
  return follow.slice(0, MOST_FOLLOWED).map(({ label, question }, at) => {
    const words = plainLine(label, LONGEST_LABEL) || 'Follow';
    return button(`q_follow_${at}`, words, sayValue(id, view, nameOf(question)));
  });
}

/** One button; `value` at most 75 characters. */
export function button(
  action: string,
  words: string,
  value: string,
  style?: 'primary' | 'danger',
): types.Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(words, 75),
    value,
    ...(style ? { style } : {}),
  };
}
