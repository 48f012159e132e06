import type { types } from '@slack/bolt';
import type { Alert } from '../../alerts/alert.ts';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../../kernel/json.ts';
import type { ActorQuestion } from '../../store/actor-questions.ts';
import { readKey } from '../../work/ask-actor/name.ts';
import { operatorOf, say } from '../asker.ts';
import { maskDeep } from '../key-mask.ts';
import type { ActionHandler, ButtonPress } from '../press.ts';
import type { SlackTools } from '../slack-tools.ts';
import type { Submission } from '../submission.ts';
import { leaf, plain, richText, words } from '../text.ts';

/** The modal that asks what it was for. */
export const ACTOR_YES = 'actor_yes';

const LEAST_REASON = 3;
const LONGEST_REASON = 500;

/** The buttons of "Was this you?". What stands behind the alert's id is the question's number. */
export const ACTOR_ACTIONS: readonly (readonly [string, ActionHandler])[] = [
  ['actor_yes', askWhatFor],
  ['actor_no', (tools, press) => answer(tools, press, 'no')],
  ['actor_unsure', (tools, press) => answer(tools, press, 'unsure')],
];

function questionIn({ value }: ButtonPress) {
  return { alertId: value.alertId, number: value.version };
}

/** Whoever would be refused in the end is refused before anything is typed. */
async function askWhatFor(tools: SlackTools, press: ButtonPress): Promise<void> {
  const { asker, triggerId } = press;
  const found = await tools.desk.actors.question(questionIn(press), asker.operator.userId);
  if ('refused' in found) return asker.reply(say(found.refused));
  const view = maskDeep(drawYes(found.question, found.alert, asker.channel));
  await tools.client.views.open({ trigger_id: triggerId, view });
}

async function answer(tools: SlackTools, press: ButtonPress, said: 'no' | 'unsure'): Promise<void> {
  const { asker, pressId } = press;
  const refused = await tools.desk.actors.answer({
    question: questionIn(press),
    answer: said,
    reason: undefined,
    operator: await tools.people.named(asker.operator),
    pressId,
  });
  if (refused) await asker.reply(say(refused.refused));
}

function drawYes(question: ActorQuestion, alert: Alert, channel: string | undefined): types.ModalView {
  const { alertId, number, deed } = question;
  return {
    type: 'modal',
    callback_id: ACTOR_YES,
    title: plain('It was me', 24),
    submit: plain('Yes, it was me', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ key: `${alertId}:${number}`, channel }),
    blocks: [
      richText([
        [leaf(alert.title, 150, { bold: true })],
        [leaf(deed.summary, 400)],
        [
          words(
            'Your answer stands under your name in the alert, where everybody who looks into it reads it.',
          ),
        ],
      ]),
      {
        type: 'input',
        block_id: 'reason',
        label: plain('What was it for?', 100),
        hint: plain('A few words or a ticket number: migration of prod-db, OPS-123.', 150),
        element: {
          type: 'plain_text_input',
          action_id: 'reason',
          multiline: true,
          min_length: LEAST_REASON,
          max_length: LONGEST_REASON,
        },
      },
    ],
  };
}

/** The reason was sent: the answer closes the modal or says what is missing, and the work tells a refusal. */
export function readYes(tools: SlackTools, view: JsonObject, body: JsonObject): Submission {
  const carried = parseJson(textOf(view, 'private_metadata') ?? '');
  const { key, channel } = isObject(carried) ? carried : {};
  const question = typeof key === 'string' ? readKey(key) : undefined;
  if (!question) return { answer: undefined };
  const reason = reasonIn(view);
  if (reason.length < LEAST_REASON) {
    const errors = { reason: 'Please say in a few words what it was for.' };
    return { answer: { response_action: 'errors', errors } };
  }
  const pressId = `modal:${textOf(view, 'id') ?? ''}:${textOf(view, 'hash') ?? ''}`;
  const work = async () => {
    const operator = await tools.people.named(operatorOf(body));
    return (await tools.desk.actors.answer({ question, answer: 'yes', reason, operator, pressId }))?.refused;
  };
  return { answer: undefined, channel: typeof channel === 'string' ? channel : undefined, work };
}

function reasonIn(view: JsonObject): string {
  const values = objectOf(objectOf(view, 'state') ?? {}, 'values') ?? {};
  return (textOf(objectOf(objectOf(values, 'reason') ?? {}, 'reason') ?? {}, 'value') ?? '').trim();
}
