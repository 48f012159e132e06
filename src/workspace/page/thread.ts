import { Composer } from './composer.ts';
import { byId, el, icon, show } from './dom.ts';
import { MessageLog } from './message-log.ts';
import type { Page } from './page.ts';
import { channelName } from './reader.ts';

const CLOSE = 'M6 6l12 12M18 6L6 18';

/** The panel beside the channel: one message, the replies to it, and a box for another reply. */
export class ThreadPanel {
  readonly #page: Page;
  readonly #panel = byId('thread');
  readonly #log: MessageLog;
  readonly #composer: Composer;
  readonly #where = el('span', { class: 'thread-where' });
  #shown = '';

  constructor(page: Page) {
    this.#page = page;
    this.#log = new MessageLog(page, true);
    this.#composer = new Composer(page);
    const close = el(
      'button',
      { type: 'button', class: 'tool', 'aria-label': 'Close thread', title: 'Close thread' },
      icon(CLOSE),
    );
    close.addEventListener('click', () => this.#close());
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.#close();
    });
    const head = el('header', { class: 'head' }, el('h2', {}, 'Thread'), this.#where, close);
    this.#panel.append(head, this.#log.element, this.#composer.element);
  }

  sync(): void {
    const { route, model, reader } = this.#page;
    const { channel: id, thread } = route;
    const channel = model.channel(id);
    const root = thread === undefined ? undefined : model.message(id, thread);
    const open = channel !== undefined && thread !== undefined;
    show(this.#panel, open);
    document.body.classList.toggle('thread-open', open);
    if (!open) {
      this.#shown = '';
      return;
    }
    this.#where.textContent = `${channel.kind === 'im' ? '' : '#'}${channelName(reader, channel)}`;
    const replies = model.replies(id, thread);
    this.#log.sync(`${id}/${thread}`, 'Thread', root === undefined ? replies : [root, ...replies]);
    this.#composer.sync({ channel: id, threadTs: thread }, 'Reply in thread');
    if (this.#shown !== thread && matchMedia('(hover: hover)').matches) this.#composer.focus();
    this.#shown = thread;
  }

  #close(): void {
    const { channel, thread } = this.#page.route;
    this.#page.go(thread === undefined ? { channel } : { channel, message: thread });
  }
}
