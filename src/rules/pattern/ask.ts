import { fold } from '../wildcard.ts';

/** One alternative for a field's value. Source: Amazon EventBridge user guide, "Comparison operators". */
export type Matcher =
  | string
  | number
  | boolean
  | null
  | { readonly exists: false }
  | { readonly 'equals-ignore-case': string }
  | { readonly prefix: string | { readonly 'equals-ignore-case': string } }
  | { readonly suffix: string | { readonly 'equals-ignore-case': string } }
  | { readonly wildcard: string }
  | { readonly numeric: readonly ['>=', number, '<=', number] }
  | { readonly cidr: string };

/** What a pattern asks of a field that holds one value. */
export type Ask =
  /** One of these. */
  | { readonly kind: 'some'; readonly matchers: readonly Matcher[] }
  /** There, or absent too where `absent` says so, and none of these texts, folded. */
  | { readonly kind: 'outside'; readonly texts: readonly string[]; readonly absent: boolean };

/** The field is there. */
export const PRESENT: Ask = { kind: 'outside', texts: [], absent: false };

/** The field is not there; CloudTrail writes null for some fields instead. */
export const ABSENT: readonly Matcher[] = [{ exists: false }, null];

/** The same for the same matchers, in whatever order and spelling they come. */
export function oneOf(matchers: readonly Matcher[]): Ask {
  const sorted = matchers
    .map((matcher) => [keyOf(matcher), JSON.stringify(matcher), matcher] as const)
    .sort(byKey);
  return { kind: 'some', matchers: [...new Map(sorted.map(([key, , matcher]) => [key, matcher])).values()] };
}

/** Text that counts in any case. Without letters there is only one. */
export function anyCase(text: string): Matcher {
  return hasCase(text) ? { 'equals-ignore-case': text } : text;
}

/** What fits both or, where that cannot be said, one of them; `undefined` when nothing fits both. */
export function bothOf(a: Ask, b: Ask): Ask | undefined {
  if (a.kind === 'outside' && b.kind === 'outside') {
    return {
      kind: 'outside',
      texts: [...new Set([...a.texts, ...b.texts])].sort(),
      absent: a.absent && b.absent,
    };
  }
  if (a.kind === 'outside') return b.kind === 'some' ? someOutside(b.matchers, a) : undefined;
  if (b.kind === 'outside') return someOutside(a.matchers, b);
  if (!a.matchers.every(isLiteral)) return b;
  if (!b.matchers.every(isLiteral)) return a;
  const shared = a.matchers.flatMap((one) => b.matchers.flatMap((other) => overlap(one, other)));
  return shared.length === 0 ? undefined : oneOf(shared);
}

/** Whether whatever fits `inner` surely fits `outer`. */
export function covers(outer: Ask, inner: Ask): boolean {
  if (outer.kind === 'some') {
    if (inner.kind !== 'some') return false;
    const keys = new Set(outer.matchers.map(keyOf));
    return inner.matchers.every((matcher) => keys.has(keyOf(matcher)));
  }
  if (inner.kind === 'outside') {
    return (outer.absent || !inner.absent) && outer.texts.every((text) => inner.texts.includes(text));
  }
  return outer.texts.length === 0 && (outer.absent || inner.matchers.every((matcher) => !isAbsence(matcher)));
}

/** Whether an event without the field fits. */
export function fitsAbsent(ask: Ask): boolean {
  return ask.kind === 'some' ? ask.matchers.some(isAbsence) : ask.absent;
}

/** The list that stands for the field in a pattern. */
export function listOf(ask: Ask): readonly unknown[] {
  if (ask.kind === 'some') return ask.matchers;
  const { texts, absent } = ask;
  const there =
    texts.length === 0
      ? { exists: true }
      : { 'anything-but': texts.some(hasCase) ? { 'equals-ignore-case': texts } : texts };
  return absent ? [{ exists: false }, there] : [there];
}

/** Equal for matchers that mean the same. */
function keyOf(matcher: Matcher): string {
  if (typeof matcher === 'object' && matcher !== null && 'equals-ignore-case' in matcher) {
    return JSON.stringify({ 'equals-ignore-case': fold(matcher['equals-ignore-case']) });
  }
  return JSON.stringify(matcher);
}

/** The text that a matcher of whole texts stands for. */
export function wholeText(matcher: Matcher): string | undefined {
  if (typeof matcher === 'string') return matcher;
  if (typeof matcher !== 'object' || matcher === null) return undefined;
  return 'equals-ignore-case' in matcher ? matcher['equals-ignore-case'] : undefined;
}

function someOutside(
  matchers: readonly Matcher[],
  { texts, absent }: { readonly texts: readonly string[]; readonly absent: boolean },
): Ask | undefined {
  const left = matchers.filter((matcher) => {
    if (isAbsence(matcher)) return absent;
    const text = wholeText(matcher);
    return text === undefined || !texts.includes(fold(text));
  });
  return left.length === 0 ? undefined : { kind: 'some', matchers: left };
}

function isAbsence(matcher: Matcher): boolean {
  return typeof matcher === 'object' && matcher !== null && 'exists' in matcher;
}

function isLiteral(matcher: Matcher): boolean {
  if (typeof matcher !== 'object' || matcher === null) return true;
  return isAbsence(matcher) || 'equals-ignore-case' in matcher;
}

function overlap(one: Matcher, other: Matcher): Matcher[] {
  const text = wholeText(one);
  const otherText = wholeText(other);
  if (text === undefined || otherText === undefined) return keyOf(one) === keyOf(other) ? [one] : [];
  if (typeof one === 'string' && typeof other === 'string') return one === other ? [one] : [];
  return fold(text) === fold(otherText) ? [typeof one === 'string' ? one : other] : [];
}

type Keyed = readonly [key: string, text: string, matcher: Matcher];

function byKey([key, text]: Keyed, [otherKey, otherText]: Keyed): number {
  if (key !== otherKey) return key < otherKey ? -1 : 1;
  // In capitals last, which is the one that stays: AWS writes names of events in camel case.
  return text < otherText ? 1 : text > otherText ? -1 : 0;
}

function hasCase(text: string): boolean {
  return text.toLowerCase() !== text || text.toUpperCase() !== text;
}
