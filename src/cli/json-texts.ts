import { type Json, parseJson } from '../kernel/json.ts';
import { Misuse } from '../kernel/problem.ts';
import { JsonShape } from './json-shape.ts';

/** One JSON text: a line of NDJSON, or a document over several lines. */
export interface JsonText {
  /** From 1: where it begins. */
  readonly line: number;
  readonly text: string;
  /** `undefined` when it is no JSON. */
  readonly value: Json | undefined;
}

/** A document that is spread over lines, as far as it was read. */
interface Open {
  readonly line: number;
  readonly lines: string[];
  readonly shape: JsonShape;
}

/** When a document turns out broken after so many lines, they are not looked at one by one again. */
const LOOK_AGAIN = 16;
/** A little less than the longest text that V8 can hold. */
const LONGEST = 500_000_000;

/**
 * Cuts text that comes in chunks into the JSON texts in it: one a line, or spread over lines, in any
 * mixture. A broken one is one text without value; the next that begins at the margin is read again.
 */
export class JsonTexts {
  #rest: string[] = [];
  #held = 0;
  #line = 0;
  #open: Open | undefined;
  #lost = false;
  #found: JsonText[] = [];

  add(chunk: string): JsonText[] {
    let from = 0;
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', from)) {
      this.#endLine(chunk.slice(from, at));
      from = at + 1;
    }
    if (from < chunk.length) this.#hold(chunk.slice(from));
    return this.#take();
  }

  /** Nothing is left over: what comes next begins like the first line of an input. */
  get settled(): boolean {
    return this.#rest.length === 0 && this.#open === undefined && !this.#lost;
  }

  /** What is left when nothing more comes. */
  end(): JsonText[] {
    if (this.#rest.length > 0) this.#endLine('');
    if (this.#open) this.#emit(this.#open.line, this.#open.lines.join('\n'), undefined);
    this.#open = undefined;
    return this.#take();
  }

  #take(): JsonText[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #hold(part: string): void {
    this.#rest.push(part);
    this.#count(part.length);
  }

  #count(more: number): void {
    this.#held += more;
    if (this.#held > LONGEST) {
      throw new Misuse(
        `One JSON text has more than ${LONGEST / 1e6} million characters, which is too much: give the events one a line.`,
      );
    }
  }

  #endLine(end: string): void {
    const text = this.#rest.length > 0 ? this.#rest.join('') + end : end;
    this.#rest = [];
    this.#line += 1;
    this.#lineAt(text, this.#line);
    if (this.#open) this.#count(end.length);
    else this.#held = 0;
  }

  #lineAt(text: string, line: number): void {
    if (this.#open) this.#continue(this.#open, text, line);
    else if (!this.#lost || /^[{[]/.test(text)) this.#begin(text, line);
  }

  #begin(text: string, line: number): void {
    if (text.trim() === '') return;
    this.#lost = false;
    const value = parseJson(text);
    const shape = new JsonShape();
    if (value === undefined && shape.take(text) === 'open') this.#open = { line, lines: [text], shape };
    else this.#emit(line, text, value);
  }

  #continue(open: Open, text: string, line: number): void {
    const state = open.shape.take(text);
    if (state !== 'broken') open.lines.push(text);
    if (state === 'open') return;
    this.#open = undefined;
    const whole = open.lines.join('\n');
    const value = state === 'whole' ? parseJson(whole) : undefined;
    if (value !== undefined) this.#emit(open.line, whole, value);
    else this.#giveUp(open, text, line);
  }

  /** The first line was cut, probably; those after it may be whole. */
  #giveUp(open: Open, text: string, line: number): void {
    const few = open.lines.length <= LOOK_AGAIN;
    this.#emit(open.line, few ? (open.lines[0] ?? '') : open.lines.join('\n'), undefined);
    this.#lost = true;
    const again = few ? [...open.lines.slice(1), text] : [text];
    for (const [index, one] of again.entries()) this.#lineAt(one, line - again.length + 1 + index);
  }

  #emit(line: number, text: string, value: Json | undefined): void {
    this.#found.push({ line, text, value });
  }
}
