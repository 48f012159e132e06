import { type Matcher, parseMatcher } from '../alerts/matcher.ts';
import { isObject } from '../kernel/json.ts';
import type { Problem } from '../kernel/problem.ts';
import { suggest } from '../rules/spelling.ts';
import { type Path, sayKey } from './words.ts';
import type { YamlFile } from './yaml.ts';

/** A rule that the configuration calls by id or name, and where. */
export interface Mention {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The rules that the file speaks of: disabled, with another level or number of people, or in a `rule=` matcher. */
export function ruleMentions(yaml: YamlFile, file: string): Mention[] {
  return yaml.spots.flatMap(({ path, value }): Mention[] => {
    const [section, key, entry] = path;
    if (section === 'rules' && (key === 'levels' || key === 'needs') && path.length === 3) {
      return [{ name: String(entry), file, ...yaml.place(path, 'key') }];
    }
    const disabled = section === 'rules' && key === 'disabled' && path.length === 3;
    const matcher = exactMatcher(path, value);
    const name = disabled ? value : matcher?.label === 'rule' ? matcher.value : undefined;
    return typeof name === 'string' ? [{ name, file, ...yaml.place(path, 'value') }] : [];
  });
}

/** Matchers on an environment that no account has: they can never be true. */
export function unknownEnvironments(yaml: YamlFile, file: string): Problem[] {
  const accounts = isObject(yaml.value) && isObject(yaml.value.accounts) ? yaml.value.accounts : {};
  const known = new Set(
    Object.values(accounts).flatMap((account) =>
      isObject(account) && typeof account.environment === 'string' ? [account.environment] : [],
    ),
  );
  return yaml.spots.flatMap(({ path, value }): Problem[] => {
    const matcher = exactMatcher(path, value);
    if (matcher?.label !== 'environment' || matcher.value === '' || known.has(matcher.value)) return [];
    const what = `no account has the environment ${sayKey(matcher.value)}`;
    const remedy = suggest(matcher.value, known, 'give an account under accounts this environment');
    return [{ file, ...yaml.place(path, 'value'), what, remedy }];
  });
}

/** Mentions of rules that are not loaded; `known` holds the ids and names of all rules. */
export function unknownRules(mentions: readonly Mention[], known: ReadonlySet<string>): Problem[] {
  return mentions
    .filter(({ name }) => !known.has(name))
    .map(({ name, file, line, column }) => {
      const remedy = suggest(name, known, 'see "trailbot rules list" for the rules there are');
      return { file, line, column, what: `there is no rule ${sayKey(name)}`, remedy };
    });
}

/** Where matchers stand: the part of the file, and the keys of their lists. */
const MATCHERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['routes', ['match']],
  ['silences', ['match']],
  ['mute_windows', ['match']],
  ['inhibitions', ['source', 'target']],
]);

/** The matcher at `path` when it compares for equality, and is one at all. */
function exactMatcher(path: Path, value: unknown): Matcher | undefined {
  const [part] = path;
  const lists = part === undefined ? undefined : MATCHERS.get(String(part));
  if (!lists?.includes(String(path.at(-2))) || typeof value !== 'string') return undefined;
  const matcher = parseMatcher(value);
  if (typeof matcher === 'string') return undefined;
  return matcher.operator === '=' || matcher.operator === '!=' ? matcher : undefined;
}
