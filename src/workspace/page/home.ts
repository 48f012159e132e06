import type { View } from '../page-api.ts';
import { drawBlocks } from './blocks.ts';
import { byId, el } from './dom.ts';
import { KeyedList } from './keyed.ts';
import type { Page } from './page.ts';
import { Values } from './values.ts';

/** The bot's Home tab, which it draws for each person on its own. */
export class HomeTab {
  readonly #page: Page;
  readonly #list = new KeyedList(byId('home'));
  #values = new Values();

  constructor(page: Page) {
    this.#page = page;
  }

  sync(): void {
    const view = this.#page.model.home;
    const key = view?.id ?? 'empty';
    this.#list.sync([{ key, signature: JSON.stringify(view), draw: () => this.#draw(view) }]);
  }

  #draw(view: View | null): HTMLElement {
    if (view === null) return el('p', { class: 'empty' }, 'The app has put nothing here yet.');
    this.#values = new Values(this.#values);
    const { reader, model, route } = this.#page;
    const values = this.#values;
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
        if (error !== undefined) this.#page.fail(route.channel, error);
      },
    });
    return el('div', { class: 'blocks home-blocks' }, ...blocks);
  }
}
