import { type Args, flagArg, neededText, textArg } from '../args.ts';
import { canSee } from '../channels.ts';
import { readContent, refuseEmpty } from '../content.ts';
import type { Core } from '../core.ts';
import { Denied } from '../denied.ts';
import type { StoredMessage } from '../message.ts';
import { BOT, findPerson } from '../people.ts';
import { post } from '../posting.ts';
import { messageWire, type Wire } from '../wire.ts';
import { type Methods, neededChannel, neededMessage, threadParent, writableChannel } from './method.ts';

function postMessage(core: Core, args: Args): Wire {
  const channel = writableChannel(core, args);
  const content = readContent(core, args);
  refuseEmpty(content);
  const thread = textArg(args, 'thread_ts');
  const threadTs = thread === undefined ? undefined : threadParent(core, channel, thread);
  core.rate.take(channel.id);
  const message = post(core, {
    channel: channel.id,
    user: BOT.id,
    text: '',
    ...content,
    ...(threadTs ? { threadTs } : {}),
    ...(threadTs && flagArg(args, 'reply_broadcast') ? { broadcast: true } : {}),
  });
  return { channel: channel.id, ts: message.ts, message: messageWire(core, message) };
}

/** A part that the call does not mention stays; an empty list takes it away. */
function update(core: Core, args: Args): Wire {
  const channel = neededChannel(core, args);
  const before = ownMessage(core, args, 'ts', 'cant_update_message');
  if (channel.archived) throw new Denied('is_archived');
  const content = readContent(core, args);
  if (content.text === undefined && !content.blocks && !content.attachments) throw new Denied('no_text');
  const message: StoredMessage = {
    ...before,
    ...content,
    edited: true,
    editedTs: `${Math.floor(core.clock.now() / 1000)}.000000`,
  };
  refuseEmpty(message);
  core.messages.replace(message);
  return { channel: channel.id, ts: message.ts, text: message.text, message: messageWire(core, message) };
}

function ownMessage(core: Core, args: Args, key: string, refusal: string): StoredMessage {
  const message = neededMessage(core, neededChannel(core, args), neededText(args, key));
  if (message.user !== BOT.id) throw new Denied(refusal);
  return message;
}

function remove(core: Core, args: Args): Wire {
  const message = ownMessage(core, args, 'ts', 'cant_delete_message');
  core.messages.remove(message.channel, message.ts);
  return { channel: message.channel, ts: message.ts };
}

function postEphemeral(core: Core, args: Args): Wire {
  const channel = writableChannel(core, args);
  const user = neededText(args, 'user');
  const person = findPerson(user);
  if (!person || person.isBot || !canSee(channel, user)) throw new Denied('user_not_in_channel');
  const content = readContent(core, args);
  refuseEmpty(content);
  const thread = textArg(args, 'thread_ts');
  const message = post(core, {
    channel: channel.id,
    user: BOT.id,
    text: '',
    ...content,
    ephemeralTo: user,
    ...(thread ? { threadTs: threadParent(core, channel, thread) } : {}),
  });
  return { message_ts: message.ts };
}

function getPermalink(core: Core, args: Args): Wire {
  const channel = neededChannel(core, args);
  const message = neededMessage(core, channel, neededText(args, 'message_ts'));
  return { channel: channel.id, permalink: permalink(core, message) };
}

function permalink(core: Core, message: StoredMessage): string {
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${message.channel}` : '';
  return `${core.origin}/archives/${message.channel}/p${message.ts.replace('.', '')}${thread}`;
}

export const chatMethods: Methods = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
