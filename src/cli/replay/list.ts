import { parseJson } from '../../kernel/json.ts';

const LINE_BREAK = 0x0a;

/** The start of a document that is one long list, and its first member as far as its first key. */
const LIST = /^(\ufeff?\s*(?:\{\s*"(?:Records|Events|Messages)"\s*:\s*)?\[)(\s*)\{(\s*)"([^"\\]{1,100})"/;

/** How the members of a list are told apart, and what stands before the first. */
export interface List {
  readonly head: string;
  /** From the end of one member to the beginning of the next: it stands nowhere inside a text. */
  readonly between: Buffer;
}

/** A list that is not whole on its first line, or whose first line goes on and on. */
export function listIn(bytes: Buffer): List | undefined {
  const found = LIST.exec(bytes.subarray(0, 4096).toString());
  if (!found) return undefined;
  const end = bytes.indexOf(LINE_BREAK);
  if (end >= 0 && end < bytes.length - 2 && parseJson(bytes.subarray(0, end).toString()) !== undefined)
    return undefined;
  const [, head = '', before = '', inside = '', key = ''] = found;
  const between = before.includes('\n') ? `},${before}{` : `},${before}{${inside}"${key}"`;
  return { head, between: Buffer.from(between) };
}
