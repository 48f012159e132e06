import type { types } from '@slack/bolt';
import type { Alert, Operation } from '../alerts/alert.ts';
import { type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { meanwhile } from './actions.ts';
import { operatorOf } from './asker.ts';
import {
  type InputErrors,
  type ModalOrigin,
  noticeModal,
  RESOLVE,
  readOrigin,
  readResolve,
  readSnoozeLength,
  resolveModal,
  SNOOZE,
  snoozeModal,
} from './modals.ts';
import type { SlackTools } from './slack-tools.ts';

/** What Slack does with the modal: close it (nothing), show what is wrong, or show something else. */
type ModalAnswer =
  | undefined
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: types.ModalView };

/** The answer that closes the request, and what is to be done after it. */
export interface Submission {
  readonly answer: ModalAnswer;
  /** The channel that a refusal is told in. */
  readonly channel?: string | undefined;
  /** Resolves to the refusal, if there is one. */
  readonly work?: () => Promise<string | undefined>;
}

interface ModalKind {
  draw(alert: Alert, channel: string | undefined, notice: string): types.ModalView;
  read(view: JsonObject, now: number): Operation | { readonly errors: InputErrors };
}

const MODALS: ReadonlyMap<string, ModalKind> = new Map([
  [RESOLVE, { draw: resolveModal, read: readResolution }],
  [SNOOZE, { draw: snoozeModal, read: readSnoozing }],
]);

function readResolution(view: JsonObject): Operation | { errors: InputErrors } {
  const read = readResolve(view);
  return 'errors' in read ? read : { kind: 'resolve', ...read };
}

function readSnoozing(view: JsonObject, now: number): Operation | { errors: InputErrors } {
  const read = readSnoozeLength(view);
  return 'errors' in read ? read : { kind: 'snooze', until: now + read.length };
}

/** Reads a submitted modal and checks that the alert is still as it was when the modal was opened. */
export async function handleSubmission(tools: SlackTools, body: JsonObject): Promise<Submission> {
  const view = objectOf(body, 'view') ?? {};
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
    const outcome = await tools.desk.operate({ alertId, version, operation, operator, pressId });
    return 'refused' in outcome ? outcome.refused : undefined;
  };
  return { answer: undefined, channel: origin.channel, work };
}

/** What was typed is kept: the modal comes back with what happened, for the alert as it is now. */
function changed(kind: ModalKind, alert: Alert, origin: ModalOrigin, now: number): types.ModalView {
  const notice = meanwhile(alert, now);
  if (alert.state === 'resolved') return noticeModal(alert, notice);
  return kind.draw(alert, origin.channel, `${notice} Send again if it still fits.`);
}
