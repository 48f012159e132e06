import { type Fields, fields, items, text } from './read.ts';
import { isEmpty, type Values } from './values.ts';

/**
 * What is wrong with a form before it is sent, as Slack's own client checks it: block_id → the mistake in words.
 * The app checks the meaning afterwards.
 */
export function mistakesIn(blocks: unknown, values: Values): Record<string, string> {
  const mistakes: Record<string, string> = {};
  for (const [at, block] of items(blocks).entries()) {
    if (block.type !== 'input') continue;
    const id = text(block.block_id) || `${at}`;
    const element = fields(block.element);
    const state = values.of(id, text(element.action_id)) ?? { type: '' };
    const mistake = isEmpty(state)
      ? block.optional === true
        ? undefined
        : 'Please complete this required field.'
      : mistakeIn(text(state.value), element);
    if (mistake !== undefined) mistakes[id] = mistake;
  }
  return mistakes;
}

function mistakeIn(value: string, element: Fields): string | undefined {
  switch (element.type) {
    case 'plain_text_input':
      return lengthMistake(value, element);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'Please enter an email address.';
    case 'url_text_input':
      return URL.canParse(value)
        ? undefined
        : 'Please enter a web address, such as https://example.com/page.';
    case 'number_input':
      return numberMistake(value, element);
    default:
      return undefined;
  }
}

function lengthMistake(value: string, element: Fields): string | undefined {
  const [least, most] = [
    Number(element.min_length) || 0,
    Number(element.max_length) || Number.POSITIVE_INFINITY,
  ];
  if (value.length < least) return `Please enter at least ${least} characters.`;
  return value.length > most ? `Please enter at most ${most} characters.` : undefined;
}

function numberMistake(value: string, element: Fields): string | undefined {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'Please enter a number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  const [least, most] = [element.min_value, element.max_value];
  if (least !== undefined && number < Number(least)) return `Please enter ${String(least)} or more.`;
  return most !== undefined && number > Number(most) ? `Please enter ${String(most)} or less.` : undefined;
}
