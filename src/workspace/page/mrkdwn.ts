import { el, fragment } from './dom.ts';
import { withEmoji } from './emoji.ts';
import { broadcast, channelMention, date, groupMention, link, userMention } from './mentions.ts';
import { type Atom, type Item, lex } from './mrkdwn-lex.ts';
import type { Reader } from './reader.ts';

const MARKS = { '*': 'strong', _: 'em', '~': 's', '`': 'code' } as const;

/**
 * Slack's mrkdwn as nodes: mentions, links, dates, *bold*, _italic_, ~strike~, `code`, ```blocks```, quotes and
 * emoji. `verbatim` leaves bare addresses alone.
 */
export function mrkdwn(source: string, reader: Reader, verbatim = false): DocumentFragment {
  const result = fragment();
  for (const part of splitFences(lex(source, !verbatim))) {
    if (part.fenced) result.append(el('pre', {}, ...raw(part.items, reader)));
    else result.append(...lines(part.items, reader));
  }
  return result;
}

interface Part {
  readonly fenced: boolean;
  readonly items: readonly Item[];
}

function splitFences(all: readonly Item[]): Part[] {
  const parts: Part[] = [];
  let rest = all;
  for (;;) {
    const open = fence(rest, 0);
    const close = open === -1 ? -1 : fence(rest, open + 4);
    if (close === -1) break;
    parts.push({ fenced: false, items: withoutBreak(rest.slice(0, open), 'end') });
    const inside = withoutBreak(withoutBreak(rest.slice(open + 3, close), 'start'), 'end');
    parts.push({ fenced: true, items: inside });
    rest = withoutBreak(rest.slice(close + 3), 'start');
  }
  return [...parts, { fenced: false, items: rest }];
}

function fence(items: readonly Item[], from: number): number {
  for (let at = from; at + 2 < items.length; at++) {
    if (items[at] === '`' && items[at + 1] === '`' && items[at + 2] === '`') return at;
  }
  return -1;
}

function withoutBreak(items: readonly Item[], side: 'start' | 'end'): readonly Item[] {
  if (side === 'start') return items[0] === '\n' ? items.slice(1) : items;
  return items.at(-1) === '\n' ? items.slice(0, -1) : items;
}

/** Lines that begin with `>` form a quote; after `>>>` everything does. */
function lines(all: readonly Item[], reader: Reader): Node[] {
  const result: Node[] = [];
  let quoted: Item[] | undefined;
  let open: Item[] | undefined;
  const close = () => {
    if (quoted !== undefined) result.push(el('blockquote', {}, ...inline(quoted, reader)));
    if (open !== undefined) result.push(...inline(open, reader));
    quoted = undefined;
    open = undefined;
  };
  let toTheEnd = false;
  for (const line of splitLines(all)) {
    const three = line[0] === '>' && line[1] === '>' && line[2] === '>';
    if (toTheEnd || line[0] === '>') {
      if (open !== undefined) close();
      const words = toTheEnd ? line : line.slice(three ? 3 : 1);
      quoted = quoted === undefined ? trimmed(words) : [...quoted, '\n', ...trimmed(words)];
      toTheEnd ||= three;
    } else {
      if (quoted !== undefined) close();
      open = open === undefined ? [...line] : [...open, '\n', ...line];
    }
  }
  close();
  return result;
}

function splitLines(all: readonly Item[]): Item[][] {
  const result: Item[][] = [[]];
  for (const item of all) {
    if (item === '\n') result.push([]);
    else result.at(-1)?.push(item);
  }
  return result;
}

function trimmed(line: readonly Item[]): Item[] {
  return line[0] === ' ' ? line.slice(1) : [...line];
}

function inline(all: readonly Item[], reader: Reader, nested = false): Node[] {
  const result: Node[] = [];
  let run = '';
  const flush = () => {
    if (run !== '') result.push(document.createTextNode(withEmoji(run)));
    run = '';
  };
  for (let at = 0; at < all.length; at++) {
    const item = all[at] ?? '';
    const close = closing(all, at);
    if (typeof item === 'string' && close === -1) {
      run += item;
      continue;
    }
    flush();
    if (typeof item !== 'string') result.push(drawAtom(item, reader, !nested && result.length === 0));
    else {
      const inside = all.slice(at + 1, close);
      result.push(
        el(
          markOf(item) ?? 'span',
          {},
          ...(item === '`' ? raw(inside, reader) : inline(inside, reader, true)),
        ),
      );
      at = close;
    }
  }
  flush();
  return result;
}

/** Where the mark that opens at `at` closes on the same line, or -1. */
function closing(all: readonly Item[], at: number): number {
  const mark = all[at];
  if (typeof mark !== 'string' || markOf(mark) === undefined) return -1;
  const next = all[at + 1];
  if (isWord(all[at - 1]) || all[at - 1] === mark || next === mark || next === undefined) return -1;
  if (mark !== '`' && isSpace(next)) return -1;
  for (let end = at + 2; end < all.length && all[end] !== '\n'; end++) {
    if (all[end] !== mark) continue;
    if (mark === '`') return end;
    if (!isSpace(all[end - 1]) && !isWord(all[end + 1])) return end;
  }
  return -1;
}

/** Code: no formatting and no emoji inside, but what stood in `<…>` keeps its meaning. */
function raw(inside: readonly Item[], reader: Reader): Node[] {
  const result: Node[] = [];
  let run = '';
  for (const item of inside) {
    if (typeof item === 'string') run += item;
    else if (item.kind === 'link' && item.bare) run += item.label;
    else {
      result.push(document.createTextNode(run), drawAtom(item, reader, false));
      run = '';
    }
  }
  return [...result, document.createTextNode(run)];
}

function drawAtom(atom: Atom, reader: Reader, first: boolean): Node {
  switch (atom.kind) {
    case 'link':
      return link(atom.url, atom.label);
    case 'user':
      return userMention(atom.id, atom.label, reader);
    case 'channel':
      return channelMention(atom.id, atom.label, reader);
    case 'group':
      return groupMention(atom.id, atom.label);
    case 'broadcast':
      return broadcast(atom.range);
    case 'date':
      return date(atom, reader, first);
  }
}

function markOf(item: string): 'strong' | 'em' | 's' | 'code' | undefined {
  return item === '*' || item === '_' || item === '~' || item === '`' ? MARKS[item] : undefined;
}

function isWord(item: Item | undefined): boolean {
  return typeof item === 'string' && /[\p{L}\p{N}]/u.test(item);
}

function isSpace(item: Item | undefined): boolean {
  return typeof item === 'string' && /\s/.test(item);
}
