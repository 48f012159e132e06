import { el, freshId } from './dom.ts';
import { type Fields, fields, items, text } from './read.ts';
import type { Reader } from './reader.ts';
import { richText } from './rich-text.ts';

/** A `table` block: the first row holds the headings; wide tables scroll inside their frame. */
export function drawTable(block: Fields, reader: Reader): HTMLElement {
  const rows = rowsOf(block);
  const settings = Array.isArray(block.column_settings) ? block.column_settings.map(fields) : [];
  const look = (column: number): string => {
    const setting = fields(settings[column]);
    const align = setting.align === 'right' || setting.align === 'center' ? ` ${setting.align}` : '';
    return `${setting.is_wrapped === true ? 'wrapped' : ''}${align}`.trim();
  };
  const draw = (cells: Fields[], tag: 'th' | 'td') =>
    el('tr', {}, ...cells.map((cell, at) => drawCell(cell, tag, look(at), reader)));
  const table = el(
    'table',
    {},
    el('thead', {}, draw(rows[0] ?? [], 'th')),
    el('tbody', {}, ...rows.slice(1).map((row) => draw(row, 'td'))),
  );
  return scroller(table, 'Table');
}

/** A `data_table` block: a caption, sorting by any column, and pages. */
export function drawDataTable(block: Fields, reader: Reader): HTMLElement {
  const [heads = [], ...rows] = rowsOf(block);
  const size = typeof block.page_size === 'number' && block.page_size > 0 ? block.page_size : 5;
  const view = { sorted: rows, column: -1, down: false, page: 0 };
  const captionId = freshId();
  const body = el('tbody');
  const pages = el('span', { class: 'pages', role: 'status' });
  const back = el('button', { type: 'button', class: 'button small' }, 'Previous');
  const next = el('button', { type: 'button', class: 'button small' }, 'Next');
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const buttons = heads.map((cell) => el('button', { type: 'button', class: 'sort' }, cellText(cell)));
  const draw = () => {
    const from = view.page * size;
    const shown = view.sorted.slice(from, from + size);
    body.replaceChildren(
      ...shown.map((row) => el('tr', {}, ...row.map((cell) => drawCell(cell, 'td', numeric(cell), reader)))),
    );
    pages.textContent = `${rows.length === 0 ? 0 : from + 1}–${from + shown.length} of ${rows.length}`;
    back.disabled = view.page === 0;
    next.disabled = view.page === last;
  };
  const turn = (by: number) => {
    view.page = Math.min(last, Math.max(0, view.page + by));
    draw();
  };
  back.addEventListener('click', () => turn(-1));
  next.addEventListener('click', () => turn(1));
  const heading = el('tr', {}, ...buttons.map((button) => el('th', { scope: 'col' }, button)));
  for (const [at, button] of buttons.entries()) {
    button.addEventListener('click', () => {
      view.down = view.column === at && !view.down;
      view.column = at;
      view.page = 0;
      view.sorted = rows.toSorted((a, b) => compare(a[at], b[at]) * (view.down ? -1 : 1));
      for (const [other, head] of [...heading.children].entries()) {
        if (other === at) head.setAttribute('aria-sort', view.down ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      }
      draw();
    });
  }
  draw();
  const table = el('table', { 'aria-labelledby': captionId }, el('thead', {}, heading), body);
  return el(
    'div',
    { class: 'data-table' },
    el('div', { id: captionId, class: 'caption' }, text(block.caption)),
    scroller(table, text(block.caption)),
    last > 0 ? el('div', { class: 'pager' }, back, pages, next) : null,
  );
}

/** A frame in which a wide thing scrolls sideways, with the keyboard too. */
export function scroller(inside: Element, label: string): HTMLElement {
  return el('div', { class: 'scroll-x', tabindex: 0, role: 'region', 'aria-label': label }, inside);
}

function rowsOf(block: Fields): Fields[][] {
  return Array.isArray(block.rows) ? block.rows.map(items) : [];
}

function drawCell(cell: Fields, tag: 'th' | 'td', look: string, reader: Reader): HTMLElement {
  const attributes = { class: look || undefined, ...(tag === 'th' ? { scope: 'col' } : {}) };
  if (cell.type === 'rich_text') return el(tag, attributes, richText(cell, reader));
  return el(tag, attributes, ...breakable(cellText(cell)));
}

/** Where there is no room, `iam:ListUsers` breaks after its colon rather than within a word. */
function breakable(words: string): (string | HTMLElement)[] {
  const parts = words.split(/(?<=[:/])(?=\w)/);
  return parts.flatMap((part, at) => (at === 0 ? [part] : [el('wbr'), part]));
}

/** The letters of a cell, as they are: no markup, no emoji. */
function cellText(cell: Fields): string {
  if (cell.type === 'rich_text') return items(cell.elements).flatMap(leaves).join('');
  if (cell.type === 'raw_number' && text(cell.text) === '') return String(cell.value ?? '');
  return text(cell.text);
}

function leaves(part: Fields): string[] {
  return Array.isArray(part.elements) ? items(part.elements).flatMap(leaves) : [text(part.text)];
}

function numeric(cell: Fields): string {
  return cell.type === 'raw_number' ? 'right' : '';
}

function compare(a: Fields = {}, b: Fields = {}): number {
  if (typeof a.value === 'number' && typeof b.value === 'number') return a.value - b.value;
  return cellText(a).localeCompare(cellText(b), undefined, { numeric: true });
}
