import type { Answer } from './acts/act.ts';
import { openHome } from './acts/events.ts';
import { type Close, close, type Submit, submit } from './acts/modal.ts';
import { type Press, press, shortcut } from './acts/press.ts';
import { type Say, say } from './acts/say.ts';
import type { Core } from './core.ts';
import { Denied } from './denied.ts';
import type { PageRequest } from './page-api.ts';

/** What people can do, for the page and for tests. Each resolves when the app's HTTP answer has arrived. */
export class Acts {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Dispatches what a page has sent. */
  perform(request: PageRequest): Promise<Answer> {
    switch (request.act) {
      case 'say':
        return this.say(request);
      case 'press':
        return this.press(request);
      case 'submit':
        return this.submit(request);
      case 'shortcut':
        return this.shortcut(request);
      case 'close':
        return this.close(request);
      case 'home':
        return this.openHome(request.as);
    }
  }

  say(request: Say): Promise<Answer> {
    return inWords(() => say(this.#core, request));
  }

  press(request: Press): Promise<Answer> {
    return inWords(() => press(this.#core, request));
  }

  submit(request: Submit): Promise<Answer> {
    return inWords(() => submit(this.#core, request));
  }

  close(request: Close): Promise<Answer> {
    return inWords(() => close(this.#core, request));
  }

  openHome(as: string): Promise<Answer> {
    return inWords(() => openHome(this.#core, as));
  }

  /** The message shortcut with this callback id. */
  shortcut(request: { as: string; channel: string; ts: string; callbackId: string }): Promise<Answer> {
    return inWords(() => shortcut(this.#core, request));
  }
}

/** A refused act is an answer for the person. */
async function inWords(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Denied) return { ok: false, error: error.code };
    throw error;
  }
}
