import type { FieldTest, Formula, Test } from '../formula.ts';
import { fitsAbsent, oneOf, PRESENT } from './ask.ts';
import { ALWAYS, type Alternatives, asking, conjoined, keeping, mergedOn, NEVER } from './conjunction.ts';
import { standingOf } from './fields.ts';
import { type Field, fitting, type Spelled, unfitting } from './probe-ask.ts';

/** Where it is noted what a pattern cannot say of a rule: why, and of which fields. */
export type Losses = Map<string, Set<string>>;

/** More alternatives than this from one rule are widened: patterns are short. */
const MOST = 64;

const TOO_MANY = 'has more combinations than a pattern can hold';
const COMBINATION = 'excludes a combination of fields';
const UNDOCUMENTED = 'asks for fields that may hold a list or an object';

/**
 * What an event must have so that the formula may be true (`wanted`) or false for it: never narrower than the formula.
 * What had to be left out stands in `losses`.
 */
export function widened(formula: Formula, wanted: boolean, spelled: Spelled, losses: Losses): Alternatives {
  const parts = demandsOf(formula, wanted).map((demand) => {
    switch (demand.test.kind) {
      case 'and':
      case 'or':
        return some(
          demand.test.of.map((part) => widened(part, demand.wanted, spelled, losses)),
          losses,
        );
      default:
        return widenedTest(demand.test, demand.wanted, spelled, losses);
    }
  });
  return every(parts, losses);
}

/** A test, or alternatives, that must be true (`wanted`) or false. */
interface Demand {
  readonly test: Junction | Test;
  readonly wanted: boolean;
}

type Junction = Extract<Formula, { readonly kind: 'and' | 'or' }>;

/** What must hold all together. */
function demandsOf(formula: Formula, wanted: boolean): Demand[] {
  switch (formula.kind) {
    case 'not':
      return demandsOf(formula.of, !wanted);
    case 'selection':
      return demandsOf(formula.of, wanted);
    case 'and':
    case 'or':
      if ((formula.kind === 'and') !== wanted) return [{ test: formula, wanted }];
      return formula.of.flatMap((part) => demandsOf(part, wanted));
    default:
      return [{ test: formula, wanted }];
  }
}

function lose(losses: Losses, why: string, what = ''): void {
  const before = losses.get(why) ?? new Set();
  losses.set(why, what === '' ? before : before.add(what));
}

/**
 * The product. A part that would make it too large is left out, the largest first; so is one that has many words to
 * exclude little, where another says what is looked for.
 */
function every(parts: readonly Alternatives[], losses: Losses): Alternatives {
  const telling = parts.some((part) => !isExclusion(part));
  let all = ALWAYS;
  for (const part of parts.toSorted((a, b) => a.length - b.length)) {
    if (telling && part.length > 1 && isExclusion(part)) lose(losses, COMBINATION, fieldsIn(part));
    else if (all.length * part.length > MOST) lose(losses, TOO_MANY);
    else all = all.flatMap((one) => part.flatMap((other) => conjoined(one, other) ?? []));
  }
  return all;
}

/** It fits an event that has none of the fields. */
function isExclusion(alternatives: Alternatives): boolean {
  return alternatives.every((conjunction) => [...conjunction.values()].every(fitsAbsent));
}

function fieldsIn(alternatives: Alternatives): string {
  return [...new Set(alternatives.flatMap((conjunction) => [...conjunction.keys()]))].join(' and ');
}

function some(parts: readonly Alternatives[], losses: Losses): Alternatives {
  const all = mergedOn('eventName', parts.flat());
  if (all.length <= MOST) return all;
  lose(losses, TOO_MANY);
  const gates = all.map((one) => keeping(one, (path) => path === 'eventName' || path === 'eventSource'));
  const fewer = mergedOn('eventName', gates);
  return fewer.length <= MOST ? fewer : ALWAYS;
}

function widenedTest(test: Test, wanted: boolean, spelled: Spelled, losses: Losses): Alternatives {
  switch (test.kind) {
    case 'field':
      return widenedField(test, wanted, spelled, losses);
    case 'keyword':
      if (test.probes.length === 0) return wanted ? NEVER : ALWAYS;
      lose(losses, 'looks for text anywhere in the record');
      return ALWAYS;
    case 'exists':
      if (standingOf(test.path.text)) {
        return asking(test.path.text, wanted === test.wanted ? PRESENT : oneOf([{ exists: false }]));
      }
      lose(losses, UNDOCUMENTED, test.path.text);
      return ALWAYS;
    case 'fieldref': {
      lose(losses, 'compares two fields', `${test.path.text} and ${test.other.text}`);
      const both = wanted ? [test.path.text, test.other.text].filter(standingOf) : [];
      return every(
        both.map((path) => asking(path, PRESENT)),
        losses,
      );
    }
    case 'block':
      lose(losses, 'looks into the members of a list', test.path.text);
      return ALWAYS;
  }
}

function widenedField(test: FieldTest, wanted: boolean, spelled: Spelled, losses: Losses): Alternatives {
  const path = test.path.text;
  const standing = standingOf(path);
  if (test.probes.length === 0) return wanted ? NEVER : ALWAYS;
  if (standing === undefined) {
    lose(losses, UNDOCUMENTED, path);
    return ALWAYS;
  }
  const field: Field = { path, standing, raw: test.raw, spelled, lose: (why) => lose(losses, why, path) };
  return wanted ? fitting(test.probes, field) : unfitting(test.probes, field);
}
