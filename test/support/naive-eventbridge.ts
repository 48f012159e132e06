import { isIPv4, isIPv6 } from 'node:net';
import { isObject, type Json, type JsonObject } from '../../src/kernel/json.ts';

/**
 * EventBridge's pattern language in the plainest way, written from AWS's user guide ("Comparison operators for use in
 * event patterns") and from what the open engine of AWS, event-ruler, was seen to do. It shares no code with the
 * push-down, which it judges. In doubt it matches less.
 */
export type EventTest = (event: JsonObject) => boolean;

const LONGEST = 2048;
const MOST_COMBINATIONS = 1000;

/** Reads a pattern; throws an Error that says what EventBridge would refuse. */
export function eventPattern(text: string): EventTest {
  if (text.length > LONGEST)
    throw new Error(`The pattern has ${text.length} characters, more than ${LONGEST}.`);
  const pattern: Json = JSON.parse(text);
  if (!isObject(pattern)) throw new Error('A pattern is an object.');
  const combinations = fieldsOf(pattern, '');
  return (event) => {
    const leaves = leavesOf(event, '', new Map(), []);
    return combinations.some((fields) => fits([...fields], leaves, new Map()));
  };
}

/** One combination of the branches of every `$or`: what each field is asked. */
type Fields = ReadonlyMap<string, readonly Matcher[]>;

function fieldsOf(pattern: JsonObject, prefix: string): Fields[] {
  const keys = Object.keys(pattern);
  if (keys.length === 0) throw new Error(`The object at "${prefix}" is empty.`);
  let combinations: Fields[] = [new Map()];
  for (const key of keys) {
    const value = pattern[key] ?? null;
    const path = prefix === '' ? key : `${prefix}.${key}`;
    let found: Fields[];
    if (key === '$or') found = branchesOf(value, prefix);
    else if (isObject(value)) found = fieldsOf(value, path);
    else if (Array.isArray(value)) found = [new Map([[path, matchersOf(value, path)]])];
    else throw new Error(`"${path}" is neither an object nor a list.`);
    combinations = combinations.flatMap((one) => found.map((other) => both(one, other)));
    if (combinations.length > MOST_COMBINATIONS)
      throw new Error('The pattern has too many combinations of $or.');
  }
  return combinations;
}

function branchesOf(value: Json, prefix: string): Fields[] {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw new Error('"$or" holds at least two objects.');
  }
  return value.flatMap((branch) => fieldsOf(branch, prefix));
}

function both(one: Fields, other: Fields): Fields {
  for (const path of other.keys()) if (one.has(path)) throw new Error(`"${path}" is asked twice.`);
  return new Map([...one, ...other]);
}

/** True for a value that is there; `absent` asks that there is none. */
type Matcher =
  | { readonly absent: true }
  | { readonly absent: false; readonly test: (value: Json) => boolean };

function matchersOf(list: readonly Json[], path: string): Matcher[] {
  if (list.length === 0) throw new Error(`The list at "${path}" is empty.`);
  return list.map(matcherOf);
}

function matcherOf(wanted: Json): Matcher {
  if (Array.isArray(wanted)) throw new Error('A list stands inside a list.');
  if (!isObject(wanted)) return { absent: false, test: (value) => value === wanted };
  const [operator, argument] = onlyMember(wanted);
  if (operator === 'exists') {
    if (typeof argument !== 'boolean') throw new Error('"exists" takes true or false.');
    return argument ? { absent: false, test: () => true } : { absent: true };
  }
  return { absent: false, test: operatorTest(operator, argument) };
}

function onlyMember(object: JsonObject): [string, Json] {
  const [member, ...others] = Object.entries(object);
  if (!member || others.length > 0) throw new Error('An operator stands alone in its object.');
  return member;
}

function operatorTest(operator: string, argument: Json): (value: Json) => boolean {
  switch (operator) {
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
    case 'wildcard':
      return textTest(operator, argument);
    case 'anything-but':
      return anythingBut(argument);
    case 'numeric':
      return numericTest(argument);
    case 'cidr':
      return cidrTest(argument);
    default:
      throw new Error(`"${operator}" is no operator.`);
  }
}

function textTest(operator: string, argument: Json): (value: Json) => boolean {
  const ends = operator === 'prefix' || operator === 'suffix';
  const ignoring = ends && isObject(argument) ? onlyMember(argument) : undefined;
  if (ignoring && ignoring[0] !== 'equals-ignore-case')
    throw new Error(`"${ignoring[0]}" is not for "${operator}".`);
  const wanted = ignoring ? ignoring[1] : argument;
  if (typeof wanted !== 'string') throw new Error(`"${operator}" takes text.`);
  if (operator === 'wildcard') {
    const regex = wildcardRegex(wanted);
    return (value) => typeof value === 'string' && regex.test(value);
  }
  const chars = Array.from(wanted);
  return (value) => {
    if (typeof value !== 'string') return false;
    const own = Array.from(value);
    if (operator === 'equals-ignore-case') return own.length === chars.length && sameChars(own, chars, true);
    if (own.length < chars.length) return false;
    const end = operator === 'prefix' ? own.slice(0, chars.length) : own.slice(own.length - chars.length);
    return sameChars(end, chars, ignoring !== undefined);
  };
}

/** A character of the pattern fits as it is and, without regard to case, in its upper and its lower case. */
function sameChars(own: readonly string[], wanted: readonly string[], ignoreCase: boolean): boolean {
  return wanted.every((char, index) => {
    const has = own[index];
    return has === char || (ignoreCase && (has === char.toLowerCase() || has === char.toUpperCase()));
  });
}

function wildcardRegex(wanted: string): RegExp {
  let source = '';
  for (let index = 0; index < wanted.length; index += 1) {
    const char = wanted.charAt(index);
    const next = wanted.charAt(index + 1);
    if (char === '*') {
      if (next === '*') throw new Error('A wildcard has two stars in a row.');
      source += '[\\s\\S]*';
    } else if (char === '\\') {
      if (next !== '*' && next !== '\\')
        throw new Error('A backslash in a wildcard stands before "*" or "\\".');
      source += `\\${next}`;
      index += 1;
    } else source += char.replace(/[.+?^${}()|[\]/]/, '\\$&');
  }
  return new RegExp(`^${source}$`);
}

/** Any value but these; one that is absent does not fit, null and values of another type do. */
function anythingBut(argument: Json): (value: Json) => boolean {
  if (isObject(argument)) {
    const [operator, values] = onlyMember(argument);
    if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)) {
      throw new Error(`"${operator}" is not for "anything-but".`);
    }
    const texts = Array.isArray(values) ? values : [values];
    if (texts.length === 0 || texts.some((text) => typeof text !== 'string')) {
      throw new Error('"anything-but" with an operator takes texts.');
    }
    const tests = texts.map((text) => textTest(operator, text));
    return (value) => !tests.some((test) => test(value));
  }
  const values = Array.isArray(argument) ? argument : [argument];
  const [first] = values;
  const oneType = values.every((value) => typeof value === typeof first);
  if ((typeof first !== 'string' && typeof first !== 'number') || !oneType) {
    throw new Error('"anything-but" takes texts or numbers.');
  }
  return (value) => !values.some((one) => one === value);
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function numericTest(argument: Json): (value: Json) => boolean {
  if (!Array.isArray(argument) || (argument.length !== 2 && argument.length !== 4)) {
    throw new Error('"numeric" takes one comparison or two.');
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < argument.length; index += 2) {
    const compare = COMPARISONS[String(argument[index])];
    const bound = argument[index + 1];
    if (!compare || typeof bound !== 'number' || Math.abs(bound) > 5e9) {
      throw new Error('"numeric" compares with numbers up to five billion.');
    }
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function cidrTest(argument: Json): (value: Json) => boolean {
  const [address = '', length = ''] = typeof argument === 'string' ? argument.split('/') : [];
  const network = bitsOf(address);
  const bits = Number(length);
  if (!network || !/^\d+$/.test(length) || bits > network.length) throw new Error('"cidr" takes a network.');
  return (value) => {
    const own = typeof value === 'string' ? bitsOf(value) : undefined;
    return own?.length === network.length && own.slice(0, bits) === network.slice(0, bits);
  };
}

/** An address as its binary digits. */
function bitsOf(address: string): string | undefined {
  if (isIPv4(address))
    return address
      .split('.')
      .map((part) => binary(Number(part), 8))
      .join('');
  if (!isIPv6(address) || address.includes('%') || address.includes('.')) return undefined;
  const [front = [], back = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].map((group) => binary(Number.parseInt(group, 16), 16)).join('');
}

function binary(value: number, width: number): string {
  return value.toString(2).padStart(width, '0');
}

/** A value of the event and, for each array it stands in, the member. */
interface Leaf {
  readonly path: string;
  readonly value: Json;
  readonly members: ReadonlyMap<readonly Json[], number>;
}

/** Objects and empty arrays are no values; keys with dots are paths. */
function leavesOf(value: Json, path: string, members: Leaf['members'], leaves: Leaf[]): Leaf[] {
  if (Array.isArray(value)) {
    value.forEach((member, index) => {
      leavesOf(member, path, new Map([...members, [value, index]]), leaves);
    });
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      leavesOf(inner, path === '' ? key : `${path}.${key}`, members, leaves);
    }
  } else leaves.push({ path, value, members });
  return leaves;
}

/** Whether each field finds a value such that all of them stand in the same member of each array they share. */
function fits(
  fields: readonly (readonly [string, readonly Matcher[]])[],
  leaves: readonly Leaf[],
  members: Leaf['members'],
): boolean {
  const [first, ...rest] = fields;
  if (first === undefined) return true;
  const [path, matchers] = first;
  const own = leaves.filter((leaf) => leaf.path === path);
  if (own.length === 0) return matchers.some(({ absent }) => absent) && fits(rest, leaves, members);
  return own.some(
    (leaf) =>
      matchers.some((matcher) => !matcher.absent && matcher.test(leaf.value)) &&
      [...leaf.members].every(([array, index]) => (members.get(array) ?? index) === index) &&
      fits(rest, leaves, new Map([...members, ...leaf.members])),
  );
}
