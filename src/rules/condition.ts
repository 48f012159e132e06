import { suggest } from './spelling.ts';
import { compilePattern, parsePattern } from './wildcard.ts';

/** A condition with its quantifiers (`1 of x*`, `all of them`) written out as or and and. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] };

export interface ConditionMistake {
  /** Characters into the text. */
  readonly offset: number;
  readonly what: string;
  readonly remedy: string;
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

const MAX_DEPTH = 50;
const LONGEST = 10_000;
const KEYWORDS = ['and', 'or', 'not', 'of', 'all', 'any', 'them'];

/** Reads a condition over the names of a rule's selections. */
export function parseCondition(
  text: string,
  names: readonly string[],
): { expression: Expression } | { mistake: ConditionMistake } {
  if (text.length > LONGEST) {
    const what = `the condition has ${text.length} characters`;
    const remedy = `use at most ${LONGEST}, and patterns such as "1 of selection_*"`;
    return { mistake: { offset: 0, what, remedy } };
  }
  try {
    return { expression: new Parser(text, names).parse() };
  } catch (error) {
    if (error instanceof Stop) return { mistake: error.mistake };
    throw error;
  }
}

/** The names that an expression uses. */
export function namesIn(expression: Expression): string[] {
  if (expression.kind === 'name') return [expression.name];
  return expression.kind === 'not' ? namesIn(expression.of) : expression.of.flatMap(namesIn);
}

/** Leaves the recursive descent at the first mistake. */
class Stop extends Error {
  readonly mistake: ConditionMistake;

  constructor(mistake: ConditionMistake) {
    super(mistake.what);
    this.mistake = mistake;
  }
}

class Parser {
  readonly #text: string;
  readonly #names: ReadonlySet<string>;
  readonly #patterns = new Map<string, readonly Expression[]>();
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, names: readonly string[]) {
    this.#text = text;
    this.#names = new Set(names);
    this.#tokens = tokensOf(text);
  }

  parse(): Expression {
    const pipe = this.#tokens.find((token) => token.text === '|');
    if (pipe) {
      this.#stop(
        pipe,
        'an aggregation after "|" is Sigma\'s old syntax',
        'move the counting or "near" into a correlation document',
      );
    }
    if (this.#tokens.length === 0) this.#stop(undefined, 'the condition is empty', 'name a selection');
    const expression = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest?.text === ')') this.#stop(rest, 'this bracket closes nothing', 'remove it');
    if (rest) this.#unexpected(rest);
    return expression;
  }

  #or(): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(word: 'and' | 'or', next: () => Expression): Expression {
    const first = next();
    const of = [first];
    while (this.#take(word)) of.push(next());
    return of.length === 1 ? first : { kind: word, of };
  }

  #not(): Expression {
    let negated = false;
    while (this.#take('not')) negated = !negated;
    const of = this.#primary();
    return negated ? { kind: 'not', of } : of;
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at];
    if (!token)
      return this.#stop(undefined, 'the condition ends too early', 'finish or remove its last part');
    this.#at += 1;
    if (token.text === '(') return this.#brackets(token);
    if (this.#take('of')) return this.#quantified(token);
    if (!/^[\w*-]+$/.test(token.text)) return this.#unexpected(token);
    return this.#name(token);
  }

  #brackets(open: Token): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#stop(open, 'the condition is nested too deeply', 'remove brackets');
    const inner = this.#or();
    if (!this.#take(')')) {
      const next = this.#tokens[this.#at];
      if (next) this.#unexpected(next);
      this.#stop(open, 'this bracket is never closed', 'add ")"');
    }
    this.#depth -= 1;
    return inner;
  }

  #quantified(quantifier: Token): Expression {
    if (!['1', 'any', 'all'].includes(quantifier.text)) {
      const what = `"${quantifier.text} of" is not Sigma`;
      this.#stop(quantifier, what, 'use "1 of", "any of" or "all of"');
    }
    const pattern = this.#tokens[this.#at];
    if (!pattern || !/^[\w*-]+$/.test(pattern.text)) {
      const what = `after "${quantifier.text} of" comes a name, a pattern or "them"`;
      return this.#stop(pattern, what, 'write one, as in "1 of selection*"');
    }
    this.#at += 1;
    const of = this.#patterns.get(pattern.text) ?? matching(pattern.text, [...this.#names]).map(named);
    this.#patterns.set(pattern.text, of);
    const [first] = of;
    if (!first) {
      const remedy = suggest(pattern.text.replaceAll('*', ''), this.#names, this.#saySelections());
      return this.#stop(pattern, `"${pattern.text}" matches no selection`, remedy);
    }
    if (of.length === 1) return first;
    return { kind: quantifier.text === 'all' ? 'and' : 'or', of };
  }

  #name(token: Token): Expression {
    const name = token.text;
    if (this.#names.has(name)) return named(name);
    const lower = name.toLowerCase();
    if (name.includes('*')) {
      this.#stop(token, `the pattern "${name}" stands alone`, `write "1 of ${name}" or "all of ${name}"`);
    }
    if (KEYWORDS.includes(lower)) {
      if (lower !== name) this.#stop(token, `"${name}" is not a keyword`, `write "${lower}"`);
      return this.#unexpected(token);
    }
    return this.#stop(
      token,
      `no selection is named "${name}"`,
      suggest(name, this.#names, this.#saySelections()),
    );
  }

  #saySelections(): string {
    return this.#names.size > 0 ? `the selections are ${[...this.#names].join(', ')}` : 'add a selection';
  }

  #take(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(token: Token): never {
    const lower = token.text.toLowerCase();
    const isKeyword = KEYWORDS.includes(lower) && lower !== token.text;
    const remedy = isKeyword ? `write "${lower}"` : 'join selections with and, or, not and brackets';
    return this.#stop(token, `"${token.text}" does not belong here`, remedy);
  }

  #stop(token: Token | undefined, what: string, remedy: string): never {
    throw new Stop({ offset: token?.offset ?? this.#text.length, what, remedy });
  }
}

function named(name: string): Expression {
  return { kind: 'name', name };
}

function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(/[\w*-]+|\S/gu), (found) => ({ text: found[0], offset: found.index }));
}

/**
 * The names that a pattern stands for. Names that begin with `_` are left out of `them`, and of patterns
 * that do not begin with `_` themselves.
 */
function matching(pattern: string, names: readonly string[]): string[] {
  if (pattern === 'them') return names.filter((name) => !name.startsWith('_'));
  const fits = compilePattern(parsePattern(pattern));
  return names.filter((name) => fits(name) && (pattern.startsWith('_') || !name.startsWith('_')));
}
