import type { Operation } from '../alerts/alert.ts';
import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { drawAlert } from './alert-message.ts';
import { handleAnswerAction } from './ask/answer-actions.ts';
import { explainAlert, investigateAlert } from './ask/investigate.ts';
import { besidePlace, threadPlace } from './ask/place.ts';
import { runIdOf } from './ask/running.ts';
import { ACTOR_ACTIONS } from './ask-actor/answer.ts';
import { type Asker, say } from './asker.ts';
import { readValue } from './buttons.ts';
import { askToEscalate } from './escalation/escalate-now.ts';
import { drawEvent } from './event-view.ts';
import { assignModal, resolveModal, snoozeModal } from './modals.ts';
import { handleMuteAction } from './mute/mute-actions.ts';
import { openMute } from './mute/open.ts';
import { handleOnCallAction } from './on-call/on-call-actions.ts';
import { type ActionHandler, type ButtonPress, openModal, unknownAlert } from './press.ts';
import type { SlackTools } from './slack-tools.ts';
import { snoozeUntil, UTC } from './snooze.ts';
import { drawDetails } from './trail-alerts.ts';
import { TEST_BUTTONS_ACTION } from './trail-status.ts';

const ACTIONS: ReadonlyMap<string, ActionHandler> = new Map([
  ['alert_ack', (tools, press) => operate(tools, press, { kind: 'acknowledge' })],
  ['alert_unack', (tools, press) => operate(tools, press, { kind: 'unacknowledge' })],
  ['alert_confirm', (tools, press) => operate(tools, press, { kind: 'confirm' })],
  ['alert_assign', (tools, press) => openModal(tools, press, assignModal)],
  ['alert_wake', (tools, press) => operate(tools, press, { kind: 'wake' })],
  ['alert_reopen', (tools, press) => operate(tools, press, { kind: 'reopen' })],
  ['alert_resolve', (tools, press) => openModal(tools, press, resolveModal)],
  ['alert_snooze', snooze],
  ['alert_event', showEvent],
  ['alert_investigate', investigate],
  ['alert_more', more],
  ['alert_show', showAlert],
  ...ACTOR_ACTIONS,
]);

const OLD_BUTTON =
  'This button is from an older version of Trailbot and does nothing any more. /trail alerts shows what is open.';

const BUTTONS_WORK =
  'The buttons work: Slack has brought your press to Trailbot, and this answer has reached you.';

/** Does what a button or menu asks. The request is already acknowledged; every answer is a message. */
export async function handleAction(tools: SlackTools, body: JsonObject, asker: Asker): Promise<void> {
  const action = Array.isArray(body.actions) && isObject(body.actions[0]) ? body.actions[0] : {};
  const id = textOf(action, 'action_id') ?? '';
  const chosen = textOf(action, 'value') ?? textOf(objectOf(action, 'selected_option') ?? {}, 'value') ?? '';
  const container = objectOf(body, 'container') ?? {};
  const place = textOf(container, 'message_ts') ?? textOf(container, 'view_id') ?? '';
  const pressId = ['press', asker.operator.userId, place, id, textOf(action, 'action_ts') ?? ''].join(':');
  if (!(await tools.desk.firstTime(`delivery:${pressId}`))) return;
  const inPlace = container.is_ephemeral === true;
  if (await handleAnswerAction(tools, { asker, action: id, value: chosen, pressId, inPlace })) return;
  if (await handleMuteAction(tools, body, { asker, action: id, value: chosen, pressId, inPlace })) return;
  if (await handleOnCallAction(tools, { asker, action: id, value: chosen, inPlace })) return;
  if (id === TEST_BUTTONS_ACTION) return asker.reply(say(BUTTONS_WORK));
  const handler = ACTIONS.get(id);
  const value = readValue(chosen);
  if (!handler || !value) return asker.reply(say(OLD_BUTTON));
  const triggerId = textOf(body, 'trigger_id') ?? '';
  const messageTs = textOf(container, 'message_ts');
  await handler(tools, { asker, value, pressId, triggerId, messageTs, inPlace });
}

async function operate(tools: SlackTools, press: ButtonPress, operation: Operation): Promise<void> {
  const { asker, value, pressId } = press;
  const { alertId, version } = value;
  const outcome = await tools.desk.operate({
    alertId,
    version,
    operation,
    operator: await tools.people.named(asker.operator),
    pressId,
  });
  if ('refused' in outcome) return asker.reply(say(outcome.refused));
  // The worker edits the channel's message; a private copy is nobody else's to edit.
  if (press.inPlace)
    await asker.reply(drawAlert({ alert: outcome.done, samples: [], names: new Map() }), true);
}

async function snooze(tools: SlackTools, press: ButtonPress): Promise<void> {
  const choice = press.value.choice ?? '';
  if (choice === 'custom') return openModal(tools, press, snoozeModal);
  const { userId } = press.asker.operator;
  const zone = choice === 'next-am' ? await tools.people.zone(userId) : UTC;
  const until = snoozeUntil(choice, tools.clock.now(), zone);
  if (until === undefined) return press.asker.reply(say(OLD_BUTTON));
  await operate(tools, press, { kind: 'snooze', until });
}

async function showEvent(tools: SlackTools, { asker, value }: ButtonPress): Promise<void> {
  const alert = await tools.desk.alert(value.alertId);
  if (!alert) return asker.reply(say(unknownAlert(value.alertId)));
  const refused = await tools.gate.refusalOf(asker.operator);
  if (refused !== undefined) return asker.reply(say(refused));
  await tools.desk.asked(asker.operator, `event ${alert.facts.eventId} of ${alert.id}`);
  const { eventId } = alert.facts;
  await asker.reply(drawEvent(eventId, await tools.desk.events(eventId), tools.desk.names()));
}

/** The menu of what is looked at less often: its options, by what they carry. */
const MORE: ReadonlyMap<string, ActionHandler> = new Map([
  ['escalate', askToEscalate],
  ['assign', (tools, press) => openModal(tools, press, assignModal)],
  ['mute', openMute],
  ['investigate', investigate],
  ['event', showEvent],
  ['why', why],
]);

function more(tools: SlackTools, press: ButtonPress): Promise<void> {
  const handler = MORE.get(press.value.choice ?? '');
  return handler ? handler(tools, press) : press.asker.reply(say(OLD_BUTTON));
}

/** What the rules say of the event that opened the alert, for the person alone who wonders. */
function why(tools: SlackTools, { asker, value, pressId }: ButtonPress): Promise<void> {
  const place = besidePlace(asker, tools.newBlocks);
  return explainAlert(tools, { asker, alertId: value.alertId, runId: runIdOf(pressId), place });
}

/** The answer goes to the alert's thread, where everybody who works on it reads it; a private copy has none. */
async function investigate(tools: SlackTools, press: ButtonPress): Promise<void> {
  const { asker, value, messageTs, pressId } = press;
  const { channel, thread = messageTs } = asker;
  const inThread = !press.inPlace && channel !== undefined && thread !== undefined;
  const place = inThread ? threadPlace(tools, channel, thread) : besidePlace(asker, tools.newBlocks);
  await investigateAlert(tools, { asker, alertId: value.alertId, runId: runIdOf(pressId), place });
}

async function showAlert(tools: SlackTools, { asker, value }: ButtonPress): Promise<void> {
  const alert = await tools.desk.alert(value.alertId);
  if (!alert) return asker.reply(say(unknownAlert(value.alertId)));
  const refused = await tools.gate.refusalOf(asker.operator);
  if (refused !== undefined) return asker.reply(say(refused));
  await tools.desk.asked(asker.operator, `alert ${alert.id}`);
  await asker.reply(drawDetails(alert, await tools.desk.history(alert.id)));
}
