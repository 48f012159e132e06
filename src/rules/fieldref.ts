import type { JsonObject } from '../kernel/json.ts';
import { type Clause, negation, OPEN } from './clause.ts';
import { type FieldPath, fieldPath, someValue } from './field.ts';
import { warnOfMisspelling } from './known-fields.ts';
import type { Chain } from './modifiers.ts';
import type { Notes } from './notes.ts';
import type { ScalarNode } from './source.ts';
import { someText, textFor } from './text.ts';
import { fold, type Shape } from './wildcard.ts';

type Test = (body: JsonObject) => boolean;

const COMPARE: Readonly<Record<Shape, (text: string, other: string) => boolean>> = {
  whole: (text, other) => text === other,
  contains: (text, other) => text.includes(other),
  startswith: (text, other) => text.startsWith(other),
  endswith: (text, other) => text.endsWith(other),
};

/** One field compared with another of the same record. `undefined` after a mistake, which is reported. */
export function fieldrefClause(
  path: FieldPath,
  values: readonly ScalarNode[],
  chain: Chain,
  notes: Notes,
): Clause | undefined {
  const before = notes.problems.length;
  for (const value of values) {
    if (typeof value.value !== 'string' || value.text === '') {
      notes.refuse(value.at, '"fieldref" needs the name of another field', 'write its dotted path');
    } else if (/[*?]/.test(value.text)) {
      notes.refuse(value.at, `the field name "${value.text}" has a wildcard`, 'name one field');
    } else warnOfMisspelling(value.text, value.at, notes);
  }
  if (notes.problems.length > before) return undefined;
  const tests = values.map((value) => compileFieldref(path, fieldPath(value.text), chain));
  const test: Test = chain.all
    ? (body) => tests.every((one) => one(body))
    : (body) => tests.some((one) => one(body));
  const clause: Clause = { test, gate: OPEN };
  return chain.neq ? negation(clause) : clause;
}

function compileFieldref(path: FieldPath, other: FieldPath, chain: Chain): Test {
  const compare = COMPARE[chain.shape];
  const folded = chain.cased ? (text: string) => text : fold;
  return (body) => {
    const wanted = new Set<string>();
    someValue(body, other, (value) => {
      if (value !== null) wanted.add(folded(textFor(value)));
      return false;
    });
    if (wanted.size === 0) return false;
    const fits = (text: string) => {
      const own = folded(text);
      return chain.shape === 'whole' ? wanted.has(own) : [...wanted].some((one) => compare(own, one));
    };
    return someValue(body, path, (value) => someText(value, fits));
  };
}
