import { type Args, flagArg, idsArg, limitArg, neededText, textArg } from '../args.ts';
import { membersOf, typeOf } from '../channels.ts';
import type { Core } from '../core.ts';
import { badArguments, Denied } from '../denied.ts';
import { microsOf, type StoredMessage } from '../message.ts';
import { findPerson } from '../people.ts';
import { conversationWire, messageWire, type Wire } from '../wire.ts';
import { channelById, type Methods } from './method.ts';
import { page } from './paging.ts';

const USUAL_PAGE = 100;
const LARGEST_PAGE = 999;

function list(core: Core, args: Args): Wire {
  const types = idsArg(args, 'types');
  const wanted = types.length > 0 ? types : ['public_channel'];
  const found = core.channels
    .list()
    .filter((one) => wanted.includes(typeOf(one)))
    .filter((one) => !(one.archived && flagArg(args, 'exclude_archived')));
  const { items, metadata } = page(found, (one) => one.id, args, limitArg(args, USUAL_PAGE, LARGEST_PAGE));
  return { channels: items.map(conversationWire), response_metadata: metadata };
}

function info(core: Core, args: Args): Wire {
  const channel = channelById(core, args);
  const members = flagArg(args, 'include_num_members') ? { num_members: membersOf(channel).length } : {};
  return { channel: { ...conversationWire(channel), ...members } };
}

function members(core: Core, args: Args): Wire {
  const limit = limitArg(args, USUAL_PAGE, LARGEST_PAGE);
  const { items, metadata } = page(membersOf(channelById(core, args)), (id) => id, args, limit);
  return { members: items, response_metadata: metadata };
}

function open(core: Core, args: Args): Wire {
  const users = idsArg(args, 'users');
  const channel = textArg(args, 'channel');
  if (channel === undefined && users.length === 0)
    throw badArguments('must provide exactly one of channel, users');
  // The bot's only conversations with people are one to one.
  if (users.length > 1) throw new Denied('method_not_supported_for_channel_type');
  const [user] = users;
  if (user !== undefined && (!findPerson(user) || findPerson(user)?.isBot))
    throw new Denied('user_not_found');
  const found = core.channels.find(channel ?? user ?? '');
  if (!found) throw new Denied('channel_not_found');
  const whole = flagArg(args, 'return_im') ? conversationWire(found) : { id: found.id };
  return { no_op: true, already_open: true, channel: whole };
}

function join(core: Core, args: Args): Wire {
  const channel = channelById(core, args);
  if (channel.kind === 'im') throw new Denied('method_not_supported_for_channel_type');
  if (channel.archived) throw new Denied('is_archived');
  core.channels.change(channel.id, { botIn: true });
  return { channel: conversationWire({ ...channel, botIn: true }) };
}

/** Within `oldest` and `latest`, both left out unless `inclusive`. */
function inWindow(args: Args): (message: StoredMessage) => boolean {
  const stamp = (key: string): number | undefined => {
    const value = textArg(args, key);
    if (value === undefined) return undefined;
    if (!/^\d{1,10}(\.\d{1,6})?$/.test(value)) throw new Denied(`invalid_ts_${key}`);
    return microsOf(value);
  };
  const oldest = stamp('oldest') ?? 0;
  const latest = stamp('latest') ?? Number.POSITIVE_INFINITY;
  const inclusive = flagArg(args, 'inclusive');
  return (message) => {
    const at = microsOf(message.ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

function readable(core: Core, args: Args) {
  const channel = channelById(core, args);
  if (!channel.botIn) throw new Denied('not_in_channel');
  return channel;
}

/** Newest first; replies only where they were broadcast. */
function history(core: Core, args: Args): Wire {
  const channel = readable(core, args);
  const found = core.messages
    .in(channel.id)
    .filter((one) => !one.ephemeralTo && (!one.threadTs || one.threadTs === one.ts || one.broadcast))
    .filter(inWindow(args))
    .reverse();
  const { items, metadata } = page(found, (one) => one.ts, args, limitArg(args, USUAL_PAGE, LARGEST_PAGE));
  const withMetadata = flagArg(args, 'include_all_metadata');
  return {
    messages: items.map((one) => messageWire(core, one, withMetadata)),
    has_more: metadata.next_cursor !== '',
    pin_count: 0,
    response_metadata: metadata,
  };
}

/** Oldest first, the parent before its replies. */
function replies(core: Core, args: Args): Wire {
  const channel = readable(core, args);
  const parent = core.messages.find(channel.id, neededText(args, 'ts'));
  if (!parent || parent.ephemeralTo) throw new Denied('thread_not_found');
  const found = core.messages.replies(channel.id, parent.ts).filter(inWindow(args));
  const limit = limitArg(args, USUAL_PAGE, LARGEST_PAGE);
  const { items, metadata } = page([parent, ...found], (one) => one.ts, args, limit);
  const withMetadata = flagArg(args, 'include_all_metadata');
  return {
    messages: items.map((one) => messageWire(core, one, withMetadata)),
    has_more: metadata.next_cursor !== '',
    response_metadata: metadata,
  };
}

export const conversationMethods: Methods = {
  'conversations.list': list,
  'conversations.info': info,
  'conversations.members': members,
  'conversations.open': open,
  'conversations.join': join,
  'conversations.history': history,
  'conversations.replies': replies,
};
