import type { Person } from './page-api.ts';

/** The workspace that everybody here belongs to. */
export const TEAM = { id: 'T0LOCAL001', name: 'Local workspace', domain: 'local' } as const;
/** The workspace of the company that channels can be shared with. */
export const OTHER_TEAM = 'T0OTHER001';
/** The installed app. */
export const APP_ID = 'A0LOCAL001';
/** The bot as `bots.info` knows it; as a user it is BOT. */
export const BOT_ID = 'B0LOCAL001';
/** The slash command that the app has registered. */
export const SLASH_COMMAND = '/trail';

/** The message shortcuts that the app has registered. */
export const MESSAGE_SHORTCUTS = [{ callbackId: 'investigate', name: 'Investigate this' }] as const;

/** The app's user. */
export const BOT: Person = {
  id: 'U0TRAILBOT',
  name: 'trailbot',
  realName: 'Trailbot',
  color: '#1d2b3a',
  isBot: true,
};

/** Who can sit in front of the page. */
export const PERSONS: readonly Person[] = [
  { id: 'U0ALICE01', name: 'alice', realName: 'Alice Martin', color: '#2b6cb0', isBot: false },
  { id: 'U0BOB00001', name: 'bob', realName: 'Bob Tanaka', color: '#2f855a', isBot: false },
  { id: 'U0CARLA001', name: 'carla', realName: 'Carla Reyes', color: '#b7791f', isBot: false },
];

/** Persons and the bot. */
export const EVERYBODY: readonly Person[] = [...PERSONS, BOT];

/** Colleagues who never sit in front of the page: they can press and be written to, and no list shows them. */
const COLLEAGUE = /^U0CROWD(\d{3})$/;

/** A person or the bot by id; `U0CROWD001` to `U0CROWD999` are further colleagues. */
export function findPerson(id: string): Person | undefined {
  const number = COLLEAGUE.exec(id)?.[1];
  if (number === undefined) return EVERYBODY.find((person) => person.id === id);
  const name = `colleague-${number}`;
  return { id, name, realName: `Colleague ${Number(number)}`, color: '#4a5568', isBot: false };
}

/** The address that `users.lookupByEmail` finds a person under. */
export function emailOf(person: Person): string {
  return `${person.name}@trail.example`;
}

/** What a person is in the workspace. Strangers belong to another company. */
export type Standing = 'member' | 'guest' | 'single-channel guest' | 'stranger';

/** Everybody is a member until a test says otherwise. */
export class Standings {
  readonly #of = new Map<string, Standing>();

  of(person: string): Standing {
    return this.#of.get(person) ?? 'member';
  }

  set(person: string, standing: Standing): void {
    this.#of.set(person, standing);
  }
}
