import { type Args, neededText, textArg } from '../args.ts';
import type { Bookmark } from '../changes.ts';
import type { Core } from '../core.ts';
import { badArguments, Denied } from '../denied.ts';
import type { StoredMessage } from '../message.ts';
import { BOT } from '../people.ts';
import type { Wire } from '../wire.ts';
import { type Methods, neededMessage, writableChannel } from './method.ts';

// Reactions and bookmarks: what an app hangs on messages and channels.

type Reactions = NonNullable<StoredMessage['reactions']>;

function reacted(core: Core, args: Args): { message: StoredMessage; name: string; byBot: boolean } {
  const message = neededMessage(core, writableChannel(core, args), neededText(args, 'timestamp'));
  const name = neededText(args, 'name').replaceAll(':', '');
  if (!/^[a-z0-9_+'-]{1,100}$/.test(name)) throw new Denied('invalid_name');
  const byBot = message.reactions?.some((one) => one.name === name && one.users.includes(BOT.id)) ?? false;
  return { message, name, byBot };
}

function addReaction(core: Core, args: Args): Wire {
  const { message, name, byBot } = reacted(core, args);
  if (byBot) throw new Denied('already_reacted');
  const before: Reactions = message.reactions ?? [];
  const known = before.find((one) => one.name === name);
  const others = before.filter((one) => one.name !== name);
  const reactions = [...others, { name, users: [...(known?.users ?? []), BOT.id] }];
  core.messages.replace({ ...message, reactions });
  return {};
}

function removeReaction(core: Core, args: Args): Wire {
  const { message, name, byBot } = reacted(core, args);
  if (!byBot) throw new Denied('no_reaction');
  const reactions = (message.reactions ?? [])
    .map((one) => (one.name === name ? { ...one, users: one.users.filter((id) => id !== BOT.id) } : one))
    .filter((one) => one.users.length > 0);
  core.messages.replace({ ...message, reactions });
  return {};
}

function bookmarkWire(bookmark: Bookmark): Wire {
  const { id, channel, title, link, emoji } = bookmark;
  return { id, channel_id: channel, title, link, emoji, type: 'link' };
}

function webLink(args: Args, key: string): string {
  const link = neededText(args, key);
  const fine = URL.canParse(link) && ['http:', 'https:'].includes(new URL(link).protocol);
  if (!fine || link.length > 3000) throw new Denied('invalid_link');
  return link;
}

function addBookmark(core: Core, args: Args): Wire {
  const channel = writableChannel(core, { channel: neededText(args, 'channel_id') });
  const title = neededText(args, 'title').slice(0, 255);
  if (neededText(args, 'type') !== 'link') throw badArguments('type must be link');
  const bookmark = {
    id: `Bk${core.random.id().replaceAll('-', '').slice(0, 9).toUpperCase()}`,
    channel: channel.id,
    title,
    link: webLink(args, 'link'),
    emoji: textArg(args, 'emoji') ?? '',
  };
  core.groups.setBookmark(bookmark);
  return { bookmark: bookmarkWire(bookmark) };
}

function neededBookmark(core: Core, args: Args): Bookmark {
  const channel = writableChannel(core, { channel: neededText(args, 'channel_id') });
  const bookmark = core.groups.bookmark(neededText(args, 'bookmark_id'));
  if (bookmark?.channel !== channel.id) throw new Denied('not_found');
  return bookmark;
}

function editBookmark(core: Core, args: Args): Wire {
  const known = neededBookmark(core, args);
  const link = args.link === undefined ? known.link : webLink(args, 'link');
  const title = textArg(args, 'title')?.slice(0, 255) ?? known.title;
  const bookmark = { ...known, link, title, emoji: textArg(args, 'emoji') ?? known.emoji };
  core.groups.setBookmark(bookmark);
  return { bookmark: bookmarkWire(bookmark) };
}

function removeBookmark(core: Core, args: Args): Wire {
  core.groups.removeBookmark(neededBookmark(core, args).id);
  return {};
}

function listBookmarks(core: Core, args: Args): Wire {
  const channel = writableChannel(core, { channel: neededText(args, 'channel_id') });
  const found = core.groups.bookmarks().filter((one) => one.channel === channel.id);
  return { bookmarks: found.map(bookmarkWire) };
}

export const markMethods: Methods = {
  'reactions.add': addReaction,
  'reactions.remove': removeReaction,
  'bookmarks.add': addBookmark,
  'bookmarks.edit': editBookmark,
  'bookmarks.remove': removeBookmark,
  'bookmarks.list': listBookmarks,
};
