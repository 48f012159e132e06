import { isObject, type JsonObject } from '../../kernel/json.ts';
import { type Args, jsonArg, neededText, textArg } from '../args.ts';
import type { Core } from '../core.ts';
import { badArguments, Denied, violated } from '../denied.ts';
import { checkView } from '../limits/view.ts';
import { findPerson } from '../people.ts';
import type { StoredView } from '../view.ts';
import { MOST_MODALS } from '../views.ts';
import { viewWire, type Wire } from '../wire.ts';
import type { Methods } from './method.ts';

const LARGEST_VIEW = 250_000;

/** The checked view of a call, or of an answer to a submission. */
export function readView(
  core: Core,
  value: unknown,
  type: 'modal' | 'home',
  replaces?: StoredView,
): JsonObject {
  const violations = checkView(value, '/view');
  if (violations.length > 0) throw violated('invalid_arguments', violations);
  if (!isObject(value)) throw badArguments('must provide an object [json-pointer:/view]');
  if (value.type !== type) throw badArguments(`must be a view of type ${type} [json-pointer:/view/type]`);
  if (JSON.stringify(value).length > LARGEST_VIEW) throw new Denied('view_too_large');
  const externalId = typeof value.external_id === 'string' ? value.external_id : '';
  const other = externalId ? core.views.byExternalId(externalId) : undefined;
  if (other && other.id !== replaces?.id) throw new Denied('duplicate_external_id');
  return value;
}

function viewArg(args: Args): unknown {
  const view = jsonArg(args, 'view', 'invalid_arguments');
  if (view === undefined) throw badArguments('missing required field: view');
  return view;
}

// A refused view does not use the trigger up: the app may mend it within the three seconds.

function open(core: Core, args: Args): Wire {
  const id = neededText(args, 'trigger_id');
  const definition = readView(core, viewArg(args), 'modal');
  const { user, channel } = core.triggers.exchange(id);
  return { view: viewWire(core.views.open(user, channel, definition)) };
}

function push(core: Core, args: Args): Wire {
  const id = neededText(args, 'trigger_id');
  const definition = readView(core, viewArg(args), 'modal');
  const { user } = core.triggers.exchange(id);
  const stack = core.views.modals(user);
  const top = stack.at(-1);
  if (!top) throw new Denied('not_found');
  if (stack.length >= MOST_MODALS) throw new Denied('push_limit_reached');
  return { view: viewWire(core.views.push(top, definition)) };
}

function update(core: Core, args: Args): Wire {
  const [viewId, externalId] = [textArg(args, 'view_id'), textArg(args, 'external_id')];
  if (viewId === undefined && externalId === undefined) {
    throw badArguments('must provide exactly one of view_id, external_id');
  }
  const known = viewId === undefined ? core.views.byExternalId(externalId ?? '') : core.views.find(viewId);
  if (!known) throw new Denied('not_found');
  refuseStale(known, args);
  const definition = readView(core, viewArg(args), known.type, known);
  return { view: viewWire(core.views.update(known, definition)) };
}

function publish(core: Core, args: Args): Wire {
  const user = neededText(args, 'user_id');
  if (findPerson(user)?.isBot !== false) throw new Denied('user_not_found');
  const known = core.views.home(user);
  if (known) refuseStale(known, args);
  const definition = readView(core, viewArg(args), 'home', known);
  return { view: viewWire(core.views.publish(user, core.channels.find(user)?.id ?? '', definition)) };
}

function refuseStale(view: StoredView, args: Args): void {
  const hash = textArg(args, 'hash');
  if (hash !== undefined && hash !== view.hash) throw new Denied('hash_conflict');
}

export const viewMethods: Methods = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
