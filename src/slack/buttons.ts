import type { types } from '@slack/bolt';
import type { Alert } from '../alerts/alert.ts';
import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import type { Chain } from '../work/escalation/chain.ts';
import { plain } from './text.ts';

/** What a button or an option carries: ids, never facts to trust. */
export interface ButtonValue {
  readonly alertId: string;
  /** The version of the alert that the button was drawn with. */
  readonly version: number;
  /** The option of a menu, such as `30m`. */
  readonly choice: string | undefined;
}

/** `A-1042:3` or `A-1042:3:30m`; `undefined` when it is neither. */
export function readValue(value: string): ButtonValue | undefined {
  const parts = /^(A-\d{1,15}):(\d{1,9})(?::([a-z0-9-]{1,20}))?$/.exec(value);
  if (parts?.[1] === undefined) return undefined;
  return { alertId: parts[1], version: Number(parts[2]), choice: parts[3] };
}

/** The alert that a message of the bot is about, from what a message shortcut brings; `undefined` for every other message. */
export function alertIn(shortcut: JsonObject): string | undefined {
  const message = objectOf(shortcut, 'message') ?? {};
  const app = textOf(message, 'app_id') ?? textOf(objectOf(message, 'bot_profile') ?? {}, 'app_id');
  // Another app can name its blocks as it likes.
  if (message.bot_id === undefined || app !== textOf(shortcut, 'api_app_id')) return undefined;
  const attachments = Array.isArray(message.attachments) ? message.attachments : [];
  const blocks = [message, ...attachments].flatMap((part) => (isObject(part) ? part.blocks : []));
  const names = blocks.map((block) => (isObject(block) ? textOf(block, 'block_id') : undefined));
  return names.map((name) => ALERT_BLOCK.exec(name ?? '')?.[1]).find((id) => id !== undefined);
}

/** The headline and the controls of an alert carry its id. */
const ALERT_BLOCK = /^(?:h|act):(A-\d{1,15}):\d+$/;

const SNOOZES: readonly Option[] = [
  ['30 minutes', '30m'],
  ['1 hour', '1h'],
  ['4 hours', '4h'],
  ['Until next 09:00', 'next-am'],
  ['Custom…', 'custom'],
];

/** The controls that make sense in the alert's state, at most five. */
export function drawButtons(alert: Alert, chain?: Chain): types.ActionsBlock {
  return {
    type: 'actions',
    block_id: `act:${alert.id}:${alert.version}`,
    elements: controls(alert, chain),
  };
}

function controls(alert: Alert, chain: Chain | undefined): types.ActionsBlockElement[] {
  const investigate = button(alert, 'alert_investigate', 'Investigate');
  if (alert.state === 'resolved')
    return [button(alert, 'alert_reopen', 'Reopen'), investigate, more(alert, [MUTE])];
  const hurry = escalating(alert, chain);
  const [first, second] = taking(alert);
  // Five are enough to choose from: where one more has to stand there, Investigate goes into the menu.
  const extra = extraControl(alert);
  if (!extra) return [first, second, snooze(alert), investigate, more(alert, [...hurry, ASSIGN, MUTE])];
  // A menu has five places, too. While somebody is paged as a second person, nobody wants to mute.
  const last = hurry.length > 0 ? [ASSIGN] : [ASSIGN, MUTE];
  return [first, second, extra, snooze(alert), more(alert, [...hurry, INVESTIGATE, ...last])];
}

/** What takes the alert, or ends it. */
function taking(alert: Alert): [types.Button, types.Button] {
  if (alert.state === 'acknowledged') {
    return [button(alert, 'alert_resolve', 'Resolve…', 'primary'), unacknowledge(alert)];
  }
  return [button(alert, 'alert_ack', 'Acknowledge', 'primary'), button(alert, 'alert_resolve', 'Resolve…')];
}

function extraControl(alert: Alert): types.Button | undefined {
  if (alert.snoozedUntil !== undefined) return button(alert, 'alert_wake', 'End snooze');
  const counted = alert.state === 'firing' && alert.acknowledgements.length > 0;
  return counted ? unacknowledge(alert) : undefined;
}

function unacknowledge(alert: Alert): types.Button {
  return button(alert, 'alert_unack', 'Un-acknowledge');
}

type Option = readonly [words: string, choice: string];

const INVESTIGATE: Option = ['Investigate', 'investigate'];
const ASSIGN: Option = ['Assign…', 'assign'];
const MUTE: Option = ['Mute pattern…', 'mute'];

/** Only what still has somebody to page can be hurried. */
function escalating({ state, snoozedUntil }: Alert, chain: Chain | undefined): Option[] {
  const possible = state === 'firing' && snoozedUntil === undefined && chain?.state === 'running';
  return possible && chain.next && !chain.next.end ? [['Escalate now', 'escalate']] : [];
}

/** What is looked at less often, and what there is no room for beside it; Slack takes five options at most. */
function more(alert: Alert, first: readonly Option[] = []): types.Overflow {
  const options: readonly Option[] = [...first, ['Show event', 'event'], ['Why did it alert?', 'why']];
  return {
    type: 'overflow',
    action_id: 'alert_more',
    options: options.map(([words, choice]) => ({
      text: plain(words, 75),
      value: `${alert.id}:${alert.version}:${choice}`,
    })),
  };
}

/** A control that acts on the alert as it was drawn. */
export function button(alert: Alert, action: string, words: string, style?: 'primary'): types.Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(words, 75),
    value: `${alert.id}:${alert.version}`,
    accessibility_label: `${words.replace('…', '')} alert ${alert.id}`,
    ...(style ? { style } : {}),
  };
}

function snooze(alert: Alert): types.StaticSelect {
  return {
    type: 'static_select',
    action_id: 'alert_snooze',
    placeholder: plain('Snooze…', 150),
    options: SNOOZES.map(([words, choice]) => ({
      text: plain(words, 75),
      value: `${alert.id}:${alert.version}:${choice}`,
    })),
  };
}

/** Beside a line of a list: shows the alert to the person who presses. */
export function showButton(alert: Alert): types.Button {
  return button(alert, 'alert_show', 'Show');
}
