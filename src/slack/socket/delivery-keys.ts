import { createHash } from 'node:crypto';
import { isObject, type JsonObject, objectOf, textOf } from '../../kernel/json.ts';
import { teamOf } from '../payload.ts';

/**
 * What makes a payload this one and no other, so that a copy of it is known: Slack sends again what it has not
 * seen acknowledged, through any socket, and has sent copies of one message as events of their own
 * (slackapi/node-slack-sdk#2141). Empty for what may come as often as it likes.
 */
export function deliveryKeys(body: JsonObject): string[] {
  const trigger = textOf(body, 'trigger_id');
  if (body.command !== undefined) return trigger === undefined ? [] : [key('command', trigger)];
  switch (body.type) {
    case 'event_callback':
      return keysOfEvent(body);
    case 'block_actions':
      return keysOfActions(body);
    case 'view_submission':
    case 'view_closed':
      return [keyOfView(body)];
    case 'shortcut':
    case 'message_action':
      return trigger === undefined ? [] : [key('shortcut', trigger)];
    default:
      return [];
  }
}

function keysOfEvent(body: JsonObject): string[] {
  const event = objectOf(body, 'event') ?? {};
  const [id, stamp] = [textOf(body, 'event_id'), textOf(event, 'event_ts')];
  const place = [teamOf(body), textOf(event, 'channel'), textOf(event, 'user')];
  const what = [stamp, textOf(event, 'type'), textOf(event, 'subtype')];
  return [
    ...(id === undefined ? [] : [key('event', id)]),
    ...(stamp === undefined ? [] : [key('event', ...place, ...what)]),
  ];
}

function keysOfActions(body: JsonObject): string[] {
  const container = objectOf(body, 'container') ?? {};
  const place = textOf(container, 'message_ts') ?? textOf(container, 'view_id');
  const actions = Array.isArray(body.actions) ? body.actions.filter(isObject) : [];
  return actions.flatMap((action) => {
    const stamp = textOf(action, 'action_ts') ?? textOf(body, 'trigger_id');
    const pressed = [userOf(body), place, textOf(action, 'action_id'), stamp];
    return stamp === undefined ? [] : [key('action', ...pressed)];
  });
}

/**
 * A modal that came back with errors is sent again with the same hash: the trigger, or what was filled in, tells
 * the second try of a person from the second copy of a delivery.
 */
function keyOfView(body: JsonObject): string {
  const view = objectOf(body, 'view') ?? {};
  const trigger = textOf(body, 'trigger_id') ?? digest(JSON.stringify(view.state ?? null));
  return key(String(body.type), userOf(body), textOf(view, 'id'), textOf(view, 'hash'), trigger);
}

function userOf(body: JsonObject): string | undefined {
  return textOf(objectOf(body, 'user') ?? {}, 'id');
}

/** Of a length that does not depend on what was sent. */
function key(kind: string, ...parts: readonly (string | undefined)[]): string {
  return `socket:${kind}:${digest(JSON.stringify(parts.map((part) => part ?? null)))}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
