import type { types } from '@slack/bolt';
import { type Alert, DISPOSITIONS, type Disposition } from '../alerts/alert.ts';
import { isObject, type JsonObject, objectOf, textOf } from '../kernel/json.ts';
import { DISPOSITION_WORDS } from './facts-block.ts';
import { readSnooze } from './snooze.ts';
import { leaf, plain, richText, sentence } from './text.ts';

/** What a modal carries from the press that opened it: ids only, nothing to trust. */
export interface ModalOrigin {
  readonly alertId: string;
  readonly version: number;
  /** Where a refusal is told to the person. */
  readonly channel: string | undefined;
}

export const RESOLVE = 'alert_resolve';
export const SNOOZE = 'alert_snooze';
export const ASSIGN = 'alert_assign';

/** Why it was, and a note. `notice` says what changed while the modal was open. */
export function resolveModal(alert: Alert, channel: string | undefined, notice?: string): types.ModalView {
  const blocks: types.KnownBlock[] = [
    ...intro(alert, notice),
    {
      type: 'input',
      block_id: 'disposition',
      label: plain('What was it?', 100),
      element: {
        type: 'radio_buttons',
        action_id: 'disposition',
        options: DISPOSITIONS.map((value) => ({ text: plain(OPTION_WORDS[value], 75), value })),
      },
    },
    {
      type: 'input',
      block_id: 'note',
      optional: true,
      label: plain('Note', 100),
      hint: plain('Shown on the message: what you found, a ticket number.', 150),
      element: { type: 'plain_text_input', action_id: 'note', multiline: true, max_length: 1000 },
    },
  ];
  return modal(RESOLVE, `Resolve ${alert.id}`, 'Resolve', { alert, channel }, blocks);
}

const OPTION_WORDS: Readonly<Record<Disposition, string>> = {
  true_positive: `${DISPOSITION_WORDS.true_positive}: it should not have happened`,
  expected: `${DISPOSITION_WORDS.expected}: known and allowed`,
  false_positive: `${DISPOSITION_WORDS.false_positive}: the rule is wrong here`,
  test: `${DISPOSITION_WORDS.test}: done on purpose to see the alert`,
};

/** For how long. */
export function snoozeModal(alert: Alert, channel: string | undefined, notice?: string): types.ModalView {
  const blocks: types.KnownBlock[] = [
    ...intro(alert, notice),
    {
      type: 'input',
      block_id: 'length',
      label: plain('For how long?', 100),
      hint: plain('A number and a unit: 45m, 2h, 1d. At most 30d.', 150),
      element: { type: 'plain_text_input', action_id: 'length', max_length: 20 },
    },
  ];
  return modal(SNOOZE, `Snooze ${alert.id}`, 'Snooze', { alert, channel }, blocks);
}

/** To whom. */
export function assignModal(alert: Alert, channel: string | undefined, notice?: string): types.ModalView {
  const blocks: types.KnownBlock[] = [
    ...intro(alert, notice),
    {
      type: 'input',
      block_id: 'person',
      label: plain('Who should have it?', 100),
      hint: plain(alert.state === 'firing' ? TOLD_FIRING : TOLD, 150),
      element: { type: 'users_select', action_id: 'person', placeholder: plain('Choose a person', 150) },
    },
    {
      type: 'input',
      block_id: 'note',
      optional: true,
      label: plain('Note', 100),
      hint: plain('Shown in the thread: what is known, what is left to do.', 150),
      element: { type: 'plain_text_input', action_id: 'note', multiline: true, max_length: LONGEST_NOTE },
    },
  ];
  return modal(ASSIGN, `Assign ${alert.id}`, 'Assign', { alert, channel }, blocks);
}

const LONGEST_NOTE = 500;
const TOLD = 'They are told in a direct message.';
const TOLD_FIRING = `${TOLD} It goes on firing until it is acknowledged.`;

/** Nothing is left to decide: says why. */
export function noticeModal(title: string, notice: string): types.ModalView {
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain('Close', 24),
    blocks: [richText([sentence(notice)])],
  };
}

function intro(alert: Alert, notice: string | undefined): types.KnownBlock[] {
  const title = richText([[leaf(alert.title, 150, { bold: true })]]);
  return notice === undefined ? [title] : [richText([sentence(notice)]), title];
}

function modal(
  callback: string,
  title: string,
  submit: string,
  origin: { alert: Alert; channel: string | undefined },
  blocks: types.KnownBlock[],
): types.ModalView {
  const { alert, channel } = origin;
  const carried: ModalOrigin = { alertId: alert.id, version: alert.version, channel };
  return {
    type: 'modal',
    callback_id: callback,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify(carried),
    blocks,
  };
}

/** What the modal was opened for; `undefined` when it is not one of these. */
export function readOrigin(view: JsonObject): ModalOrigin | undefined {
  let carried: unknown;
  try {
    carried = JSON.parse(textOf(view, 'private_metadata') ?? '');
  } catch {
    return undefined;
  }
  if (!isObject(carried)) return undefined;
  const { alertId, version, channel } = carried;
  if (typeof alertId !== 'string' || typeof version !== 'number') return undefined;
  return { alertId, version, channel: typeof channel === 'string' ? channel : undefined };
}

/** Input errors as Slack takes them: block_id → what is wrong. */
export type InputErrors = Readonly<Record<string, string>>;

/** What was filled in to resolve, or what is wrong with it. */
export function readResolve(
  view: JsonObject,
):
  | { readonly disposition: Disposition; readonly note: string | undefined }
  | { readonly errors: InputErrors } {
  const chosen = textOf(objectOf(input(view, 'disposition'), 'selected_option') ?? {}, 'value');
  const disposition = DISPOSITIONS.find((one) => one === chosen);
  if (disposition === undefined) return { errors: { disposition: 'Choose what it was.' } };
  const note = textOf(input(view, 'note'), 'value')?.trim() ?? '';
  if (note.length > 1000) return { errors: { note: 'A note has 1,000 characters at most.' } };
  return { disposition, note: note === '' ? undefined : note };
}

/** Who is to have it, or what is wrong with what was filled in. */
export function readAssign(
  view: JsonObject,
): { readonly userId: string; readonly note: string | undefined } | { readonly errors: InputErrors } {
  const userId = textOf(input(view, 'person'), 'selected_user') ?? '';
  if (!/^[UW][A-Z0-9]{2,20}$/.test(userId)) return { errors: { person: 'Choose a person.' } };
  const note = textOf(input(view, 'note'), 'value')?.trim() ?? '';
  if (note.length > LONGEST_NOTE)
    return { errors: { note: `A note has ${LONGEST_NOTE} characters at most.` } };
  return { userId, note: note === '' ? undefined : note };
}

/** For how long to snooze, or what is wrong with what was typed. */
export function readSnoozeLength(
  view: JsonObject,
): { readonly length: number } | { readonly errors: InputErrors } {
  const read = readSnooze(textOf(input(view, 'length'), 'value') ?? '');
  return 'problem' in read ? { errors: { length: read.problem } } : read;
}

function input(view: JsonObject, block: string): JsonObject {
  const values = objectOf(objectOf(view, 'state') ?? {}, 'values') ?? {};
  return objectOf(objectOf(values, block) ?? {}, block) ?? {};
}
