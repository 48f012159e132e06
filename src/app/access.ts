import type { Access, People } from '../config/access.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../kernel/problem.ts';
import { SECOND } from '../kernel/time.ts';
import type { AskedIn } from '../slack/desk.ts';
import { findIn, isGroup, type Members, RIGHTS, type Right } from '../work/rights.ts';

const ACTS: Readonly<Record<Right, string>> = {
  ask: 'ask questions',
  respond: 'act on alerts',
  admin: 'mute alerts or change the shifts of others',
};

/** How many people and groups a refusal mentions. */
const SOME = 5;

/** Before Slack has answered for the first time, nobody's groups are known. */
const NOBODY_SAYS: Members = {
  membersOf: () => Promise.reject(Fault.later('the bot is not connected to Slack yet', 5 * SECOND)),
};

/**
 * One sentence of refusal, or `undefined` when the person may. `guest`: who is no full member of the workspace may
 * only where the lists name that person. Where Slack does not say who is in a group, nobody is. Never rejects; may ask
 * Slack, so it has no place in a transaction.
 */
export async function refusalFor(
  { access }: Pick<Config, 'access'>,
  right: Right,
  userId: string,
  guest = false,
  members: Members = NOBODY_SAYS,
): Promise<string | undefined> {
  if (access[right] === 'everyone' && !guest) return undefined;
  const list = namedFor(access, right);
  const found = await findIn(list, userId, members);
  if (found.named) return undefined;
  const act = ACTS[right];
  if (found.silent) return saySilence(found, { act, right, userId, list });
  if (access[right] === 'everyone') {
    return `Guests may not ${act} here. An admin of Trailbot can list ${userId} in access.${right} of the configuration, together with everybody else who may.`;
  }
  const whom = list.slice(0, SOME).map(mentionOf).join(', ');
  return `You may not ${act} here. Ask ${whom}, or have your id ${userId} added to access.${right} in the configuration.`;
}

/** Whom the right itself names, then whom the greater ones name. */
function namedFor(access: Access, right: Right): readonly string[] {
  const lists: People[] = RIGHTS.slice(RIGHTS.indexOf(right)).map((one) => access[one]);
  return [...new Set(lists.flatMap((list) => (list === 'everyone' ? [] : list)))];
}

function saySilence(
  { silent, why }: { readonly silent: readonly string[]; readonly why: string },
  about: {
    readonly act: string;
    readonly right: Right;
    readonly userId: string;
    readonly list: readonly string[];
  },
): string {
  const groups = silent.slice(0, SOME).map(mentionOf).join(', ');
  const people = about.list.filter((id) => !isGroup(id)).slice(0, SOME);
  const whom =
    people.length > 0
      ? `Ask ${people.map(mentionOf).join(', ')}`
      : `Ask whoever runs Trailbot to mend that, or to list your id ${about.userId} in access.${about.right}`;
  return `Slack does not say who is in ${groups}, so you may not ${about.act} for now (${why}). ${whom}.`;
}

function mentionOf(id: string): string {
  return isGroup(id) ? `<!subteam^${id}>` : `<@${id}>`;
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
