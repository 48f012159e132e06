import type { Message } from '../page-api.ts';
import { avatar } from './avatar.ts';
import { drawBlocks } from './blocks.ts';
import { clockTime, formatDate, fullTime } from './dates.ts';
import { el, icon } from './dom.ts';
import { isReply } from './model.ts';
import { mrkdwn } from './mrkdwn.ts';
import type { Page } from './page.ts';
import { type Choice, popup } from './popup.ts';
import { personName } from './reader.ts';
import { formatRoute } from './route.ts';
import type { Surface } from './surface.ts';
import { spoken } from './text.ts';
import type { Values } from './values.ts';

const REPLY = 'M4 5h16v10H9l-5 4V5z';
const EYE = 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z';

const DOTS =
  'M6 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm6 0a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm6 0a2 2 0 1 1 0 4 2 2 0 0 1 0-4z';
const FILE = 'M6 2h8l6 6v14H6V2zm8 0v6h6';

const NAMED_COLORS: Readonly<Record<string, string>> = {
  good: '#2eb886',
  warning: '#e6a700',
  danger: '#a30200',
};

/** How a message is drawn: in the channel with a way to its thread, or inside the thread. */
export interface MessageLook {
  readonly values: Values;
  readonly inThread: boolean;
}

/** One message, as an article that is named by its author, time and words. */
export function drawMessage(message: Message, page: Page, look: MessageLook): HTMLElement {
  const { reader, model } = page;
  const author = model.person(message.user);
  const ephemeral = message.ephemeralTo !== undefined;
  const article = el(
    'article',
    {
      class: `message${ephemeral ? ' ephemeral' : ''}`,
      tabindex: -1,
      'data-ts': message.ts,
      'aria-label': label(message, page),
    },
    avatar(author),
    el(
      'div',
      { class: 'message-body' },
      ephemeral ? el('div', { class: 'only-you' }, icon(EYE), 'Only visible to you') : null,
      el(
        'div',
        { class: 'message-head' },
        el('span', { class: 'author' }, personName(reader, message.user)),
        author?.isBot === true ? el('span', { class: 'app-badge' }, 'APP') : null,
        drawTime(message, page),
        message.edited === true ? el('span', { class: 'edited' }, '(edited)') : null,
      ),
      drawOrigin(message, page, look.inThread),
      ...drawContent(message, page, look.values),
      ...drawFiles(message),
      ephemeral ? drawDismiss(message, page) : null,
      ephemeral || look.inThread || isReply(message) ? null : drawThreadLink(message, page),
    ),
  );
  if (!ephemeral) article.append(drawTools(message, page, look.inThread));
  return article;
}

/** A reply that was sent to the channel as well: to what it replies, or that the channel has it, too. */
function drawOrigin(message: Message, page: Page, inThread: boolean): HTMLElement | null {
  const { channel, threadTs, broadcast } = message;
  if (broadcast !== true || threadTs === undefined) return null;
  if (inThread) return el('div', { class: 'origin' }, 'Also sent to the channel');
  const root = page.model.message(channel, threadTs);
  const words = root === undefined ? 'a message' : spoken(root.text, page.reader);
  const href = formatRoute({ channel, thread: threadTs });
  return el('div', { class: 'origin' }, 'replied to a thread: ', el('a', { href }, words));
}

function label(message: Message, page: Page): string {
  const who = personName(page.reader, message.user);
  const when = clockTime(Number(message.ts), page.reader.timeStyle());
  const where = message.ephemeralTo === undefined ? '' : ', only visible to you';
  return `${who}, ${when}${where}: ${spoken(message.text, page.reader)}`;
}

function drawTime(message: Message, page: Page): HTMLElement {
  const style = page.reader.timeStyle();
  const seconds = Number(message.ts);
  const href = formatRoute({ channel: message.channel, message: message.ts });
  return el(
    'a',
    { class: 'message-time', href, tabindex: -1, title: fullTime(seconds, style) },
    clockTime(seconds, style),
  );
}

function drawContent(message: Message, page: Page, values: Values): HTMLElement[] {
  const surface = surfaceOf(message, page, values);
  const parts: HTMLElement[] = [];
  if (message.blocks !== undefined && message.blocks.length > 0) {
    parts.push(el('div', { class: 'blocks' }, ...drawBlocks(message.blocks, surface)));
  } else if (message.text !== '') {
    parts.push(el('div', { class: 'message-text mrkdwn' }, mrkdwn(message.text, page.reader)));
  }
  for (const [at, attachment] of (message.attachments ?? []).entries()) {
    const inside =
      attachment.blocks === undefined
        ? [el('div', { class: 'mrkdwn' }, mrkdwn(attachment.text ?? attachment.fallback ?? '', page.reader))]
        : drawBlocks(attachment.blocks, surface, `attachment${at}.`);
    parts.push(drawBar(attachment.color, inside));
  }
  return parts;
}

function drawBar(color: string | undefined, inside: readonly HTMLElement[]): HTMLElement {
  const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
  const named = NAMED_COLORS[color ?? ''] ?? color;
  if (named !== undefined) {
    bar.style.setProperty('background-color', /^[0-9a-f]{3,8}$/i.test(named) ? `#${named}` : named);
  }
  return el('div', { class: 'attachment' }, bar, el('div', { class: 'blocks' }, ...inside));
}

function surfaceOf(message: Message, page: Page, values: Values): Surface {
  const { channel, ts } = message;
  return {
    reader: page.reader,
    people: page.model.people,
    channels: page.model.channels,
    values,
    press: async (action) => {
      const error = await page.ask({
        act: 'press',
        from: { message: { channel, ts } },
        action,
        values: values.all(),
      });
      if (error !== undefined) page.fail(channel, error);
    },
  };
}

function drawDismiss(message: Message, page: Page): HTMLElement {
  const button = el('button', { type: 'button', class: 'text-button' }, 'Dismiss');
  button.addEventListener('click', () => page.dismiss(message));
  return button;
}

function drawThreadLink(message: Message, page: Page): HTMLElement | null {
  const replies = page.model.replies(message.channel, message.ts);
  const last = replies.at(-1);
  if (last === undefined) return null;
  const when = formatDate(Number(last.ts), '{date_short_pretty} at {time}', page.reader.timeStyle()) ?? '';
  const people = [...new Set(replies.map((reply) => reply.user))].slice(0, 3);
  return el(
    'a',
    { class: 'thread-link', href: formatRoute({ channel: message.channel, thread: message.ts }) },
    el('span', { class: 'faces' }, ...people.map((id) => avatar(page.model.person(id)))),
    el('strong', {}, replies.length === 1 ? '1 reply' : `${replies.length} replies`),
    el('span', { class: 'last-reply' }, `Last reply ${when}`),
  );
}

function drawTools(message: Message, page: Page, inThread: boolean): HTMLElement {
  const reply = el(
    'button',
    { type: 'button', class: 'tool', 'aria-label': 'Reply in thread', title: 'Reply in thread' },
    icon(REPLY),
  );
  const thread = message.threadTs ?? message.ts;
  reply.addEventListener('click', () => page.go({ channel: message.channel, thread }));
  return el('div', { class: 'tools' }, inThread ? null : reply, ...drawMenu(message, page));
}

/** The shortcuts that apps have registered for messages. */
function drawMenu(message: Message, page: Page): HTMLElement[] {
  const { shortcuts } = page.model;
  if (shortcuts.length === 0) return [];
  const button = el(
    'button',
    { type: 'button', class: 'tool', 'aria-label': 'More message actions', title: 'More actions' },
    icon(DOTS),
  );
  const { channel, ts } = message;
  const choices = shortcuts.map(
    ({ callbackId, name }): Choice => ({
      label: name,
      pick: async () => {
        const error = await page.ask({ act: 'shortcut', channel, ts, callbackId });
        if (error !== undefined) page.fail(channel, error);
      },
    }),
  );
  return [button, popup(button, 'menu', () => choices)];
}

function drawFiles(message: Message): HTMLElement[] {
  return (message.files ?? []).map(({ name, size, url }) =>
    el(
      'a',
      { class: 'file', href: url, download: name },
      icon(FILE),
      el('span', {}, el('strong', {}, name), el('small', {}, `${size.toLocaleString('en-US')} bytes`)),
    ),
  );
}
