import type { FieldPath } from './field.ts';
import type { Probe } from './probe.ts';
import type { Place } from './source.ts';
import type { Shape } from './wildcard.ts';

/**
 * What a rule asks of a record: logic over tests of fields, made once from its detection. The engine runs it,
 * `explain` shows it, lint thinks about it and the push-down widens it to an EventBridge pattern.
 */
export type Formula =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Formula[] }
  | { readonly kind: 'not'; readonly of: Formula }
  /** A named part of the detection; means what is in it. */
  | { readonly kind: 'selection'; readonly name: string; readonly of: Formula }
  | Test;

/** A leaf. None of them ever throws, whatever the record holds. */
export type Test = FieldTest | KeywordTest | ExistsTest | FieldrefTest | BlockTest;

interface Written {
  /** The item as a person would write it: `eventName|startswith: Get`. */
  readonly says: string;
  readonly at: Place;
}

/**
 * Some value at the path passes one of the probes; arrays stand for their members. Objects are tried as text: by
 * their compact JSON and each text in them. Null, or an absent field, only passes the probe that wants it.
 */
export interface FieldTest extends Written {
  readonly kind: 'field';
  readonly path: FieldPath;
  readonly probes: readonly Probe[];
  /** Text is tested as it stands; else folded (wildcard.ts) before. */
  readonly raw: boolean;
}

/** Some text anywhere in the record passes one of the probes. */
export interface KeywordTest extends Written {
  readonly kind: 'keyword';
  readonly probes: readonly Probe[];
  readonly raw: boolean;
}

/** The field is there, be it null or empty; or it is not. */
interface ExistsTest extends Written {
  readonly kind: 'exists';
  readonly path: FieldPath;
  readonly wanted: boolean;
}

/** Some value at the path compares with some value at another path of the same record. */
export interface FieldrefTest extends Written {
  readonly kind: 'fieldref';
  readonly path: FieldPath;
  readonly other: FieldPath;
  readonly shape: Shape;
  readonly cased: boolean;
}

/**
 * An array block of `sigma-version: 3`: so many members of the array at the path fulfil the inner formula, whose
 * paths begin at the member; the path `.` (without steps) is the member itself. Arrays in the array are laid flat;
 * a value that is no array is its only member. An absent or null field has no members, as an empty array: that
 * fulfils only `none` and `all_or_empty`. A number picks one member, negative from the end.
 */
export interface BlockTest extends Written {
  readonly kind: 'block';
  readonly path: FieldPath;
  readonly members: 'any' | 'all' | 'all_or_empty' | 'none' | number;
  readonly of: Formula;
}

/** Joins parts; one part is itself. */
export function joined(kind: 'and' | 'or', of: readonly Formula[]): Formula {
  const [only] = of;
  return only && of.length === 1 ? only : { kind, of };
}

/** The leaves, in the order in which they were written; those inside blocks are not among them. */
export function* testsIn(formula: Formula): Generator<Test> {
  switch (formula.kind) {
    case 'and':
    case 'or':
      for (const part of formula.of) yield* testsIn(part);
      break;
    case 'not':
    case 'selection':
      yield* testsIn(formula.of);
      break;
    default:
      yield formula;
  }
}
