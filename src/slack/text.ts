import type { types } from '@slack/bolt';
import type { ThingKind } from '../cloudtrail/console-pages.ts';
import { type Millis, sayDuration, sayUtc } from '../kernel/time.ts';

declare const trusted: unique symbol;

/**
 * Slack markup (mrkdwn) made only from the literals of this program. Text that comes from an event, a rule, a
 * configuration or a person is never of this type: it goes into rich text leaves, raw table cells or plain
 * text, where Slack renders no mention, link or emoji.
 */
export type Trusted = string & { readonly [trusted]: true };

/** What one line of a rich text block is made of. */
export type Leaf = types.RichTextElement;

/** Markup from a template: the literal parts as they are, the values only when they are markup themselves. */
export function markup(parts: TemplateStringsArray, ...values: readonly (Trusted | number)[]): Trusted {
  return parts.reduce((made, part, at) => `${made}${values[at - 1]}${part}`) as Trusted;
}

/** Several pieces of markup with ` · ` between them; the missing ones are left out. */
export function dotted(pieces: readonly (Trusted | undefined)[]): Trusted {
  return pieces.filter((piece) => piece !== undefined).join(' · ') as Trusted;
}

/** A name as a code span: letters, digits, `.`, `_` and `-`; anything else becomes `-`. */
export function codeName(name: string): Trusted {
  const safe = clean(name, 80).replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return `\`${safe || '-'}\`` as Trusted;
}

/** `<@U…>` where it is a Slack user id, else the id as a code span (the bot itself, an importer). */
export function mention(userId: string | undefined): Trusted {
  if (userId === undefined) return 'somebody' as Trusted;
  return /^[UW][A-Z0-9]{2,20}$/.test(userId) ? (`<@${userId}>` as Trusted) : codeName(userId);
}

/** An alert's id as text: `A-1042`. */
export function alertName(id: string): Trusted {
  return (/^A-\d{1,15}$/.test(id) ? id : codeName(id)) as Trusted;
}

const NUMBERS = new Intl.NumberFormat('en-US');

/** `1,234`. */
export function sayCount(count: number): string {
  return NUMBERS.format(count);
}

/** A number as markup. */
export function amount(count: number): Trusted {
  return sayCount(count) as Trusted;
}

/** A length of time as markup: digits and units of this program. */
export function lasting(ms: Millis): Trusted {
  return sayDuration(ms) as Trusted;
}

/** The largest instant that Slack and JavaScript both show as a date with a four-digit year. */
const LAST_DAY: Millis = 253_402_300_799_000;

type DateForm = '{date_short_pretty} {time_secs}' | '{date_short_pretty} {time}' | '{time_secs}' | '{time}';

/** A time that each reader sees in the own zone. `form` is Slack's date format. */
export function dateTime(at: Millis, form: DateForm): Trusted {
  if (!(at >= 0 && at <= LAST_DAY)) return 'at an unknown time' as Trusted;
  return `<!date^${Math.floor(at / 1000)}^${form}|${sayUtc(at)}>` as Trusted;
}

type LeafForm = DateForm | '{date_short_pretty}';

/** The same as a rich text leaf. */
export function dateLeaf(at: Millis, format: LeafForm = '{date_short_pretty} {time_secs}'): Leaf {
  if (!(at >= 0 && at <= LAST_DAY)) return { type: 'text', text: 'at an unknown time' };
  return { type: 'date', timestamp: Math.floor(at / 1000), format, fallback: sayUtc(at) };
}

/** A link whose label is a literal; `undefined` when the address is not a plain http(s) one of sane length. */
export function link(
  address: string | undefined,
  label: 'Runbook' | 'Open in CloudTrail' | `Open ${ThingKind}`,
): Trusted | undefined {
  const url = address === undefined ? undefined : safeUrl(address);
  return url === undefined ? undefined : (`<${url.replaceAll('&', '&amp;')}|${label}>` as Trusted);
}

/** Addresses that hold another, such as a shortcut of the access portal, are long. */
const LONGEST_URL = 900;

/** Words of this program as a rich text leaf that leads to an address; plain words when that is none to be shown. */
export function urlLeaf(address: string, text: string): Leaf {
  const url = safeUrl(address);
  return url === undefined ? { type: 'text', text } : { type: 'link', url, text };
}

function safeUrl(address: string): string | undefined {
  if (address.length > LONGEST_URL || !URL.canParse(address)) return undefined;
  const { protocol, username, password, href } = new URL(address);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return undefined;
  const encoded = href.replace(
    /[<>|`"'\s*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return encoded.length > LONGEST_URL + 100 ? undefined : encoded;
}

/**
 * Untrusted text made showable: line ends become ⏎; controls, bidirectional marks, zero-width and other
 * invisible characters go; what is longer than `max` ends in ….
 */
export function clean(untrusted: string, max: number): string {
  // A bounded piece first, so that a megabyte in one field costs nothing.
  const visible = untrusted
    .slice(0, max * 4 + 100)
    .toWellFormed()
    .replace(/\r\n|[\n\r\u0085\u2028\u2029]/g, '⏎')
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim();
  return cut(visible, max);
}

/** At most `max` UTF-16 units, never half a character, with … where something was left out. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.slice(0, max - 1);
  return `${/[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end}…`;
}

/** A rich text leaf: shown as it is, whatever it says. */
export function leaf(untrusted: string, max = 300, style?: { bold?: boolean; code?: boolean }): Leaf {
  const text = clean(untrusted, max) || '(empty)';
  return style ? { type: 'text', text, style } : { type: 'text', text };
}

/** A rich text leaf in fixed width, for names that come from AWS. */
export function codeLeaf(untrusted: string, max = 300): Leaf {
  return leaf(untrusted, max, { code: true });
}

/** Words of this program between two leaves; spaces at the ends stay. */
export function words(text: string): Leaf {
  return { type: 'text', text };
}

/** The bold word that starts a line of facts. */
export function label(text: string): Leaf {
  return { type: 'text', text: `${text}  `, style: { bold: true } };
}

/**
 * A sentence of the bot in which `<@U…>` are people and `<!subteam^S…>` user groups: for answers that one person alone
 * sees, because whoever is mentioned elsewhere is told of it.
 */
export function sentence(text: string, max = 600): Leaf[] {
  const parts = clean(text, max).split(/(<@[UW][A-Z0-9]{2,20}>|<!subteam\^S[A-Z0-9]{2,20}>)/);
  const leaves = parts
    .filter((part) => part !== '')
    .map((part): Leaf => {
      const [, user, group] = /^<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+))>$/.exec(part) ?? [];
      if (group !== undefined) return { type: 'usergroup', usergroup_id: group };
      return user === undefined ? { type: 'text', text: part } : { type: 'user', user_id: user };
    });
  return leaves.length > 0 ? leaves : [{ type: 'text', text: '(empty)' }];
}

/** Lines, one under the other. */
export function richText(lines: readonly (readonly Leaf[])[]): types.RichTextBlock {
  return {
    type: 'rich_text',
    elements: lines.map((elements) => ({ type: 'rich_text_section', elements: [...elements] })),
  };
}

/** Text in fixed width, line ends and all; made visible by the caller. */
export function preformatted(text: string): types.RichTextPreformatted {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] };
}

/** A bulleted list. */
export function bullets(lines: readonly (readonly Leaf[])[]): types.RichTextBlock {
  const elements = lines.map(
    (line): types.RichTextSection => ({ type: 'rich_text_section', elements: [...line] }),
  );
  return { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] };
}

/** A table cell that renders nothing. */
export function rawCell(untrusted: string, max = 100): types.RawTextElement {
  return { type: 'raw_text', text: clean(untrusted, max) || '(empty)' };
}

/** Plain text in which `:name:` stays `:name:`. */
export function plain(untrusted: string, max: number): types.PlainTextElement {
  return { type: 'plain_text', text: clean(untrusted, max) || '(empty)', emoji: false };
}

/** A small grey line of markup. */
export function context(text: Trusted): types.ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}

/** Top-level message text: what a phone shows. Slack reads markup there, so every sign of it is replaced. */
export function pushText(untrusted: string, max = 120): string {
  const signs: Readonly<Record<string, string>> = {
    '<': '‹',
    '>': '›',
    '@': '＠',
    '&': '＆',
    '*': '∗',
    '`': 'ˋ',
    '~': '∼',
  };
  return clean(untrusted, max)
    .replace(/[<>@&*`~]/g, (sign) => signs[sign] ?? '')
    .replace(/:(?=\S)/g, '∶');
}
