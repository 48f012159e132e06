/** What a regular expression without wildcards comes to: texts, and where they must stand. */
export interface PlainRegex {
  readonly shape: 'whole' | 'startswith' | 'endswith' | 'contains';
  readonly texts: readonly string[];
  /** The expression itself says that case does not count. */
  readonly caseless: boolean;
}

const SPECIAL = /[.^$*+?()[\]{}|\\]/;
const MOST_LENGTH = 2_000;

/** `undefined` when the regular expression says more than startswith, endswith, contains or equality could. */
export function plainRegex(source: string, flags: string): PlainRegex | undefined {
  if (source.length > MOST_LENGTH || flags.includes('m')) return undefined;
  const inline = /^\(\?[is]+\)/.exec(source)?.[0] ?? '';
  const [, start = '', anchored = '', end = ''] =
    /^(\^?\.\*|\^)?([\s\S]*?)(\.\*\$?|\$)?$/.exec(source.slice(inline.length)) ?? [];
  // What ends in an escaped sign is no anchor: \$ and \.* are text.
  if (end !== '' && isEscaped(anchored)) return undefined;
  const texts = alternativesOf(anchored).map(literalText);
  const known = texts.filter((text) => text !== undefined && text !== '');
  if (known.length < texts.length) return undefined;
  const [fromStart, toEnd] = [start === '^', end === '$'];
  const shape = fromStart ? (toEnd ? 'whole' : 'startswith') : toEnd ? 'endswith' : 'contains';
  return { shape, texts: known.filter((text) => text !== undefined), caseless: inline.includes('i') };
}

/** A group of alternatives in a pattern, each with what stands around it; else the pattern itself. */
function alternativesOf(pattern: string): string[] {
  const [, before = '', group, after = ''] = /^([^()]*)\((?:\?:)?([^()]*)\)([^()]*)$/.exec(pattern) ?? [];
  if (group === undefined || isEscaped(before)) return [pattern];
  return splitAlternatives(group).map((text) => `${before}${text}${after}`);
}

function isEscaped(before: string): boolean {
  return (/\\*$/.exec(before)?.[0].length ?? 0) % 2 === 1;
}

function splitAlternatives(text: string): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '|') parts.push('');
    else if (sign === '\\') {
      parts.push(`${parts.pop() ?? ''}${text.slice(at, at + 2)}`);
      at += 1;
    } else parts.push(`${parts.pop() ?? ''}${sign}`);
  }
  return parts;
}

/** The text that a pattern without anything special stands for. */
function literalText(pattern: string): string | undefined {
  let text = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const sign = pattern.charAt(at);
    if (sign === '\\') {
      at += 1;
      const escaped = pattern.charAt(at);
      // \d, \b and their like are classes.
      if (escaped === '' || /\w/.test(escaped)) return undefined;
      text += escaped;
    } else if (SPECIAL.test(sign)) return undefined;
    else text += sign;
  }
  return text;
}

/**
 * How long a text every match must contain, at least: 0 when there is none to look for. It counts what stands outside
 * of classes and of parts that may be left out; of alternatives the shortest.
 */
export function requiredLength(source: string): number {
  return new LengthReader(source).alternatives(0);
}

const MOST_DEPTH = 100;

class LengthReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(depth: number): number {
    let least = this.#sequence(depth);
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      least = Math.min(least, this.#sequence(depth));
    }
    return least;
  }

  #sequence(depth: number): number {
    let best = 0;
    let run = 0;
    for (;;) {
      const sign = this.#source[this.#at];
      if (sign === undefined || sign === '|' || sign === ')') return Math.max(best, run);
      const length = this.#atom(sign, depth);
      const optional = this.#quantifier();
      if (length === 1 && optional === undefined && !this.#group) run += 1;
      else {
        best = Math.max(best, run, optional === true ? 0 : length);
        run = 0;
      }
    }
  }

  #group = false;

  /** The required length of one part: 1 for a plain sign, 0 for a class or an anchor. */
  #atom(sign: string, depth: number): number {
    this.#group = sign === '(';
    this.#at += 1;
    if (sign === '(') return this.#brackets(depth);
    if (sign === '[') return this.#class();
    if (sign === '\\') {
      const escaped = this.#source[this.#at] ?? '';
      this.#at += 1;
      return /\w/.test(escaped) ? 0 : 1;
    }
    return '.^$*+?'.includes(sign) ? 0 : 1;
  }

  #brackets(depth: number): number {
    const head = /^\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]+(?=\)))/.exec(
      this.#source.slice(this.#at, this.#at + 80),
    );
    this.#at += head?.[0].length ?? 0;
    const length = depth < MOST_DEPTH ? this.alternatives(depth + 1) : 0;
    if (this.#source[this.#at] === ')') this.#at += 1;
    return length;
  }

  #class(): number {
    const start = this.#at;
    if (this.#source[this.#at] === '^') this.#at += 1;
    for (let sign = this.#source[this.#at]; sign !== undefined; sign = this.#source[this.#at]) {
      if (sign === ']' && this.#at > start) break;
      this.#at += sign === '\\' ? 2 : 1;
    }
    this.#at += 1;
    return 0;
  }

  /** Whether the part before may be left out; `undefined` when nothing is said of how often it comes. */
  #quantifier(): boolean | undefined {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at, this.#at + 20));
    if (!found) return undefined;
    this.#at += found[0].length;
    return /^(?:[*?]|\{0)/.test(found[0]);
  }
}
