import type { JsonObject } from '../../src/kernel/json.ts';
import type { Answer } from '../../src/workspace/acts/act.ts';
import type { StoredMessage } from '../../src/workspace/message.ts';
import type { InputState } from '../../src/workspace/page-api.ts';
import { type Bot, type BotOptions, startBot } from './bot.ts';
import { alertMessages, ephemerals, textIn } from './people.ts';
import { envelope, record } from './records.ts';

/** A bot in whose channel one alert stands. */
export async function withAlert(options: BotOptions = {}, over: JsonObject = {}): Promise<Bot> {
  const bot = await startBot(options);
  await bot.post(envelope(record(over)));
  await bot.pass();
  return bot;
}

/** The message of the only alert, as it stands now. */
export function alertMessage(bot: Bot): StoredMessage {
  const [message] = alertMessages(bot.workspace).filter(({ channel }) => channel.startsWith('C'));
  if (!message) throw new Error('there is no message of an alert');
  return message;
}

/** Resolves once the message of the only alert says this. */
export function shows(bot: Bot, text: string): Promise<true> {
  return bot.workspace.waitFor(() => textIn(alertMessage(bot).blocks).includes(text) || undefined);
}

/** What stands in the thread of the only alert, oldest first. */
export function threadOf(bot: Bot): StoredMessage[] {
  const { channel, ts } = alertMessage(bot);
  return bot.workspace
    .messages(channel)
    .filter((one) => one.threadTs === ts && one.ts !== ts && one.ephemeralTo === undefined);
}

/** What the bot wrote to this person directly, oldest first. */
export function directMessages(bot: Bot, person: string): StoredMessage[] {
  return bot.workspace
    .messages(person.replace(/^U/, 'D'))
    .filter(({ user, ephemeralTo }) => user === 'U0TRAILBOT' && ephemeralTo === undefined);
}

/** The next thing that only this person is told, because of the act. */
export async function told(bot: Bot, person: string, act: () => Promise<unknown>): Promise<StoredMessage> {
  const before = ephemerals(bot.workspace, person).length;
  const answer = bot.workspace.waitFor(() => ephemerals(bot.workspace, person)[before]);
  await act();
  return answer;
}

/** Time goes on without anything of it being looked at second by second. */
export async function later(bot: Bot, ms: number): Promise<void> {
  await bot.clock.advance(ms);
  await bot.pass(2);
}

/** Submits the modal that this person has open, filled in as given: block id → state of its input. */
export async function submit(
  bot: Bot,
  person: string,
  filled: Readonly<Record<string, InputState>>,
): Promise<Answer> {
  const view = await bot.workspace.waitFor((workspace) => workspace.modals(person).at(-1));
  const values = Object.fromEntries(
    Object.entries(filled).map(([block, state]) => [block, { [block]: state }]),
  );
  const answer = await bot.workspace.submit({ as: person, view: view.id, values });
  await bot.pass(2);
  return answer;
}
