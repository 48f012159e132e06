import type { types } from '@slack/bolt';
import type { Answer, Line, View } from '../../questions/answer.ts';
import type { Mistake } from '../../questions/question.ts';
import { sayQuestion } from '../../questions/reading/say-question.ts';
import type { Message } from '../alert-message.ts';
import { maskKeys } from '../key-mask.ts';
import { clean, context, markup, mention, plain, pushText, richText, type Trusted, words } from '../text.ts';
import { drawAnswerButtons, type Offer, showButton } from './answer-buttons.ts';
import { drawPart, type Room } from './answer-parts.ts';
import { leavesOf, lengthOf, plainLine, shown } from './answer-spans.ts';
import type { NewBlock } from './new-blocks.ts';
import { sayPartial } from './partial.ts';

/** How one answer is shown; `id` is what its buttons find it again by. */
export interface AnswerLook extends Offer {
  /** What was and was not looked at. */
  readonly coverage: readonly Line[];
  /** Everybody in the channel sees it: how it came there. */
  readonly open?: 'shared' | 'investigated' | undefined;
  /** Who shared it or asked for it. */
  readonly by?: string | undefined;
  readonly refused: ReadonlySet<NewBlock>;
}

/** Slack takes 13,200 characters in all blocks of a message, which it nowhere says; this stays well below. */
const MOST_CHARACTERS = 11_000;
const MOST_BLOCKS = 50;
/** Title, lead, coverage, footer, whether it is complete, and how it came there. */
const FRAME_BLOCKS = 6;
const LONGEST_TITLE = 140;
const LONGEST_FALLBACK = 300;
/** Small print: enough to name every place that failed in a usual organisation. */
const LONGEST_COVERAGE = 2400;
/** Buttons with their labels, footer and mention. */
const KEPT_FOR_FRAME = 1000;

/** The answer to a question: title, the answer in one or two sentences, its parts, what it covers, buttons. */
export function drawAnswer(answer: Answer, look: AnswerLook): Message {
  const title = plainLine(answer.title, LONGEST_TITLE);
  const lead = leavesOf(answer.lead);
  const coverage = drawCoverage(look.coverage);
  const buttons = drawAnswerButtons(answer, look);
  const room: Room = {
    characters: MOST_CHARACTERS - KEPT_FOR_FRAME - title.length - lengthOf(lead) - coverage.length,
    blocks: MOST_BLOCKS - buttons.length - FRAME_BLOCKS,
    tables: 1,
    charts: 2,
    refused: look.refused,
    elsewhere: answer.calls > 0 ? '; the CSV has every call' : '',
  };
  const blocks: types.AnyBlock[] = [
    { type: 'header', text: plain(title, 150) } satisfies types.HeaderBlock,
    richText([lead]),
    ...answer.parts.flatMap((part) => drawPart(part, room)),
    ...(coverage === '' ? [] : [smallPrint(coverage)]),
    ...footer(answer),
    ...(look.open === undefined ? [] : [...incomplete(answer), context(opening(look))]),
    ...buttons,
  ];
  return {
    text: pushText(`${title}: ${plainLine(answer.lead, LONGEST_FALLBACK)}`, LONGEST_FALLBACK),
    blocks,
  };
}

function opening({ open, by }: AnswerLook): Trusted {
  return open === 'shared' ? markup`shared by ${mention(by)}` : markup`asked by ${mention(by)}`;
}

/** Colleagues who did not ask read the answer first, and what it lacks seldom. */
function incomplete({ coverage }: Answer): types.ContextBlock[] {
  const partial = sayPartial(coverage);
  return partial === undefined ? [] : [smallPrint(`Not complete: ${partial}`)];
}

/** Which page, and the command that asks it again: not one whose key is masked, as that would be refused. */
function footer({ question, pages }: Answer): types.ContextBlock[] {
  const command = sayQuestion(question);
  const parts = [
    ...(pages ? [`page ${pages.page + 1} of ${pages.of}`] : []),
    ...(maskKeys(command) === command ? [`/trail ${shown(command, 300)}`] : []),
  ];
  return parts.length === 0 ? [] : [smallPrint(parts.join(' · '))];
}

/** An answer that was found, and that Slack did not take. */
export function drawLost(id: string, view: View, why: string): Message {
  const text = `The answer was found, but it could not be shown: ${clean(why, 300)}.`;
  return {
    text: pushText(text, LONGEST_FALLBACK),
    blocks: [richText([[words(text)]]), { type: 'actions', elements: [showButton(id, view)] }],
  };
}

/** A line each; what does not fit is counted. */
function drawCoverage(lines: readonly Line[]): string {
  const drawn: string[] = [];
  let left = LONGEST_COVERAGE;
  for (const line of lines) {
    const text = plainLine(line, 500);
    left -= text.length;
    if (left < 0) break;
    if (text !== '') drawn.push(text);
  }
  if (left < 0) drawn.push(`… ${lines.length - drawn.length} more notes on what was not looked at`);
  return drawn.join('\n');
}

/** Plain text in small grey letters; unlike `plain` it keeps the line ends, whose lines were cleaned before. */
function smallPrint(text: string): types.ContextBlock {
  return { type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] };
}

/** A question that could not be understood: what is wrong, and the command to copy. */
export function drawMistake({ mistake, corrected }: Mistake): Message {
  // The key that was typed stays whole: the command is there to be copied, by the one who typed it.
  const wrong = clean(mistake, 500);
  const example = clean(corrected, 300);
  return {
    text: pushText(`${wrong} Try ${example}`, LONGEST_FALLBACK),
    blocks: [
      richText([
        [
          words(`${wrong || 'That is no question.'} Try `),
          { type: 'text', text: example || '/trail help', style: { code: true } },
        ],
        [words('What else can be asked: '), { type: 'text', text: '/trail help', style: { code: true } }],
      ]),
    ],
  };
}
