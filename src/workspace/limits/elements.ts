import { isObject } from '../../kernel/json.ts';
import { inputKinds } from './inputs.ts';
import { type Check, report } from './inspection.ts';
import {
  boxOption,
  colourScheme,
  confirm,
  ID_LENGTH,
  imageElement,
  option,
  overflowOption,
  placeholder,
  plainText,
  textKinds,
} from './objects.ts';
import { selectKinds } from './selects.ts';
import {
  byType,
  choice,
  flag,
  type Keys,
  link,
  list,
  number,
  pattern,
  type Rule,
  shape,
  text,
} from './shape.ts';

// https://docs.slack.dev/reference/block-kit/block-elements

/** An element that people act on: everything of them may carry an `action_id`. */
function actionable(type: string, required: Keys, optional: Keys = {}, rule?: Rule): [string, Check] {
  return [
    type,
    shape({ type: choice(type), ...required }, { action_id: text(ID_LENGTH), ...optional }, rule),
  ];
}

const label = { accessibility_label: text(75) };
const buttonText = plainText(75);

const feedback = shape({ text: buttonText, value: text(2000) }, label);

const workflow = shape({
  trigger: shape(
    { url: link(3000) },
    { customizable_input_parameters: list(shape({ name: text(ID_LENGTH), value: text(3000, 0) }), 100) },
  ),
});

/** What is chosen at first must be among the choices. */
const initialsOffered: Rule = (object, at, into) => {
  const values = (list: unknown): unknown[] =>
    Array.isArray(list) ? list.map((one) => (isObject(one) ? one.value : undefined)) : [];
  const offered = new Set(values(object.options));
  const initial =
    object.initial_options ?? (object.initial_option === undefined ? [] : [object.initial_option]);
  for (const value of values(initial)) {
    if (offered.has(value)) continue;
    const constraint = { type: 'option', expected: ['one of the options'] };
    report(into, at, 'invalid_initial_option', 'initial option must be one of the options', constraint);
  }
};

export const button = actionable(
  'button',
  { text: buttonText },
  { value: text(2000), url: link(3000), style: colourScheme, confirm, ...label },
);

const pickers: [string, Check][] = [
  actionable(
    'datepicker',
    {},
    {
      initial_date: pattern(/^\d{4}-\d\d-\d\d$/, 'a date as YYYY-MM-DD'),
      confirm,
      focus_on_load: flag,
      placeholder,
    },
  ),
  actionable(
    'timepicker',
    {},
    {
      initial_time: pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as HH:mm'),
      timezone: text(ID_LENGTH),
      confirm,
      focus_on_load: flag,
      placeholder,
    },
  ),
  actionable(
    'datetimepicker',
    {},
    { initial_date_time: number(1_000_000_000, 9_999_999_999), confirm, focus_on_load: flag },
  ),
];

const boxes: [string, Check][] = [
  actionable(
    'checkboxes',
    { options: list(boxOption, 10) },
    { initial_options: list(boxOption, 10), confirm, focus_on_load: flag },
    initialsOffered,
  ),
  actionable(
    'radio_buttons',
    { options: list(boxOption, 10) },
    { initial_option: boxOption, confirm, focus_on_load: flag },
    initialsOffered,
  ),
];

const overflow = actionable('overflow', { options: list(overflowOption, 5) }, { confirm });
const workflowButton = actionable(
  'workflow_button',
  { text: buttonText, workflow },
  { style: colourScheme, ...label },
);
const { single, multi } = selectKinds(actionable, option, initialsOffered);
const inputs = inputKinds(actionable);

/** What may stand beside a section's text. */
export const accessory = byType(
  new Map([
    button,
    ['image', imageElement],
    overflow,
    workflowButton,
    ...boxes,
    ...pickers.slice(0, 2),
    ...single,
    ...multi,
  ]),
);

/** What may stand in an actions block. */
export const action = byType(
  new Map([button, overflow, workflowButton, ...boxes, ...pickers, ...single, ...multi, inputs.rich]),
);

/** What may stand in an input block. */
export const input = byType(new Map([...inputs.all, ...boxes, ...pickers, ...single, ...multi]));

/** What may stand in a context block. */
export const contextElement = byType(new Map([...textKinds(3000), ['image', imageElement]]));

/** What may stand in a context_actions block. */
export const contextAction = byType(
  new Map([
    actionable('feedback_buttons', { positive_button: feedback, negative_button: feedback }),
    actionable(
      'icon_button',
      { icon: text(ID_LENGTH), text: buttonText },
      { value: text(2000), visible_to_user_ids: list(text(ID_LENGTH), 100), confirm, ...label },
    ),
  ]),
);
