import type { FieldPath } from '../../rules/field.ts';

/** Objects may have any number of keys, of any length. */
const MOST_LEARNED = 64;
const LONGEST_LEARNED = 64;
const WORD = 4;

/** A key of objects: on the way of some path, or just seen before. Inner ones are found by a hash of their keys. */
export class Member {
  readonly key: string;
  /** Some path leads here, or would, if its rest were one key. */
  readonly asked: boolean;
  /** Of the path that ends here; negative when none does. */
  number = -1;
  /** Of the object in which it was last met. */
  tick = 0;
  /** Those that are asked for. */
  readonly inner: Member[] = [];
  /** The inner one with which the last object began. */
  first: Member | undefined;
  /** The one that came behind it in the last object. */
  next: Member | undefined;
  /** Of the key with the quote and the colon behind it. */
  readonly length: number;
  readonly #bytes: Uint8Array;
  /** Those bytes, four at a time; the last four may be there twice. */
  readonly #words: number[] = [];
  readonly #learned: Member[] = [];
  /** Stands for all that are too many to be learned. */
  #other: Member | undefined;
  #table: (Member | undefined)[] = [undefined];

  constructor(key: string, asked: boolean) {
    this.key = key;
    this.asked = asked;
    this.#bytes = Buffer.from(key);
    const whole = Buffer.from(`${key}":`);
    this.length = whole.length;
    if (this.length < WORD) return;
    for (let at = 0; at < this.length - WORD; at += WORD) this.#words.push(whole.readInt32LE(at));
    this.#words.push(whole.readInt32LE(this.length - WORD));
  }

  /** No path leads further. */
  get isLeaf(): boolean {
    return this.inner.length === 0;
  }

  enter({ steps }: FieldPath, number: number): void {
    let member: Member = this;
    for (const { key, rest } of steps) {
      // A path may also be one key with dots in it, at any step.
      member.#withKey(rest);
      member = member.#withKey(key);
    }
    member.number = number;
  }

  /** Whether the key stands there with what belongs behind it; may say no of short ones. */
  isAt(view: DataView, from: number): boolean {
    const words = this.#words;
    const last = words.length - 1;
    if (last < 0 || from + this.length > view.byteLength) return false;
    for (let index = 0; index < last; index += 1) {
      if (view.getInt32(from + WORD * index, true) !== words[index]) return false;
    }
    return view.getInt32(from + this.length - WORD, true) === words[last];
  }

  /** The inner member whose key stands there. */
  find(bytes: Uint8Array, from: number, to: number): Member {
    return this.#known(bytes, from, to) ?? this.#learn(bytes, from, to);
  }

  #known(bytes: Uint8Array, from: number, to: number): Member | undefined {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = hash(bytes, from, to) & mask; ; at = (at + 1) & mask) {
      const member = table[at];
      if (member === undefined || member.#equals(bytes, from, to)) return member;
    }
  }

  #equals(bytes: Uint8Array, from: number, to: number): boolean {
    const key = this.#bytes;
    if (key.length !== to - from) return false;
    for (let at = 0; at < key.length; at += 1) if (key[at] !== bytes[from + at]) return false;
    return true;
  }

  #learn(bytes: Uint8Array, from: number, to: number): Member {
    if (this.#learned.length >= MOST_LEARNED || to - from > LONGEST_LEARNED) {
      this.#other ??= new Member('', false);
      return this.#other;
    }
    const added = new Member(Buffer.from(bytes.subarray(from, to)).toString('latin1'), false);
    this.#learned.push(added);
    this.#arrange();
    return added;
  }

  #withKey(key: string): Member {
    const bytes = Buffer.from(key);
    const known = this.#known(bytes, 0, bytes.length);
    if (known) return known;
    const added = new Member(key, true);
    this.inner.push(added);
    this.#arrange();
    return added;
  }

  #arrange(): void {
    const members = [...this.inner, ...this.#learned];
    const size = 2 ** Math.ceil(Math.log2(members.length * 4));
    this.#table = Array<Member | undefined>(size).fill(undefined);
    for (const member of members) this.#place(member);
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
