import type { types } from '@slack/bolt';
import type { Alert } from '../../alerts/alert.ts';
import { LONGEST_MUTE, SHORTEST_MUTE } from '../../alerts/mute.ts';
import type { MuteChoice } from '../../alerts/mute-choices.ts';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../../kernel/json.ts';
import { DAY, parseDuration } from '../../kernel/time.ts';
import type { Preview } from '../../work/mute/preview.ts';
import type { MuteSubject } from '../../work/mute/subject.ts';
import { maskKeys } from '../key-mask.ts';
import type { InputErrors } from '../modals.ts';
import { leaf, plain, richText, words } from '../text.ts';
import { drawPreview } from './preview-lines.ts';

export const MUTE = 'mute_make';
/** The checkboxes whose every change asks for another preview. */
export const FIELDS = 'mute_fields';

/** What the modal carries: ids only. */
export interface MuteModalOrigin {
  readonly alertId: string;
  readonly version: number;
  /** The mute that this one follows. */
  readonly like: string | undefined;
  readonly channel: string | undefined;
}

/** What stands in the modal. */
export interface MuteForm {
  readonly origin: MuteModalOrigin;
  readonly subject: MuteSubject;
  /** The fields that are ticked. */
  readonly fields: readonly string[];
  readonly preview: Preview;
  /** What the mute before said. */
  readonly reason: string | undefined;
}

const LONGEST_REASON = 500;
const LENGTHS: readonly (readonly [string, string])[] = [
  ['1 day', '1d'],
  ['7 days', '7d'],
  ['30 days', '30d'],
  ['Another length (write it below)', 'custom'],
];

/** The rule, what is chosen of the event, what that would have hidden, why, for how long. */
export function muteModal({ origin, subject, fields, preview, reason }: MuteForm): types.ModalView {
  const { alert, choices } = subject;
  return {
    type: 'modal',
    callback_id: MUTE,
    title: plain('Mute a pattern', 24),
    submit: plain('Mute', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify(origin),
    blocks: [
      richText([
        [leaf(alert.title, 150, { bold: true }), words(` · ${alert.id}`)],
        [words('Matches of this rule that have everything that is ticked are recorded and alert nobody.')],
      ]),
      ...(choices.length > 0 ? [fieldsInput(choices, fields)] : []),
      drawPreview(preview, fields.length === 0),
      ...reasonAndLength(reason),
      ...(alert.state === 'resolved' ? [] : [resolveInput(alert)]),
    ],
  };
}

function fieldsInput(choices: readonly MuteChoice[], fields: readonly string[]): types.InputBlock {
  const options = choices.map((choice) => ({
    text: plain(choice.label, 75),
    description: plain(middle(maskKeys(choice.values.join(', ')), 75), 75),
    value: choice.field,
  }));
  const ticked = options.filter(({ value }) => fields.includes(value));
  return {
    type: 'input',
    block_id: FIELDS,
    optional: true,
    dispatch_action: true,
    label: plain('Only when it has the same …', 100),
    element: {
      type: 'checkboxes',
      action_id: FIELDS,
      options,
      ...(ticked.length > 0 ? { initial_options: ticked } : {}),
    },
  };
}

/** Names of AWS differ at their ends. */
function middle(text: string, max: number): string {
  if (text.length <= max) return text;
  const tail = Math.ceil((max - 1) * 0.6);
  return `${text.slice(0, max - 1 - tail)}…${text.slice(-tail)}`.toWellFormed();
}

function reasonAndLength(reason: string | undefined): types.InputBlock[] {
  const options = LENGTHS.map(([text, value]) => ({ text: plain(text, 75), value }));
  return [
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Why?', 100),
      hint: plain('Stands beside every match that it hides.', 150),
      element: {
        type: 'plain_text_input',
        action_id: 'reason',
        max_length: LONGEST_REASON,
        ...(reason === undefined ? {} : { initial_value: reason }),
      },
    },
    {
      type: 'input',
      block_id: 'length',
      label: plain('For how long?', 100),
      element: {
        type: 'static_select',
        action_id: 'length',
        options,
        initial_option: options[1] ?? options[0],
      },
    } as types.InputBlock,
    {
      type: 'input',
      block_id: 'custom',
      optional: true,
      label: plain('Another length', 100),
      hint: plain('A number and a unit: 12h, 3d. At most 30d.', 150),
      element: { type: 'plain_text_input', action_id: 'custom', max_length: 20 },
    },
  ];
}

function resolveInput({ id }: Alert): types.InputBlock {
  return {
    type: 'input',
    block_id: 'resolve',
    optional: true,
    label: plain('Alerts that are open stay open', 100),
    element: {
      type: 'checkboxes',
      action_id: 'resolve',
      options: [{ text: plain(`Also resolve ${id} as expected activity`, 75), value: 'resolve' }],
    },
  };
}

/** What the modal was opened for; `undefined` when it is not one of these. */
export function readMuteOrigin(view: JsonObject): MuteModalOrigin | undefined {
  const carried = parseJson(textOf(view, 'private_metadata') ?? '');
  const { alertId, version, like, channel } = isObject(carried) ? carried : {};
  if (typeof alertId !== 'string' || typeof version !== 'number') return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { alertId, version, like: text(like), channel: text(channel) };
}

/** The names of the fields that are ticked; their values are not taken from here. */
export function tickedFields(view: JsonObject): string[] {
  return optionsOf(view, FIELDS);
}

/** What was filled in, or what is wrong with it. */
export function readMute(
  view: JsonObject,
):
  | { readonly reason: string; readonly length: number; readonly resolve: boolean }
  | { readonly errors: InputErrors } {
  const reason = textOf(input(view, 'reason'), 'value')?.trim() ?? '';
  if (reason === '') return { errors: { reason: 'Say why, for whoever wonders.' } };
  if (reason.length > LONGEST_REASON) {
    return { errors: { reason: `A reason has ${LONGEST_REASON} characters at most.` } };
  }
  const typed = textOf(input(view, 'custom'), 'value')?.trim() ?? '';
  const chosen = textOf(objectOf(input(view, 'length'), 'selected_option') ?? {}, 'value') ?? '';
  // Whoever writes a length means it, whatever the menu says.
  const written = typed !== '' ? typed : chosen;
  if (written === 'custom') return { errors: { custom: 'Write a number and a unit, such as 12h or 3d.' } };
  const length = parseDuration(written.toLowerCase().replace(/\s+/gu, ''));
  if (length === undefined) return { errors: { custom: 'Write a number and a unit, such as 12h or 3d.' } };
  if (length > LONGEST_MUTE) {
    return {
      errors: {
        custom: `The longest mute is ${LONGEST_MUTE / DAY} days: 30d. For good, write a Sigma filter.`,
      },
    };
  }
  if (length < SHORTEST_MUTE) return { errors: { custom: 'The shortest mute is one minute: 1m.' } };
  return { reason, length, resolve: optionsOf(view, 'resolve').includes('resolve') };
}

function optionsOf(view: JsonObject, block: string): string[] {
  const chosen = input(view, block).selected_options;
  return (Array.isArray(chosen) ? chosen : []).flatMap((one) =>
    isObject(one) ? (textOf(one, 'value') ?? []) : [],
  );
}

function input(view: JsonObject, block: string): JsonObject {
  const values = objectOf(objectOf(view, 'state') ?? {}, 'values') ?? {};
  return objectOf(objectOf(values, block) ?? {}, block) ?? {};
}
