import { el, freshId, icon, show } from './dom.ts';
import { type Hint, hintsFor } from './hints.ts';
import type { Page } from './page.ts';

const SEND = 'M3 20V4l19 8-19 8zm3-4.5L14.5 12 6 8.5V11l5 1-5 1z';

/** Where a message goes. */
export interface Target {
  readonly channel: string;
  readonly threadTs?: string;
}

/**
 * The message box. Enter sends, Shift+Enter begins a new line; `/` opens the list of commands, where the arrow
 * keys choose and Tab or Enter writes the chosen one. Each conversation keeps its draft.
 */
export class Composer {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #box: HTMLTextAreaElement;
  readonly #list: HTMLElement;
  readonly #failure: HTMLElement;
  readonly #failureWords = el('span');
  readonly #drafts = new Map<string, string>();
  #target: Target = { channel: '' };
  #hints: readonly Hint[] = [];
  #active = -1;

  constructor(page: Page) {
    this.#page = page;
    const listId = freshId();
    this.#box = el('textarea', {
      rows: 1,
      class: 'composer-box',
      'aria-autocomplete': 'list',
      'aria-controls': listId,
      enterkeyhint: 'send',
    });
    this.#list = el('div', {
      id: listId,
      class: 'hints',
      role: 'listbox',
      'aria-label': 'Commands',
      hidden: true,
    });
    const dismiss = el('button', { type: 'button', class: 'text-button' }, 'OK');
    this.#failure = el('div', { class: 'failure', role: 'alert', hidden: true }, this.#failureWords, dismiss);
    const send = el('button', { type: 'button', class: 'send', 'aria-label': 'Send' }, icon(SEND));
    const frame = el('div', { class: 'composer-frame' }, this.#box, send);
    this.element = el('div', { class: 'composer' }, this.#failure, this.#list, frame);
    send.addEventListener('click', () => void this.#send());
    dismiss.addEventListener('click', () => this.#forgive());
    this.#box.addEventListener('input', () => this.#onInput());
    this.#box.addEventListener('keydown', (event) => this.#onKey(event));
    this.#box.addEventListener('blur', () => this.#showHints([]));
  }

  /** Turns to another conversation, and shows what went wrong there. */
  sync(target: Target, label: string): void {
    if (keyOf(target) !== keyOf(this.#target)) {
      this.#drafts.set(keyOf(this.#target), this.#box.value);
      this.#target = target;
      this.#box.value = this.#drafts.get(keyOf(target)) ?? '';
      this.#grow();
    }
    this.#box.setAttribute('aria-label', label);
    const command = target.threadTs === undefined ? this.#page.model.slashCommand : '';
    this.#box.placeholder = command === '' ? label : `${label} or ${command}`;
    const words = this.#page.model.failures.get(target.channel);
    if (this.#failureWords.textContent !== (words ?? '')) this.#failureWords.textContent = words ?? '';
    show(this.#failure, words !== undefined);
  }

  focus(): void {
    this.#box.focus();
  }

  async #send(): Promise<void> {
    const text = this.#box.value.trim();
    const target = this.#target;
    if (text === '') return;
    this.#forgive();
    if (target.threadTs !== undefined && this.#isCommand(text)) {
      this.#page.fail(target.channel, `${this.#page.model.slashCommand} is not supported in threads. Sorry!`);
      return;
    }
    this.#write('');
    const error = await this.#page.ask({ act: 'say', ...target, text });
    if (error === undefined) return;
    this.#page.fail(target.channel, error);
    if (keyOf(target) === keyOf(this.#target) && this.#box.value === '') this.#write(text);
  }

  #isCommand(text: string): boolean {
    const command = this.#page.model.slashCommand;
    return command !== '' && (text === command || text.startsWith(`${command} `));
  }

  #forgive(): void {
    if (this.#page.model.failures.delete(this.#target.channel)) this.#page.refresh();
  }

  #write(text: string): void {
    this.#box.value = text;
    this.#onInput();
  }

  #onInput(): void {
    this.#grow();
    const { slashCommand, people } = this.#page.model;
    const command = this.#target.threadTs === undefined ? slashCommand : '';
    const bots = people.filter((person) => person.isBot).map((person) => person.name);
    this.#showHints(hintsFor(this.#box.value, command, bots));
  }

  #grow(): void {
    this.#box.style.setProperty('height', 'auto');
    this.#box.style.setProperty('height', `${this.#box.scrollHeight}px`);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (this.#hints.length > 0 && this.#onHintKey(event.key)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void this.#send();
    }
  }

  #onHintKey(key: string): boolean {
    const count = this.#hints.length;
    if (key === 'ArrowDown') this.#activate((this.#active + 1) % count);
    else if (key === 'ArrowUp') this.#activate((this.#active - 1 + count) % count);
    else if (key === 'Escape') this.#showHints([]);
    else if (key === 'Tab' || (key === 'Enter' && this.#active !== -1)) this.#take(Math.max(0, this.#active));
    else return false;
    return true;
  }

  #showHints(hints: readonly Hint[]): void {
    this.#hints = hints;
    this.#list.replaceChildren(...hints.map((hint, at) => this.#drawHint(hint, at)));
    show(this.#list, hints.length > 0);
    this.#activate(-1);
  }

  #drawHint(hint: Hint, at: number): HTMLElement {
    const line = el(
      'div',
      { class: 'hint-line', role: 'option', id: freshId(), 'aria-selected': 'false' },
      el('code', {}, hint.usage),
      el('span', {}, hint.about),
    );
    line.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#take(at);
    });
    return line;
  }

  #activate(at: number): void {
    this.#active = at;
    for (const [index, line] of [...this.#list.children].entries()) {
      line.setAttribute('aria-selected', String(index === at));
    }
    this.#list.children[at]?.scrollIntoView({ block: 'nearest' });
    const id = this.#list.children[at]?.id;
    if (id === undefined) this.#box.removeAttribute('aria-activedescendant');
    else this.#box.setAttribute('aria-activedescendant', id);
  }

  #take(at: number): void {
    const hint = this.#hints[at];
    if (hint === undefined) return;
    this.#write(hint.text);
    this.#box.focus();
  }
}

function keyOf(target: Target): string {
  return `${target.channel}/${target.threadTs ?? ''}`;
}
