import { RE2JS, RE2JSSyntaxException } from 're2js';
import { LEVELS, type Level } from '../rules/rule.ts';
import { suggest } from '../rules/spelling.ts';

/** What routes and silences can look at. */
const LABELS = ['level', 'rule', 'tag', 'account', 'environment', 'region', 'actor'] as const;
type Label = (typeof LABELS)[number];

const OPERATORS = ['=', '!=', '=~', '!~', '>=', '>', '<=', '<'] as const;
type Operator = (typeof OPERATORS)[number];

/**
 * What an alert is called: label → values. `rule` has the rule's id and its name, `tag` all its tags; the
 * others have one value, or none where it is not known.
 */
export type Labels = ReadonlyMap<string, readonly string[]>;

/** One test of one label, as Prometheus' Alertmanager has them, shared by routes and silences. */
export interface Matcher {
  readonly label: Label;
  readonly operator: Operator;
  readonly value: string;
  /** As it was written: `level>=high`. */
  readonly text: string;
  /** Whether one value of the label passes, before `!` turns it round. */
  readonly accepts: (value: string) => boolean;
}

/**
 * Reads `label=value`, `!=`, `=~`, `!~` (RE2, over the whole value) and, for `level`, `>= > <= <` in the order
 * of Sigma's levels. The value may stand in double quotes. A string says what is wrong.
 */
export function parseMatcher(text: string): Matcher | string {
  const parts = /^\s*([\w.-]+)\s*(=~|!~|!=|>=|<=|=|>|<)\s*(.*?)\s*$/su.exec(text);
  const [, name, sign, written] = parts ?? [];
  const operator = OPERATORS.find((known) => known === sign);
  if (name === undefined || operator === undefined || written === undefined) {
    return 'a matcher is a label, an operator and a value';
  }
  const label = LABELS.find((known) => known === name);
  if (!label) return unknownName('label', name, LABELS);
  const read = readValue(written);
  if ('wrong' in read) return read.wrong;
  const accepts = acceptor(label, operator, read.value);
  return typeof accepts === 'string'
    ? accepts
    : { label, operator, value: read.value, text: text.trim(), accepts };
}

/**
 * Whether all matchers pass. A positive operator wants one of the label's values to pass, a negative one wants
 * none. A label that is not known counts as empty: `environment=""` is true for it.
 */
export function matches(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => {
    const known = labels.get(matcher.label) ?? [];
    const some = (known.length > 0 ? known : ['']).some(matcher.accepts);
    return matcher.operator.startsWith('!') ? !some : some;
  });
}

function unknownName(kind: string, name: string, names: readonly string[]): string {
  return `unknown ${kind} "${name}" (${suggest(name, names, `there are ${names.join(', ')}`)})`;
}

function readValue(written: string): { value: string } | { wrong: string } {
  if (written.startsWith('"')) {
    const inside = /^"((?:[^"\\]|\\.)*)"$/su.exec(written)?.[1];
    if (inside === undefined) return { wrong: 'the quotes around the value are not closed' };
    return { value: inside.replace(/\\(["\\])/gu, '$1') };
  }
  if (written === '') return { wrong: 'the value is missing (write "" for "not known")' };
  if (written.startsWith('=')) return { wrong: 'the operator for "equal" is one = sign' };
  if (written.startsWith("'") || written.includes('"')) {
    return { wrong: 'a value is quoted with double quotes, all of it' };
  }
  return { value: written };
}

function acceptor(label: Label, operator: Operator, value: string): Matcher['accepts'] | string {
  if (operator === '=~' || operator === '!~') return wholeValue(value);
  if (label === 'level') return levelTest(operator, value);
  if (operator === '=' || operator === '!=') return (other) => other === value;
  return `only level has an order, so ${operator} cannot be used with ${label}`;
}

function wholeValue(pattern: string): Matcher['accepts'] | string {
  try {
    const compiled = RE2JS.compile(pattern);
    return (value) => compiled.matches(value);
  } catch (error) {
    const why = error instanceof RE2JSSyntaxException ? error.getDescription() : 'it is too large';
    return `the regular expression cannot be read: ${why}`;
  }
}

function levelTest(operator: Operator, value: string): Matcher['accepts'] | string {
  const bound = orderOf(value);
  if (bound < 0) return unknownName('level', value, LEVELS);
  switch (operator) {
    case '>=':
      return (level) => orderOf(level) >= bound;
    case '>':
      return (level) => orderOf(level) > bound;
    // A level that is not known (-1) is below none.
    case '<=':
      return (level) => orderOf(level) >= 0 && orderOf(level) <= bound;
    case '<':
      return (level) => orderOf(level) >= 0 && orderOf(level) < bound;
    default:
      return (level) => level === value;
  }
}

function orderOf(level: string): number {
  return LEVELS.indexOf(level as Level);
}
