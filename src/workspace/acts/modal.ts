import { isObject, type JsonObject } from '../../kernel/json.ts';
import { readView } from '../api/views.ts';
import { readJson } from '../args.ts';
import type { Core } from '../core.ts';
import { Denied } from '../denied.ts';
import { refusedInputs, stateValues } from '../input-state.ts';
import { placedElements } from '../interactive.ts';
import type { PageRequest, Person } from '../page-api.ts';
import { interactionBase, responseUrl } from '../payloads.ts';
import type { StoredView } from '../view.ts';
import { MOST_MODALS } from '../views.ts';
import { viewWire, type Wire } from '../wire.ts';
import { type Answer, fail, failureCode, neededPerson } from './act.ts';

export type Submit = Omit<Extract<PageRequest, { act: 'submit' }>, 'act'>;
export type Close = Omit<Extract<PageRequest, { act: 'close' }>, 'act'>;

/** What a modal shows when its submission did not get through, or came back with something unusable. */
const TROUBLE = 'We had some trouble connecting. Try again?';

/** Submits a modal and does what the app's answer says: errors, update, push, clear, or close. */
export async function submit(core: Core, request: Submit): Promise<Answer> {
  const person = neededPerson(request.as);
  const view = openModal(core, person, request.view);
  const values = stateValues(view.blocks, request.values);
  const refused = refusedInputs(view.blocks, values);
  const [why] = Object.values(refused);
  if (why !== undefined) {
    core.views.setErrors(view, refused);
    return { ok: false, error: why };
  }
  const payload = {
    type: 'view_submission',
    ...interactionBase(person),
    trigger_id: core.triggers.mint({ user: person.id, channel: view.channel }),
    view: viewWire(view, request.values),
    response_urls: responseUrls(core, view, values),
  };
  const outcome = await core.deliver.interaction(payload);
  const failed = failureCode(outcome);
  if (failed || outcome.kind !== 'answered')
    return fail(core, person.id, view.channel, `${TROUBLE} (${failed})`);
  try {
    // The app may have updated the view, or closed it, before it answered.
    const now = core.views.find(view.id);
    if (now) obey(core, now, outcome.body.trim());
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    return fail(core, person.id, view.channel, `${TROUBLE} (${sayDenied(error)})`);
  }
}

function openModal(core: Core, person: Person, id: string): StoredView {
  const view = core.views.modals(person.id).find((one) => one.id === id);
  if (!view) throw new Denied('That dialog is not open any more.');
  return view;
}

/** Menus with `response_url_enabled` give the app a way to write into the chosen conversation. */
function responseUrls(core: Core, view: StoredView, values: ReturnType<typeof stateValues>): Wire[] {
  return placedElements(view.blocks).flatMap(({ block, element }) => {
    if (element.response_url_enabled !== true) return [];
    const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
    const state = values[blockId]?.[actionId];
    const channel = state?.selected_conversation ?? state?.selected_channel;
    if (typeof channel !== 'string') return [];
    const secret = core.responseUrls.mint(view.user, channel);
    return [
      {
        block_id: blockId,
        action_id: actionId,
        channel_id: channel,
        response_url: responseUrl(core, secret),
      },
    ];
  });
}

function obey(core: Core, view: StoredView, body: string): void {
  const answer = body === '' ? {} : readJson(body);
  if (!isObject(answer)) throw new Denied('the answer is not a JSON object');
  const { response_action: action } = answer;
  if (action === undefined) core.views.close(view);
  else if (action === 'clear') core.views.setModals(view.user, []);
  else if (action === 'errors') core.views.setErrors(view, readErrors(view, answer.errors));
  else if (action === 'update') core.views.update(view, readView(core, answer.view, 'modal', view));
  else if (action === 'push') push(core, view, answer.view);
  else throw new Denied('unknown response_action');
}

function push(core: Core, view: StoredView, definition: unknown): void {
  const read = readView(core, definition, 'modal');
  if (core.views.modals(view.user).length >= MOST_MODALS) throw new Denied('push_limit_reached');
  core.views.push(view, read);
}

/** Errors must name input blocks of the view. */
function readErrors(view: StoredView, errors: unknown): Record<string, string> {
  if (!isObject(errors) || Object.keys(errors).length === 0) throw new Denied('errors must be an object');
  const inputs = new Set(
    view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id),
  );
  const read: JsonObject = errors;
  return Object.fromEntries(
    Object.entries(read).map(([block, text]) => {
      if (!inputs.has(block)) throw new Denied(`there is no input block ${block}`);
      if (typeof text !== 'string' || text === '') throw new Denied(`the error of ${block} must be text`);
      return [block, text];
    }),
  );
}

function sayDenied(error: Denied): string {
  const metadata = error.details.response_metadata;
  const messages = isObject(metadata) && Array.isArray(metadata.messages) ? metadata.messages : [];
  return [error.code, ...messages].join(' ');
}

/** Closes a modal by its button; the app hears of it when it asked to. */
export async function close(core: Core, request: Close): Promise<Answer> {
  const person = neededPerson(request.as);
  const view = openModal(core, person, request.view);
  const cleared = view.definition.clear_on_close === true;
  if (cleared) core.views.setModals(person.id, []);
  else core.views.close(view);
  if (view.definition.notify_on_close !== true) return { ok: true };
  const payload = {
    type: 'view_closed',
    ...interactionBase(person),
    view: viewWire(view),
    is_cleared: cleared,
  };
  // The modal is gone whatever the app says: Slack shows nothing when this does not get through.
  await core.deliver.interaction(payload);
  return { ok: true };
}
