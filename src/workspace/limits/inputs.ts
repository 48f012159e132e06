import type { Check } from './inspection.ts';
import { report } from './inspection.ts';
import { dispatchConfig, ID_LENGTH, placeholder } from './objects.ts';
import { richText } from './rich-text.ts';
import { flag, type Keys, link, list, number, pattern, type Rule, text, WEB_SCHEMES } from './shape.ts';

type Make = (type: string, required: Keys, optional?: Keys, rule?: Rule) => [string, Check];

const MOST_TEXT = 3000;
const numeral = pattern(/^-?\d+(\.\d+)?$/, 'a number written as text');

const lengthsInOrder: Rule = (object, at, into) => {
  const { min_length: min, max_length: max } = object;
  if (typeof min !== 'number' || typeof max !== 'number' || min <= max) return;
  const constraint = { type: 'range', expected: [`<= ${max}`], got: String(min) };
  report(
    into,
    `${at}/min_length`,
    'out_of_range',
    'min_length must not be greater than max_length',
    constraint,
  );
};

/** Files can only be asked for in a modal. */
const modalOnly: Rule = (_object, at, into) => {
  if (into.surface === 'modal') return;
  const constraint = { type: 'surface', expected: ['modal'], got: into.surface };
  report(into, at, 'unsupported_surface', 'file_input is only available in modals', constraint);
};

/** What people type into, and upload with. */
export function inputKinds(make: Make): { all: [string, Check][]; rich: [string, Check] } {
  const common = { dispatch_action_config: dispatchConfig, focus_on_load: flag, placeholder };
  const initial = { initial_value: text(MOST_TEXT, 0) };
  const rich = make(
    'rich_text_input',
    {},
    { ...common, initial_value: richText, min_lines: number(1, 100), max_lines: number(1, 100) },
  );
  const all: [string, Check][] = [
    rich,
    make(
      'plain_text_input',
      {},
      {
        ...common,
        ...initial,
        multiline: flag,
        min_length: number(0, MOST_TEXT),
        max_length: number(1, MOST_TEXT),
      },
      lengthsInOrder,
    ),
    make('email_text_input', {}, { ...common, ...initial }),
    make('url_text_input', {}, { ...common, initial_value: link(MOST_TEXT, WEB_SCHEMES) }),
    make(
      'number_input',
      { is_decimal_allowed: flag },
      { ...common, initial_value: numeral, min_value: numeral, max_value: numeral },
    ),
    make('file_input', {}, { filetypes: list(text(ID_LENGTH), 100), max_files: number(1, 10) }, modalOnly),
  ];
  return { all, rich };
}
