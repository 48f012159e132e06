import type { types } from '@slack/bolt';
import type { Alert, Operation, Operator } from '../alerts/alert.ts';
import { type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { ACTOR_YES, readYes } from './ask-actor/answer.ts';
import { operatorOf } from './asker.ts';
import { confirmEscalation, ESCALATE_NOW } from './escalation/escalate-now.ts';
import {
  ASSIGN,
  assignModal,
  type InputErrors,
  type ModalOrigin,
  noticeModal,
  RESOLVE,
  readAssign,
  readOrigin,
  readResolve,
  readSnoozeLength,
  resolveModal,
  SNOOZE,
  snoozeModal,
} from './modals.ts';
import { MUTE } from './mute/modal.ts';
import { submitMute } from './mute/submit.ts';
import { meanwhile } from './press.ts';
import type { SlackTools } from './slack-tools.ts';
import type { Submission } from './submission.ts';

interface ModalKind {
  draw(alert: Alert, channel: string | undefined, notice: string): types.ModalView;
  read(view: JsonObject, now: number): Operation | { readonly errors: InputErrors };
}

const MODALS: ReadonlyMap<string, ModalKind> = new Map([
  [RESOLVE, { draw: resolveModal, read: readResolution }],
  [SNOOZE, { draw: snoozeModal, read: readSnoozing }],
  [ASSIGN, { draw: assignModal, read: readAssignment }],
]);

function readResolution(view: JsonObject): Operation | { errors: InputErrors } {
  const read = readResolve(view);
  return 'errors' in read ? read : { kind: 'resolve', ...read };
}

function readSnoozing(view: JsonObject, now: number): Operation | { errors: InputErrors } {
  const read = readSnoozeLength(view);
  return 'errors' in read ? read : { kind: 'snooze', until: now + read.length };
}

/** The name is asked for once the modal is closed. */
function readAssignment(view: JsonObject): Operation | { errors: InputErrors } {
  const read = readAssign(view);
  if ('errors' in read) return read;
  return { kind: 'assign', to: { userId: read.userId, teamId: '', name: read.userId }, note: read.note };
}

/** Reads a submitted modal and checks that the alert is still as it was when the modal was opened. */
export async function handleSubmission(tools: SlackTools, body: JsonObject): Promise<Submission> {
  const view = objectOf(body, 'view') ?? {};
  if (textOf(view, 'callback_id') === ESCALATE_NOW) return confirmEscalation(tools, view, body);
  if (textOf(view, 'callback_id') === MUTE) return submitMute(tools, view, body);
  if (textOf(view, 'callback_id') === ACTOR_YES) return readYes(tools, view, body);
  const kind = MODALS.get(textOf(view, 'callback_id') ?? '');
  const origin = readOrigin(view);
  if (!kind || !origin) return { answer: undefined };
  const operation = kind.read(view, tools.clock.now());
  if ('errors' in operation)
    return { answer: { response_action: 'errors', errors: { ...operation.errors } } };
  const alert = await tools.desk.alert(origin.alertId);
  if (alert && (alert.version !== origin.version || alert.state === 'resolved')) {
    const view = changed(kind, alert, origin, tools.clock.now());
    const work = async () => {
      await tools.desk.refresh(alert.id);
      return undefined;
    };
    return { answer: { response_action: 'update', view }, channel: origin.channel, work };
  }
  const pressId = `modal:${textOf(view, 'id') ?? ''}:${textOf(view, 'hash') ?? ''}`;
  const work = async () => {
    if (!(await tools.desk.firstTime(`delivery:${pressId}`))) return undefined;
    const operator = await tools.people.named(operatorOf(body));
    const { alertId, version } = origin;
    const whole = await named(tools, operation, operator);
    const outcome = await tools.desk.operate({ alertId, version, operation: whole, operator, pressId });
    return 'refused' in outcome ? outcome.refused : undefined;
  };
  return { answer: undefined, channel: origin.channel, work };
}

/** An assignee is called as Slack shows them, although they may never have pressed anything here. */
async function named({ people }: SlackTools, operation: Operation, { teamId }: Operator): Promise<Operation> {
  if (operation.kind !== 'assign') return operation;
  return { ...operation, to: await people.named({ ...operation.to, teamId }) };
}

/** What was typed is kept: the modal comes back with what happened, for the alert as it is now. */
function changed(kind: ModalKind, alert: Alert, origin: ModalOrigin, now: number): types.ModalView {
  const notice = meanwhile(alert, now);
  if (alert.state === 'resolved') return noticeModal(alert.id, notice);
  return kind.draw(alert, origin.channel, `${notice} Send again if it still fits.`);
}
