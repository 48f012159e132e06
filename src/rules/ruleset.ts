import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Correlation } from './correlation/correlation.ts';
import { Engine } from './engine/engine.ts';
import type { FieldPath, Row } from './field.ts';
import type { Formula } from './formula.ts';
import type { Match, Rule, RuleTest } from './rule.ts';

/** Rules, compiled, ready for records. */
export interface Ruleset {
  /** Enabled rules, as loaded. */
  readonly rules: readonly Rule[];
  /** The same with what they ask. */
  readonly compiled: readonly CompiledRule[];
  /** What counts the matches of rules over time. */
  readonly correlations: readonly Correlation[];
  /** The tests inside filters. */
  readonly filterTests: readonly FilterTests[];
  /** Documents that are for other logs. */
  readonly skipped: number;
  /** Every rule that is true for the record, in the order of `rules`. Never throws. */
  match(record: CloudTrailRecord): Match[];
  /** The same for the body of a record. */
  rulesFor(body: JsonObject): readonly Rule[];
  /** The same, for what stands at each of `paths` where none of them leads through a list. */
  rulesForRow(row: Row): readonly Rule[];
  /** Where rules look; `undefined` when some look everywhere. */
  readonly paths: readonly FieldPath[] | undefined;
}

/** Everything that alerts under a name of its own: rules, and then correlations. */
export function allRules({ rules, correlations }: Ruleset): Rule[] {
  return [...rules, ...correlations.map(({ rule }) => rule)];
}

/** What the events of a filter's tests must come to with the filter in force. */
export interface FilterTests {
  readonly title: string;
  readonly file: string;
  /** `undefined`: all rules. */
  readonly ruleIds: ReadonlySet<string> | undefined;
  readonly tests: readonly RuleTest[];
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly formula: Formula;
}

export function createRuleset(
  compiled: readonly CompiledRule[],
  skipped: number,
  correlations: readonly Correlation[] = [],
): Ruleset {
  const engine = new Engine(compiled.map(({ rule, formula }) => ({ formula, value: rule })));
  const rulesFor = (body: JsonObject) => engine.find(body);
  return {
    rules: compiled.map(({ rule }) => rule),
    compiled,
    correlations,
    filterTests: [],
    skipped,
    rulesFor,
    rulesForRow: (row) => engine.findRow(row),
    paths: engine.paths,
    match: (record) => rulesFor(record.body).map((rule) => ({ rule, record })),
  };
}
