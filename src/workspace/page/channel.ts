import type { Channel } from '../page-api.ts';
import { Composer } from './composer.ts';
import { byId, el, show } from './dom.ts';
import { HomeTab } from './home.ts';
import { MessageLog } from './message-log.ts';
import type { Page } from './page.ts';
import { channelName } from './reader.ts';
import { formatRoute } from './route.ts';

/** The middle of the page: the open channel with its messages and message box, or the bot's Home tab. */
export class ChannelPane {
  readonly #page: Page;
  readonly #log: MessageLog;
  readonly #composer: Composer;
  readonly #home: HomeTab;
  #asked = '';
  #revealed = '';

  constructor(page: Page) {
    this.#page = page;
    this.#log = new MessageLog(page, false);
    this.#composer = new Composer(page);
    this.#home = new HomeTab(page);
    byId('messages').append(this.#log.element, this.#composer.element);
  }

  sync(): void {
    const { route, model, reader } = this.#page;
    const channel = model.channel(route.channel);
    if (channel === undefined) return;
    const name = `${channel.kind === 'im' ? '' : '#'}${channelName(reader, channel)}`;
    byId('title').textContent = name;
    const hasHome = model.botOf(channel) !== undefined;
    const home = hasHome && route.home === true;
    this.#drawTabs(channel, hasHome, home);
    show(byId('home'), home);
    show(byId('messages'), !home);
    if (home) this.#syncHome(channel);
    else this.#syncMessages(channel, name);
  }

  /** Back to the message, for a focus that has lost its place. */
  reveal(channel: string, ts: string): void {
    this.#log.reveal(channel, ts);
  }

  #syncHome(channel: Channel): void {
    this.#home.sync();
    const wanted = `${channel.id}/home`;
    if (this.#asked === wanted) return;
    this.#asked = wanted;
    void this.#page.ask({ act: 'home' }).then((error) => {
      if (error !== undefined) this.#page.fail(channel.id, error);
    });
  }

  #syncMessages(channel: Channel, name: string): void {
    const { model, route } = this.#page;
    this.#asked = '';
    this.#log.sync(channel.id, `Messages in ${name}`, model.conversation(channel.id));
    this.#composer.sync({ channel: channel.id }, `Message ${name}`);
    if (document.visibilityState === 'visible') model.markRead(channel.id);
    const target = route.message === undefined ? '' : formatRoute(route);
    if (target === this.#revealed) return;
    this.#revealed = target;
    if (route.message !== undefined) this.#log.reveal(channel.id, route.message);
  }

  #drawTabs(channel: Channel, hasHome: boolean, home: boolean): void {
    const tabs = byId('tabs');
    show(tabs, hasHome);
    const wanted = `${channel.id} ${home}`;
    if (!hasHome || tabs.dataset.shown === wanted) return;
    tabs.dataset.shown = wanted;
    const focused = tabs.contains(document.activeElement);
    const draw = (words: string, controls: string, isHome: boolean) => {
      const selected = isHome === home;
      const tab = el(
        'button',
        {
          type: 'button',
          class: 'tab',
          role: 'tab',
          'aria-selected': String(selected),
          'aria-controls': controls,
          tabindex: selected ? 0 : -1,
        },
        words,
      );
      const open = () =>
        this.#page.go(isHome ? { channel: channel.id, home: true } : { channel: channel.id });
      tab.addEventListener('click', open);
      return tab;
    };
    tabs.replaceChildren(draw('Home', 'home', true), draw('Messages', 'messages', false));
    tabs.onkeydown = (event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      tabs.querySelector<HTMLElement>('[aria-selected="false"]')?.click();
    };
    if (focused) tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }
}
