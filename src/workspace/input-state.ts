import { isObject, type Json, type JsonObject, textOf } from '../kernel/json.ts';
import { placedElements } from './interactive.ts';
import type { InputState } from './page-api.ts';

/** What people have entered, by block and action, as `state.values` carries it. */
export type Values = Readonly<Record<string, Readonly<Record<string, InputState>>>>;

type Kind = 'text' | 'option' | 'options' | 'id' | 'ids' | 'rich' | 'stamp' | 'files';

/** Under which key an element keeps what was chosen, and under which the app gave the first choice. */
const STATE: ReadonlyMap<string, readonly [key: string, initial: string, kind: Kind]> = new Map([
  ['plain_text_input', ['value', 'initial_value', 'text']],
  ['email_text_input', ['value', 'initial_value', 'text']],
  ['url_text_input', ['value', 'initial_value', 'text']],
  ['number_input', ['value', 'initial_value', 'text']],
  ['rich_text_input', ['rich_text_value', 'initial_value', 'rich']],
  ['static_select', ['selected_option', 'initial_option', 'option']],
  ['external_select', ['selected_option', 'initial_option', 'option']],
  ['radio_buttons', ['selected_option', 'initial_option', 'option']],
  ['overflow', ['selected_option', 'initial_option', 'option']],
  ['multi_static_select', ['selected_options', 'initial_options', 'options']],
  ['multi_external_select', ['selected_options', 'initial_options', 'options']],
  ['checkboxes', ['selected_options', 'initial_options', 'options']],
  ['users_select', ['selected_user', 'initial_user', 'id']],
  ['channels_select', ['selected_channel', 'initial_channel', 'id']],
  ['conversations_select', ['selected_conversation', 'initial_conversation', 'id']],
  ['multi_users_select', ['selected_users', 'initial_users', 'ids']],
  ['multi_channels_select', ['selected_channels', 'initial_channels', 'ids']],
  ['multi_conversations_select', ['selected_conversations', 'initial_conversations', 'ids']],
  ['datepicker', ['selected_date', 'initial_date', 'id']],
  ['timepicker', ['selected_time', 'initial_time', 'id']],
  ['datetimepicker', ['selected_date_time', 'initial_date_time', 'stamp']],
  ['file_input', ['files', 'files', 'files']],
]);

/** All choices of an element, those in groups too. */
function optionsOf(element: JsonObject): JsonObject[] {
  const listed = (value: Json | undefined): JsonObject[] =>
    Array.isArray(value) ? value.filter(isObject) : [];
  return [
    ...listed(element.options),
    ...listed(element.option_groups).flatMap((group) => listed(group.options)),
  ];
}

/** The element's own option with the value that the client names: a client cannot make one up. */
function offered(element: JsonObject, chosen: unknown): JsonObject | undefined {
  if (!isObject(chosen)) return undefined;
  if (element.type === 'external_select' || element.type === 'multi_external_select') return chosen;
  return optionsOf(element).find((option) => option.value === chosen.value);
}

/** The entered value when it fits the kind; `undefined` when it does not. */
function entered(element: JsonObject, kind: Kind, value: unknown): unknown {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value || null : undefined;
    case 'id':
      return typeof value === 'string' && value !== '' ? value : undefined;
    case 'stamp':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'rich':
      return isObject(value) ? value : undefined;
    case 'option':
      return offered(element, value);
    case 'files':
    case 'ids':
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
    case 'options':
      return Array.isArray(value) ? value.flatMap((one) => offered(element, one) ?? []) : undefined;
  }
}

/** What one element holds: what was entered, else its first choice, else Slack's way of saying nothing. */
export function elementState(element: JsonObject, given: unknown): InputState | undefined {
  const type = textOf(element, 'type') ?? '';
  const [key, initial, kind] = STATE.get(type) ?? [];
  if (key === undefined || initial === undefined || kind === undefined) return undefined;
  const was = isObject(given) && Object.hasOwn(given, key) ? given[key] : undefined;
  // An input that the client emptied stays empty; only one it did not mention has its first choice.
  if (was === null) return { type, [key]: kind === 'options' || kind === 'ids' ? [] : null };
  const nothing = kind === 'options' || kind === 'ids' || kind === 'files' ? [] : null;
  return {
    type,
    [key]: entered(element, kind, was) ?? (was === undefined ? (element[initial] ?? nothing) : nothing),
  };
}

/** `state.values`: every element that holds something, entered or not. */
export function stateValues(
  blocks: readonly unknown[],
  given: Values,
): Record<string, Record<string, InputState>> {
  const values: Record<string, Record<string, InputState>> = Object.create(null);
  for (const { block, element } of placedElements(blocks)) {
    const blockId = textOf(block, 'block_id') ?? '';
    const actionId = textOf(element, 'action_id') ?? '';
    const byAction = Object.hasOwn(given, blockId) ? given[blockId] : undefined;
    const one = byAction && Object.hasOwn(byAction, actionId) ? byAction[actionId] : undefined;
    const state = element.type === 'overflow' ? undefined : elementState(element, one);
    if (!state) continue;
    values[blockId] ??= Object.create(null);
    Object.assign(values[blockId] ?? {}, { [actionId]: state });
  }
  return values;
}

/** What Slack's client refuses by itself, before the app hears of it: block id to its words. */
export function refusedInputs(
  blocks: readonly unknown[],
  values: Readonly<Record<string, Readonly<Record<string, InputState>>>>,
): Record<string, string> {
  const refused: Record<string, string> = {};
  for (const { block, element } of placedElements(blocks)) {
    if (block.type !== 'input') continue;
    const blockId = textOf(block, 'block_id') ?? '';
    const state = values[blockId]?.[textOf(element, 'action_id') ?? ''];
    const [key] = STATE.get(textOf(element, 'type') ?? '') ?? [];
    const why = refusal(block, element, key === undefined ? undefined : state?.[key]);
    if (why) refused[blockId] = why;
  }
  return refused;
}

function refusal(block: JsonObject, element: JsonObject, value: unknown): string | undefined {
  const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  if (empty) return block.optional === true ? undefined : 'Please complete this required field.';
  if (typeof value !== 'string') return undefined;
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && value.length < min)
    return `This entry should be at least ${min} characters.`;
  const most = typeof max === 'number' ? max : 3000;
  return value.length > most ? `This entry should be at most ${most} characters.` : undefined;
}
