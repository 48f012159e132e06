/** Every text that a value means once the modifiers that rewrite it are applied. */
export function encodings(text: string, modifiers: readonly string[]): string[] {
  const wide = modifiers.find((name) => WIDE.includes(name));
  const bytes = bytesOf(text, wide);
  if (modifiers.includes('base64')) return [bytes.toString('base64')];
  if (modifiers.includes('base64offset')) return [0, 1, 2].map((offset) => base64Inside(bytes, offset));
  if (wide) throw new Error(`"${wide}" without base64 is no text`);
  return [text];
}

const WIDE = ['wide', 'utf16', 'utf16le', 'utf16be'];

export function isEncoded(modifiers: readonly string[]): boolean {
  return modifiers.some((name) => WIDE.includes(name) || name.startsWith('base64'));
}

function bytesOf(text: string, wide: string | undefined): Buffer {
  const little = Buffer.from(text, 'utf16le');
  if (wide === 'wide' || wide === 'utf16le') return little;
  if (wide === 'utf16') return Buffer.concat([Buffer.from([0xff, 0xfe]), little]);
  if (wide === 'utf16be') return Buffer.from(little).swap16();
  return Buffer.from(text, 'utf8');
}

/** The characters of the base64 text that stay the same whatever stands around, `offset` bytes into it. */
function base64Inside(bytes: Buffer, offset: number): string {
  const variants = [0x00, 0xff].map((around) => {
    const after = Buffer.alloc(3, around);
    return Buffer.concat([Buffer.alloc(offset, around), bytes, after]).toString('base64');
  });
  const [one = '', other = ''] = variants;
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  if (one.slice(first, last) !== other.slice(first, last)) throw new Error('these depend on what is around');
  return one.slice(first, last);
}

const DASHES = ['-', '/', '–', '—', '―'];

/** The text with each slash or dash at the start of a word as every one of them. */
export function windashes(text: string): string[] {
  const found = /(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/u.exec(text);
  if (!found) return [text];
  const before = text.slice(0, found.index);
  const rests = windashes(text.slice(found.index + 1));
  return DASHES.flatMap((dash) => rests.map((rest) => before + dash + rest));
}

/** That part of a timestamp, in UTC; not a number when the text is none. */
export function timePart(text: string, part: string): number {
  const form = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!form) return Number.NaN;
  const [, year, month, day] = form.map(Number);
  const midnight = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  const written = midnight.toISOString().slice(0, 10);
  const time = new Date(text);
  if (written !== text.slice(0, 10) || Number.isNaN(time.getTime())) return Number.NaN;
  switch (part) {
    case 'minute':
      return time.getUTCMinutes();
    case 'hour':
      return time.getUTCHours();
    case 'day':
      return time.getUTCDate();
    case 'week':
      return isoWeek(time);
    case 'month':
      return time.getUTCMonth() + 1;
    default:
      return time.getUTCFullYear();
  }
}

/** Weeks begin on Monday and belong to the year of their Thursday. */
function isoWeek(time: Date): number {
  const thursday = new Date(time);
  while (thursday.getUTCDay() !== 4) {
    const forward = [1, 2, 3].includes(thursday.getUTCDay());
    thursday.setUTCDate(thursday.getUTCDate() + (forward ? 1 : -1));
  }
  let week = 0;
  for (const other = new Date(thursday); other.getUTCFullYear() === thursday.getUTCFullYear(); week += 1) {
    other.setUTCDate(other.getUTCDate() - 7);
  }
  return week;
}
