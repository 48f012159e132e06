import { emptied } from './domain.ts';
import { excludes } from './implies.ts';
import type { Literal, Logic } from './literal.ts';

/** Why a formula never holds. */
export type Reason =
  | { readonly kind: 'clash'; readonly one: Literal; readonly other: Literal }
  /** A test without values, which nothing passes. */
  | { readonly kind: 'empty'; readonly literal: Literal }
  | { readonly kind: 'claim'; readonly says: string };

interface RefuteOptions {
  /** What else can be said against what must hold, by field. */
  readonly claim?: (known: Known) => string | undefined;
  /** Lists of the configuration may be empty today; whoever asks for a lasting flaw leaves them out. */
  readonly emptyMayFill?: boolean;
}

/** What must hold in one branch of a formula, by field. */
export interface Known {
  at(path: string): readonly Literal[];
}

/** Beyond this a formula is too large to think about, and nothing is said against it. */
const MOST_STEPS = 20_000;
const MOST_PER_FIELD = 50;

/**
 * Why no record fulfils the formula; `undefined` when one might. Never wrong about records as CloudTrail writes them,
 * and not complete: it follows one branch at a time and does not combine them.
 */
export function refute(logic: Logic, options: RefuteOptions = {}): Reason | undefined {
  return new Refuter(options).refute(logic, new Branch(undefined));
}

class Branch implements Known {
  readonly #parent: Branch | undefined;
  readonly #own = new Map<string, Literal[]>();

  constructor(parent: Branch | undefined) {
    this.#parent = parent;
  }

  at(path: string): readonly Literal[] {
    const own = this.#own.get(path);
    const above = this.#parent?.at(path);
    return own && above ? [...above, ...own] : (own ?? above ?? []);
  }

  add(literal: Literal): void {
    const own = this.#own.get(literal.path);
    if (own) own.push(literal);
    else this.#own.set(literal.path, [literal]);
  }
}

class Refuter {
  readonly #options: RefuteOptions;
  #steps = 0;

  constructor(options: RefuteOptions) {
    this.#options = options;
  }

  /** Adds to the branch what must hold, and says why that cannot be. */
  refute(logic: Logic, branch: Branch): Reason | undefined {
    const choices: (readonly Logic[])[] = [];
    for (const part of logic.kind === 'and' ? logic.of : [logic]) {
      if (part.kind === 'or') choices.push(part.of);
      else {
        const reason = part.kind === 'literal' ? this.#literal(part, branch) : this.refute(part, branch);
        if (reason) return reason;
      }
    }
    const says = this.#options.claim?.(branch);
    return says === undefined ? this.#choose(choices, branch) : { kind: 'claim', says };
  }

  #literal(literal: Literal, branch: Branch): Reason | undefined {
    const { test, path } = literal;
    if ('probes' in test && test.probes.length === 0) {
      return literal.wanted && !this.#options.emptyMayFill ? { kind: 'empty', literal } : undefined;
    }
    const before = branch.at(path);
    this.#steps += 1 + before.length;
    if (this.#steps > MOST_STEPS || before.length > MOST_PER_FIELD) return undefined;
    const against = before.find((one) => excludes(one, literal) || excludes(literal, one));
    if (against) return { kind: 'clash', one: against, other: literal };
    branch.add(literal);
    const clash = emptied(path, [...before, literal]);
    return clash && { kind: 'clash', one: clash[0], other: clash[1] };
  }

  /** A choice with one way left is none: what it asks must hold, which may close other choices. */
  #choose(choices: readonly (readonly Logic[])[], branch: Branch): Reason | undefined {
    let open = choices;
    for (let settled = true; settled; ) {
      settled = false;
      const still: (readonly Logic[])[] = [];
      for (const ways of open) {
        const { left, reason } = this.#waysLeft(ways, branch);
        const [only] = left;
        if (!only) return reason;
        if (left.length > 1) still.push(ways);
        else {
          const clash = this.refute(only, branch);
          if (clash) return clash;
          settled = true;
        }
      }
      open = still;
    }
    return undefined;
  }

  /** Two are as good as many. */
  #waysLeft(ways: readonly Logic[], branch: Branch): { left: Logic[]; reason: Reason | undefined } {
    const left: Logic[] = [];
    let reason: Reason | undefined;
    for (const way of ways) {
      this.#steps += 1;
      const against = this.#steps > MOST_STEPS ? undefined : this.refute(way, new Branch(branch));
      if (against) reason = against;
      else left.push(way);
      if (left.length > 1) break;
    }
    return { left, reason };
  }
}
