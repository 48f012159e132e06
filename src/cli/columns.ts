/** Signs that a terminal draws over two columns. Source: Unicode Standard Annex 11, "East Asian Width". */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Signs that go onto the one before. */
const NO_WIDTH = /[\p{Mn}\p{Me}]/u;

/**
 * Text from outside on one line of a terminal: an escape sequence in it must not steer the terminal, nor a
 * bidirectional mark turn the line round. Line ends become ⏎, other controls �.
 */
export function onOneLine(untrusted: string): string {
  return harmless(untrusted.replace(/\r\n|[\n\r\u0085\u2028\u2029]/g, '⏎').replaceAll('\t', ' '));
}

/** The same for text of several lines. */
export function harmless(untrusted: string): string {
  return untrusted
    .toWellFormed()
    .replace(/\r(?!\n)/g, '⏎')
    .replace(/[^\P{Cc}\n\r\t]/gu, '�')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
}

/** JSON with everything escaped that could steer a terminal. */
export function harmlessJson(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (sign) =>
    sign
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Columns that a clean text takes. */
function widthOf(clean: string): number {
  let width = 0;
  for (const sign of clean) width += NO_WIDTH.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1;
  return width;
}

/** Narrower than an access key no column gets. */
const NARROWEST = 20;
const GAP = 2;

/**
 * Rows with their cells in line, two spaces apart; texts to the left, numbers to the right. Where that is more than
 * `room`, the widest texts are cut, down to what an access key takes.
 */
export function aligned(
  rows: readonly (readonly string[])[],
  sides: readonly ('left' | 'right')[],
  room: number = Number.POSITIVE_INFINITY,
): string[] {
  const natural = sides.map((_, column) => Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))));
  const widths = fitted(natural, sides, room - GAP * (sides.length - 1));
  return rows.map((row) =>
    sides
      .map((side, column) => padded(row[column] ?? '', widths[column] ?? 0, side))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

function fitted(natural: readonly number[], sides: readonly ('left' | 'right')[], room: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const widest = Math.max(...widths.filter((_, column) => sides[column] === 'left'));
    if (widest <= NARROWEST) break;
    const column = widths.findIndex((width, at) => width === widest && sides[at] === 'left');
    widths[column] = widest - 1;
    over -= 1;
  }
  return widths;
}

function padded(cell: string, width: number, side: 'left' | 'right'): string {
  const text = cutTo(cell, width);
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'left' ? `${text}${space}` : `${space}${text}`;
}

function cutTo(clean: string, width: number): string {
  if (widthOf(clean) <= width) return clean;
  let cut = '';
  let taken = 0;
  for (const sign of clean) {
    taken += widthOf(sign);
    if (taken > width - 1) break;
    cut += sign;
  }
  return `${cut}…`;
}

/**
 * One line as several, none wider than `width`: broken at spaces alone, so that a name stays whole to be copied
 * however long it is. All but the first are indented by `hang`.
 */
export function wrapped(clean: string, width: number, hang: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [whole, word = ''] of clean.trimEnd().matchAll(/ *([^ ]+)/g)) {
    if (line === '' || widthOf(line + whole) <= width) line += whole;
    else {
      lines.push(line);
      line = ' '.repeat(hang) + word;
    }
  }
  return [...lines, line];
}
