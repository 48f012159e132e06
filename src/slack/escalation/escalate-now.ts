import type { types } from '@slack/bolt';
import { isObject, type JsonObject, parseJson, textOf } from '../../kernel/json.ts';
import type { Escalating } from '../../work/escalation/escalate-now.ts';
import type { Somebody } from '../../work/escalation/next.ts';
import { operatorOf } from '../asker.ts';
import { openInTime } from '../open-modal.ts';
import type { ButtonPress } from '../press.ts';
import type { SlackTools } from '../slack-tools.ts';
import { type Leaf, leaf, plain, richText, sentence, words } from '../text.ts';

/** The modal that asks before somebody is woken. */
export const ESCALATE_NOW = 'escalation_now';

/** *Escalate now*: says who would be paged, and asks. Whoever would be refused in the end is refused at once. */
export function askToEscalate(tools: SlackTools, press: ButtonPress): Promise<void> {
  const { asker, value } = press;
  return openInTime(tools, press, async () => {
    const refused = await tools.desk.mayRespond(asker.operator.userId);
    if (refused !== undefined) return { refused };
    const escalating = await tools.desk.escalating(value.alertId);
    return 'refused' in escalating ? escalating : drawEscalateNow(escalating, asker.channel);
  });
}

/** The person has confirmed: the answer closes the modal, and the work tells a refusal. */
export function confirmEscalation(tools: SlackTools, view: JsonObject, body: JsonObject) {
  const carried = parseJson(textOf(view, 'private_metadata') ?? '');
  const { alertId, at, channel } = isObject(carried) ? carried : {};
  if (typeof alertId !== 'string' || typeof at !== 'string') return { answer: undefined };
  const pressId = `modal:${textOf(view, 'id') ?? ''}:${textOf(view, 'hash') ?? ''}`;
  const work = async () => {
    const operator = await tools.people.named(operatorOf(body));
    return (await tools.desk.escalateNow({ alertId, at, operator, pressId }))?.refused;
  };
  return { answer: undefined, channel: typeof channel === 'string' ? channel : undefined, work };
}

function drawEscalateNow(escalating: Escalating, channel: string | undefined): types.ModalView {
  const { alert, at } = escalating;
  return {
    type: 'modal',
    callback_id: ESCALATE_NOW,
    title: plain(`Escalate ${alert.id}`, 24),
    submit: plain('Escalate now', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ alertId: alert.id, at, channel }),
    blocks: [
      richText([
        [leaf(alert.title, 150, { bold: true })],
        sayWhat(escalating),
        [
          words(
            'Nobody waits for the step before any longer. Your name stands beside it in the thread and in the history.',
          ),
        ],
      ]),
    ],
  };
}

function sayWhat({ step, steps, policy, who, anew }: Escalating): Leaf[] {
  if (step === undefined) {
    return [
      words('Everybody was paged. This ends the escalation '),
      leaf(policy, 80),
      words(' at once and says in the channel that nobody answered.'),
    ];
  }
  const again = anew ? 'Everybody was paged before; it begins again. ' : '';
  const which = [words(` at once, by step ${step} of ${steps} of `), leaf(policy, 80), words('.')];
  if (who.length === 0)
    return [
      words(`${again}The next is step ${step} of ${steps} of `),
      leaf(policy, 80),
      words(', for which nobody is on call now; the one after it is taken at once.'),
    ];
  return [
    words(`${again}This pages `),
    ...who.flatMap((one, index) => [...(index > 0 ? [words(', ')] : []), ...sayWho(one)]),
    ...which,
  ];
}

/** A modal notifies nobody, so people stand there as mentions. */
function sayWho({ user, group, name, schedule }: Somebody): Leaf[] {
  const about = schedule === undefined ? [] : [words(' ('), leaf(schedule, 80), words(')')];
  if (user !== undefined) return [...sentence(`<@${user}>`), ...about];
  if (group !== undefined && /^S[A-Z0-9]{2,20}$/u.test(group))
    return [{ type: 'usergroup', usergroup_id: group }];
  return [leaf(name ?? group ?? 'somebody', 80)];
}
