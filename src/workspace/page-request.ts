import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { readJson } from './args.ts';
import { Denied } from './denied.ts';
import type { Values } from './input-state.ts';
import type { InputState, PageRequest } from './page-api.ts';

/** What a page has sent, checked; throws in words when it is not a PageRequest. */
export function readPageRequest(body: Buffer): PageRequest {
  const value = readJson(body.toString('utf8'));
  if (!isObject(value)) throw unreadable('a JSON object');
  const as = needed(value, 'as');
  switch (value.act) {
    case 'say': {
      const threadTs = textOf(value, 'threadTs');
      const said = { as, channel: needed(value, 'channel'), text: needed(value, 'text') };
      return { act: 'say', ...said, ...(threadTs === undefined ? {} : { threadTs }) };
    }
    case 'press':
      return {
        act: 'press',
        as,
        from: readPlace(value),
        action: readState(value.action),
        values: readValues(value),
      };
    case 'submit':
      return { act: 'submit', as, view: needed(value, 'view'), values: readValues(value) };
    case 'shortcut': {
      const place = { channel: needed(value, 'channel'), ts: needed(value, 'ts') };
      return { act: 'shortcut', as, ...place, callbackId: needed(value, 'callbackId') };
    }
    case 'close':
      return { act: 'close', as, view: needed(value, 'view') };
    case 'home':
      return { act: 'home', as };
    default:
      throw unreadable('a known act');
  }
}

function readPlace(value: JsonObject): Extract<PageRequest, { act: 'press' }>['from'] {
  const from = objectOf(value, 'from') ?? {};
  const message = objectOf(from, 'message');
  if (message) return { message: { channel: needed(message, 'channel'), ts: needed(message, 'ts') } };
  return { view: needed(from, 'view') };
}

function isState(value: unknown): value is InputState {
  return isObject(value) && typeof value.type === 'string';
}

function readState(value: unknown): InputState {
  if (!isState(value)) throw unreadable('an action with its type');
  return value;
}

function readValues(value: JsonObject): Values {
  const blocks = Object.entries(objectOf(value, 'values') ?? {});
  return Object.fromEntries(
    blocks.map(([block, actions]) => [
      block,
      Object.fromEntries(
        Object.entries(isObject(actions) ? actions : {}).flatMap(([id, state]) =>
          isState(state) ? [[id, state]] : [],
        ),
      ),
    ]),
  );
}

function needed(value: JsonObject, key: string): string {
  const text = textOf(value, key);
  if (text === undefined) throw unreadable(`text under "${key}"`);
  return text;
}

function unreadable(what: string): Denied {
  return new Denied(`The page sent a request without ${what}.`, { status: 400 });
}
