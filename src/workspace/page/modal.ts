import type { View } from '../page-api.ts';
import { drawBlocks } from './blocks.ts';
import { mistakesIn } from './checks.ts';
import { el, icon, show } from './dom.ts';
import { focusable, keepFocus, keepFocusInside } from './focus.ts';
import type { Page } from './page.ts';
import { Values } from './values.ts';

const CLOSE = 'M6 6l12 12M18 6L6 18';

/** The modal that lies on top, in one dialog for as long as any is open. */
export class ModalStack {
  readonly #page: Page;
  readonly #values = new Map<string, Values>();
  #dialog: HTMLDialogElement | undefined;
  #form = el('form');
  /** Slack's words about the whole modal. */
  #words = el('p');
  #shown = '';
  #busy = false;

  constructor(page: Page) {
    this.#page = page;
  }

  sync(): void {
    const view = this.#page.model.modals.at(-1);
    const signature = JSON.stringify(view);
    if (signature === this.#shown) return;
    this.#shown = signature ?? '';
    if (view === undefined) this.#close();
    else this.#show(view);
  }

  #show(view: View): void {
    const dialog = this.#dialog ?? this.#open();
    const same = this.#form.dataset.view === view.id;
    dialog.setAttribute('aria-label', view.title ?? 'Dialog');
    const redraw = () => {
      const fresh = this.#draw(view);
      this.#form.replaceWith(fresh);
      this.#form = fresh;
      return fresh;
    };
    if (same) keepFocus(this.#form, redraw);
    else redraw();
    if (view.errors !== undefined) this.#mark(view.errors);
    else if (!same) this.#focusFirst();
  }

  #open(): HTMLDialogElement {
    this.#form = el('form');
    const dialog = el('dialog', { class: 'modal' }, this.#form);
    keepFocusInside(dialog);
    dialog.addEventListener('cancel', (event) => {
      if (event.target !== dialog) return;
      event.preventDefault();
      this.#dismiss();
    });
    document.body.append(dialog);
    dialog.showModal();
    this.#dialog = dialog;
    return dialog;
  }

  #close(): void {
    this.#dialog?.close();
    this.#dialog?.remove();
    this.#dialog = undefined;
    this.#values.clear();
  }

  #draw(view: View): HTMLFormElement {
    const values = new Values(this.#values.get(view.id));
    this.#values.set(view.id, values);
    const { reader, model } = this.#page;
    this.#words = el('p', { class: 'mistake modal-mistake', role: 'alert', hidden: true });
    const blocks = drawBlocks(view.blocks, {
      reader,
      people: model.people,
      channels: model.channels,
      values,
      press: async (action) => {
        const error = await this.#page.ask({
          act: 'press',
          from: { view: view.id },
          action,
          values: values.all(),
        });
        if (error !== undefined) this.#say(error);
      },
    });
    const form = el(
      'form',
      { novalidate: true, class: 'modal-form', 'data-view': view.id },
      this.#drawHead(view),
      el('div', { class: 'modal-body blocks' }, ...blocks),
      this.#words,
      this.#drawFoot(view),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (view.submit !== undefined) void this.#submit(view, values);
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    form.addEventListener('input', (event) => forgive(event.target));
    return form;
  }

  #drawHead(view: View): HTMLElement {
    const dismiss = el(
      'button',
      { type: 'button', class: 'tool', 'aria-label': 'Dismiss', title: 'Dismiss' },
      icon(CLOSE),
    );
    dismiss.addEventListener('click', () => this.#dismiss());
    return el('header', { class: 'modal-head' }, el('h2', {}, view.title ?? ''), dismiss);
  }

  #drawFoot(view: View): HTMLElement {
    const words = view.close ?? (view.submit === undefined ? 'Close' : 'Cancel');
    const close = el('button', { type: 'button', class: 'button' }, words);
    close.addEventListener('click', () => this.#dismiss());
    const submit =
      view.submit === undefined
        ? null
        : el(
            'button',
            { type: 'submit', class: 'button primary' },
            el('span', { class: 'button-label' }, view.submit),
          );
    return el('footer', { class: 'modal-foot' }, close, submit);
  }

  async #submit(view: View, values: Values): Promise<void> {
    if (this.#busy) return;
    show(this.#words, false);
    const mistakes = mistakesIn(view.blocks, values);
    this.#mark(mistakes);
    if (Object.keys(mistakes).length > 0) return;
    const button = this.#form.querySelector('button[type="submit"]');
    this.#busy = true;
    button?.setAttribute('aria-busy', 'true');
    const error = await this.#page.ask({ act: 'submit', view: view.id, values: values.all() });
    this.#busy = false;
    button?.removeAttribute('aria-busy');
    const now = this.#page.model.modals.at(-1);
    const errors = now?.id === view.id ? (now.errors ?? {}) : {};
    // The same mistakes as last time change nothing in the model, yet they must be seen again.
    this.#mark(errors);
    if (error !== undefined && !Object.values(errors).includes(error)) this.#say(error);
  }

  #dismiss(): void {
    const view = this.#page.model.modals.at(-1);
    if (view === undefined) return;
    this.#page.model.apply({ kind: 'modals', modals: this.#page.model.modals.slice(0, -1) });
    this.#page.refresh();
    void this.#page.ask({ act: 'close', view: view.id });
  }

  /** Shows mistakes under their fields, and goes to the first. */
  #mark(mistakes: Readonly<Record<string, string>>): void {
    let first: HTMLElement | undefined;
    for (const block of this.#form.querySelectorAll<HTMLElement>('[data-block]')) {
      const words = mistakes[block.dataset.block ?? ''];
      const line = block.querySelector<HTMLElement>('.input > .mistake');
      if (line === null) continue;
      line.textContent = words ?? '';
      show(line, words !== undefined);
      const control = block.querySelector<HTMLElement>('[aria-describedby]');
      if (words === undefined) control?.removeAttribute('aria-invalid');
      else control?.setAttribute('aria-invalid', 'true');
      if (words !== undefined) first ??= focusable(block)[0];
    }
    first?.focus();
  }

  #say(words: string): void {
    this.#words.textContent = words;
    show(this.#words, true);
  }

  #focusFirst(): void {
    const body = this.#form.querySelector('.modal-body');
    const first = body === null ? undefined : focusable(body)[0];
    (first ?? this.#form.querySelector<HTMLElement>('.modal-foot button:last-child'))?.focus();
  }
}

/** Takes the mistake away from a field that is being put right. */
function forgive(target: EventTarget | null): void {
  const input = target instanceof Element ? target.closest('.input') : null;
  const line = input?.querySelector<HTMLElement>(':scope > .mistake');
  if (line === null || line === undefined) return;
  show(line, false);
  input?.querySelector('[aria-invalid]')?.removeAttribute('aria-invalid');
}
