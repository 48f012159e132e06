import type { types } from '@slack/bolt';
import { sayDuration } from '../../kernel/time.ts';
import type { Progress } from '../../questions/answer.ts';
import type { Question } from '../../questions/question.ts';
import { sayQuestion } from '../../questions/reading/say-question.ts';
import type { Message } from '../alert-message.ts';
import { type Leaf, label, pushText, richText, sayCount, words } from '../text.ts';
import { button } from './answer-buttons.ts';
import { drawPart, type Room } from './answer-parts.ts';
import { leavesOf, shown } from './answer-spans.ts';

/** A question that is still being answered. */
export interface Waiting {
  readonly question: Question;
  /** Under which it can be cancelled. */
  readonly runId: string;
  /** `undefined` until the first news. */
  readonly progress: Progress | undefined;
  /** False where the answer cannot take this message's place. */
  readonly inPlace: boolean;
}

/** First results, classic blocks only: a progress message must never be refused. */
const CLASSIC: Room['refused'] = new Set(['table', 'data_visualization']);
const CHARACTERS_SO_FAR = 2500;
const PARTS_SO_FAR = 3;
const BAR_WIDTH = 20;
/** Such a note stays as it is for ever, its button too. */
const BESIDE =
  'The answer comes as a message of its own. Until then, Cancel ends the search and shows what was found.';

/** How far a question has come, what is known so far, and a way to stop. */
export function drawProgress(waiting: Waiting): Message {
  const { question, runId, progress, inPlace } = waiting;
  const cost = progress?.cost;
  const command = `/trail ${shown(sayQuestion(question), 300)}`;
  const far = progress ? sayProgress(progress) : 'Looking…';
  const lines: Leaf[][] = [
    [label('Looking'), { type: 'text', text: command, style: { code: true } }],
    [words(progress && progress.places > 0 ? `${bar(progress)} ${far}` : far)],
  ];
  if (cost !== undefined) lines.push([words(shown(cost, 300) || ' ')]);
  if (!inPlace) lines.push([words(BESIDE)]);
  return {
    text: pushText(`Looking: ${far}`, 300),
    blocks: [
      richText(lines),
      ...soFar(progress),
      {
        type: 'actions',
        elements: [button('q_cancel', 'Cancel', runId, inPlace ? 'danger' : undefined)],
      } satisfies types.ActionsBlock,
    ],
  };
}

function soFar(progress: Progress | undefined): types.AnyBlock[] {
  const answer = progress?.soFar;
  if (!answer || answer.calls === 0) return [];
  const room: Room = {
    characters: CHARACTERS_SO_FAR,
    blocks: PARTS_SO_FAR * 2,
    tables: 0,
    charts: 0,
    refused: CLASSIC,
    elsewhere: ' in the answer',
  };
  const parts = answer.parts.filter(({ kind }) => kind !== 'code' && kind !== 'chart').slice(0, PARTS_SO_FAR);
  return [richText([leavesOf(answer.lead)]), ...parts.flatMap((part) => drawPart(part, room))];
}

/** `17 of 51 regions asked · 1,204 events read · about 40 s left`. */
function sayProgress({ places, done, events, left }: Progress): string {
  const asked = places > 0 ? [`${done} of ${places} regions asked`] : ['Looking'];
  const read = [`${sayCount(events)} events read`];
  const rest = left === undefined || left <= 0 ? [] : [`about ${sayDuration(left)} left`];
  return [...asked, ...read, ...rest].join(' · ');
}

function bar({ places, done }: Progress): string {
  const full = Math.min(BAR_WIDTH, Math.floor((done / places) * BAR_WIDTH));
  return '▰'.repeat(full) + '▱'.repeat(BAR_WIDTH - full);
}
