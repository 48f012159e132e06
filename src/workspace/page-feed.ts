import type { ServerResponse } from 'node:http';
import { type Clock, SECOND } from '../kernel/time.ts';
import type { Change } from './changes.ts';
import { canSee } from './channels.ts';
import type { Core } from './core.ts';
import { compareStamps, type StoredMessage } from './message.ts';
import type { Message, PageEvent, Snapshot } from './page-api.ts';
import { EVERYBODY, MESSAGE_SHORTCUTS, SLASH_COMMAND } from './people.ts';
import { SAFE_HEADERS } from './reply.ts';
import { viewForPage } from './view.ts';

/** A page that has just loaded its snapshot is told again what happened since about then. */
const CATCH_UP = 10 * SECOND;

/** Keeps the open pages up to date by server-sent events. */
export class PageFeed {
  readonly #pages = new Map<ServerResponse, string>();
  readonly #recent: { at: number; event: PageEvent; message: StoredMessage }[] = [];
  readonly #core: Core;
  readonly #clock: Clock;

  constructor(core: Core) {
    this.#core = core;
    this.#clock = core.clock;
  }

  /** Everything this person's page shows when it is loaded. */
  snapshot(me: string): Snapshot {
    const { channels, messages, views } = this.#core;
    const mine = channels.of(me);
    const shown = mine.flatMap((channel) => messages.in(channel.id)).filter((one) => isFor(one, me));
    const home = views.home(me);
    return {
      me,
      people: EVERYBODY,
      channels: mine,
      messages: shown.sort((a, b) => compareStamps(a.ts, b.ts)).map((one) => this.#forPage(one)),
      modals: views.modals(me).map(viewForPage),
      home: home ? viewForPage(home) : null,
      slashCommand: SLASH_COMMAND,
      shortcuts: MESSAGE_SHORTCUTS,
    };
  }

  /** Keeps the answer open; events follow until the page goes away. */
  open(me: string, response: ServerResponse): void {
    response.writeHead(200, {
      ...SAFE_HEADERS,
      'content-type': 'text/event-stream',
      connection: 'keep-alive',
    });
    response.write('retry: 1000\n\n');
    this.#pages.set(response, me);
    response.on('close', () => this.#pages.delete(response));
    for (const event of this.#missed(me)) send(response, event);
  }

  tell(change: Change): void {
    const { to, event } = this.#translate(change);
    if (!event) return;
    this.#remember(change, event);
    for (const [response, me] of this.#pages) if (to(me)) send(response, event);
  }

  close(): void {
    for (const response of this.#pages.keys()) response.end();
  }

  /** Between loading the snapshot and opening the feed something may have happened: told twice does no harm. */
  #missed(me: string): PageEvent[] {
    const since = this.#clock.now() - CATCH_UP;
    const { channels, views } = this.#core;
    const visible = new Set(channels.of(me).map((channel) => channel.id));
    const events = this.#recent
      .filter(({ at, message }) => at >= since && visible.has(message.channel) && isFor(message, me))
      .map(({ event }) => event);
    const home = views.home(me);
    return [
      ...events,
      { kind: 'modals', modals: views.modals(me).map(viewForPage) },
      ...(home ? [{ kind: 'home', view: viewForPage(home) } as const] : []),
    ];
  }

  #remember(change: Change, event: PageEvent): void {
    if (change.kind !== 'message' && change.kind !== 'deleted') return;
    const at = this.#clock.now();
    this.#recent.push({ at, event, message: change.message });
    const keep = this.#recent.findIndex((one) => one.at >= at - CATCH_UP);
    this.#recent.splice(0, keep);
  }

  #translate(change: Change): { to: (me: string) => boolean; event?: PageEvent } {
    switch (change.kind) {
      case 'message':
        return {
          to: this.#readers(change.message),
          event: { kind: 'message', message: this.#forPage(change.message) },
        };
      case 'deleted': {
        const { channel, ts } = change.message;
        return { to: this.#readers(change.message), event: { kind: 'deleted', channel, ts } };
      }
      case 'modals': {
        const modals = this.#core.views.modals(change.user).map(viewForPage);
        return { to: (me) => me === change.user, event: { kind: 'modals', modals } };
      }
      case 'home':
        return {
          to: (me) => me === change.view.user,
          event: { kind: 'home', view: viewForPage(change.view) },
        };
      case 'push': {
        const { to, ...push } = change.push;
        return { to: (me) => me === to, event: { kind: 'push', ...push } };
      }
      case 'failure': {
        const { to, ...failure } = change.failure;
        return { to: (me) => me === to, event: { kind: 'failure', ...failure } };
      }
      default:
        return { to: () => false };
    }
  }

  /** With its files, without what only the Web API shows, such as metadata. */
  #forPage(message: StoredMessage): Message {
    const { metadata: _, editedTs: __, reactions: ___, fileIds = [], ...shown } = message;
    if (fileIds.length === 0) return shown;
    const files = fileIds.flatMap((id) => {
      const file = this.#core.files.find(id);
      const path = `/files/${id}/${encodeURIComponent(file?.name ?? '')}`;
      return file ? [{ name: file.name, size: file.content?.length ?? 0, url: path }] : [];
    });
    return { ...shown, files };
  }

  #readers(message: StoredMessage): (me: string) => boolean {
    const channel = this.#core.channels.byId(message.channel);
    return (me) => channel !== undefined && canSee(channel, me) && isFor(message, me);
  }
}

function isFor(message: StoredMessage, me: string): boolean {
  return message.ephemeralTo === undefined || message.ephemeralTo === me;
}

function send(response: ServerResponse, event: PageEvent): void {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
}
