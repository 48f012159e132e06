import type { PageEvent } from '../page-api.ts';
import { ChannelPane } from './channel.ts';
import { listen, loadState, post } from './connection.ts';
import { byId, show } from './dom.ts';
import { ModalStack } from './modal.ts';
import { Model } from './model.ts';
import type { Ask, Page } from './page.ts';
import type { Reader } from './reader.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { Sidebar } from './sidebar.ts';
import { ThreadPanel } from './thread.ts';
import { now } from './time.ts';
import { showToast } from './toast.ts';

/** Who sits here until the address names somebody else: Alice of the workspace's people. */
const FIRST_PERSON = 'U0ALICE01';

/** The whole page: one model, and the parts that draw it anew after each change. */
class App implements Page {
  readonly model = new Model(localStorage);
  readonly reader: Reader;
  route: Route = parseRoute(location.hash);
  readonly #parts: { sync(): void }[];
  readonly #channel: ChannelPane;
  readonly #as = new URLSearchParams(location.search).get('as') || FIRST_PERSON;
  /** How many answers with the state are on their way; events that come meanwhile are applied after it. */
  #loading = 0;
  #held: PageEvent[] = [];
  #pressed: Route | undefined;

  constructor() {
    const { model } = this;
    this.reader = {
      get me() {
        return model.me;
      },
      person: (id) => model.person(id),
      channel: (id) => model.channel(id),
      timeStyle: () => ({ now: now() }),
    };
    this.#channel = new ChannelPane(this);
    // The channel marks itself as read before the sidebar counts.
    this.#parts = [this.#channel, new Sidebar(this), new ThreadPanel(this), new ModalStack(this)];
  }

  start(): void {
    history.replaceState(null, '', `?as=${encodeURIComponent(this.#as)}${location.hash}`);
    window.addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash);
      this.refresh();
    });
    document.addEventListener('visibilitychange', () => this.refresh());
    void this.#load();
    listen(this.#as, {
      opened: () => void this.#load(),
      lost: () => show(byId('offline'), true),
      heard: (event) => this.#hear(event),
    });
  }

  go(route: Route): void {
    this.route = route;
    history.pushState(null, '', formatRoute(route));
    this.refresh();
  }

  async ask(request: Ask): Promise<string | undefined> {
    if (request.act === 'press' && 'message' in request.from) {
      const { channel, ts } = request.from.message;
      this.#pressed = { channel, message: ts };
      if (this.model.failures.delete(channel)) this.refresh();
    }
    return post({ ...request, as: this.model.me });
  }

  fail(channel: string, words: string): void {
    this.model.failures.set(channel, words);
    this.refresh();
  }

  dismiss(message: { channel: string; ts: string }): void {
    const known = this.model.message(message.channel, message.ts);
    if (known !== undefined) this.model.dismiss(known);
    this.refresh();
  }

  refresh(): void {
    if (this.model.me === '') return;
    if (this.model.channel(this.route.channel) === undefined) this.#goSomewhere();
    for (const part of this.#parts) part.sync();
    this.#findFocus();
    const unread = this.model.channels.reduce((sum, channel) => sum + this.model.unread(channel.id), 0);
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${byId('title').textContent} · Local workspace`;
  }

  async #load(): Promise<void> {
    this.#loading += 1;
    try {
      const snapshot = await loadState(this.#as);
      this.model.replace(snapshot);
      for (const event of this.#held) this.model.apply(event);
      show(byId('offline'), false);
    } catch {
      show(byId('offline'), true);
    }
    this.#loading -= 1;
    if (this.#loading === 0) this.#held = [];
    this.refresh();
  }

  #hear(event: PageEvent): void {
    if (event.kind === 'push') {
      showToast(event, this);
      return;
    }
    if (this.#loading > 0) this.#held.push(event);
    this.model.apply(event);
    this.refresh();
  }

  /** The first channel, when the address names none that this person can see. */
  #goSomewhere(): void {
    const first = this.model.channels.find((channel) => channel.kind === 'channel') ?? this.model.channels[0];
    if (first === undefined) return;
    this.route = { channel: first.id };
    history.replaceState(null, '', formatRoute(this.route));
  }

  /** After a modal, the button that opened it may be gone: the focus then goes to its message. */
  #findFocus(): void {
    const pressed = this.#pressed;
    if (pressed?.message === undefined || this.model.modals.length > 0) return;
    if (document.activeElement === document.body) this.#channel.reveal(pressed.channel, pressed.message);
  }
}

new App().start();
