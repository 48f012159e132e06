import type { FieldPath } from '../field.ts';
import type { Formula, Test } from '../formula.ts';
import type { Probe } from '../probe.ts';

/** Gives every distinct test of all rules one number, from 0. */
export class TestNumbers {
  readonly tests: Test[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #known = new Map<Test, number>();

  of(test: Test): number {
    const known = this.#known.get(test);
    if (known !== undefined) return known;
    const key = keyOf(test);
    let number = this.#byKey.get(key);
    if (number === undefined) {
      number = this.tests.push(test) - 1;
      this.#byKey.set(key, number);
    }
    this.#known.set(test, number);
    return number;
  }
}

/** Tests with the same key are true for the same records. */
function keyOf(test: Test): string {
  switch (test.kind) {
    case 'field':
      return JSON.stringify(['field', ...pathKey(test.path), test.raw, test.probes.map(probeKey).sort()]);
    case 'keyword':
      return JSON.stringify(['keyword', test.raw, test.probes.map(probeKey).sort()]);
    case 'exists':
      return JSON.stringify(['exists', ...pathKey(test.path), test.wanted]);
    case 'fieldref': {
      const { path, other, shape, cased } = test;
      return JSON.stringify(['fieldref', ...pathKey(path), ...pathKey(other), shape, cased]);
    }
    case 'block':
      return `["block",${JSON.stringify([...pathKey(test.path), test.members])},${formulaKey(test.of)}]`;
  }
}

/** A member of an array itself has the text of a field, but no steps. */
function pathKey({ text, steps }: FieldPath): [string, number] {
  return [text, steps.length];
}

/** Keys are JSON and stand as such in the keys around them: as text, each level of nesting would double the length. */
function formulaKey(formula: Formula): string {
  switch (formula.kind) {
    case 'and':
    case 'or':
      return `["${formula.kind}",${formula.of.map(formulaKey).join()}]`;
    case 'not':
      return `["not",${formulaKey(formula.of)}]`;
    case 'selection':
      return formulaKey(formula.of);
    default:
      return keyOf(formula);
  }
}

/** How the rule wrote the value only counts where nothing else says what it means. */
function probeKey(probe: Probe): string {
  switch (probe.kind) {
    case 'null':
      return 'null';
    case 'exact':
      return JSON.stringify(['exact', probe.text]);
    case 'pattern':
      return JSON.stringify(['pattern', probe.pattern]);
    case 'regex':
      return JSON.stringify(['regex', probe.source, probe.flags]);
    case 'network':
      return JSON.stringify(['network', probe.says]);
    case 'number':
      return JSON.stringify(['number', probe.comparison, probe.number]);
    case 'time':
      return JSON.stringify(['time', probe.part, probe.comparison, probe.number]);
  }
}
