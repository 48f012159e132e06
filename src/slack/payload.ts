import { parse as parseForm } from 'node:querystring';
import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';

/**
 * The body of a request from Slack as an object: JSON for events, a form with JSON in `payload` for
 * interactions, a plain form for slash commands. `undefined` when it is none of these.
 */
export function readBody(contentType: string, raw: string): JsonObject | undefined {
  if (!isForm(contentType)) return readJson(raw);
  const form = parseForm(raw);
  if (typeof form.payload === 'string') return readJson(form.payload);
  const fields = Object.entries(form).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  return Object.fromEntries(fields);
}

export function isForm(contentType: string): boolean {
  return contentType.toLowerCase().startsWith('application/x-www-form-urlencoded');
}

function readJson(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Slack asking whether the address answers: carries no workspace. */
export function isHandshake(body: JsonObject): boolean {
  return body.type === 'url_verification' && typeof body.challenge === 'string';
}

/** The workspace that the request speaks for. */
export function teamOf(body: JsonObject): string | undefined {
  return textOf(body, 'team_id') ?? textOf(objectOf(body, 'team') ?? {}, 'id');
}

/**
 * Whether the parts are there that make the body one of the payloads this program knows, so that nothing
 * behind it meets a shape it cannot name.
 * Source: Slack, "Interaction payloads", "Slash commands", "Events API".
 */
export function isKnownShape(body: JsonObject): boolean {
  if (body.command !== undefined) return hasTexts(body, ['command', 'user_id', 'channel_id', 'trigger_id']);
  if (body.type === 'event_callback') return hasTexts(objectOf(body, 'event') ?? {}, ['type']);
  if (body.event !== undefined || body.name !== undefined) return false;
  if (!hasTexts(objectOf(body, 'user') ?? {}, ['id'])) return false;
  switch (body.type) {
    case 'block_actions':
      return Array.isArray(body.actions) && body.actions.length > 0 && body.actions.every(isAction);
    case 'block_suggestion':
      return hasTexts(body, ['action_id']);
    case 'view_submission':
    case 'view_closed':
      return hasTexts(objectOf(body, 'view') ?? {}, ['id', 'callback_id']) && body.actions === undefined;
    case 'shortcut':
    case 'message_action':
      return hasTexts(body, ['callback_id']) && body.actions === undefined;
    default:
      return false;
  }
}

function isAction(action: unknown): boolean {
  return isObject(action) && hasTexts(action, ['action_id', 'type']);
}

function hasTexts(object: JsonObject, keys: readonly string[]): boolean {
  return keys.every((key) => typeof object[key] === 'string');
}
