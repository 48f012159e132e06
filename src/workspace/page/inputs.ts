import { el } from './dom.ts';
import { type Fields, fields, text, texts } from './read.ts';
import { keep, naming, type Place, send, start } from './surface.ts';
import { plainText } from './text.ts';
import { localInput, localInputSeconds } from './time.ts';

type Control = HTMLInputElement | HTMLTextAreaElement;

/** `plain_text_input`, `email_text_input`, `url_text_input`, `number_input`. */
export function drawTextInput(element: Fields, place: Place): HTMLElement {
  const initial = typeof element.initial_value === 'string' ? element.initial_value : null;
  const state = start(element, place, { value: initial });
  const attributes = {
    class: 'field',
    placeholder: plainText(element.placeholder) || undefined,
    maxlength: typeof element.max_length === 'number' ? element.max_length : undefined,
    'data-control': controlName(element, place),
    ...naming(place, plainText(element.placeholder) || 'Text'),
  };
  const control: Control =
    element.multiline === true
      ? el('textarea', { ...attributes, rows: 4 })
      : el('input', { ...attributes, type: 'text', ...keyboard(element), autocomplete: 'off' });
  control.value = text(state.value);
  const value = () => ({ value: control.value === '' ? null : control.value });
  const when = texts(fields(element.dispatch_action_config).trigger_actions_on);
  control.addEventListener('input', () => {
    keep(element, place, value());
    if (place.sends && when.includes('on_character_entered')) void send(element, place, control, value());
  });
  control.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.isComposing) return;
    if (!place.sends || when.includes('on_character_entered') || control instanceof HTMLTextAreaElement)
      return;
    event.preventDefault();
    void send(element, place, control, value());
  });
  return control;
}

/** Which keyboard a phone shows. The checks are the page's own, so that mistakes stand under the field. */
function keyboard(element: Fields): { inputmode?: string } {
  if (element.type === 'email_text_input') return { inputmode: 'email' };
  if (element.type === 'url_text_input') return { inputmode: 'url' };
  if (element.type !== 'number_input') return {};
  return { inputmode: element.is_decimal_allowed === true ? 'decimal' : 'numeric' };
}

/** `datepicker`, `timepicker`, `datetimepicker`, as the browser's own pickers. */
export function drawPicker(element: Fields, place: Place): HTMLElement {
  const picker = PICKERS[text(element.type)] ?? DATE;
  const held = start(element, place, { [picker.member]: element[picker.initial] ?? null })[picker.member];
  const control = el('input', {
    type: picker.type,
    class: 'field picker',
    value: picker.show(held),
    'data-control': controlName(element, place),
    ...naming(place, plainText(element.placeholder) || picker.name),
  });
  let sent = control.value;
  const state = () => ({ [picker.member]: picker.read(control.value) });
  control.addEventListener('input', () => keep(element, place, state()));
  const commit = () => {
    if (!place.sends || control.value === sent) return;
    sent = control.value;
    void send(element, place, control, state());
  };
  control.addEventListener('blur', commit);
  control.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') commit();
  });
  return control;
}

interface Picker {
  readonly type: string;
  readonly name: string;
  readonly member: string;
  readonly initial: string;
  show(value: unknown): string;
  read(value: string): string | number | null;
}

const asText = { show: text, read: (value: string) => (value === '' ? null : value) };

const DATE: Picker = {
  type: 'date',
  name: 'Date',
  member: 'selected_date',
  initial: 'initial_date',
  ...asText,
};

const PICKERS: Readonly<Record<string, Picker>> = {
  datepicker: DATE,
  timepicker: {
    type: 'time',
    name: 'Time',
    member: 'selected_time',
    initial: 'initial_time',
    ...asText,
  },
  datetimepicker: {
    type: 'datetime-local',
    name: 'Date and time',
    member: 'selected_date_time',
    initial: 'initial_date_time',
    show: (value) => (typeof value === 'number' ? localInput(value) : ''),
    read: localInputSeconds,
  },
};

function controlName(element: Fields, place: Place): string {
  return `${place.blockId}/${text(element.action_id)}`;
}
