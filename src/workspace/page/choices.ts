import { el, freshId } from './dom.ts';
import { type Fields, fields, items, text } from './read.ts';
import { change, naming, type Place, start } from './surface.ts';
import { drawText } from './text.ts';

/** `radio_buttons` and `checkboxes`: options with their descriptions, one below the other. */
export function drawChoices(element: Fields, place: Place): HTMLElement {
  const single = element.type === 'radio_buttons';
  const member = single ? 'selected_option' : 'selected_options';
  const initial = single ? (element.initial_option ?? null) : items(element.initial_options);
  const held = start(element, place, { [member]: initial })[member];
  const chosen = new Set((single ? [fields(held)] : items(held)).map((option) => text(option.value)));
  const name = freshId();
  const options = items(element.options);
  const group = el('div', {
    class: 'choices',
    role: single ? 'radiogroup' : 'group',
    ...naming(place, single ? 'Choose one' : 'Choose any'),
  });
  const inputs = options.map((option, at) => {
    const input = el('input', {
      type: single ? 'radio' : 'checkbox',
      name,
      value: at,
      checked: chosen.has(text(option.value)),
      'data-control': `${place.blockId}/${text(element.action_id)}:${at}`,
    });
    group.append(drawOption(option, input, place));
    return input;
  });
  group.addEventListener('change', () => {
    const selected = options.filter((_, at) => inputs[at]?.checked === true);
    void change(element, place, group, { [member]: single ? (selected[0] ?? null) : selected });
  });
  return group;
}

function drawOption(option: Fields, input: HTMLInputElement, place: Place): HTMLElement {
  const description = option.description;
  return el(
    'label',
    { class: 'choice' },
    input,
    el(
      'span',
      { class: 'choice-text' },
      el('span', { class: 'mrkdwn' }, drawText(option.text, place.surface.reader)),
      description === undefined
        ? null
        : el('small', { class: 'mrkdwn' }, drawText(description, place.surface.reader)),
    ),
  );
}
