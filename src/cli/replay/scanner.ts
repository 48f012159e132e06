import { type Json, type JsonObject, parseJson } from '../../kernel/json.ts';
import type { FieldPath } from '../../rules/field.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const WORDS: readonly (string | undefined)[] = wordsByFirst(['true', 'false', 'null']);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
/** What is nested deeper is left to `JSON.parse`. */
const DEEPEST = 30;

/**
 * Reads objects out of compact JSON, and of their members only those that some path leads through: making the others
 * takes most of the time of `JSON.parse`. What it reads equals what `JSON.parse` says without those members. What it
 * leaves out it checks less: a comma too many or a control character there does not make it fail.
 */
export class Scanner {
  readonly #root = new Member('');
  #text = '';
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #failed = false;
  /** The first backslash behind where one was last looked for. */
  #escape = -1;

  constructor(paths: Iterable<FieldPath>) {
    for (const path of paths) this.#root.enter(path);
  }

  /** Behind the object that was read last. */
  get end(): number {
    return this.#at;
  }

  /** Sets the text in which objects are read from now on, one behind the other, and the same as ASCII. */
  take(text: string, bytes: Uint8Array): void {
    this.#text = text;
    this.#bytes = bytes;
    this.#escape = -1;
  }

  /** The object that begins there; `undefined` when only `JSON.parse` can tell. Its texts are parts of the whole. */
  scan(at: number): JsonObject | undefined {
    if (this.#bytes[at] !== OPEN) return undefined;
    this.#failed = false;
    this.#at = at;
    const object = this.#object(this.#root);
    return this.#failed ? undefined : object;
  }

  #object(member: Member): JsonObject {
    const bytes = this.#bytes;
    const object: JsonObject = {};
    let at = this.#at + 1;
    let next: number | undefined = COMMA;
    if (bytes[at] === CLOSE) {
      next = CLOSE;
      at += 1;
    }
    while (next === COMMA && bytes[at] === QUOTE) {
      const from = at + 1;
      const to = this.#closing(from);
      if (bytes[to + 1] !== COLON || this.#isEscaped(from, to)) break;
      this.#at = to + 2;
      const inner = member.find(bytes, from, to);
      if (inner === undefined) this.#skip();
      else object[inner.key] = this.#value(inner);
      if (this.#failed) return object;
      at = this.#at + 1;
      next = bytes[this.#at];
    }
    this.#at = at;
    this.#failed ||= next !== CLOSE;
    return object;
  }

  #value(member: Member): Json {
    const text = this.#text;
    const from = this.#at;
    const first = this.#bytes[from];
    if (first === OPEN && !member.whole) return this.#object(member);
    this.#skip();
    if (first === QUOTE && !this.#isEscaped(from, this.#at)) return text.slice(from + 1, this.#at - 1);
    const value = parseJson(text.slice(from, this.#at));
    this.#failed ||= value === undefined;
    return value ?? null;
  }

  /** Goes behind a value. */
  #skip(): void {
    const first = this.#bytes[this.#at];
    if (first === QUOTE) this.#at = this.#closing(this.#at + 1) + 1;
    else if (first === OPEN || first === OPEN_LIST) this.#skipNested();
    else this.#skipScalar(first);
  }

  #skipScalar(first: number | undefined): void {
    const word = WORDS[first ?? 0];
    NUMBER.lastIndex = this.#at;
    if (word !== undefined && this.#text.startsWith(word, this.#at)) this.#at += word.length;
    else if (NUMBER.test(this.#text)) this.#at = NUMBER.lastIndex;
    else this.#failed = true;
  }

  #skipNested(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    /** Below a bit that only begins it, one for each open bracket: whether it is a list's. */
    let open = 1;
    do {
      const code = bytes[at];
      at += 1;
      if (code === QUOTE) {
        at = this.#closing(at) + 1;
        this.#failed ||= !isBehindString(bytes[at]);
      } else if (code === OPEN) open <<= 1;
      else if (code === OPEN_LIST) open = (open << 1) | 1;
      else if (code === CLOSE || code === CLOSE_LIST) {
        this.#failed ||= (open & 1) !== (code === CLOSE ? 0 : 1);
        open >>= 1;
      } else if (code !== COMMA && code !== COLON) {
        this.#at = at - 1;
        this.#skipScalar(code);
        at = this.#at;
      }
      this.#failed ||= at > bytes.length || open >> DEEPEST !== 0;
    } while (open !== 1 && !this.#failed);
    this.#at = at;
  }

  /** Where the string ends that has its first character there: at a quote, or at the end of the text. */
  #closing(from: number): number {
    const text = this.#text;
    const end = text.indexOf('"', from);
    if (end < 0) return text.length;
    if (!this.#isEscaped(from, end)) return end;
    const bytes = this.#bytes;
    let at = this.#escape;
    while (at < bytes.length && bytes[at] !== QUOTE) {
      if (bytes[at] !== BACKSLASH) at += 1;
      else {
        ESCAPE.lastIndex = at;
        this.#failed ||= !ESCAPE.test(text);
        at += 2;
      }
    }
    return Math.min(at, text.length);
  }

  /** Whether there is a backslash; asked for parts of the text from left to right. */
  #isEscaped(from: number, to: number): boolean {
    if (this.#escape < from) {
      const at = this.#text.indexOf('\\', from);
      this.#escape = at < 0 ? this.#text.length : at;
    }
    return this.#escape < to;
  }
}

function wordsByFirst(words: readonly string[]): (string | undefined)[] {
  const found = Array<string | undefined>(256).fill(undefined);
  for (const word of words) found[word.charCodeAt(0)] = word;
  return found;
}

function isBehindString(code: number | undefined): boolean {
  return code === COMMA || code === COLON || code === CLOSE || code === CLOSE_LIST;
}

/** A member of an object on the way of some path; found by a hash of its key. */
class Member {
  readonly key: string;
  /** A path ends here: everything in it is read. */
  whole = false;
  readonly #bytes: Uint8Array;
  readonly #inner: Member[] = [];
  #table: (Member | undefined)[] = [undefined];

  constructor(key: string) {
    this.key = key;
    this.#bytes = Buffer.from(key);
  }

  enter({ steps }: FieldPath): void {
    let member: Member = this;
    for (const { key, rest } of steps) {
      // A path may also be one key with dots in it, at any step.
      member.#withKey(rest).whole = true;
      member = member.#withKey(key);
    }
    member.whole = true;
  }

  /** The inner member whose key stands there. */
  find(bytes: Uint8Array, from: number, to: number): Member | undefined {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = hash(bytes, from, to) & mask; ; at = (at + 1) & mask) {
      const member = table[at];
      if (member === undefined || member.#isAt(bytes, from, to)) return member;
    }
  }

  #isAt(bytes: Uint8Array, from: number, to: number): boolean {
    const key = this.#bytes;
    if (key.length !== to - from) return false;
    for (let at = 0; at < key.length; at += 1) if (key[at] !== bytes[from + at]) return false;
    return true;
  }

  #withKey(key: string): Member {
    const bytes = Buffer.from(key);
    const known = this.find(bytes, 0, bytes.length);
    if (known) return known;
    const added = new Member(key);
    this.#inner.push(added);
    const size = 2 ** Math.ceil(Math.log2(this.#inner.length * 4));
    this.#table = Array<Member | undefined>(size).fill(undefined);
    for (const member of this.#inner) this.#place(member);
    return added;
  }

  #place(member: Member): void {
    const mask = this.#table.length - 1;
    let at = hash(member.#bytes, 0, member.#bytes.length) & mask;
    while (this.#table[at] !== undefined) at = (at + 1) & mask;
    this.#table[at] = member;
  }
}

/** Few keys of a record have all of these in common. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from] ?? 0;
  const middle = bytes[(from + to) >> 1] ?? 0;
  const last = bytes[to - 1] ?? 0;
  return (to - from) * 7 + first * 3 + middle * 5 + last;
}
