import type { Formula, Test } from '../formula.ts';
import type { Probe } from '../probe.ts';
import { cutShort } from './finding.ts';

/** A test that must hold, or must not. Two with one key are the same test, however they were written. */
export interface Literal {
  readonly kind: 'literal';
  readonly test: Test;
  readonly wanted: boolean;
  readonly key: string;
  /** The field that it is about; keywords are about none. */
  readonly path: string;
}

/** A formula whose negations stand at its tests alone. An empty `and` is true, an empty `or` false. */
export type Logic = Literal | { readonly kind: 'and' | 'or'; readonly of: readonly Logic[] };

/** The formula, or its opposite, with negations pushed down and nested `and` or `or` laid flat. */
export function logicOf(formula: Formula, wanted = true): Logic {
  switch (formula.kind) {
    case 'selection':
      return logicOf(formula.of, wanted);
    case 'not':
      return logicOf(formula.of, !wanted);
    case 'and':
    case 'or': {
      const kind = (formula.kind === 'and') === wanted ? 'and' : 'or';
      const of = formula.of
        .map((part) => logicOf(part, wanted))
        .flatMap((part) => (part.kind === kind ? part.of : [part]));
      return of.length === 1 && of[0] ? of[0] : { kind, of };
    }
    default:
      return literalOf(formula, wanted);
  }
}

function literalOf(test: Test, wanted: boolean): Literal {
  const path = test.kind === 'keyword' ? '' : test.path.text;
  // "exists: false" is the opposite of "exists: true".
  const opposite = test.kind === 'exists' && !test.wanted;
  return { kind: 'literal', test, wanted: wanted !== opposite, key: keyOf(test), path };
}

const KEYS = new WeakMap<Test, string>();

/** A test comes up in many looks at its rule. */
function keyOf(test: Test): string {
  const before = KEYS.get(test);
  if (before !== undefined) return before;
  const key = makeKey(test);
  KEYS.set(test, key);
  return key;
}

function makeKey(test: Test): string {
  switch (test.kind) {
    case 'field':
    case 'keyword': {
      const path = test.kind === 'field' ? test.path.text : '';
      return JSON.stringify([test.kind, path, test.raw, ...test.probes.map(probeKey).sort()]);
    }
    case 'exists':
      return JSON.stringify(['exists', test.path.text]);
    case 'fieldref':
      return JSON.stringify(['fieldref', test.path.text, test.other.text, test.shape, test.cased]);
    case 'block':
      return JSON.stringify(['block', test.path.text, test.members, logicKey(logicOf(test.of))]);
  }
}

/** What the probe asks, without how it was written: folded text is the same for `Alice` and `alice`. */
export function probeKey({ says, ...probe }: Probe): string {
  return JSON.stringify(probe.kind === 'network' ? [probe.kind, says] : probe);
}

/** Equal for formulas that differ in order and spelling alone. */
export function logicKey(logic: Logic): string {
  if (logic.kind === 'literal') return `${logic.wanted ? '' : 'not '}${logic.key}`;
  const [first, ...more] = [...new Set(logic.of.map(logicKey))].sort();
  return first !== undefined && more.length === 0 ? first : `${logic.kind}(${[first, ...more].join(',')})`;
}

/** The literal as a person would write it. */
export function sayLiteral({ test, wanted }: Literal): string {
  const opposite = test.kind === 'exists' && !test.wanted;
  return `${wanted === opposite ? 'not ' : ''}"${cutShort(test.says)}"`;
}
