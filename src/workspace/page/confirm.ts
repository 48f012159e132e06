import { el, freshId } from './dom.ts';
import { keepFocusInside } from './focus.ts';
import { fields, text } from './read.ts';
import type { Reader } from './reader.ts';
import { drawText, plainText } from './text.ts';

/** Asks "are you sure?" where a control's `confirm` object wants it; yes at once where there is none. */
export function confirmed(value: unknown, reader: Reader): Promise<boolean> {
  const confirm = fields(value);
  if (text(fields(confirm.text).text) === '') return Promise.resolve(true);
  const titleId = freshId();
  const yes = el(
    'button',
    { type: 'button', class: `button ${confirm.style === 'danger' ? 'danger' : 'primary'}`, value: 'yes' },
    plainText(confirm.confirm) || 'Yes',
  );
  const no = el('button', { type: 'button', class: 'button' }, plainText(confirm.deny) || 'Cancel');
  const dialog = el(
    'dialog',
    { class: 'modal confirm', role: 'alertdialog', 'aria-labelledby': titleId },
    el('h2', { id: titleId, class: 'confirm-title' }, plainText(confirm.title) || 'Are you sure?'),
    el('div', { class: 'confirm-text mrkdwn' }, drawText(confirm.text, reader)),
    el('div', { class: 'modal-foot' }, no, yes),
  );
  keepFocusInside(dialog);
  document.body.append(dialog);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  yes.addEventListener('click', () => dialog.close('yes'));
  no.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(dialog.returnValue === 'yes');
  });
  dialog.showModal();
  return promise;
}
