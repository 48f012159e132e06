import type { Json } from '../kernel/json.ts';
import { type FieldPath, fieldPath, memberPath, someValue } from './field.ts';
import type { FieldrefTest } from './formula.ts';
import { warnOfMisspelling } from './known-fields.ts';
import type { Chain } from './modifiers.ts';
import type { Scope } from './scope.ts';
import type { ScalarNode } from './source.ts';
import { someText, textFor } from './text.ts';
import { fold, type Shape } from './wildcard.ts';

const COMPARE: Readonly<Record<Shape, (text: string, other: string) => boolean>> = {
  whole: (text, other) => text === other,
  contains: (text, other) => text.includes(other),
  startswith: (text, other) => text.startsWith(other),
  endswith: (text, other) => text.endsWith(other),
};

/**
 * One field compared with others of the same record: a test for each of the values. Empty after a mistake, which is
 * reported.
 */
export function fieldrefTests(
  path: FieldPath,
  values: readonly ScalarNode[],
  chain: Chain,
  says: (value: string) => string,
  { notes, inMember }: Scope,
): FieldrefTest[] {
  const before = notes.problems.length;
  for (const value of values) {
    if (typeof value.value !== 'string' || value.text === '') {
      notes.refuse(value.at, '"fieldref" needs the name of another field', 'write its dotted path');
    } else if (/[*?]/.test(value.text)) {
      notes.refuse(value.at, `the field name "${value.text}" has a wildcard`, 'name one field');
    } else if (!inMember) warnOfMisspelling(value.text, value.at, notes);
  }
  if (notes.problems.length > before) return [];
  return values.map(({ text, at }) => ({
    kind: 'fieldref',
    path,
    other: inMember ? memberPath(text) : fieldPath(text),
    shape: chain.shape,
    cased: chain.cased,
    says: says(text),
    at,
  }));
}

export function compileFieldref({ path, other, shape, cased }: FieldrefTest): (body: Json) => boolean {
  const compare = COMPARE[shape];
  const folded = cased ? (text: string) => text : fold;
  return (body) => {
    const wanted = new Set<string>();
    someValue(body, other, (value) => {
      if (value !== null) wanted.add(folded(textFor(value)));
      return false;
    });
    if (wanted.size === 0) return false;
    const fits = (text: string) => {
      const own = folded(text);
      return shape === 'whole' ? wanted.has(own) : [...wanted].some((one) => compare(own, one));
    };
    return someValue(body, path, (value) => someText(value, fits));
  };
}
