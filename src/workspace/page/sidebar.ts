import type { Channel, Person } from '../page-api.ts';
import { avatar } from './avatar.ts';
import { byId, el } from './dom.ts';
import { KeyedList } from './keyed.ts';
import type { Page } from './page.ts';
import { channelName } from './reader.ts';
import { formatRoute } from './route.ts';

/** Channels, direct messages, and who sits in front of the page. On a narrow screen it is a drawer. */
export class Sidebar {
  readonly #page: Page;
  readonly #channels = new KeyedList(byId('channels'));
  readonly #directs = new KeyedList(byId('directs'));
  readonly #people = new KeyedList(byId('people'));
  readonly #element = byId('sidebar');
  readonly #button = byId('menu');

  constructor(page: Page) {
    this.#page = page;
    this.#button.addEventListener('click', () => this.#toggle(true));
    byId('shade').addEventListener('click', () => this.#toggle(false));
    this.#element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#toggle(false);
    });
    this.#element.addEventListener('click', (event) => {
      if (event.target instanceof Element && event.target.closest('a') !== null) this.#toggle(false);
    });
  }

  sync(): void {
    const { channels, people, me } = this.#page.model;
    const entries = (kind: Channel['kind']) =>
      channels.filter((channel) => channel.kind === kind).map((channel) => this.#channelEntry(channel));
    this.#channels.sync(entries('channel'));
    this.#directs.sync(entries('im'));
    this.#people.sync(
      people
        .filter((person) => !person.isBot)
        .map((person) => ({
          key: person.id,
          signature: JSON.stringify([person, me]),
          draw: () => drawPerson(person, person.id === me),
        })),
    );
  }

  #channelEntry(channel: Channel) {
    const current = channel.id === this.#page.route.channel;
    const unread = this.#page.model.unread(channel.id);
    const name = channelName(this.#page.reader, channel);
    return {
      key: channel.id,
      signature: JSON.stringify([name, current, unread]),
      draw: () => this.#drawChannel(channel, name, current, unread),
    };
  }

  #drawChannel(channel: Channel, name: string, current: boolean, unread: number): HTMLElement {
    const other = channel.kind === 'im' ? this.#page.model.person(channel.name) : undefined;
    const count = unread > 99 ? '99+' : String(unread);
    const link = el(
      'a',
      {
        class: `channel${unread > 0 ? ' unread' : ''}`,
        href: formatRoute({ channel: channel.id }),
        'data-control': channel.id,
        'aria-current': current ? 'page' : undefined,
        'aria-label': unread > 0 ? `${name}, ${unread} unread` : name,
      },
      other === undefined ? el('span', { class: 'hash', 'aria-hidden': 'true' }, '#') : avatar(other),
      el('span', { class: 'channel-name' }, name),
      other?.isBot === true ? el('span', { class: 'app-badge' }, 'APP') : null,
      unread > 0 ? el('span', { class: channel.kind === 'im' ? 'count urgent' : 'count' }, count) : null,
    );
    return el('li', {}, link);
  }

  #toggle(open: boolean): void {
    if (open === document.body.classList.contains('drawer-open')) return;
    document.body.classList.toggle('drawer-open', open);
    this.#button.setAttribute('aria-expanded', String(open));
    byId('main').inert = open;
    if (open) this.#element.querySelector<HTMLElement>('a')?.focus();
    else this.#button.focus();
  }
}

function drawPerson(person: Person, current: boolean): HTMLElement {
  const name = person.realName || person.name;
  return el(
    'li',
    {},
    el(
      'a',
      {
        class: 'person',
        href: `?as=${encodeURIComponent(person.id)}`,
        'aria-current': current ? 'true' : undefined,
        'aria-label': current ? `${name} (you)` : `Be ${name}`,
        title: current ? `You are ${name}` : `Be ${name}`,
      },
      avatar(person),
      el('span', {}, name.split(' ')[0] ?? name),
    ),
  );
}
