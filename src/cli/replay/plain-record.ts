import { HIDDEN } from '../../cloudtrail/identity.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { parseInstant } from '../../kernel/time.ts';
import { type FieldPath, fieldPath } from '../../rules/field.ts';
import { type Formula, testsIn } from '../../rules/formula.ts';
import type { Rule } from '../../rules/rule.ts';
import type { CompiledRule } from '../../rules/ruleset.ts';
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
 * at bodies as they were parsed. It is cheap and never says yes wrongly; what it cannot tell must be read.
 */
export class PlainRecords {
  readonly #texts = new PlainTexts();
  readonly #formulas: ReadonlyMap<Rule, Formula>;
  readonly #whileFalse: LookedAt | undefined;
  readonly #whileTrue = new Map<Rule, LookedAt | undefined>();
  #lastVersion: Json | undefined;
  #lastTime: Json | undefined;

  constructor(compiled: readonly CompiledRule[]) {
    this.#formulas = new Map(compiled.map(({ rule, formula }) => [rule, formula]));
    this.#whileFalse = this.#fields([...this.#formulas.values()], false);
  }

  /** `readRecord` takes the record that these rules are true for, and they and no others are true for it. */
  has(body: JsonObject, rules: readonly Rule[]): boolean {
    if (!this.#whileFalse || !this.#isReadable(body) || !this.#whileFalse.isPlainIn(body)) return false;
    for (const rule of rules) if (!this.#staysTrue(body, rule)) return false;
    return true;
  }

  #staysTrue(body: JsonObject, rule: Rule): boolean {
    let fields = this.#whileTrue.get(rule);
    if (fields === undefined && !this.#whileTrue.has(rule)) {
      const formula = this.#formulas.get(rule);
      fields = formula && this.#fields([formula], true);
      this.#whileTrue.set(rule, fields);
    }
    return fields?.isPlainIn(body) ?? false;
  }

  #fields(formulas: readonly Formula[], holds: boolean): LookedAt | undefined {
    const fields = new LookedAt(this.#texts);
    for (const formula of formulas) {
      const careful = careFor(formula, holds);
      if (!careful) return undefined;
      for (const one of careful) fields.enter(one);
    }
    return fields;
  }

  /** Whether `readRecord` certainly takes it, and `unwrap` takes it for a record. */
  #isReadable(body: JsonObject): boolean {
    return (
      this.#isVersion(body.eventVersion) &&
      typeof body.eventID === 'string' &&
      this.#isTime(body.eventTime) &&
      isName(body.eventName) &&
      isName(body.eventSource) &&
      body.eventType !== 'AwsAggregatedEvent' &&
      body.eventCategory !== 'Aggregated'
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
export function pathsAsked(compiled: readonly CompiledRule[]): Iterable<FieldPath> | undefined {
  const paths = new Map(ASKED_OF_ALL.map((name) => [name, fieldPath(name)]));
  for (const { formula } of compiled) {
    for (const test of testsIn(formula)) {
      if (test.kind === 'keyword') return undefined;
      paths.set(test.path.text, test.path);
      if (test.kind === 'fieldref') paths.set(test.other.text, test.other);
    }
  }
  // Setting such a member would do something else.
  const isMember = ({ steps }: FieldPath) => steps.every(({ key }) => key !== '__proto__');
  return [...paths.values()].every(isMember) ? paths.values() : undefined;
}

function isName(name: Json | undefined): boolean {
  return typeof name === 'string' && name !== '' && name !== HIDDEN;
}

/** The id of the record as `readRecord` would tell it; `undefined` when only that can tell. */
export function plainId({ eventID }: JsonObject): string | undefined {
  return typeof eventID === 'string' && UUID.test(eventID) ? eventID : undefined;
}
