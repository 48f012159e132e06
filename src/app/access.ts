import type { Config, People } from '../config/config.ts';
import type { AskedIn } from '../slack/desk.ts';

/**
 * One sentence of refusal, or `undefined` when the person may. `guest`: who is no full member of the workspace may
 * only where the list names that person.
 */
export function refusalFor(
  config: Config,
  right: 'respond' | 'ask',
  userId: string,
  guest = false,
): string | undefined {
  const people: People = config.access[right];
  const act = right === 'respond' ? 'act on alerts' : 'ask questions';
  if (people === 'everyone') {
    if (!guest) return undefined;
    return `Guests may not ${act} here. An admin of Trailbot can list ${userId} in access.${right} of the configuration, together with everybody else who may.`;
  }
  if (people.includes(userId)) return undefined;
  const some = people.slice(0, 5).map((id) => `<@${id}>`);
  return `You may not ${act} here. Ask ${some.join(', ')}, or have your id ${userId} added to access.${right} in the configuration.`;
}

/** One sentence of refusal, or `undefined` when questions may be asked there. */
export function refusalIn(config: Config, channel: AskedIn): string | undefined {
  const { channels } = config.access;
  const elsewhere = channels === 'everywhere' ? ['a channel'] : channels.slice(0, 5);
  const there = `Ask in ${elsewhere.join(', ')} or in a direct message with the bot`;
  switch (channel.kind) {
    case 'direct':
      return undefined;
    case 'between people':
      return `Questions are not answered in direct messages between people. ${there}.`;
    case 'group':
      return `Questions are not answered in group messages. ${there}.`;
    case 'external':
      return 'Questions are not answered in a channel that is shared with another company. Ask in a direct message with the bot.';
    case 'channel':
      if (channels === 'everywhere' || channels.includes(channel.id)) return undefined;
      if (channel.name !== undefined && channels.includes(`#${channel.name}`)) return undefined;
      return `Questions are not answered in this channel. ${there}, or have the channel added to access.channels in the configuration.`;
  }
}
