import { isObject } from '../kernel/json.ts';
import type { Channels } from './channels.ts';
import type { StoredMessage } from './message.ts';
import { BOT, findPerson, PERSONS } from './people.ts';

/** What a lock screen has room for. */
const LONGEST_PUSH = 180;

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Slack's mrkdwn as a phone shows it: mentions and links by name, one line, cut with `…`. */
function pushText(mrkdwn: string, channels: Channels): string {
  // Markup is taken apart before entities are decoded: an escaped `<` never becomes a mention.
  const named = mrkdwn.replaceAll(/<([^<>]*)>/g, (_, inside: string) => sayEntity(inside, channels));
  const plain = named.replaceAll(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
  const line = plain.replaceAll(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length > LONGEST_PUSH ? `${characters.slice(0, LONGEST_PUSH - 1).join('')}…` : line;
}

function sayEntity(inside: string, channels: Channels): string {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : inside.slice(bar + 1);
  if (target.startsWith('@'))
    return `@${findPerson(target.slice(1))?.realName ?? (label || target.slice(1))}`;
  if (target.startsWith('#')) return `#${channels.byId(target.slice(1))?.name ?? (label || target.slice(1))}`;
  if (target.startsWith('!date^')) return label;
  if (target.startsWith('!subteam^')) return label || '@group';
  if (target.startsWith('!')) return `@${label || target.slice(1)}`;
  return label || target;
}

/** The line a phone shows for a message: its `text`, else what Slack says when an app gave none. */
export function pushBody(message: StoredMessage, channels: Channels): string {
  const fallback = message.attachments?.find((one) => one.fallback)?.fallback ?? '';
  return pushText(message.text || fallback, channels) || "This content can't be displayed.";
}

/** Ids of the persons whom a message mentions, in its text, in mrkdwn and in rich text. */
function mentioned(message: StoredMessage): string[] {
  const found = new Set<string>();
  const read = (mrkdwn: string): void => {
    for (const [, person] of mrkdwn.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)) if (person) found.add(person);
    if (/<!(?:channel|here|everyone)(?:\|[^<>]*)?>/.test(mrkdwn))
      for (const one of PERSONS) found.add(one.id);
  };
  read(message.text);
  const open: unknown[] = [message.blocks, message.attachments];
  while (open.length > 0) {
    const part = open.pop();
    if (Array.isArray(part)) open.push(...part);
    else if (isObject(part)) {
      if (part.type === 'mrkdwn' && typeof part.text === 'string') read(part.text);
      else if (part.type === 'user' && typeof part.user_id === 'string') found.add(part.user_id);
      else if (part.type === 'broadcast') for (const one of PERSONS) found.add(one.id);
      else open.push(...Object.values(part));
    }
  }
  return PERSONS.map((person) => person.id).filter((id) => found.has(id));
}

/**
 * Whose phone rings: everybody for the bot's new message in a channel, a reply that was sent there too
 * included, else whom it concerns.
 */
export function pushedTo(
  message: StoredMessage,
  thread: readonly StoredMessage[],
  channels: Channels,
): string[] {
  if (message.ephemeralTo) return [];
  const conversation = channels.byId(message.channel);
  if (conversation?.kind === 'im') {
    return conversation.user && conversation.user !== message.user ? [conversation.user] : [];
  }
  const inChannel = !message.threadTs || message.broadcast === true;
  if (message.user === BOT.id && inChannel) return PERSONS.map((person) => person.id);
  const concerned = new Set([...mentioned(message), ...thread.map((one) => one.user)]);
  return PERSONS.map((person) => person.id).filter((id) => concerned.has(id) && id !== message.user);
}

/** `Trailbot in #security-alerts`. */
export function pushTitle(message: StoredMessage, channels: Channels): string {
  const author = findPerson(message.user)?.realName ?? message.user;
  const conversation = channels.byId(message.channel);
  return conversation?.kind === 'im' ? author : `${author} in #${conversation?.name ?? message.channel}`;
}
