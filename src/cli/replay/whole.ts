import { isAscii } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { isGzip } from '../../kernel/gzip.ts';
import { isObject, type Json, parseJson } from '../../kernel/json.ts';
import { JsonTexts } from '../json-texts.ts';
import { type List, listIn } from './list.ts';
import type { Matcher } from './matcher.ts';
import type { Done, Outcome, Unit } from './outcome.ts';

/** What is longer, unpacked, is read piece by piece: the JSON of a few threads must fit into memory. */
export const AT_ONCE = 12 * 1024 * 1024;
/** Deflate cannot shrink further than this, so a trailer that claims more lies. */
const MAX_RATIO = 1032;

/** About as much JSON as is parsed at a time, where it can be cut. */
const NEAR = 24 * 1024;
const OPENING = 0x5b;
const CLOSING = 0x5d;
const COMMA = 0x2c;

/** Does a unit of the input. Never throws. */
export function doUnit(matcher: Matcher, unit: Unit): Done {
  if (unit.kind === 'file') {
    const bytes = wholeFile(unit.path);
    if (bytes === undefined || isWide(bytes)) return 'again';
    return matchList(matcher, bytes) ?? matchText(matcher, decode(bytes));
  }
  const text = decode(unit.bytes);
  if (unit.kind === 'members') return matchMembers(matcher, text);
  return matchLines(matcher, text) ?? 'again';
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

/** A shell on Windows writes UTF-16, and says so in the first two bytes. */
export function isWide(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}

function decode(bytes: Uint8Array): string {
  const start = hasMark(bytes) ? 3 : 0;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  return buffer.toString(isAscii(buffer) ? 'latin1' : 'utf8');
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/**
 * One list such as `{"Records":[…]}`, a few dozen members at a time: what was just parsed is matched before the next
 * is, as long as it is near. `undefined` when it is none, or cannot be cut.
 */
function matchList(matcher: Matcher, bytes: Buffer): Outcome | undefined {
  const list = bytes.length > NEAR ? listIn(bytes) : undefined;
  if (!list) return undefined;
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const line = 1 + lineBreaks(/^\s*/.exec(list.head)?.[0] ?? '');
  // The bracket that begins the list, and then each comma at which it is cut.
  let from = Buffer.byteLength(list.head) - 1;
  for (let end = cutAfter(bytes, list, from); end >= 0; end = cutAfter(bytes, list, from)) {
    const before = bytes[from] ?? OPENING;
    // Brackets in their place save a copy of the text.
    bytes[from] = OPENING;
    bytes[end] = CLOSING;
    const members = parseJson(bytes.toString(encoding, from, end + 1));
    bytes[from] = before;
    bytes[end] = COMMA;
    if (members === undefined) break;
    matcher.add(members, line);
    from = end;
  }
  const last = parseJson(list.head + bytes.toString(encoding, from + 1));
  if (last !== undefined && isList(last)) {
    matcher.add(last, line);
    return matcher.take();
  }
  matcher.take();
  return undefined;
}

/** Where the comma after some members is, or -1. */
function cutAfter(bytes: Buffer, { between }: List, from: number): number {
  const at = bytes.indexOf(between, from + NEAR);
  return at < 0 ? -1 : at + 1;
}

/** Nothing else stands in the document that would make something else of its members. */
function isList(value: Json): boolean {
  return Array.isArray(value) || (isObject(value) && Object.keys(value).length === 1);
}

function matchText(matcher: Matcher, text: string): Outcome {
  const value = parseJson(text);
  if (value !== undefined) {
    matcher.add(value, 1 + lineBreaks(/^\s*/.exec(text)?.[0] ?? ''));
    return matcher.take();
  }
  return matchLines(matcher, text) ?? matchTexts(matcher, text);
}

/** Members of an array without its brackets. */
function matchMembers(matcher: Matcher, text: string): Done {
  const value = parseJson(`[${text}]`);
  if (value === undefined) return 'again';
  matcher.add(value, 1);
  return matcher.take();
}

/** One JSON text a line, each whole; `undefined` when it is not so. */
function matchLines(matcher: Matcher, text: string): Outcome | undefined {
  let line = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    line += 1;
    const one = text.slice(from, to);
    from = to + 1;
    const value = parseJson(one);
    if (value !== undefined) matcher.add(value, line);
    else if (one.trim() !== '') {
      matcher.take();
      return undefined;
    }
  }
  return matcher.take();
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
