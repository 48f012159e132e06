import { capitalized, formatDate, fullTime } from './dates.ts';
import { el } from './dom.ts';
import { webAddress } from './mrkdwn-lex.ts';
import { personName, type Reader } from './reader.ts';
import { formatRoute, type Route } from './route.ts';

/**
 * A link that opens in a new tab and tells the other side nothing; plain text when it is no web address. A
 * permalink of this workspace goes to its message on this page.
 */
export function link(url: string, label: string): Node {
  const href = webAddress(url);
  if (href === undefined) return document.createTextNode(label);
  const route = permalink(href);
  if (route !== undefined) return el('a', { href: formatRoute(route), class: 'link' }, label);
  return el('a', { href, target: '_blank', rel: 'noopener noreferrer', class: 'link' }, label);
}

/** `/archives/C1/p1795165201000100?thread_ts=…`, as chat.getPermalink makes it. */
function permalink(href: string): Route | undefined {
  const url = new URL(href);
  const match =
    url.origin === location.origin ? /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(url.pathname) : null;
  const [, channel, seconds, micros] = match ?? [];
  if (channel === undefined) return undefined;
  const thread = url.searchParams.get('thread_ts');
  return thread === null ? { channel, message: `${seconds}.${micros}` } : { channel, thread };
}

/** `@Alice`, marked when it is the reader. */
export function userMention(id: string, label: string, reader: Reader): Node {
  const name = reader.person(id) === undefined && label !== '' ? label : personName(reader, id);
  const mine = id === reader.me ? ' mention-me' : '';
  return el('span', { class: `mention${mine}`, 'data-user': id }, `@${name.replace(/^@/, '')}`);
}

/** `#security-alerts`, a way to that channel when the reader can see it. */
export function channelMention(id: string, label: string, reader: Reader): Node {
  const channel = reader.channel(id);
  if (channel === undefined) return el('span', { class: 'mention' }, `#${label || id}`);
  return el('a', { class: 'mention', href: `#${id}` }, `#${channel.name}`);
}

/** `@here`, `@channel`, `@everyone`: these call everybody. */
export function broadcast(range: string): Node {
  return el('span', { class: 'mention mention-me' }, `@${range}`);
}

/** A group of people. */
export function groupMention(id: string, label: string): Node {
  return el('span', { class: 'mention' }, `@${(label || id).replace(/^@/, '')}`);
}

/** A time in the reader's zone, with the full time on hover; `first` when it begins a line. */
export function date(
  moment: { seconds: number; format: string; url: string; fallback: string },
  reader: Reader,
  first: boolean,
): Node {
  const style = reader.timeStyle();
  const formatted = formatDate(moment.seconds, moment.format, style);
  const words = formatted !== undefined && first ? capitalized(formatted) : formatted;
  if (words === undefined) return document.createTextNode(moment.fallback || moment.format);
  const shown = moment.url === '' ? words : link(moment.url, words);
  return el('time', { title: fullTime(moment.seconds, style) }, shown);
}
