import { isObject, type JsonObject } from '../../kernel/json.ts';
import type { Core } from '../core.ts';
import { Denied } from '../denied.ts';
import { elementState, stateValues } from '../input-state.ts';
import { type Placed, placedElements } from '../interactive.ts';
import type { StoredMessage } from '../message.ts';
import type { InputState, PageRequest, Person } from '../page-api.ts';
import { channelRef, eventStamp, interactionBase, responseUrl } from '../payloads.ts';
import { messageWire, viewWire, type Wire } from '../wire.ts';
import { type Answer, fail, failureCode, neededConversation, neededPerson, notResponding } from './act.ts';

export type Press = Omit<Extract<PageRequest, { act: 'press' }>, 'act'>;

/** Presses a button, or chooses from a menu, in a message or in a view. */
export function press(core: Core, request: Press): Promise<Answer> {
  const person = neededPerson(request.as);
  const { from } = request;
  return 'view' in from
    ? pressInView(core, person, request, from.view)
    : pressInMessage(core, person, request, from.message);
}

async function pressInMessage(
  core: Core,
  person: Person,
  request: Press,
  place: { readonly channel: string; readonly ts: string },
): Promise<Answer> {
  const conversation = neededConversation(core, person, place.channel);
  const drawings = core.messages.drawings(place.channel, place.ts);
  // The person presses what they see, which may be an older drawing than the present one.
  for (const drawn of drawings) {
    if (drawn.ephemeralTo && drawn.ephemeralTo !== person.id) break;
    const action = findAction(core, allBlocks(drawn), request.action);
    if (!action) continue;
    const secret = core.responseUrls.mint(person.id, place.channel, place.ts);
    const ephemeral = drawn.ephemeralTo !== undefined;
    const payload = {
      type: 'block_actions',
      ...interactionBase(person),
      container: {
        type: 'message',
        message_ts: drawn.ts,
        channel_id: drawn.channel,
        is_ephemeral: ephemeral,
        ...(drawn.threadTs ? { thread_ts: drawn.threadTs } : {}),
      },
      trigger_id: core.triggers.mint({ user: person.id, channel: place.channel }),
      channel: channelRef(conversation),
      // Slack does not send the content of an ephemeral message back.
      ...(ephemeral ? {} : { message: messageWire(core, drawn) }),
      state: { values: stateValues(allBlocks(drawn), request.values) },
      response_url: responseUrl(core, secret),
      actions: [action],
    };
    return send(core, person, place.channel, payload);
  }
  throw new Denied('That control is not there any more.');
}

async function pressInView(core: Core, person: Person, request: Press, id: string): Promise<Answer> {
  const view = core.views.find(id);
  if (view?.user !== person.id) throw new Denied('That view is not open any more.');
  const action = findAction(core, view.blocks, request.action);
  if (!action) throw new Denied('That control is not there any more.');
  return send(core, person, view.channel, {
    type: 'block_actions',
    ...interactionBase(person),
    container: { type: 'view', view_id: view.id },
    trigger_id: core.triggers.mint({ user: person.id, channel: view.channel }),
    view: viewWire(view, request.values),
    actions: [action],
  });
}

async function send(core: Core, person: Person, channel: string, payload: Wire): Promise<Answer> {
  const code = failureCode(await core.deliver.interaction(payload));
  return code ? fail(core, person.id, channel, notResponding(code)) : { ok: true };
}

function allBlocks(message: StoredMessage): unknown[] {
  return [...(message.blocks ?? []), ...(message.attachments ?? []).flatMap((one) => one.blocks ?? [])];
}

/** The action as the payload carries it, when these blocks have the element that the client names. */
function findAction(core: Core, blocks: readonly unknown[], given: InputState): Wire | undefined {
  for (const placed of placedElements(blocks)) {
    const { block, element } = placed;
    if (element.action_id !== given.action_id) continue;
    if (given.block_id !== undefined && block.block_id !== given.block_id) continue;
    const what = chosen(element, given);
    if (what) return { ...described(placed), ...what, action_ts: eventStamp(core) };
  }
  return undefined;
}

/** What was done to the element; `undefined` when it has no such value or option. */
function chosen(element: JsonObject, given: InputState): Wire | undefined {
  switch (element.type) {
    case 'button':
    case 'icon_button':
    case 'workflow_button':
      return given.value === undefined || given.value === element.value ? {} : undefined;
    case 'feedback_buttons': {
      const buttons = [element.positive_button, element.negative_button].filter(isObject);
      const button = buttons.find((one) => one.value === given.value);
      return button && { text: button.text, value: button.value };
    }
    default: {
      const state = elementState(element, given);
      const lost = element.type === 'overflow' && state?.selected_option === null;
      const named = isObject(given.selected_option) && state?.selected_option === null;
      return lost || named ? undefined : state;
    }
  }
}

/** Slack repeats how the element looks, but not all it offers. */
function described({ block, element }: Placed): Wire {
  const { options: _, option_groups: __, focus_on_load: ___, positive_button: ____, ...rest } = element;
  const { negative_button: _____, ...looks } = rest;
  return { ...looks, block_id: block.block_id };
}

/** The shortcut of a message's menu, by the callback id that the app has registered. */
export async function shortcut(
  core: Core,
  request: {
    readonly as: string;
    readonly channel: string;
    readonly ts: string;
    readonly callbackId: string;
  },
): Promise<Answer> {
  const person = neededPerson(request.as);
  const conversation = neededConversation(core, person, request.channel);
  const message = core.messages.find(request.channel, request.ts);
  if (!message || message.ephemeralTo) throw new Denied('That message is not there any more.');
  const secret = core.responseUrls.mint(person.id, request.channel);
  return send(core, person, request.channel, {
    type: 'message_action',
    ...interactionBase(person),
    callback_id: request.callbackId,
    action_ts: eventStamp(core),
    message_ts: message.ts,
    channel: channelRef(conversation),
    message: messageWire(core, message),
    trigger_id: core.triggers.mint({ user: person.id, channel: request.channel }),
    response_url: responseUrl(core, secret),
  });
}
