import { isObject, type Json, type JsonObject, parseJson } from '../../kernel/json.ts';
import type { FieldPath, Row } from '../../rules/field.ts';
import { Member } from './member.ts';

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
 * Reads objects out of compact JSON, and of what is in them only what stands at the end of some path: making the rest
 * takes most of the time of `JSON.parse`. What it reads equals what `JSON.parse` says of it. What it leaves out it
 * checks less: a comma too many or a control character there does not make it fail.
 */
export class Scanner {
  readonly #root = new Member('', true);
  readonly #row: (Json | undefined)[];
  /** `row` does not say it all. */
  #odd = false;
  #tick = 0;
  #text = '';
  #bytes: Uint8Array = new Uint8Array();
  #view = new DataView<ArrayBufferLike>(new ArrayBuffer());
  #at = 0;
  #failed = false;
  /** The first backslash behind where one was last looked for. */
  #escape = -1;

  constructor(paths: readonly FieldPath[]) {
    this.#row = paths.map(() => undefined);
    for (const [number, path] of paths.entries()) this.#root.enter(path, number);
  }

  /** What stands at the paths; `undefined` when some lead through a list, or another way than step by step. */
  get row(): Row | undefined {
    return this.#odd ? undefined : this.#row;
  }

  /** Behind the object that was read last. */
  get end(): number {
    return this.#at;
  }

  /** Sets the text in which objects are read from now on, one behind the other, and the same as ASCII. */
  take(text: string, bytes: Uint8Array): void {
    this.#text = text;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#escape = -1;
  }

  /** Reads the object that begins there; false when only `JSON.parse` can tell. Its texts are parts of the whole. */
  scan(at: number): boolean {
    if (this.#bytes[at] !== OPEN) return false;
    this.#failed = false;
    this.#start();
    this.#at = at;
    this.#object(this.#root);
    return !this.#failed;
  }

  /** Reads an object that was parsed. */
  read(object: JsonObject): void {
    this.#start();
    this.#spread(this.#root, object);
  }

  #start(): void {
    this.#row.fill(undefined);
    this.#odd = false;
    this.#tick += 1;
  }

  #object(member: Member): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    let before: Member | undefined;
    let next: number | undefined = COMMA;
    if (bytes[at] === CLOSE) {
      next = CLOSE;
      at += 1;
    }
    while (next === COMMA && bytes[at] === QUOTE) {
      const inner = this.#key(member, before, at + 1);
      if (inner === undefined) break;
      if (inner.asked) this.#member(inner);
      else this.#skip();
      if (this.#failed) return;
      before = inner;
      at = this.#at + 1;
      next = bytes[this.#at];
    }
    this.#at = at;
    this.#failed ||= next !== CLOSE;
  }

  /** Goes behind a key: mostly the one that followed the key before in the last object, too. */
  #key(member: Member, before: Member | undefined, from: number): Member | undefined {
    const expected = before ? before.next : member.first;
    if (expected?.isAt(this.#view, from)) {
      this.#at = from + expected.length;
      return expected;
    }
    const to = this.#closing(from);
    if (this.#bytes[to + 1] !== COLON || this.#isEscaped(from, to)) return undefined;
    this.#at = to + 2;
    const found = member.find(this.#bytes, from, to);
    if (before) before.next = found;
    else member.first = found;
    return found;
  }

  #member(member: Member): void {
    if (!member.isLeaf) {
      // Of two members with one key the last counts, and nothing that is in the first.
      this.#odd ||= member.tick === this.#tick;
      member.tick = this.#tick;
      if (member.number < 0 && this.#bytes[this.#at] === OPEN) {
        this.#object(member);
        return;
      }
    }
    this.#keep(member, this.#value());
  }

  #keep(member: Member, value: Json): void {
    if (member.number >= 0) this.#row[member.number] = value;
    // A key with dots in it that stands for the rest of a path.
    else if (member.isLeaf) this.#odd = true;
    if (!member.isLeaf && typeof value === 'object') this.#spread(member, value);
  }

  /** What is asked for in a value that was read as a whole. */
  #spread(member: Member, value: Json): void {
    if (Array.isArray(value)) this.#odd = true;
    if (!isObject(value)) return;
    for (const inner of member.inner) {
      if (Object.hasOwn(value, inner.key)) this.#keep(inner, value[inner.key] ?? null);
    }
  }

  #value(): Json {
    const text = this.#text;
    const from = this.#at;
    const first = this.#bytes[from];
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
