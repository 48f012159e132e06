type Wide = 'utf16le' | 'utf16be' | 'utf16';

/** How the modifiers want a value encoded before it is looked for. */
export interface Encoding {
  /** Two bytes a character; `utf16` has a byte order mark before it. `undefined`: UTF-8. */
  readonly wide: Wide | undefined;
  /** With offset: in whatever place it stands inside a longer text that was encoded. */
  readonly base64: 'base64' | 'base64offset' | undefined;
}

/**
 * The base64 texts that stand for a value: one, or with offset three, each without the characters that depend on
 * what stands around the value. Source: Sigma modifiers appendix, "Encoding".
 */
export function encodeValue(text: string, { wide, base64 }: Encoding): string[] {
  const bytes = bytesOf(text, wide);
  return base64 === 'base64offset' ? [0, 1, 2].map((shift) => insideBase64(bytes, shift)) : [btoa(bytes)];
}

/** One character a byte. */
function bytesOf(text: string, wide: Wide | undefined): string {
  if (wide === undefined) {
    return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
  }
  const mark = wide === 'utf16' ? '\xff\xfe' : '';
  const units = text.split('').map((unit) => {
    const code = unit.charCodeAt(0);
    const low = String.fromCharCode(code & 0xff);
    const high = String.fromCharCode(code >> 8);
    return wide === 'utf16be' ? high + low : low + high;
  });
  return mark + units.join('');
}

/** Six bits make a character: those that share bits with bytes before or after the value are cut off. */
function insideBase64(bytes: string, shift: number): string {
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + bytes.length) * 8) / 6);
  return btoa('\0'.repeat(shift) + bytes).slice(first, end);
}
