import { type Args, neededText } from '../args.ts';
import { type Conversation, typeOf } from '../channels.ts';
import type { Core } from '../core.ts';
import { Denied } from '../denied.ts';
import type { StoredMessage } from '../message.ts';
import type { Wire } from '../wire.ts';

/** One Web API method: returns what stands beside `ok: true`, throws Denied for everything Slack refuses. */
export type Method = (core: Core, args: Args) => Wire;

/** The methods of one file, by their name on the wire. */
export type Methods = Readonly<Record<string, Method>>;

/** The conversation whose id `channel` is: only posting takes a name. */
export function channelById(core: Core, args: Args): Conversation {
  const channel = core.channels.byId(neededText(args, 'channel'));
  // Who is not in a private conversation cannot even know of it.
  const hidden = channel && !channel.botIn && typeOf(channel) !== 'public_channel';
  if (!channel || hidden) throw new Denied('channel_not_found');
  return channel;
}

/** The conversation that `channel` names. */
export function neededChannel(core: Core, args: Args, key = 'channel'): Conversation {
  const channel = core.channels.find(neededText(args, key));
  if (!channel) throw new Denied('channel_not_found');
  return channel;
}

/** A channel that the bot may write to. */
export function writableChannel(core: Core, args: Args): Conversation {
  const channel = neededChannel(core, args);
  if (channel.archived) throw new Denied('is_archived');
  if (!channel.botIn) throw new Denied('not_in_channel');
  return channel;
}

/** A message that everybody in the channel sees. */
export function neededMessage(core: Core, channel: Conversation, ts: string): StoredMessage {
  const message = core.messages.find(channel.id, ts);
  // Nobody but its response_url can get at an ephemeral message.
  if (!message || message.ephemeralTo) throw new Denied('message_not_found');
  return message;
}

/** The parent of the thread that `ts` belongs to, also when `ts` names a reply. */
export function threadParent(core: Core, channel: Conversation, ts: string): string {
  const message = core.messages.find(channel.id, ts);
  if (!message || message.ephemeralTo) throw new Denied('thread_not_found');
  return message.threadTs ?? message.ts;
}
