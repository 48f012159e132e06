import { isAscii } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { isGzip } from '../../kernel/gzip.ts';
import { parseJson } from '../../kernel/json.ts';
import { JsonTexts } from '../json-texts.ts';
import { type List, listIn } from './list.ts';
import type { Matcher } from './matcher.ts';
import type { Done, Outcome, Unit } from './outcome.ts';

/** What is longer, unpacked, is read piece by piece: the JSON of a few threads must fit into memory. */
export const AT_ONCE = 12 * 1024 * 1024;
/** Deflate cannot shrink further than this, so a trailer that claims more lies. */
const MAX_RATIO = 1032;

/** About as much JSON as is parsed at a time, where it can be cut. */
const NEAR = 32 * 1024;
const CLOSING = 0x5d;
const COMMA = 0x2c;

/** Does a unit of the input. Never throws. */
export function doUnit(matcher: Matcher, unit: Unit): Done {
  if (unit.kind === 'file') {
    const bytes = wholeFile(unit.path);
    if (bytes === undefined || isWide(bytes)) return 'again';
    const done = matchList(matcher, bytes) ?? matchText(matcher, unmarked(bytes));
    release(bytes);
    return done;
  }
  if (unit.kind === 'members') {
    const read = matchMembers(matcher, unit.bytes, 1);
    const outcome = matcher.take();
    return read ? outcome : 'again';
  }
  const bytes = unmarked(unit.bytes);
  return matchLines(matcher, decode(bytes), bytes) ?? 'again';
}

/** The bytes of a file, unpacked; `undefined` when it is not known to be small and sound. */
function wholeFile(path: string): Buffer | undefined {
  try {
    if (statSync(path).size > AT_ONCE) return undefined;
    const bytes = readFileSync(path);
    return isGzip(bytes) ? unpacked(bytes) : bytes;
  } catch {
    // Damaged, or of several members, or gone: read piece by piece, it says why, after what can be read.
    return undefined;
  }
}

/** One buffer that holds everything halves the time. The trailer says how long, and nothing beyond is believed. */
function unpacked(bytes: Buffer): Buffer | undefined {
  const length = bytes.readUInt32LE(bytes.length - 4);
  if (length > Math.min(AT_ONCE, bytes.length * MAX_RATIO)) return undefined;
  return gunzipSync(bytes, { chunkSize: Math.max(1024, length + 1), maxOutputLength: Math.max(1, length) });
}

/** Memory that is given back at once is used for the next file; the collector would fetch new pages for it instead. */
function release({ buffer }: Buffer): void {
  // Small buffers are parts of one that others use, too.
  if (buffer.byteLength > Buffer.poolSize && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** A shell on Windows writes UTF-16, and says so in the first two bytes. */
export function isWide(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}

function decode(bytes: Uint8Array, ascii: boolean = isAscii(bytes)): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(ascii ? 'latin1' : 'utf8');
}

/** Without the mark that some programs put before UTF-8. */
function unmarked(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/**
 * One list such as `{"Records":[…]}`, a few dozen members at a time: what was just read is matched before the next
 * is, as long as it is near. `undefined` when it is none; 'again' when it is broken, as there may be whole members.
 */
function matchList(matcher: Matcher, bytes: Buffer): Done | undefined {
  const list = listIn(bytes);
  if (!list) return undefined;
  const line = 1 + lineBreaks(/^\s*/.exec(list.head)?.[0] ?? '');
  const last = endOfMembers(bytes, list);
  let read = last >= 0;
  for (let from = Buffer.byteLength(list.head); read && from < last; ) {
    const end = cutAfter(bytes, list, from, last);
    read = matchMembers(matcher, bytes.subarray(from, end), line);
    from = end + 1;
  }
  const outcome = matcher.take();
  return read ? outcome : 'again';
}

/** Where the bracket is that ends the list and, with what belongs to it, the document; -1 when none does. */
function endOfMembers(bytes: Buffer, { head }: List): number {
  const end = bytes.lastIndexOf(CLOSING);
  const rest = bytes.toString('latin1', end + 1).trim();
  return rest === (head.includes('{') ? '}' : '') ? end : -1;
}

/** Where the comma after some members is, or the end of all. */
function cutAfter(bytes: Buffer, { between }: List, from: number, last: number): number {
  const at = bytes.indexOf(between, from + NEAR);
  return at < 0 ? last : at + 1;
}

function matchText(matcher: Matcher, bytes: Uint8Array): Outcome {
  const text = decode(bytes);
  const lines = matchLines(matcher, text, bytes);
  if (lines) return lines;
  const value = parseJson(text);
  if (value !== undefined) {
    matcher.add(value, 1 + lineBreaks(/^\s*/.exec(text)?.[0] ?? ''));
    return matcher.take();
  }
  return matchTexts(matcher, text);
}

/** Members of a list without its brackets; false, with some of them added or none, when they are not that. */
function matchMembers(matcher: Matcher, bytes: Uint8Array, line: number): boolean {
  const ascii = isAscii(bytes);
  const text = decode(bytes, ascii);
  const from = ascii ? scanMembers(matcher, text, bytes, line) : 0;
  matcher.settle();
  if (from > text.length) return true;
  const rest = parseJson(`[${text.slice(from)}]`);
  if (rest !== undefined) matcher.add(rest, line);
  return rest !== undefined;
}

/** Adds members as long as the scanner understands them; where the next begins. */
function scanMembers(matcher: Matcher, text: string, bytes: Uint8Array, line: number): number {
  const { scanner } = matcher;
  scanner?.take(text, bytes);
  for (let from = 0; ; ) {
    if (!scanner?.scan(from)) return from;
    const { end } = scanner;
    const goesOn = bytes[end] === COMMA && end + 1 < bytes.length;
    if (!goesOn && end !== bytes.length) return from;
    if (!matcher.addScanned(text, from, end, line)) return from;
    from = end + 1;
  }
}

/** One JSON text a line, each whole; `undefined` when it is not so. */
function matchLines(matcher: Matcher, text: string, bytes: Uint8Array): Outcome | undefined {
  const scanner = isAscii(bytes) ? matcher.scanner : undefined;
  scanner?.take(text, bytes);
  let line = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    line += 1;
    const scanned = scanner?.scan(from) && scanner.end === to;
    if (!scanned || !matcher.addScanned(text, from, to, line)) {
      if (!matchLine(matcher, text.slice(from, to), line)) {
        matcher.take();
        return undefined;
      }
    }
    from = to + 1;
  }
  return matcher.take();
}

/** Whether it could be read; nothing can. */
function matchLine(matcher: Matcher, text: string, line: number): boolean {
  const value = parseJson(text);
  if (value !== undefined) matcher.add(value, line);
  return value !== undefined || text.trim() === '';
}

/** Any mixture of lines and documents over several of them. */
function matchTexts(matcher: Matcher, text: string): Outcome {
  const texts = new JsonTexts();
  for (const found of [texts.add(text), texts.end()]) {
    for (const { value, line } of found) matcher.add(value, line);
  }
  return matcher.take();
}

/** How many lines end in it. */
function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
