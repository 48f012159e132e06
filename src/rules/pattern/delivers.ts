import { isObject, type Json, type JsonObject, parseJson } from '../../kernel/json.ts';
import { compileNetwork } from '../network.ts';
import type { PatternPlan } from './plan.ts';

type Test<Value> = (value: Value) => boolean;

/**
 * Whether EventBridge would deliver a record of CloudTrail by the patterns of a plan, as far as these patterns go: an
 * operator that is not known here lets everything through. The envelope is taken to be CloudTrail's.
 * Source: Amazon EventBridge user guide, "Comparison operators for use in event patterns".
 */
export function deliveredBy({ changes, reads }: Pick<PatternPlan, 'changes' | 'reads'>): Test<JsonObject> {
  const forChanges = changes.map(detailTest);
  const forReads = reads.map(detailTest);
  return (body) =>
    forReads.some((test) => test(body)) ||
    (String(body.readOnly) !== 'true' && forChanges.some((test) => test(body)));
}

function detailTest(pattern: string): Test<JsonObject> {
  const read = parseJson(pattern);
  const detail = isObject(read) ? read.detail : undefined;
  return isObject(detail) ? objectTest(detail) : () => true;
}

function objectTest(pattern: JsonObject): Test<JsonObject> {
  const tests = Object.entries(pattern).map(([key, wanted]) => memberTest(key, wanted));
  return (object) => tests.every((test) => test(object));
}

function memberTest(key: string, wanted: Json): Test<JsonObject> {
  if (key === '$or') {
    const branches = listOf(wanted).filter(isObject).map(objectTest);
    return (object) => branches.some((test) => test(object));
  }
  if (isObject(wanted)) {
    const inner = objectTest(wanted);
    return ({ [key]: value }) => inner(isObject(value) ? value : {});
  }
  const tests = listOf(wanted).map(valueTest);
  return ({ [key]: value }) => {
    const values = Array.isArray(value) && value.length > 0 ? value : [value];
    return tests.some((test) => values.some((one) => test(one)));
  };
}

/** `undefined` is a value that is not there; so is an object, of which EventBridge knows only the members. */
function valueTest(wanted: Json): Test<Json | undefined> {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [operator = '', argument = null] = Object.entries(wanted)[0] ?? [];
  if (operator === 'exists') return (value) => isLeaf(value) === argument;
  const test = operatorTest(operator, argument);
  return (value) => isLeaf(value) && value !== undefined && test(value);
}

function isLeaf(value: Json | undefined): boolean {
  return value !== undefined && !isObject(value);
}

function operatorTest(operator: string, argument: Json): Test<Json> {
  switch (operator) {
    case 'equals-ignore-case':
      return textTest(argument, true, (text, wanted) => text === wanted);
    case 'prefix':
      return endTest(argument, (text, wanted) => text.startsWith(wanted));
    case 'suffix':
      return endTest(argument, (text, wanted) => text.endsWith(wanted));
    case 'anything-but':
      return exceptTest(argument);
    case 'cidr': {
      const network = compileNetwork(String(argument));
      return (value) => typeof value === 'string' && (typeof network !== 'function' || network(value));
    }
    case 'numeric': {
      const [, least = 0, , most = 0] = listOf(argument).map(Number);
      return (value) => typeof value === 'number' && value >= least && value <= most;
    }
    case 'wildcard':
      return wildcardTest(String(argument));
    default:
      return () => true;
  }
}

function endTest(argument: Json, fits: (text: string, wanted: string) => boolean): Test<Json> {
  return isObject(argument)
    ? textTest(argument['equals-ignore-case'] ?? '', true, fits)
    : textTest(argument, false, fits);
}

function textTest(
  argument: Json,
  anyCase: boolean,
  fits: (text: string, wanted: string) => boolean,
): Test<Json> {
  const fold = (text: string): string => (anyCase ? text.toLowerCase() : text);
  const wanted = fold(String(argument));
  return (value) => typeof value === 'string' && fits(fold(value), wanted);
}

function exceptTest(argument: Json): Test<Json> {
  const anyCase = isObject(argument);
  const texts = listOf(anyCase ? (argument['equals-ignore-case'] ?? []) : argument);
  const tests = texts.map((one) => textTest(one, anyCase, (text, wanted) => text === wanted));
  return (value) => !tests.some((test) => test(value));
}

/** `*` stands for any characters, a backslash takes its meaning away. */
function wildcardTest(wanted: string): Test<Json> {
  const [first = '', ...others] = partsOf(wanted);
  const last = others.pop();
  return (value) => {
    if (typeof value !== 'string') return false;
    if (last === undefined) return value === first;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let at = first.length;
    for (const part of others) {
      const found = value.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= value.length - last.length;
  };
}

/** What stands between the stars. */
function partsOf(wanted: string): string[] {
  const parts = [''];
  for (const token of wanted.match(/\\[*\\]|[\s\S]/g) ?? []) {
    if (token === '*') parts.push('');
    else parts.push(`${parts.pop()}${token.length > 1 ? token.slice(1) : token}`);
  }
  return parts;
}

function listOf(value: Json): Json[] {
  return Array.isArray(value) ? value : [value];
}
