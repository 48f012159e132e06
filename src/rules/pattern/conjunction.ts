import { type Ask, bothOf, covers, listOf, type Matcher, oneOf } from './ask.ts';

/** Fields, by dotted path, that must all be as asked. Without any it fits every event. */
export type Conjunction = ReadonlyMap<string, Ask>;

/** Alternatives. None of them fits no event. */
export type Alternatives = readonly Conjunction[];

export const ALWAYS: Alternatives = [new Map()];
export const NEVER: Alternatives = [];

export function asking(path: string, ask: Ask): Alternatives {
  return [new Map([[path, ask]])];
}

/** Both, field by field; `undefined` when no event can fit both. */
export function conjoined(a: Conjunction, b: Conjunction): Conjunction | undefined {
  const all = new Map(a);
  for (const [path, ask] of b) {
    const before = all.get(path);
    const both = before ? bothOf(before, ask) : ask;
    if (both === undefined) return undefined;
    all.set(path, both);
  }
  return all;
}

/** Without the fields that the test refuses: wider. */
export function keeping(conjunction: Conjunction, keep: (path: string) => boolean): Conjunction {
  return new Map([...conjunction].filter(([path]) => keep(path)));
}

/**
 * The same alternatives with fewer words: those that differ only in the values of the field are one, and the first one
 * that asks nothing stands for all.
 */
export function mergedOn(field: string, alternatives: Alternatives): Alternatives {
  const merged = new Map<string, { readonly rest: Conjunction; readonly matchers: Matcher[] | undefined }>();
  for (const conjunction of alternatives) {
    if (conjunction.size === 0) return ALWAYS;
    const ask = conjunction.get(field);
    const rest = ask?.kind === 'some' ? keeping(conjunction, (path) => path !== field) : conjunction;
    const key = `${ask?.kind === 'some'} ${textOf(rest)}`;
    const same = merged.get(key);
    if (ask?.kind !== 'some') merged.set(key, { rest, matchers: undefined });
    else if (same?.matchers) same.matchers.push(...ask.matchers);
    else merged.set(key, { rest, matchers: [...ask.matchers] });
  }
  return [...merged.values()].map(({ rest, matchers }) =>
    matchers ? new Map([...rest, [field, oneOf(matchers)]]) : rest,
  );
}

/** Without the alternatives that another one makes needless. */
export function withoutCovered(alternatives: Alternatives): Alternatives {
  return alternatives.filter(
    (one, index) =>
      !alternatives.some(
        (other, at) => at !== index && coversAll(other, one) && (at < index || !coversAll(one, other)),
      ),
  );
}

function coversAll(outer: Conjunction, inner: Conjunction): boolean {
  for (const [path, ask] of outer) {
    const narrower = inner.get(path);
    if (narrower === undefined || !covers(ask, narrower)) return false;
  }
  return true;
}

/** Equal for conjunctions that ask the same. */
export function textOf(conjunction: Conjunction): string {
  return JSON.stringify(
    [...conjunction].map(([path, ask]) => [path, listOf(ask)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
