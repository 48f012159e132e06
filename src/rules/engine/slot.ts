import { isObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { internalized } from '../../kernel/text.ts';
import { type FieldPath, isPresent, memberPath, type Row, someValue } from '../field.ts';
import { someText } from '../text.ts';
import { fold } from '../wildcard.ts';

/** The record at hand. `tick` is another for each. */
export interface Reading {
  readonly body: JsonObject;
  /** Instead of the body: what stands in each slot, where somebody found that out before. */
  readonly row: Row | undefined;
  readonly tick: number;
}

const HERE = memberPath('.');
const NO_TEXTS: readonly string[] = [];

/** What stands at one path of the record at hand, found out once for all tests of the path. */
export class Slot {
  /** `many`: an array or an object, whose texts are in `texts`. */
  state: 'absent' | 'null' | 'text' | 'many' = 'absent';
  /** The value as text, in state `text`. */
  text = '';
  /** In state `many`: every text for which a test of the value may be true. */
  texts: readonly string[] = NO_TEXTS;
  /** In state `many`: null is among the values. */
  hasNull = false;
  present = false;
  readonly number: number;
  readonly path: FieldPath | undefined;
  readonly #symbols = new Map<string, number>();
  readonly #steps: readonly Step[];
  #tick = 0;
  #folded: string | undefined;
  #foldedTexts: readonly string[] | undefined;
  #symbol = -1;
  /** Whether the last record had nothing there: the next one probably is alike. */
  #missing = false;

  /** Without a path: all texts of the record. */
  constructor(number: number, path: FieldPath | undefined) {
    this.number = number;
    this.path = path;
    this.#steps = (path?.steps ?? []).map(({ key, rest }) => ({
      key: internalized(key),
      rest: internalized(rest),
      inherited: key in {},
    }));
  }

  read(reading: Reading): void {
    if (this.#tick === reading.tick) return;
    this.#tick = reading.tick;
    this.#folded = undefined;
    this.#symbol = -1;
    if (this.state === 'many') {
      this.texts = NO_TEXTS;
      this.#foldedTexts = undefined;
    }
    const { row } = reading;
    const value = row ? row[this.number] : this.path ? this.#walk(reading.body) : reading.body;
    this.present = value !== undefined;
    this.#missing = !this.present;
    if (typeof value === 'string') {
      this.state = 'text';
      this.text = value;
    } else if (value === undefined) this.state = 'absent';
    else if (value === null) this.state = 'null';
    else if (typeof value !== 'object') {
      this.state = 'text';
      this.text = String(value);
    } else if (row) this.#gather(value, HERE);
    else this.#gather(reading.body, this.path);
  }

  /** How many folded texts have a number. */
  get symbols(): number {
    return this.#symbols.size;
  }

  /** Gives a folded text a number of its own, from 1. */
  enter(text: string): number {
    const symbol = this.#symbols.get(text) ?? this.#symbols.size + 1;
    this.#symbols.set(text, symbol);
    return symbol;
  }

  /** The number of a folded text; 0 when it has none. */
  symbolOf(text: string): number {
    return this.#symbols.get(text) ?? 0;
  }

  /** The number of the text, in state `text`. */
  symbol(): number {
    if (this.#symbol < 0) this.#symbol = this.symbolOf(this.folded());
    return this.#symbol;
  }

  /** The text, folded. */
  folded(): string {
    this.#folded ??= foldShort(this.text);
    return this.#folded;
  }

  foldedTexts(): readonly string[] {
    this.#foldedTexts ??= this.texts.map(fold);
    return this.#foldedTexts;
  }

  /** The value at the end of the path; an object, too, where it takes more than plain steps to find out. */
  #walk(body: JsonObject): Json | undefined {
    const steps = this.#steps;
    let value: Json = body;
    for (let index = 0; index < steps.length; index += 1) {
      if (!isObject(value)) return Array.isArray(value) ? this.#odd(body) : undefined;
      const step: Step | undefined = steps[index];
      if (step === undefined) return undefined;
      // A key with dots that stands for the rest of the path goes before the way by steps.
      if (step.rest !== step.key && Object.hasOwn(value, step.rest)) return this.#odd(body);
      const next: Json | undefined =
        step.inherited || (this.#missing && index + 1 === steps.length) ? undefined : value[step.key];
      if (next !== undefined) value = next;
      else if (!Object.hasOwn(value, step.key)) return undefined;
      else value = value[step.key] ?? null;
    }
    return value;
  }

  #odd(body: JsonObject): Json | undefined {
    return this.path && isPresent(body, this.path) ? [] : undefined;
  }

  #gather(body: Json, path: FieldPath | undefined): void {
    const texts: string[] = [];
    const keep = (text: string) => {
      texts.push(text);
      return false;
    };
    this.state = 'many';
    this.texts = texts;
    this.hasNull = false;
    if (!path) {
      someText(body, keep);
      return;
    }
    someValue(body, path, (value) => {
      if (value === null) this.hasNull = true;
      else someText(value, keep);
      return false;
    });
  }
}

interface Step {
  readonly key: string;
  readonly rest: string;
  /** Every object has such a member, of its own or not. */
  readonly inherited: boolean;
}

/** `fold` for texts that mostly are short and without capitals. */
function foldShort(text: string): string {
  let capitals = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return fold(text);
    if (code >= 0x41 && code <= 0x5a) capitals = true;
  }
  return capitals ? text.toLowerCase() : text;
}
