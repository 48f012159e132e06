import { HIDDEN } from '../../cloudtrail/identity.ts';
import type { Json } from '../../kernel/json.ts';
import { parseInstant } from '../../kernel/time.ts';
import { type FieldPath, fieldPath, type Row } from '../../rules/field.ts';
import type { Formula } from '../../rules/formula.ts';
import type { Rule } from '../../rules/rule.ts';
import type { CompiledRule, Ruleset } from '../../rules/ruleset.ts';
import { LookedAt, PlainTexts } from './looked-at.ts';
import { careFor } from './redaction-proof.ts';

/** No secret looks like one. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** What must be there, and right, besides what rules ask for. */
const ASKED_OF_ALL = [
  'eventVersion',
  'eventID',
  'eventTime',
  'eventName',
  'eventSource',
  'eventType',
  'eventCategory',
];
const VERSION = /^1\.\d{1,2}$/;

/**
 * Rules judge records after redaction, which costs more than parsing and changes one record in thousands. This looks
 * at what was read of them. It is cheap and never says yes wrongly; what it cannot tell must be read.
 */
export class PlainRecords {
  readonly #texts = new PlainTexts();
  readonly #formulas: ReadonlyMap<Rule, Formula>;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #whileFalse: LookedAt | undefined;
  readonly #whileTrue = new Map<Rule, LookedAt | undefined>();
  readonly #version: number;
  readonly #id: number;
  readonly #time: number;
  readonly #name: number;
  readonly #source: number;
  readonly #type: number;
  readonly #category: number;
  #lastVersion: Json | undefined;
  #lastTime: Json | undefined;

  /** `paths` are those of the rows. */
  constructor(compiled: readonly CompiledRule[], paths: readonly FieldPath[]) {
    this.#formulas = new Map(compiled.map(({ rule, formula }) => [rule, formula]));
    this.#numbers = new Map(paths.map(({ text }, number) => [text, number]));
    this.#whileFalse = this.#fields([...this.#formulas.values()], false);
    this.#version = this.#numberOf('eventVersion');
    this.#id = this.#numberOf('eventID');
    this.#time = this.#numberOf('eventTime');
    this.#name = this.#numberOf('eventName');
    this.#source = this.#numberOf('eventSource');
    this.#type = this.#numberOf('eventType');
    this.#category = this.#numberOf('eventCategory');
  }

  /** `readRecord` takes the record that these rules are true for, and they and no others are true for it. */
  has(row: Row, rules: readonly Rule[]): boolean {
    if (!this.#whileFalse || !this.#isReadable(row) || !this.#whileFalse.isPlainIn(row)) return false;
    for (const rule of rules) if (!this.#staysTrue(row, rule)) return false;
    return true;
  }

  /** The id of the record as `readRecord` would tell it; `undefined` when only that can tell. */
  idOf(row: Row): string | undefined {
    const id = row[this.#id];
    return typeof id === 'string' && UUID.test(id) ? id : undefined;
  }

  timeOf(row: Row): Json | undefined {
    return row[this.#time];
  }

  #numberOf(path: string): number {
    return this.#numbers.get(path) ?? -1;
  }

  #staysTrue(row: Row, rule: Rule): boolean {
    let fields = this.#whileTrue.get(rule);
    if (fields === undefined && !this.#whileTrue.has(rule)) {
      const formula = this.#formulas.get(rule);
      fields = formula && this.#fields([formula], true);
      this.#whileTrue.set(rule, fields);
    }
    return fields?.isPlainIn(row) ?? false;
  }

  #fields(formulas: readonly Formula[], holds: boolean): LookedAt | undefined {
    const fields = new LookedAt(this.#texts);
    for (const formula of formulas) {
      const careful = careFor(formula, holds);
      if (!careful) return undefined;
      for (const one of careful) fields.enter(one, this.#numberOf(one.path.text));
    }
    return fields;
  }

  /** Whether `readRecord` certainly takes it, and `unwrap` takes it for a record. */
  #isReadable(row: Row): boolean {
    return (
      this.#isVersion(row[this.#version]) &&
      typeof row[this.#id] === 'string' &&
      this.#isTime(row[this.#time]) &&
      isName(row[this.#name]) &&
      isName(row[this.#source]) &&
      row[this.#type] !== 'AwsAggregatedEvent' &&
      row[this.#category] !== 'Aggregated'
    );
  }

  /** Most records are of the same version as the one before, and of the same second. */
  #isVersion(version: Json | undefined): boolean {
    if (version === this.#lastVersion && version !== undefined) return true;
    if (typeof version !== 'string' || !VERSION.test(version)) return false;
    this.#lastVersion = version;
    return true;
  }

  #isTime(time: Json | undefined): boolean {
    if (time === this.#lastTime && time !== undefined) return true;
    if (typeof time !== 'string' || parseInstant(time) === undefined) return false;
    this.#lastTime = time;
    return true;
  }
}

/** Every path that `has`, and the rules themselves, may look at; `undefined` when that is the whole record. */
export function pathsAsked({ paths }: Ruleset): readonly FieldPath[] | undefined {
  if (!paths) return undefined;
  const asked = new Set(paths.map(({ text }) => text));
  return [...paths, ...ASKED_OF_ALL.filter((name) => !asked.has(name)).map(fieldPath)];
}

function isName(name: Json | undefined): boolean {
  return typeof name === 'string' && name !== '' && name !== HIDDEN;
}
