/**
 * Texts of which at least one stands in whatever an expression of RE2's syntax matches, in lower case, ASCII only;
 * `undefined` when there is none, or none that is easily seen. Right with the flag for any case and without it.
 */
export function literalsOfRegex(source: string): readonly string[] | undefined {
  const reader = new Reader(source);
  const literals = reader.alternatives();
  return reader.understood && reader.atEnd() ? literals : undefined;
}

/** A part that may be matched; `undefined` in place of its literals when nothing is sure to be in it. */
type Literals = readonly string[] | undefined;

/** Deeper nesting is not worth the stack. */
const MAX_DEPTH = 20;

class Reader {
  understood = true;
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  alternatives(): Literals {
    const found: Literals[] = [this.#sequence()];
    while (this.understood && this.#take('|')) found.push(this.#sequence());
    if (found.some((literals) => literals === undefined)) return undefined;
    return found.flatMap((literals) => literals ?? []);
  }

  #sequence(): Literals {
    let best: Literals;
    let run = '';
    const end = () => {
      if (run !== '') best = better(best, [run]);
      run = '';
    };
    while (this.understood && !this.atEnd() && !this.#sees('|') && !this.#sees(')')) {
      const part = this.#part();
      const { least, once } = this.#repetition();
      if (least === 0) end();
      else if (typeof part === 'string') {
        run += part;
        if (!once) end();
      } else {
        end();
        best = better(best, part);
      }
    }
    end();
    return best;
  }

  /** One character that stands for itself, or the literals of anything else. */
  #part(): string | Literals {
    const char = this.#source.charAt(this.#at);
    this.#at += 1;
    if (char === '\\') return this.#escape();
    if (char === '[') return this.#skipClass();
    if (char === '(') return this.#group();
    if ('.^$*+?{'.includes(char) || char > '~' || char < ' ') return undefined;
    return char.toLowerCase();
  }

  #escape(): string | Literals {
    const char = this.#source.charAt(this.#at);
    this.#at += 1;
    if (/[dDsSwWbBAzntrfva]/.test(char)) return undefined;
    if (/[!-~]/.test(char) && !/[0-9a-zA-Z]/.test(char)) return char;
    this.understood = false;
    return undefined;
  }

  #skipClass(): undefined {
    const rest = /^\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/.exec(this.#source.slice(this.#at));
    if (!rest) this.understood = false;
    else this.#at += rest[0].length;
    return undefined;
  }

  #group(): Literals {
    const opening = /^\?(?:P?<\w+>|[imsU-]*([:)]))/.exec(this.#source.slice(this.#at));
    if (this.#sees('?') && !opening) this.understood = false;
    this.#at += opening?.[0].length ?? 0;
    // Flags for the rest of the expression: nothing that could be matched.
    if (opening?.[1] === ')') return undefined;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.understood = false;
    const inner = this.understood ? this.alternatives() : undefined;
    this.#depth -= 1;
    if (!this.#take(')')) this.understood = false;
    return inner;
  }

  /** How often, at least, what was just read must come, and whether it comes no more than once. */
  #repetition(): { least: number; once: boolean } {
    let least = 1;
    let once = true;
    for (;;) {
      const found = /^(?:([*?])|\+|\{(\d+)(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at, this.#at + 24));
      if (!found) return { least, once };
      this.#at += found[0].length;
      once = false;
      if (found[1] !== undefined || Number(found[2] ?? 1) === 0) least = 0;
    }
  }

  #sees(char: string): boolean {
    return this.#source.charAt(this.#at) === char;
  }

  #take(char: string): boolean {
    if (!this.#sees(char)) return false;
    this.#at += 1;
    return true;
  }
}

/** The longer text is the rarer one; of alternatives the shortest counts. */
function better(a: Literals, b: Literals): Literals {
  if (!a || !b) return a ?? b;
  return shortest(b) > shortest(a) ? b : a;
}

function shortest(texts: readonly string[]): number {
  return texts.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);
}
