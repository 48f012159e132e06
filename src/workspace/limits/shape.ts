import { isObject, type JsonObject } from '../../kernel/json.ts';
import { type Check, echo, type Inspection, kindOf, report } from './inspection.ts';

/** What a key of an object must be. */
export type Keys = Readonly<Record<string, Check>>;

/** A string of `min` to `max` characters (UTF-16 units, as Slack counts). */
export function text(max: number, min = 1): Check {
  return (value, at, into) => {
    if (typeof value !== 'string') return wrongKind(into, at, 'string', value);
    const got = String(value.length);
    if (value.length < min) {
      const constraint = { type: 'min_length', expected: [String(min)], got };
      report(into, at, 'too_short', `must be more than ${min - 1} characters`, constraint);
    }
    if (value.length > max) {
      const constraint = { type: 'max_length', expected: [String(max)], got };
      report(into, at, 'too_long', `must be less than ${max + 1} characters`, constraint);
    }
  };
}

/** True or false. */
export const flag: Check = (value, at, into) => {
  if (typeof value !== 'boolean') wrongKind(into, at, 'boolean', value);
};

/** A finite number in a range; `whole` refuses fractions. */
export function number(min: number, max: number, whole = true): Check {
  return (value, at, into) => {
    if (typeof value !== 'number') return wrongKind(into, at, 'number', value);
    const fits =
      Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value));
    if (fits) return;
    const constraint = { type: 'range', expected: [`${min}..${max}`], got: String(value) };
    report(into, at, 'out_of_range', `must be a number from ${min} to ${max}`, constraint);
  };
}

/** Exactly one of these values. */
export function choice(...allowed: readonly (string | number)[]): Check {
  return (value, at, into) => {
    if (allowed.some((one) => one === value)) return;
    const constraint = { type: 'enum', expected: allowed.map(String), got: echo(value) };
    report(into, at, 'invalid_value', `must be one of ${allowed.join(', ')}`, constraint);
  };
}

/** Text that the pattern covers; `what` names the format for the reader. */
export function pattern(expression: RegExp, what: string): Check {
  return (value, at, into) => {
    if (typeof value !== 'string') return wrongKind(into, at, 'string', value);
    if (expression.test(value)) return;
    const constraint = { type: 'format', expected: [what], got: echo(value) };
    report(into, at, 'invalid_format', `must be ${what}`, constraint);
  };
}

const LINK_SCHEMES = ['http:', 'https:', 'mailto:', 'tel:', 'slack:'];
export const WEB_SCHEMES = ['http:', 'https:'];

/** An absolute URL with a scheme that is safe to follow. */
export function link(max: number, schemes: readonly string[] = LINK_SCHEMES): Check {
  const length = text(max);
  return (value, at, into) => {
    const before = into.found.length;
    length(value, at, into);
    if (into.found.length > before || typeof value !== 'string') return;
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (parsed && schemes.includes(parsed.protocol)) return;
    const constraint = { type: 'url', expected: schemes, got: echo(value) };
    report(into, at, 'invalid_url', 'Invalid `URL`', constraint);
  };
}

/** A list of `min` to `max` items, each as `item` says. */
export function list(item: Check, max: number, min = 1): Check {
  return (value, at, into) => {
    if (!Array.isArray(value)) return wrongKind(into, at, 'array', value);
    const got = String(value.length);
    if (value.length < min) {
      const constraint = { type: 'min_items', expected: [String(min)], got };
      report(into, at, 'too_few_items', `no less than ${min} items allowed`, constraint);
    }
    if (value.length > max) {
      const constraint = { type: 'max_items', expected: [String(max)], got };
      report(into, at, 'too_many_items', `no more than ${max} items allowed`, constraint);
    }
    // The items beyond the limit are refused already; looking at each would only cost time.
    for (const [index, one] of value.slice(0, max).entries()) item(one, `${at}/${index}`, into);
  };
}

/** What the keys alone cannot say about an object. */
export type Rule = (object: JsonObject, at: string, into: Inspection) => void;

/** An object with these keys and no others; `rule` adds what holds between keys. */
export function shape(required: Keys, optional: Keys = {}, rule?: Rule): Check {
  const known = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return (value, at, into) => {
    if (!isObject(value)) return wrongKind(into, at, 'object', value);
    for (const key of Object.keys(required)) {
      if (Object.hasOwn(value, key)) continue;
      const constraint = { type: 'required', expected: [key] };
      report(into, at, 'missing_field', `missing required field: ${key}`, constraint);
    }
    for (const [key, member] of Object.entries(value)) {
      const check = known.get(key);
      if (check) check(member, `${at}/${key}`, into);
      else {
        const constraint = { type: 'additional_property', expected: [...known.keys()], got: echo(key) };
        report(into, at, 'additional_property', `invalid additional property: ${echo(key)}`, constraint);
      }
    }
    rule?.(value, at, into);
  };
}

/** An object whose `type` picks what it must be. */
export function byType(kinds: ReadonlyMap<string, Check>): Check {
  return (value, at, into) => {
    if (!isObject(value)) return wrongKind(into, at, 'object', value);
    if (!Object.hasOwn(value, 'type')) {
      const constraint = { type: 'required', expected: ['type'] };
      return report(into, at, 'missing_field', 'missing required field: type', constraint);
    }
    const check = typeof value.type === 'string' ? kinds.get(value.type) : undefined;
    if (check) return check(value, at, into);
    const got = echo(value.type);
    const constraint = { type: 'type', expected: [...kinds.keys()], got };
    report(into, `${at}/type`, 'unsupported_type', `unsupported type: ${got}`, constraint);
  };
}

/** A value of a kind that the place does not take. */
export function wrongKind(into: Inspection, at: string, expected: string, value: unknown): void {
  const article = /^[aeo]/.test(expected) ? 'an' : 'a';
  const constraint = { type: 'kind', expected: [expected], got: kindOf(value) };
  report(into, at, 'invalid_type', `must provide ${article} ${expected}`, constraint);
}

/** Exactly one (`required`), or at most one, of the keys is there. */
export function oneOf(keys: readonly string[], required: boolean): Rule {
  return (object, at, into) => {
    const there = keys.filter((key) => Object.hasOwn(object, key));
    if (there.length === 1 || (there.length === 0 && !required)) return;
    const constraint = { type: 'one_of', expected: keys, got: there.join(', ') };
    report(
      into,
      at,
      'one_of',
      `must provide ${required ? 'exactly' : 'at most'} one of ${keys.join(', ')}`,
      constraint,
    );
  };
}

/** At least one of the keys is there. */
export function someOf(...keys: readonly string[]): Rule {
  return (object, at, into) => {
    if (keys.some((key) => Object.hasOwn(object, key))) return;
    const constraint = { type: 'some_of', expected: keys };
    report(into, at, 'missing_field', `missing required field: ${keys.join(' or ')}`, constraint);
  };
}

/** No two objects of the list have the same text under `key`. */
export function distinct(items: unknown, key: string, at: string, into: Inspection): void {
  if (!Array.isArray(items)) return;
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const value = isObject(item) ? item[key] : undefined;
    if (typeof value !== 'string') continue;
    if (seen.has(value)) {
      const constraint = { type: 'unique', expected: [key], got: echo(value) };
      report(into, `${at}/${index}/${key}`, 'duplicate', `duplicate ${key}: ${echo(value)}`, constraint);
    }
    seen.add(value);
  }
}
