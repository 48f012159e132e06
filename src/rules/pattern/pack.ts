import { listOf, type Matcher } from './ask.ts';
import {
  ALWAYS,
  type Alternatives,
  type Conjunction,
  keeping,
  mergedOn,
  textOf,
  withoutCovered,
} from './conjunction.ts';

/** Characters in an event pattern. Source: Amazon EventBridge quotas, "Event pattern size". */
const LONGEST = 2048;

/** More alternatives than this are not compared with one another. */
const COMPARED = 500;

/** Told apart inside a group of alternatives that share everything else. */
const BRANCHING: ReadonlySet<string> = new Set(['eventName', 'eventSource', 'readOnly']);

/** Every CloudTrail event that EventBridge delivers, whatever the detail-type calls it; only AWS may put such a source. */
const ENVELOPE = { source: [{ prefix: 'aws.' }], 'detail-type': [{ suffix: ' via CloudTrail' }] };

/**
 * The alternatives as EventBridge patterns, compact JSON of at most 2,048 characters each, as few as go by filling one
 * after the other; `undefined` when they are more than `most`.
 */
export function packed(alternatives: Alternatives, most: number): readonly string[] | undefined {
  const merged = mergedOn('eventName', alternatives);
  if (leastLength(merged) > most * LONGEST) return undefined;
  const all = mergedOn('eventSource', mergedOn('eventName', merged.flatMap(fitting)));
  const needed = all.length > COMPARED ? all : withoutCovered(all);
  const patterns: string[] = [];
  let inside: Alternatives = [];
  for (const piece of sorted(needed).flatMap(pieces)) {
    const together = mergedOn('eventName', [...inside, piece]);
    if (rendered(together).length > LONGEST) {
      patterns.push(rendered(inside));
      if (patterns.length >= most) return undefined;
      inside = [piece];
    } else inside = together;
  }
  return inside.length === 0 ? patterns : [...patterns, rendered(inside)];
}

/** Names are the greater part of patterns, and each of them is written at least once. */
function leastLength(alternatives: Alternatives): number {
  const names = new Set(alternatives.flatMap((one) => [...namesIn(one)]));
  return [...names].reduce((sum, name) => sum + name.length + 1, 0);
}

function* namesIn(conjunction: Conjunction): Generator<string> {
  const ask = conjunction.get('eventName');
  if (ask?.kind === 'some') for (const matcher of ask.matchers) yield JSON.stringify(matcher);
}

/** One event name each: patterns are filled name by name. */
function pieces(conjunction: Conjunction): Conjunction[] {
  const ask = conjunction.get('eventName');
  if (ask?.kind !== 'some') return [conjunction];
  return ask.matchers.map(
    (matcher) => new Map([...conjunction, ['eventName', { kind: 'some', matchers: [matcher] }]]),
  );
}

/** Splits what is too long for one pattern; excludes less where that cannot be, or leaves the longest field out. */
function fitting(conjunction: Conjunction): Conjunction[] {
  if (rendered([conjunction]).length <= LONGEST) return [conjunction];
  const [longest] = [...conjunction].toSorted(([, a], [, b]) => length(listOf(b)) - length(listOf(a)));
  if (longest === undefined) return [conjunction];
  const [path, ask] = longest;
  if (ask.kind === 'outside' && ask.texts.length > 1) {
    const texts = ask.texts.slice(0, Math.floor(ask.texts.length / 2));
    return fitting(new Map([...conjunction, [path, { ...ask, texts }]]));
  }
  if (ask.kind === 'outside' || ask.matchers.length === 1) {
    return fitting(keeping(conjunction, (one) => one !== path));
  }
  const half = Math.ceil(ask.matchers.length / 2);
  const part = (matchers: readonly Matcher[]) =>
    fitting(new Map([...conjunction, [path, { kind: 'some', matchers }]]));
  return [...part(ask.matchers.slice(0, half)), ...part(ask.matchers.slice(half))];
}

function length(list: readonly unknown[]): number {
  return JSON.stringify(list).length;
}

function sorted(alternatives: Alternatives): Alternatives {
  return alternatives
    .map((one) => [sortKey(one), one] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, one]) => one);
}

/** Groups stand together, and in them the sources. */
function sortKey(conjunction: Conjunction): string {
  return `${textOf(groupOf(conjunction))}\n${textOf(keeping(conjunction, (path) => path === 'eventSource'))}\n${textOf(conjunction)}`;
}

function groupOf(conjunction: Conjunction): Conjunction {
  return keeping(conjunction, (path) => !BRANCHING.has(path));
}

/** One pattern for all of them; what a group of them shares is written once. */
function rendered(alternatives: Alternatives): string {
  const groups = new Map<string, { readonly shared: Conjunction; readonly branches: Conjunction[] }>();
  for (const conjunction of alternatives) {
    const shared = groupOf(conjunction);
    const key = textOf(shared);
    const group = groups.get(key) ?? { shared, branches: [] };
    group.branches.push(keeping(conjunction, (path) => BRANCHING.has(path)));
    groups.set(key, group);
  }
  const details = [...groups.values()].map(({ shared, branches }) => {
    const needed = branches.some(({ size }) => size === 0) ? ALWAYS : branches;
    return { ...nested(shared), ...either(needed.map(nested)) };
  });
  const free = details.some((detail) => Object.keys(detail).length === 0);
  return JSON.stringify(free ? ENVELOPE : { ...ENVELOPE, detail: either(details) });
}

function either(alternatives: readonly object[]): object {
  const [only] = alternatives;
  return only && alternatives.length === 1 ? only : { $or: alternatives };
}

interface Nested {
  [key: string]: Nested | readonly unknown[];
}

function nested(conjunction: Conjunction): Nested {
  const root: Nested = {};
  for (const [path, ask] of [...conjunction].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const steps = path.split('.');
    const last = steps.pop() ?? path;
    let at = root;
    for (const step of steps) {
      const inner = at[step];
      const next: Nested = inner === undefined || isList(inner) ? {} : inner;
      at[step] = next;
      at = next;
    }
    at[last] = listOf(ask);
  }
  return root;
}

function isList(value: Nested | readonly unknown[]): value is readonly unknown[] {
  return Array.isArray(value);
}
