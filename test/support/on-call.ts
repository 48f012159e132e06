import type { Millis } from '../../src/kernel/time.ts';
import { SECOND } from '../../src/kernel/time.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import { PERSONS } from '../../src/workspace/people.ts';
import type { Bot } from './bot.ts';
import { ephemerals } from './people.ts';

export const CARLA = 'U0CARLA001';
const OPS = 'C0CLOUDOPS';

/** Every day at 09:00 Alice, then Bob, then Carla; on Friday, 2026-11-20, it is Bob. */
export const DAILY = `
schedules:
  primary:
    time_zone: Europe/Berlin
    channel: '#cloud-ops'
    layers:
      - { name: day, rotation: daily, start: 2026-11-16T09:00, people: [U0ALICE01, U0BOB00001, U0CARLA001] }
`;

/** When a wall clock in Berlin shows this, in winter. */
export function berlin(day: number, hour: number, minute = 0): Millis {
  return Date.UTC(2026, 10, day, hour - 1, minute);
}

/** All that a reader sees of a message: people as `@bob`, times as `2026-11-20 08:00`, in UTC. */
export function said(message: Pick<StoredMessage, 'blocks'> | undefined): string {
  return lines(message?.blocks)
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function lines(value: unknown): string {
  if (Array.isArray(value)) return value.map(lines).join('');
  if (typeof value !== 'object' || value === null) return '';
  const part = value as Readonly<Record<string, unknown>>;
  switch (part.type) {
    case 'text':
    case 'link':
      return String(part.text);
    case 'user':
      return `@${PERSONS.find(({ id }) => id === part.user_id)?.name ?? part.user_id}`;
    case 'usergroup':
      return `@${part.usergroup_id}`;
    case 'date':
      return String(part.fallback).replace(/:\d\d UTC$/, '');
    case 'rich_text_section':
      return `${lines(part.elements)}\n`;
    case 'actions':
      return '';
    default:
      return lines(part.elements ?? part.text);
  }
}

/** What the bot has said in a channel, oldest first. */
export function inChannel(bot: Bot, channel = OPS): string[] {
  return bot.workspace
    .messages(channel)
    .filter((one) => one.user === 'U0TRAILBOT' && one.ephemeralTo === undefined)
    .map(said);
}

/** What the bot has said to one person in direct messages, oldest first. */
export function directTo(bot: Bot, person: string): string[] {
  return inChannel(bot, person.replace(/^U/, 'D'));
}

/** Lets the clock jump to just before an instant, and the rest pass by the second. */
export async function passTo(bot: Bot, at: Millis): Promise<void> {
  const jump = at - 2 * SECOND - bot.clock.now();
  if (jump > 0) await bot.clock.advance(jump);
  await bot.pass(5);
}

/** What only this person is told because of `act`. */
export async function told(bot: Bot, person: string, act: () => Promise<unknown>): Promise<StoredMessage> {
  const look = () => ephemerals(bot.workspace, person).map((one) => [one.ts, said(one)].join(' '));
  const before = new Set(look());
  await bot.clock.advance(SECOND);
  await act();
  const answer = await bot.workspace.waitFor(() =>
    ephemerals(bot.workspace, person).find((one) => !before.has([one.ts, said(one)].join(' '))),
  );
  await bot.pass(2);
  return answer;
}

/** What somebody is answered who types `/trail oncall …`. */
export function ask(bot: Bot, person: string, rest = ''): Promise<StoredMessage> {
  const text = `/trail oncall ${rest}`.trim();
  return told(bot, person, () => bot.workspace.say({ as: person, channel: OPS, text }));
}
