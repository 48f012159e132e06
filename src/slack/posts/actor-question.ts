import type { types } from '@slack/bolt';
import type { Alert } from '../../alerts/alert.ts';
import { type JsonObject, numberOf, textOf } from '../../kernel/json.ts';
import type { Message } from '../alert-message.ts';
import { drawPushAbout } from '../push.ts';
import { dateLeaf, type Leaf, label, leaf, plain, richText, words } from '../text.ts';
import { aboutAlert } from './about-alert.ts';
import { type Scene, sceneAlert } from './drawing.ts';

/**
 * To whoever may have done it: was this you? Says no more than the alert does. Once it is answered, or need not be any
 * more, that stands there instead. Content: what happened (`summary`, `at`, `from`, `client`, `account`, `region`),
 * `number`, `who`, `state`, `answerBy`, `answeredAt`, `reason`.
 */
export function drawActorQuestion(scene: Scene): Message {
  const { alert } = sceneAlert(scene);
  const { content, link } = scene;
  const state = textOf(content, 'state') ?? 'asked';
  const [about, , ...read] = aboutAlert(alert, link);
  const lines: Leaf[][] = [
    [leaf(HEADS.get(state) ?? 'Was this you?', 60, { bold: true })],
    [leaf(textOf(content, 'summary') ?? '', 400)],
    ...deedLines(content),
    ...(about ? [about] : []),
    ...read,
    ...ending(content, state, alert),
  ];
  const acts = state === 'asked' || state === 'silent' ? [actions(alert, content)] : [];
  return {
    text: drawPushAbout(alert, PUSHES.get(state) ?? 'Asking whether this was you'),
    blocks: [richText(lines), ...acts],
  };
}

const HEADS: ReadonlyMap<string, string> = new Map([
  ['yes', 'You said: yes, it was me.'],
  ['no', 'You said: no, it was NOT me.'],
  ['unsure', 'You said: I am not sure.'],
  ['closed', 'Nobody waits for an answer any more.'],
  ['silent', 'Was this you? You have not answered yet.'],
]);

const PUSHES: ReadonlyMap<string, string> = new Map([
  ['yes', 'You said that it was you'],
  ['no', 'You said that it was NOT you'],
  ['unsure', 'You said that you are not sure'],
  ['closed', 'No answer is needed any more'],
]);

function deedLines(content: JsonObject): Leaf[][] {
  const from = textOf(content, 'from');
  const client = textOf(content, 'client');
  const place = `${textOf(content, 'account') ?? ''}, ${textOf(content, 'region') ?? ''}`;
  return [
    [label('When'), dateLeaf(numberOf(content, 'at') ?? Number.NaN)],
    [label('As'), leaf(textOf(content, 'who') ?? '', 200)],
    ...(from === undefined ? [] : [[label('From'), leaf(from, 100)]]),
    ...(client === undefined ? [] : [[label('With'), leaf(client, 120)]]),
    [label('In'), leaf(place, 200)],
  ];
}

function ending(content: JsonObject, state: string, alert: Alert): Leaf[][] {
  const reason = textOf(content, 'reason') ?? '';
  const thread = `the thread of ${alert.id}`;
  switch (state) {
    case 'yes':
      return [[label('What for'), leaf(reason, 500)], [words(`If that was wrong, say so in ${thread} now.`)]];
    case 'no':
    case 'unsure':
      return [
        [words(`Thank you. Others were told at once. Whatever you remember of it helps in ${thread}.`)],
      ];
    case 'silent':
      return [[words('The time for an answer is over, and others were told. An answer still helps them.')]];
    case 'closed':
      return [[words(`${alert.id} is resolved. If it was not you, say so in its thread now.`)]];
    default:
      return [
        [
          words('Please answer by '),
          dateLeaf(numberOf(content, 'answerBy') ?? Number.NaN, '{date_short_pretty} {time}'),
          words(
            ': then others have to look into it. “No” tells them at once. The alert’s thread says that you were asked.',
          ),
        ],
      ];
  }
}

function actions({ id }: Alert, content: JsonObject): types.ActionsBlock {
  const value = `${id}:${numberOf(content, 'number') ?? 1}`;
  return {
    type: 'actions',
    block_id: `actor:${value}`,
    elements: [
      choice('actor_yes', 'Yes…', value, `Yes, it was me: ${id}`, 'primary'),
      choice('actor_no', 'No', value, `No, it was not me: ${id}`, 'danger'),
      choice('actor_unsure', 'Not sure', value, `I am not sure whether it was me: ${id}`),
    ],
  };
}

function choice(
  action: string,
  text: string,
  value: string,
  spoken: string,
  style?: 'primary' | 'danger',
): types.Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(text, 75),
    value,
    accessibility_label: spoken,
    ...(style ? { style } : {}),
  };
}
