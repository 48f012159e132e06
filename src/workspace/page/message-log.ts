import type { Message } from '../page-api.ts';
import { dayHeading } from './dates.ts';
import { el } from './dom.ts';
import { type Entry, KeyedList } from './keyed.ts';
import { drawMessage } from './message.ts';
import { keyOf } from './model.ts';
import type { Page } from './page.ts';
import { closeAdrift } from './popup.ts';
import { Values } from './values.ts';

/** How near to its end, in pixels, a log counts as read to the end. */
const NEAR = 80;

/**
 * The messages of a channel or thread. One message at a time is a stop of the Tab key, the arrow keys go from
 * message to message. It follows new messages while its end is in sight.
 */
export class MessageLog {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #inThread: boolean;
  #list: KeyedList;
  #values = new Map<string, Values>();
  #shown = '';
  #last = '';

  constructor(page: Page, inThread: boolean) {
    this.#page = page;
    this.#inThread = inThread;
    this.element = el('div', { class: 'log', role: 'log' });
    this.#list = new KeyedList(this.element);
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.element.addEventListener('focusin', (event) => this.#onFocus(event.target));
    this.element.addEventListener('scroll', closeAdrift);
  }

  /** Draws these messages; `subject` names what they are about, and a new subject starts at the end. */
  sync(subject: string, label: string, messages: readonly Message[]): void {
    const fresh = subject !== this.#shown;
    if (fresh) {
      this.element.replaceChildren();
      this.#list = new KeyedList(this.element);
      this.#values = new Map();
      this.#shown = subject;
    }
    this.element.setAttribute('aria-label', label);
    const following = fresh || this.#atEnd();
    this.#list.sync(this.#entries(messages));
    this.#keepOneStop();
    const last = messages.at(-1);
    // What one has said oneself, and an answer to oneself alone, must not arrive out of sight.
    const mine = last?.user === this.#page.model.me || last?.ephemeralTo !== undefined;
    const toMe = mine && last?.ts !== this.#last;
    this.#last = last?.ts ?? '';
    if (following || toMe) this.toEnd();
    if (toMe) this.#toBeginningOf(this.#articles().at(-1));
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** What is longer than the log is read from its beginning. */
  #toBeginningOf(article: HTMLElement | undefined): void {
    if (article !== undefined && article.offsetHeight > this.element.clientHeight) article.scrollIntoView();
  }

  /** Brings a message into view and gives it the focus; false when it is not in this log. */
  reveal(channel: string, ts: string): boolean {
    const article = this.#list.element(keyOf({ channel, ts }));
    if (article === undefined) return false;
    article.scrollIntoView({ block: 'center' });
    article.focus({ preventScroll: true });
    article.classList.remove('revealed');
    void article.offsetWidth;
    article.classList.add('revealed');
    return true;
  }

  #entries(messages: readonly Message[]): Entry[] {
    const entries: Entry[] = [];
    const style = this.#page.reader.timeStyle();
    let day = '';
    for (const message of messages) {
      const heading = dayHeading(Number(message.ts), style);
      if (heading !== day && !this.#inThread) entries.push(dayEntry(heading));
      day = heading;
      entries.push(this.#messageEntry(message));
    }
    return entries;
  }

  #messageEntry(message: Message): Entry {
    const key = keyOf(message);
    const { model } = this.#page;
    const replies = model.replies(message.channel, message.ts);
    const root =
      message.broadcast === true ? model.message(message.channel, message.threadTs ?? '') : undefined;
    return {
      key,
      signature: JSON.stringify([message, replies.length, replies.at(-1)?.ts, root?.text]),
      draw: () => {
        const values = new Values(this.#values.get(key));
        this.#values.set(key, values);
        return drawMessage(message, this.#page, { values, inThread: this.#inThread });
      },
    };
  }

  #atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #articles(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>('article')];
  }

  #keepOneStop(): void {
    const articles = this.#articles();
    if (!articles.some((article) => article.tabIndex === 0)) articles.at(-1)?.setAttribute('tabindex', '0');
  }

  #onFocus(target: EventTarget | null): void {
    if (!(target instanceof Element)) return;
    const current = target.closest('article');
    for (const article of this.#articles()) article.tabIndex = article === current ? 0 : -1;
  }

  #onKey(event: KeyboardEvent): void {
    const articles = this.#articles();
    const at = articles.findIndex((article) => article.matches(':focus'));
    if (at === -1) return;
    const to = new Map([
      ['ArrowUp', at - 1],
      ['ArrowDown', at + 1],
      ['Home', 0],
      ['End', articles.length - 1],
    ]).get(event.key);
    const article = to === undefined ? undefined : articles[to];
    if (article === undefined) return;
    event.preventDefault();
    article.focus();
    article.scrollIntoView({ block: 'nearest' });
  }
}

function dayEntry(heading: string): Entry {
  return {
    key: `day ${heading}`,
    signature: heading,
    draw: () =>
      el('div', { class: 'day', role: 'separator', 'aria-label': heading }, el('span', {}, heading)),
  };
}
