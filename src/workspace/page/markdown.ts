import { el, fragment } from './dom.ts';
import { withEmoji } from './emoji.ts';
import { link } from './mentions.ts';
import { scroller } from './tables.ts';

const LIST = /^\s*([-*+]|\d+[.)])\s+(.*)$/;

/**
 * The `markdown` block: standard Markdown, not mrkdwn. Headings, lists, quotes, code, tables, rules and the
 * usual marks inside a line; HTML stays as it was typed.
 */
export function markdown(source: string): DocumentFragment {
  const result = fragment();
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  for (let at = 0; at < lines.length; ) {
    const [node, next] = takeBlock(lines, at);
    if (node !== undefined) result.append(node);
    at = next;
  }
  return result;
}

type Taken = readonly [node: Node | undefined, next: number];

function takeBlock(lines: readonly string[], at: number): Taken {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [undefined, at + 1];
  if (line.startsWith('```')) return takeFence(lines, at);
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading !== null) {
    const level = heading[1]?.length ?? 1;
    return [
      el(
        'div',
        { class: `heading level-${level}`, role: 'heading', 'aria-level': level + 2 },
        ...inline(heading[2] ?? ''),
      ),
      at + 1,
    ];
  }
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [el('hr'), at + 1];
  if (line.startsWith('>'))
    return takeWhile(lines, at, /^>\s?(.*)$/, (kept) => el('blockquote', {}, markdown(kept.join('\n'))));
  if (LIST.test(line)) return takeList(lines, at);
  if (line.includes('|') && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(lines[at + 1] ?? ''))
    return takeTable(lines, at);
  return takeWhile(lines, at, /^(?!```|#{1,6}\s|>)(?=.*\S)(.*)$/, (kept) =>
    el('p', {}, ...inline(kept.join('\n'))),
  );
}

function takeWhile(
  lines: readonly string[],
  at: number,
  pattern: RegExp,
  draw: (kept: string[]) => Node,
): Taken {
  const kept: string[] = [];
  let next = at;
  for (; next < lines.length; next++) {
    const match = pattern.exec(lines[next] ?? '');
    if (match === null || (next > at && LIST.test(match[1] ?? '') && pattern.source.startsWith('^(?!')))
      break;
    kept.push(match[1] ?? '');
  }
  return [draw(kept), next];
}

function takeFence(lines: readonly string[], at: number): Taken {
  const end = lines.findIndex((line, index) => index > at && line.startsWith('```'));
  const close = end === -1 ? lines.length : end;
  return [el('pre', {}, lines.slice(at + 1, close).join('\n')), close + 1];
}

function takeList(lines: readonly string[], at: number): Taken {
  const ordered = /^\s*\d/.test(lines[at] ?? '');
  const list = el(ordered ? 'ol' : 'ul', { class: 'rich-list' });
  let next = at;
  for (; next < lines.length; next++) {
    const entry = LIST.exec(lines[next] ?? '');
    if (entry === null) break;
    const depth = Math.min(8, Math.floor((/^\s*/.exec(lines[next] ?? '')?.[0].length ?? 0) / 2));
    list.append(el('li', { class: `indent-${depth}` }, ...inline(entry[2] ?? '')));
  }
  return [list, next];
}

function takeTable(lines: readonly string[], at: number): Taken {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
  let next = at + 2;
  while (next < lines.length && (lines[next] ?? '').includes('|')) next++;
  const row = (line: string, tag: 'th' | 'td') =>
    el('tr', {}, ...cells(line).map((cell) => el(tag, {}, ...inline(cell))));
  const body = lines.slice(at + 2, next).map((line) => row(line, 'td'));
  const table = el('table', {}, el('thead', {}, row(lines[at] ?? '', 'th')), el('tbody', {}, ...body));
  return [scroller(table, 'Table'), next];
}

const INLINE =
  /(?<code>`+)(?<coded>.+?)\k<code>|\*\*(?<bold>(?=\S).+?)\*\*|~~(?<strike>.+?)~~|(?<![\p{L}\p{N}*_])[*_](?<italic>(?=\S)[^*_]+?)[*_](?![\p{L}\p{N}])|\[(?<label>[^\]]+)\]\((?<url>[^\s)]+)\)|(?<bare>https?:\/\/[^\s<>()|`"]+)/gu;

function inline(source: string): Node[] {
  const result: Node[] = [];
  let from = 0;
  for (const match of source.matchAll(INLINE)) {
    result.push(
      document.createTextNode(withEmoji(source.slice(from, match.index))),
      marked(match.groups ?? {}),
    );
    from = match.index + match[0].length;
  }
  return [...result, document.createTextNode(withEmoji(source.slice(from)))];
}

function marked(found: Readonly<Record<string, string | undefined>>): Node {
  if (found.coded !== undefined) return el('code', {}, found.coded);
  if (found.bold !== undefined) return el('strong', {}, ...inline(found.bold));
  if (found.strike !== undefined) return el('s', {}, ...inline(found.strike));
  if (found.italic !== undefined) return el('em', {}, ...inline(found.italic));
  if (found.label !== undefined) return link(found.url ?? '', found.label);
  return link(found.bare ?? '', found.bare ?? '');
}
