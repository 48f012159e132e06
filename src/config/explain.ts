import type { z } from 'zod';
import { isObject, type JsonObject } from '../kernel/json.ts';
import type { Problem } from '../kernel/problem.ts';
import { suggest } from '../rules/spelling.ts';
import { describeSchema } from './schema.ts';
import { instead, type Path, sayKey, sayPath, secretVariable } from './words.ts';
import type { YamlFile } from './yaml.ts';

type Issue = z.core.$ZodIssue;
type Explained = Pick<Problem, 'what' | 'remedy'>;

/** What the schema found, in words, at the exact key or value. */
export function explainIssues(issues: readonly Issue[], yaml: YamlFile, file: string): Problem[] {
  const schema = describeSchema();
  return issues.flatMap(meant).flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const place = yaml.place([...issue.path, key], 'key');
        return { file, ...place, ...unknownKey(schema, issue.path, key) };
      });
    }
    const part = issue.code === 'invalid_key' ? 'key' : 'value';
    return [{ file, ...yaml.place(issue.path, part), ...explain(schema, issue, yaml) }];
  });
}

/** Of a value that may be one thing or a list of such, the mistakes in what was meant. */
function meant(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const kinds = issue.errors.filter((found) => !found.some(isOtherKind));
  const [only = [], ...others] = kinds;
  if (only.length === 0 || others.length > 0) return [issue];
  return only.flatMap((inner) => meant({ ...inner, path: [...issue.path, ...inner.path] }));
}

function isOtherKind({ code, path }: Issue): boolean {
  return (code === 'invalid_type' || code === 'invalid_value') && path.length === 0;
}

function unknownKey(schema: JsonObject, path: Path, key: string): Explained {
  const variable = secretVariable(key);
  if (variable) {
    return {
      what: `${sayKey(key)} looks like a secret, and this file is no place for secrets`,
      remedy: instead(variable),
    };
  }
  if (path.length === 1 && path[0] === 'routes' && ['match', 'continue', 'hours'].includes(key)) {
    return {
      what: `the top of the routes takes everything, so it has no ${key}`,
      remedy: 'put it on an entry under routes.routes',
    };
  }
  const node = schemaAt(schema, path);
  const known = Object.keys((node && kindOfNode(node, false)?.properties) ?? {});
  const where = path.length > 0 ? ` in ${sayPath(path)}` : '';
  return {
    what: `unknown key ${sayKey(key)}${where}`,
    remedy: suggest(key, known, `the keys here are ${known.join(', ')}`),
  };
}

function explain(schema: JsonObject, issue: Issue, yaml: YamlFile): Explained {
  const name = sayPath(issue.path);
  const spot = yaml.spot(issue.path);
  const remedy = exampleFor(schema, issue.path);
  if (!spot && issue.path.length > 0) return { what: `${name} is missing`, remedy };
  if (spot?.value === null && issue.path.length > 0) {
    const hash = issue.path.at(-1) === 'channel' ? ' (without quotes, # starts a comment)' : '';
    return { what: `${name} has no value${hash}`, remedy };
  }
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.path, issue.expected, spot, remedy);
    case 'invalid_value':
      return wrongChoice(name, issue.values.map(String), spot?.value);
    case 'invalid_key':
      return {
        what: `the key ${name} must be ${issue.issues[0]?.message ?? 'a name'}`,
        remedy: exampleFor(schema, issue.path.slice(0, -1)),
      };
    case 'too_small':
    case 'too_big':
      return { what: `${name} must be ${limits(issue, schemaAt(schema, issue.path))}`, remedy };
    case 'custom':
      if (typeof issue.params?.what === 'string') {
        return {
          what: `${name}: ${issue.params.what}`,
          remedy:
            typeof issue.params.remedy === 'string'
              ? issue.params.remedy
              : 'write it like level>=high or account=111122223333',
        };
      }
      return { what: `${name} must be ${issue.message}`, remedy };
    default:
      return { what: `${name} must be ${issue.message}`, remedy };
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

/** Parts whose texts are names and values of any kind: there a number only lacks its quotes. */
const FREE_TEXT: readonly unknown[] = ['accounts', 'lists', 'rules'];

function wrongType(
  path: Path,
  expected: string,
  spot: ReturnType<YamlFile['spot']>,
  remedy: string,
): Explained {
  const is = expected === 'int' ? 'a fraction' : KINDS[kindOf(spot?.value)];
  const what = `${sayPath(path)} must be ${KINDS[expected] ?? expected}, not ${is ?? 'this'}`;
  const source = spot?.source;
  if (expected !== 'string' || source === undefined || !FREE_TEXT.includes(path[0])) return { what, remedy };
  const zeros = /^\d{12}$/u.test(source) ? ' (an account id as a number loses the zeros before it)' : '';
  return { what: `${what}${zeros}`, remedy: `write it in quotes: "${source.slice(0, 40)}"` };
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function wrongChoice(name: string, choices: readonly string[], value: unknown): Explained {
  const what = `${name} must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  return { what, remedy: suggest(typeof value === 'string' ? value : '', choices, 'write one of them') };
}

function limits(issue: Issue, node: JsonObject | undefined): string {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return 'another value';
  if (issue.origin === 'array') return 'a list with at least one entry';
  if (issue.origin !== 'string') return `between ${node?.minimum} and ${node?.maximum}`;
  return issue.code === 'too_small' ? 'text that is not empty' : `at most ${issue.maximum} characters`;
}

/** How to write it, from the schema's own example; that of the whole list where an entry has none. */
function exampleFor(schema: JsonObject, path: Path): string {
  const examples = schemaAt(schema, path)?.examples;
  const example = Array.isArray(examples) ? examples[0] : undefined;
  const key = path.at(-1);
  if (example === undefined) {
    return typeof key === 'number' ? exampleFor(schema, path.slice(0, -1)) : 'see docs/configuration.md';
  }
  const value = typeof example === 'string' && /^[\w./]/u.test(example) ? example : JSON.stringify(example);
  if (typeof key !== 'string') return `write for example ${value}`;
  return `write for example ${/^[A-Za-z_][\w-]*$/u.test(key) ? key : sayKey(key)}: ${value}`;
}

/** The part of the JSON Schema that describes the value at `path`. */
function schemaAt(schema: JsonObject, path: Path): JsonObject | undefined {
  let node: JsonObject | undefined = schema;
  for (const part of path) {
    if (!node) return undefined;
    const next = stepInto(node, part);
    node = isObject(next) ? followReference(schema, next) : undefined;
  }
  return node;
}

function stepInto(node: JsonObject, part: PropertyKey): unknown {
  if (typeof part === 'number') return kindOfNode(node, true)?.items;
  const keys = kindOfNode(node, false);
  const properties = isObject(keys?.properties) ? keys.properties : {};
  return Object.hasOwn(properties, String(part)) ? properties[String(part)] : keys?.additionalProperties;
}

/** Of what may be a list or something else, the description of the one or the other. */
function kindOfNode(node: JsonObject, list: boolean): JsonObject | undefined {
  if (!Array.isArray(node.anyOf)) return node;
  return node.anyOf.filter(isObject).find((one) => 'items' in one === list);
}

function followReference(schema: JsonObject, node: JsonObject): JsonObject | undefined {
  if (typeof node.$ref !== 'string') return node;
  const definitions = isObject(schema.$defs) ? schema.$defs : {};
  const target = definitions[node.$ref.replace('#/$defs/', '')];
  return isObject(target) ? target : undefined;
}
