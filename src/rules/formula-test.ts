import type { Json } from '../kernel/json.ts';
import { isPresent, membersAt, someValue } from './field.ts';
import { compileFieldref } from './fieldref.ts';
import type { BlockTest, FieldTest, Formula, KeywordTest, Test } from './formula.ts';
import type { Probe } from './probe.ts';
import { someText } from './text.ts';
import { fold } from './wildcard.ts';

/** Asked of the body of a record, or of the member of an array. */
type Holds = (body: Json) => boolean;

/** What a formula means, as one function over the body of a record, or over a member of an array. Never throws. */
export function compileFormula(formula: Formula): Holds {
  switch (formula.kind) {
    case 'and': {
      const parts = formula.of.map(compileFormula);
      return (body) => parts.every((part) => part(body));
    }
    case 'or': {
      const parts = formula.of.map(compileFormula);
      return (body) => parts.some((part) => part(body));
    }
    case 'not': {
      const inner = compileFormula(formula.of);
      return (body) => !inner(body);
    }
    case 'selection':
      return compileFormula(formula.of);
    default:
      return compileTest(formula);
  }
}

/** One leaf of a formula. */
export function compileTest(test: Test): Holds {
  switch (test.kind) {
    case 'field':
      return compileField(test);
    case 'keyword': {
      const fits = fitsSome(test);
      return (body) => someText(body, fits);
    }
    case 'exists': {
      const { path, wanted } = test;
      return (body) => isPresent(body, path) === wanted;
    }
    case 'fieldref':
      return compileFieldref(test);
    case 'block':
      return compileBlock(test);
  }
}

function compileField(test: FieldTest): Holds {
  const { path } = test;
  const wantsNull = test.probes.some((probe) => probe.kind === 'null');
  const fits = fitsSome(test);
  return (body) =>
    someValue(body, path, (value) => (value === null ? wantsNull : someText(value, fits))) ||
    (wantsNull && !isPresent(body, path));
}

/** Whether a text passes one of the probes. */
function fitsSome({ probes, raw }: FieldTest | KeywordTest): (text: string) => boolean {
  const texts = probes.filter((probe): probe is Exclude<Probe, { kind: 'null' }> => probe.kind !== 'null');
  const exact = new Set(texts.flatMap((probe) => (probe.kind === 'exact' ? [probe.text] : [])));
  const tests = texts.filter(({ kind }) => kind !== 'exact').map((probe) => probe.test);
  const fits = (text: string) => exact.has(text) || tests.some((test) => test(text));
  return raw ? fits : (text) => fits(fold(text));
}

function compileBlock({ path, members, of }: BlockTest): Holds {
  const inner = compileFormula(of);
  if (typeof members === 'number') {
    return (body) => {
      const member = membersAt(body, path)?.at(members);
      return member !== undefined && inner(member);
    };
  }
  return (body) => {
    const all = membersAt(body, path) ?? [];
    if (members === 'any') return all.some(inner);
    if (members === 'none') return !all.some(inner);
    return all.every(inner) && (members === 'all_or_empty' || all.length > 0);
  };
}
