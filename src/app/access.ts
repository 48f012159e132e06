import type { Config, People } from '../config/config.ts';
import type { AskedIn } from '../slack/desk.ts';

/** One sentence of refusal, or `undefined` when the person may. */
export function refusalFor(config: Config, right: 'respond' | 'ask', userId: string): string | undefined {
  const people: People = config.access[right];
  if (people === 'everyone' || people.includes(userId)) return undefined;
  const some = people.slice(0, 5).map((id) => `<@${id}>`);
  const act = right === 'respond' ? 'act on alerts' : 'ask questions';
  return `You may not ${act} here. Ask ${some.join(', ')}, or have your id ${userId} added to access.${right} in the configuration.`;
}

/** One sentence of refusal, or `undefined` when questions may be asked there. */
export function refusalIn(config: Config, channel: AskedIn): string | undefined {
  if (channel.external) {
    return 'Questions are not answered in a channel that is shared with another company. Ask in a direct message with the bot.';
  }
  const { channels } = config.access;
  if (channel.direct || channels === 'everywhere') return undefined;
  if (channels.includes(channel.id) || channels.includes(`#${channel.name}`)) return undefined;
  const some = channels.slice(0, 5).join(', ');
  return `Questions are not answered in this channel. Ask in ${some} or in a direct message with the bot, or have the channel added to access.channels in the configuration.`;
}
