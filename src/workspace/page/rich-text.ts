import { el, fragment } from './dom.ts';
import { emojiOf } from './emoji.ts';
import { broadcast, channelMention, date, groupMention, link, userMention } from './mentions.ts';
import { type Fields, fields, items, text } from './read.ts';
import type { Reader } from './reader.ts';

/** A rich_text block: the only text in Slack that is never markup. */
export function richText(block: Fields, reader: Reader): HTMLElement {
  return el('div', { class: 'rich-text' }, ...items(block.elements).map((part) => drawPart(part, reader)));
}

function drawPart(part: Fields, reader: Reader): Node {
  const inside = () => items(part.elements).map((leaf, at) => drawLeaf(leaf, reader, at === 0));
  switch (part.type) {
    case 'rich_text_section':
      return el('div', { class: 'rich-section' }, ...inside());
    case 'rich_text_quote':
      return el('blockquote', {}, ...inside());
    case 'rich_text_preformatted':
      return el('pre', {}, ...inside());
    case 'rich_text_list':
      return drawList(part, reader);
    default:
      return unsupported(text(part.type));
  }
}

function drawList(part: Fields, reader: Reader): HTMLElement {
  const indent = Math.min(Number(part.indent) || 0, 8);
  const entries = items(part.elements).map((entry) => el('li', {}, drawPart(entry, reader)));
  const start = (Number(part.offset) || 0) + 1;
  const attributes = { class: `rich-list indent-${indent}`, ...(start > 1 ? { start } : {}) };
  if (part.style === 'ordered') return el('ol', attributes, ...entries);
  return el('ul', { class: attributes.class }, ...entries);
}

function drawLeaf(leaf: Fields, reader: Reader, first: boolean): Node {
  return styled(bareLeaf(leaf, reader, first), fields(leaf.style));
}

function bareLeaf(leaf: Fields, reader: Reader, first: boolean): Node {
  switch (leaf.type) {
    case 'text':
      return document.createTextNode(text(leaf.text));
    case 'link':
      return link(text(leaf.url), text(leaf.text) || text(leaf.url));
    case 'user':
      return userMention(text(leaf.user_id), '', reader);
    case 'channel':
      return channelMention(text(leaf.channel_id), '', reader);
    case 'usergroup':
      return groupMention(text(leaf.usergroup_id), '');
    case 'team':
      return groupMention(text(leaf.team_id), '');
    case 'broadcast':
      return broadcast(text(leaf.range));
    case 'emoji':
      return emoji(leaf);
    case 'color':
      return swatch(text(leaf.value));
    case 'date':
      return date(
        {
          seconds: Number(leaf.timestamp),
          format: text(leaf.format),
          url: text(leaf.url),
          fallback: text(leaf.fallback),
        },
        reader,
        first,
      );
    default:
      return unsupported(text(leaf.type));
  }
}

/** By its code points (`1f468-200d-1f4bb`) where Slack sends them, else by its name. */
function emoji(leaf: Fields): Node {
  const name = text(leaf.name);
  const points = text(leaf.unicode)
    .split('-')
    .map((part) => Number.parseInt(part, 16))
    .filter((point) => point > 0 && point <= 0x10ffff);
  const shown = points.length > 0 ? String.fromCodePoint(...points) : emojiOf(name);
  return document.createTextNode(shown ?? `:${name}:`);
}

function swatch(value: string): Node {
  const sample = el('span', { class: 'swatch', 'aria-hidden': 'true' });
  sample.style.setProperty('background-color', value);
  return fragment(sample, value);
}

function styled(node: Node, style: Fields): Node {
  let result = node;
  if (style.code === true) result = el('code', {}, result);
  if (style.bold === true) result = el('strong', {}, result);
  if (style.italic === true) result = el('em', {}, result);
  if (style.strike === true) result = el('s', {}, result);
  if (style.underline === true) result = el('u', {}, result);
  if (style.highlight === true || style.client_highlight === true) result = el('mark', {}, result);
  return result;
}

/** Says which part of a message this page cannot draw. */
export function unsupported(type: string): HTMLElement {
  return el('span', { class: 'unsupported' }, `[unsupported ${type}]`);
}
