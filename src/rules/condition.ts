import type { Mistake } from './modifiers.ts';
import { sayNames, suggest } from './spelling.ts';
import { compilePattern, parsePattern } from './wildcard.ts';

/** A condition with its quantifiers (`1 of x*`, `all of them`) written out as or and and. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] };

export interface ConditionMistake extends Mistake {
  /** Characters into the text. */
  readonly offset: number;
}

/** Counts names that a pattern is compared with before it is written out; gives the mistake when they are too many. */
type Spend = (names: number) => Mistake | undefined;

interface Token {
  readonly text: string;
  readonly offset: number;
}

const MAX_DEPTH = 50;
const LONGEST = 10_000;
/** Of more wrong names only so many are told. */
const MOST_MISTAKES = 10;
const KEYWORDS = ['and', 'or', 'not', 'of', 'all', 'any', 'them'];

/**
 * Reads a condition over the names of a rule's selections. After a wrong name it reads on, as there may be `further`
 * mistakes.
 */
export function parseCondition(
  text: string,
  names: readonly string[],
  spend: Spend = () => undefined,
): { expression: Expression } | { mistake: ConditionMistake; further: readonly ConditionMistake[] } {
  if (text.length > LONGEST) {
    const what = `the condition has ${text.length} characters`;
    const remedy = `use at most ${LONGEST}, and patterns such as "1 of selection_*"`;
    return { mistake: { offset: 0, what, remedy }, further: [] };
  }
  const parser = new Parser(text, names, spend);
  const expression = parser.parse();
  const [mistake, ...further] = parser.mistakes;
  return mistake ? { mistake, further } : { expression };
}

/** The names that an expression uses. */
export function namesIn(expression: Expression): string[] {
  if (expression.kind === 'name') return [expression.name];
  return expression.kind === 'not' ? namesIn(expression.of) : expression.of.flatMap(namesIn);
}

/** Leaves the recursive descent at a mistake after which the rest cannot be told. */
class Stop extends Error {}

class Parser {
  readonly #text: string;
  readonly #names: ReadonlySet<string>;
  readonly #patterns = new Map<string, readonly Expression[]>();
  readonly #tokens: readonly Token[];
  readonly #spend: Spend;
  /** Wrong names that were told. */
  readonly #told = new Set<string>();
  readonly mistakes: ConditionMistake[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string, names: readonly string[], spend: Spend) {
    this.#text = text;
    this.#names = new Set(names);
    this.#tokens = tokensOf(text);
    this.#spend = spend;
  }

  /** What was read; only good when there are no mistakes. */
  parse(): Expression {
    try {
      return this.#whole();
    } catch (error) {
      if (error instanceof Stop) return NOTHING;
      throw error;
    }
  }

  #whole(): Expression {
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
    const next = this.#tokens[this.#at];
    if (next?.text.toLowerCase() === 'of') {
      this.#refuseCase(next, 'of');
      this.#at += 1;
      return this.#quantified(token);
    }
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
    if (!this.#names.has(pattern.text)) this.#refuseCase(pattern, 'them');
    const of = this.#writtenOut(pattern);
    const [first] = of;
    if (!first) {
      const near = suggest(pattern.text.replaceAll('*', ''), this.#names, this.#saySelections());
      this.#note(pattern, `"${pattern.text}" matches no selection`, near);
    }
    if (first && of.length === 1) return first;
    return { kind: quantifier.text === 'all' ? 'and' : 'or', of };
  }

  #writtenOut(pattern: Token): readonly Expression[] {
    const beyond = this.#spend(this.#names.size);
    if (beyond) this.#stop(pattern, beyond.what, beyond.remedy);
    const of = this.#patterns.get(pattern.text) ?? matching(pattern.text, [...this.#names]).map(named);
    this.#patterns.set(pattern.text, of);
    return of;
  }

  #name(token: Token): Expression {
    const name = token.text;
    if (this.#names.has(name)) return named(name);
    if (name.includes('*')) {
      this.#note(token, `the pattern "${name}" stands alone`, `write "1 of ${name}" or "all of ${name}"`);
      return NOTHING;
    }
    for (const keyword of KEYWORDS) this.#refuseCase(token, keyword);
    if (KEYWORDS.includes(name)) return this.#unexpected(token);
    if (!this.#told.has(name)) {
      const remedy = suggest(name, this.#names, this.#saySelections());
      this.#note(token, `no selection is named "${name}"`, remedy);
    }
    this.#told.add(name);
    return NOTHING;
  }

  #refuseCase({ text, offset }: Token, keyword: string): void {
    if (text === keyword || text.toLowerCase() !== keyword) return;
    this.#stop({ text, offset }, `"${text}" is not a keyword`, `write "${keyword}"`);
  }

  #saySelections(): string {
    return this.#names.size > 0 ? `the selections are ${sayNames([...this.#names])}` : 'add a selection';
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
    this.mistakes.push({ offset: token?.offset ?? this.#text.length, what, remedy });
    throw new Stop();
  }

  /** A mistake after which the rest can be read. */
  #note(token: Token, what: string, remedy: string): void {
    this.mistakes.push({ offset: token.offset, what, remedy });
    if (this.mistakes.length === MOST_MISTAKES) throw new Stop();
  }
}

/** Stands for what was not read. */
const NOTHING: Expression = { kind: 'or', of: [] };

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
