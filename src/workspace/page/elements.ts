import { drawChoices } from './choices.ts';
import { el, icon } from './dom.ts';
import { drawPicker, drawTextInput } from './inputs.ts';
import { webAddress } from './mrkdwn-lex.ts';
import { type Choice, popup } from './popup.ts';
import { type Fields, items, text } from './read.ts';
import { unsupported } from './rich-text.ts';
import { drawSelect } from './selects.ts';
import { type Place, send } from './surface.ts';
import { plainText } from './text.ts';

const DOTS =
  'M12 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm0 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm0 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z';

/** An interactive element of an actions, section, card or input block. */
export function drawElement(element: Fields, place: Place): HTMLElement {
  switch (element.type) {
    case 'button':
      return drawButton(element, place);
    case 'overflow':
      return drawOverflow(element, place);
    case 'radio_buttons':
    case 'checkboxes':
      return drawChoices(element, place);
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return drawTextInput(element, place);
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return drawPicker(element, place);
    case 'image':
      return drawImage(element);
    default:
      return drawSelect(element, place) ?? unsupported(text(element.type));
  }
}

/** A picture is never fetched from elsewhere: its description stands in its place. */
export function drawImage(element: Fields): HTMLElement {
  const alt = text(element.alt_text) || 'no description';
  return el('span', { class: 'image', role: 'img', 'aria-label': alt }, `🖼 ${alt}`);
}

function drawButton(element: Fields, place: Place): HTMLElement {
  const style = element.style === 'primary' || element.style === 'danger' ? ` ${element.style}` : '';
  const attributes = {
    class: `button${style}`,
    'aria-label': text(element.accessibility_label) || undefined,
    'data-control': `${place.blockId}/${text(element.action_id)}`,
  };
  const label = el('span', { class: 'button-label' }, plainText(element.text));
  const href = webAddress(text(element.url));
  const button =
    href === undefined
      ? el('button', { type: 'button', ...attributes }, label)
      : el('a', { href, target: '_blank', rel: 'noopener noreferrer', ...attributes }, label);
  const press = { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
  button.addEventListener('click', () => void send(element, place, button, press));
  return button;
}

function drawOverflow(element: Fields, place: Place): HTMLElement {
  const button = el(
    'button',
    {
      type: 'button',
      class: 'button overflow',
      'aria-label': 'More actions',
      'data-control': `${place.blockId}/${text(element.action_id)}`,
    },
    icon(DOTS),
  );
  const choices = items(element.options).map((option): Choice => {
    const href = webAddress(text(option.url));
    return {
      label: plainText(option.text),
      ...(option.description === undefined ? {} : { description: plainText(option.description) }),
      ...(href === undefined ? {} : { href }),
      pick: () => void send(element, place, button, { selected_option: option }),
    };
  });
  return el(
    'span',
    { class: 'select-frame' },
    button,
    popup(button, 'menu', () => choices),
  );
}
