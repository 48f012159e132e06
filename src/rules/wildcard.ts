/** Sigma text with its wildcards: literal runs, `*` (any run, newlines too) and `?` (exactly one character). */
export type Pattern = readonly (string | Wildcard)[];

interface Wildcard {
  readonly any: 'run' | 'one';
}

const ANY_RUN: Wildcard = { any: 'run' };
const ANY_ONE: Wildcard = { any: 'one' };

/**
 * Reads the escapes from left to right: `\*` and `\?` are literal, `\\` is one backslash, and a backslash
 * before anything else, or at the end, is a literal backslash.
 */
export function parsePattern(text: string): Pattern {
  const pattern: (string | Wildcard)[] = [];
  let literal = '';
  const wildcard = (one: Wildcard) => {
    if (literal !== '') pattern.push(literal);
    literal = '';
    if (one !== ANY_RUN || pattern.at(-1) !== ANY_RUN) pattern.push(one);
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    const next = text.charAt(index + 1);
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      index += 1;
    } else if (char === '*') wildcard(ANY_RUN);
    else if (char === '?') wildcard(ANY_ONE);
    else literal += char;
  }
  if (literal !== '') pattern.push(literal);
  return pattern;
}

export type Shape = 'whole' | 'contains' | 'startswith' | 'endswith';

/** Adds the `*` that the modifier stands for, unless the pattern has one there. */
export function padPattern(pattern: Pattern, shape: Shape): Pattern {
  const before = (shape === 'contains' || shape === 'endswith') && pattern[0] !== ANY_RUN;
  const after = (shape === 'contains' || shape === 'startswith') && pattern.at(-1) !== ANY_RUN;
  return [...(before ? [ANY_RUN] : []), ...pattern, ...(after ? [ANY_RUN] : [])];
}

/** The text when the pattern has no wildcard. */
export function literalOf(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  const [only] = pattern;
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}

export function wildcardsIn(pattern: Pattern): number {
  return pattern.filter((part) => typeof part !== 'string').length;
}

/**
 * Lower case, one character for one, so that `?` still counts characters; text is compared after folding.
 * The final sigma, whose lower case depends on its neighbours, is folded as any sigma.
 */
export function fold(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text.toLowerCase();
  let folded = '';
  for (const char of text) {
    const lower = char.toLowerCase();
    folded += lower === 'ς' ? 'σ' : charCount(lower) === 1 ? lower : char;
  }
  return folded;
}

/** A test of text; fold pattern and text before when case does not count. */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const literal = literalOf(pattern);
  if (literal !== undefined) return (text) => text === literal;
  if (pattern.includes(ANY_ONE)) return compileGlob(pattern);

  const fromStart = pattern[0] !== ANY_RUN;
  const toEnd = pattern.at(-1) !== ANY_RUN;
  const literals = pattern.filter((part) => typeof part === 'string');
  const head = fromStart ? (literals[0] ?? '') : '';
  const tail = toEnd ? (literals.at(-1) ?? '') : '';
  const middle = literals.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  const [needle] = middle;
  if (middle.length === 1 && needle !== undefined && head === '' && tail === '') {
    return (text) => text.includes(needle);
  }
  return (text) => {
    if (text.length < head.length + tail.length) return false;
    return text.startsWith(head) && text.endsWith(tail) && inOrder(text, middle, head.length, tail.length);
  };
}

/** Case folded in every literal. */
export function foldPattern(pattern: Pattern): Pattern {
  return pattern.map((part) => (typeof part === 'string' ? fold(part) : part));
}

function inOrder(text: string, needles: readonly string[], from: number, keep: number): boolean {
  let position = from;
  for (const needle of needles) {
    const found = text.indexOf(needle, position);
    if (found < 0) return false;
    position = found + needle.length;
  }
  return position <= text.length - keep;
}

/** `?` counts characters, not the halves of a pair. */
function compileGlob(pattern: Pattern): (text: string) => boolean {
  const parts = pattern.flatMap<string | Wildcard>((part) =>
    typeof part === 'string' ? Array.from(part) : [part],
  );
  return (text) => globMatches(parts, Array.from(text));
}

/** Greedy matching that goes back only to the last `*`: at most pattern × text steps. */
function globMatches(parts: Pattern, chars: readonly string[]): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let resume = 0;
  while (at < chars.length) {
    const wanted = parts[part];
    if (wanted === ANY_RUN) {
      star = part;
      part += 1;
      resume = at;
    } else if (wanted === ANY_ONE || (wanted !== undefined && wanted === chars[at])) {
      part += 1;
      at += 1;
    } else if (star >= 0) {
      part = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (parts[part] === ANY_RUN) part += 1;
  return part === parts.length;
}

function charCount(text: string): number {
  return Array.from(text).length;
}
