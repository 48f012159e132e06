import type { Channel, Message, PageEvent, Person, Snapshot, View } from '../page-api.ts';

const NOTHING: Snapshot = {
  me: '',
  people: [],
  channels: [],
  messages: [],
  modals: [],
  home: null,
  slashCommand: '',
  shortcuts: [],
};

/** What the page knows: the server's last snapshot with every event since. */
export class Model {
  #snapshot = NOTHING;
  #messages = new Map<string, Message>();
  #modals: readonly View[] = [];
  #home: View | null = null;
  /** Slack's words beside a message box, by channel. */
  readonly failures = new Map<string, string>();
  readonly #dismissed: Kept;
  readonly #seen: Kept;

  /** `storage` remembers over reloads what was dismissed and read. */
  constructor(storage: Storage) {
    this.#dismissed = new Kept(storage, 'dismissed');
    this.#seen = new Kept(storage, 'seen');
  }

  replace(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#messages = new Map(snapshot.messages.map((message) => [keyOf(message), message]));
    this.#modals = snapshot.modals;
    this.#home = snapshot.home;
  }

  apply(event: PageEvent): void {
    switch (event.kind) {
      case 'message':
        this.#messages.set(keyOf(event.message), event.message);
        break;
      case 'deleted':
        this.#messages.delete(keyOf(event));
        break;
      case 'modals':
        this.#modals = event.modals;
        break;
      case 'home':
        this.#home = event.view;
        break;
      case 'failure':
        this.failures.set(event.channel, event.text);
        break;
      case 'push':
        break;
    }
  }

  get me(): string {
    return this.#snapshot.me;
  }

  get people(): readonly Person[] {
    return this.#snapshot.people;
  }

  get channels(): readonly Channel[] {
    return this.#snapshot.channels;
  }

  get slashCommand(): string {
    return this.#snapshot.slashCommand;
  }

  get shortcuts(): Snapshot['shortcuts'] {
    return this.#snapshot.shortcuts;
  }

  get modals(): readonly View[] {
    return this.#modals;
  }

  get home(): View | null {
    return this.#home;
  }

  person(id: string): Person | undefined {
    return this.people.find((person) => person.id === id);
  }

  channel(id: string): Channel | undefined {
    return this.channels.find((channel) => channel.id === id);
  }

  /** The direct message's other side, when it is a bot. */
  botOf(channel: Channel): Person | undefined {
    const other = channel.kind === 'im' ? this.person(channel.name) : undefined;
    return other?.isBot === true ? other : undefined;
  }

  message(channel: string, ts: string): Message | undefined {
    return this.#messages.get(keyOf({ channel, ts }));
  }

  /** Oldest first, without replies that were not sent to the channel as well. */
  conversation(channel: string): Message[] {
    return this.#visible(
      (message) => message.channel === channel && (!isReply(message) || message.broadcast === true),
    );
  }

  /** The replies to a message, oldest first. */
  replies(channel: string, ts: string): Message[] {
    return this.#visible(
      (message) => message.channel === channel && isReply(message) && message.threadTs === ts,
    );
  }

  /** Messages of others that came after this person last looked. */
  unread(channel: string): number {
    const seen = this.#seen.get(`${this.me}/${channel}`) ?? '';
    return this.conversation(channel).filter((message) => message.user !== this.me && message.ts > seen)
      .length;
  }

  markRead(channel: string): void {
    const last = this.conversation(channel).at(-1);
    if (last !== undefined) this.#seen.set(`${this.me}/${channel}`, last.ts);
  }

  /** Takes an ephemeral message out of sight, for good. */
  dismiss(message: Message): void {
    this.#dismissed.set(keyOf(message), 'yes');
  }

  #visible(wanted: (message: Message) => boolean): Message[] {
    return [...this.#messages.values()]
      .filter((message) => wanted(message) && this.#dismissed.get(keyOf(message)) === undefined)
      .sort((a, b) => (a.ts < b.ts ? -1 : 1));
  }
}

/** What tells messages apart. */
export function keyOf(message: { readonly channel: string; readonly ts: string }): string {
  return `${message.channel}/${message.ts}`;
}

/** Whether a message stands in a thread under another one. */
export function isReply(message: Message): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts;
}

/** A map that outlives the page. */
class Kept {
  readonly #storage: Storage;
  readonly #prefix: string;

  constructor(storage: Storage, name: string) {
    this.#storage = storage;
    this.#prefix = `trailbot:${name}:`;
  }

  get(key: string): string | undefined {
    return this.#storage.getItem(this.#prefix + key) ?? undefined;
  }

  set(key: string, value: string): void {
    this.#storage.setItem(this.#prefix + key, value);
  }
}
