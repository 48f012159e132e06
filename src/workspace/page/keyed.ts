import { keepFocus } from './focus.ts';

/** One element of a list: drawn anew only when its signature changes. */
export interface Entry {
  readonly key: string;
  readonly signature: string;
  draw(): HTMLElement;
}

interface Drawn {
  readonly signature: string;
  readonly element: HTMLElement;
}

/** A list of elements that keeps what has not changed, and the focus where it is. */
export class KeyedList {
  readonly #host: HTMLElement;
  #drawn = new Map<string, Drawn>();

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Makes the list show these entries, in this order. */
  sync(entries: readonly Entry[]): void {
    const wanted = new Set(entries.map((entry) => entry.key));
    for (const [key, { element }] of this.#drawn) {
      if (!wanted.has(key)) remove(element);
    }
    const next = new Map<string, Drawn>();
    for (const [at, entry] of entries.entries()) {
      const drawn = this.#draw(entry);
      next.set(entry.key, drawn);
      const current = this.#host.children[at];
      if (current !== drawn.element) this.#host.insertBefore(drawn.element, current ?? null);
    }
    this.#drawn = next;
  }

  element(key: string): HTMLElement | undefined {
    return this.#drawn.get(key)?.element;
  }

  #draw(entry: Entry): Drawn {
    const old = this.#drawn.get(entry.key);
    if (old === undefined) return { signature: entry.signature, element: entry.draw() };
    if (old.signature === entry.signature) return old;
    const element = keepFocus(old.element, () => {
      const fresh = entry.draw();
      old.element.replaceWith(fresh);
      return fresh;
    });
    return { signature: entry.signature, element };
  }
}

/** Removes an element; a focus inside it goes to its neighbour. */
function remove(element: HTMLElement): void {
  const focused = element.contains(document.activeElement);
  const neighbour = element.nextElementSibling ?? element.previousElementSibling;
  element.remove();
  if (focused && neighbour instanceof HTMLElement) neighbour.focus();
}
