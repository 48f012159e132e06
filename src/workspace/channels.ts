import type { Channel } from './page-api.ts';
import { BOT, EVERYBODY, findPerson, PERSONS } from './people.ts';

/** A channel, or one person's direct messages with the bot. */
export interface Conversation {
  readonly id: string;
  /** Without `#`; empty for direct messages. */
  readonly name: string;
  readonly kind: 'channel' | 'im';
  /** The person whose direct messages these are. */
  readonly user?: string;
  readonly archived: boolean;
  readonly botIn: boolean;
  /** `group`: a direct message of several people. By default public. */
  readonly visibility?: 'public' | 'private' | 'group';
  /** With another company, now or once its invitation is accepted. */
  readonly shared?: 'external' | 'pending';
}

/** What can happen to a channel. */
export type ChannelChange = Partial<Omit<Conversation, 'id' | 'kind' | 'user'>>;

const PUBLIC: readonly Conversation[] = [
  { id: 'C0SECURITY', name: 'security-alerts', kind: 'channel', archived: false, botIn: true },
  { id: 'C0CLOUDOPS', name: 'cloud-ops', kind: 'channel', archived: false, botIn: true },
  { id: 'C0GENERAL0', name: 'general', kind: 'channel', archived: false, botIn: true },
];

const DIRECT: readonly Conversation[] = PERSONS.map(({ id }) => directOf(id));

function directOf(user: string): Conversation {
  return { id: user.replace(/^U/, 'D'), name: '', kind: 'im', user, archived: false, botIn: true };
}

/** The conversations of the workspace; tests archive, rename and share them, and throw the bot out. */
export class Channels {
  readonly #byId = new Map([...PUBLIC, ...DIRECT].map((one) => [one.id, one]));

  list(): Conversation[] {
    return [...this.#byId.values()];
  }

  byId(id: string): Conversation | undefined {
    return this.#byId.get(id) ?? this.#colleague(id.replace(/^D/, 'U'));
  }

  /** As `chat.postMessage` takes it: an id, `#name`, or a person's id for their direct messages. */
  find(reference: string): Conversation | undefined {
    const name = reference.startsWith('#') ? reference.slice(1) : undefined;
    return (
      this.#byId.get(reference) ??
      this.list().find((one) => (name !== undefined && one.name === name) || one.user === reference) ??
      this.#colleague(reference.replace(/^D/, 'U'))
    );
  }

  /** The direct messages of somebody whom no list shows. */
  #colleague(user: string): Conversation | undefined {
    const listed = EVERYBODY.some(({ id }) => id === user);
    return listed || !findPerson(user) ? undefined : directOf(user);
  }

  change(id: string, change: ChannelChange): void {
    const known = this.#byId.get(id);
    if (known) this.#byId.set(id, { ...known, ...change });
  }

  /** What a person has in the side bar: the channels and their own direct messages. */
  of(person: string): Channel[] {
    return this.list()
      .filter((one) => canSee(one, person))
      .map((one) => ({ id: one.id, name: one.kind === 'im' ? BOT.id : one.name, kind: one.kind }));
  }
}

/** As `types` of conversations.list and the scopes call it. */
export type ConversationType = 'public_channel' | 'private_channel' | 'mpim' | 'im';

export function typeOf({ kind, visibility = 'public' }: Conversation): ConversationType {
  if (kind === 'im') return 'im';
  return ({ public: 'public_channel', private: 'private_channel', group: 'mpim' } as const)[visibility];
}

/** Direct messages are between one person and the bot; channels are open to all. */
export function canSee(conversation: Conversation, person: string): boolean {
  return conversation.kind === 'channel' || conversation.user === person;
}

/** Ids of all members, the bot where it is in. */
export function membersOf(conversation: Conversation): string[] {
  return EVERYBODY.filter((person) =>
    person.isBot ? conversation.botIn : canSee(conversation, person.id),
  ).map((person) => person.id);
}
