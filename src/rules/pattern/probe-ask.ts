import type { Probe } from '../probe.ts';
import { fold, type Pattern } from '../wildcard.ts';
import { ABSENT, anyCase, type Matcher, oneOf, PRESENT } from './ask.ts';
import { ALWAYS, type Alternatives, asking, NEVER } from './conjunction.ts';
import type { Standing } from './fields.ts';

/** Characters; the rest of a pattern needs room too. */
const LONGEST_EXCLUSION = 1400;
/** Runs and what stands between them: EventBridge refuses patterns that cost it too much. */
const LONGEST_WILDCARD = 5;
/** EventBridge compares numbers up to this. */
const LARGEST_NUMBER = 5e9;
const ANY_NUMBER: Matcher = { numeric: ['>=', -LARGEST_NUMBER, '<=', LARGEST_NUMBER] };
const LETTERS = 'has letters whose case EventBridge may fold in another way';
const INSIDE = 'looks into the middle of a text';
const NUMBER = 'compares numbers that may be written as text';
const LONG = 'excludes more values than a pattern can hold';
const NEGATED = 'excludes what a pattern cannot exclude';

/** Whether AWS spells the name of an event exactly so. */
export type Spelled = (name: string) => boolean;

/** A field of which it is sure how its value stands. */
export interface Field {
  readonly path: string;
  readonly standing: Standing;
  readonly raw: boolean;
  readonly spelled: Spelled;
  readonly lose: (why: string) => void;
}

type PatternProbe = Extract<Probe, { readonly kind: 'pattern' }>;

/** What the field must hold so that one of the probes may pass. */
export function fitting(probes: readonly Probe[], field: Field): Alternatives {
  const matchers: Matcher[] = [];
  let present = false;
  for (const probe of probes) {
    const found = matchersOf(probe, field);
    if (found === 'present') present = true;
    else matchers.push(...found);
  }
  if (!present) return asking(field.path, oneOf(matchers));
  return probes.some(({ kind }) => kind === 'null') ? ALWAYS : asking(field.path, PRESENT);
}

/** What has the value that the probe wants; at the least the field is there. */
function matchersOf(probe: Probe, field: Field): readonly Matcher[] | 'present' {
  switch (probe.kind) {
    case 'null':
      return ABSENT;
    case 'exact':
      return exactly(probe.text, probe.says, field);
    case 'pattern':
      return patterned(probe, field);
    case 'network':
      return network(probe.says, field);
    case 'number':
      field.lose(NUMBER);
      return 'present';
    case 'regex':
      field.lose('has a regular expression');
      return 'present';
    default:
      field.lose('has a test that a pattern does not know');
      return 'present';
  }
}

/** A value that is no text, but reads as this one, counts too. */
function exactly(text: string, says: string, field: Field): readonly Matcher[] | 'present' {
  const matchers = textMatchers(text, says, field);
  if (matchers === undefined) {
    field.lose(LETTERS);
    return 'present';
  }
  if (text === 'true' || text === 'false') return [...matchers, text === 'true'];
  const number = Number(text);
  const isNumber = text !== '' && String(number) === text && Math.abs(number) <= LARGEST_NUMBER;
  return isNumber ? [...matchers, number] : matchers;
}

function textMatchers(text: string, says: string, field: Field): readonly Matcher[] | undefined {
  if (field.raw || text === '') return [text];
  if (!isSafe(text, field.standing)) return undefined;
  // AWS writes the sources of events in lower case.
  if (field.path === 'eventSource' && text.endsWith('.amazonaws.com')) return [text];
  const written = fold(says) === text ? says : text;
  if (field.path === 'eventName' && field.spelled(written)) return [written];
  return [anyCase(written)];
}

/** Beyond ASCII the two fold case in their own ways; the Kelvin sign, which folds to "k", is enough for that. */
function isSafe(text: string, standing: Standing): boolean {
  return standing === 'free' ? /^[\x20-\x7e]*$/.test(text) && !/k/i.test(text) : /^[\x20-\x7e]*$/.test(text);
}

function patterned(probe: PatternProbe, field: Field): readonly Matcher[] | 'present' {
  const { pattern } = probe;
  if (isAnyText(probe) || isSomeText(probe)) return 'present';
  const matcher = endMatcher(pattern, field);
  if (matcher === undefined) return 'present';
  const flags = [true, false].filter((flag) => probe.test(String(flag)));
  // What is no text is compared by its digits.
  const digits = pattern.every((part) => typeof part !== 'string' || /^[-+.0-9e]+$/i.test(part));
  return [matcher, ...flags, ...(digits ? [ANY_NUMBER] : [])];
}

/** The whole pattern where EventBridge can say it, else its beginning or its end. */
function endMatcher(pattern: Pattern, field: Field): Matcher | undefined {
  const [head] = pattern;
  const tail = pattern.at(-1);
  const runs = pattern.every((part) => typeof part === 'string' || part.any === 'run');
  if (field.raw && runs && pattern.length > 2 && pattern.length <= LONGEST_WILDCARD) {
    return { wildcard: pattern.map((part) => (typeof part === 'string' ? escaped(part) : '*')).join('') };
  }
  if (!runs || pattern.length > 2) field.lose(INSIDE);
  const end = typeof head === 'string' ? head : tail;
  if (typeof end !== 'string') return undefined;
  if (!field.raw && !isSafe(end, field.standing)) {
    field.lose(LETTERS);
    return undefined;
  }
  const text = field.raw ? end : anyCaseEnd(end);
  return typeof head === 'string' ? { prefix: text } : { suffix: text };
}

function anyCaseEnd(text: string): string | { readonly 'equals-ignore-case': string } {
  const matcher = anyCase(text);
  return typeof matcher === 'string' ? matcher : { 'equals-ignore-case': text };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\*]/g, '\\$&');
}

/** IPv4 addresses may be written as IPv6 ones (`::ffff:10.0.0.1`), which begin with a zero group or a colon. */
function network(says: string, field: Field): readonly Matcher[] | 'present' {
  const [address = '', bits] = says.split('/');
  const isV6 = address.includes(':');
  if (isV6 && address.includes('.')) {
    field.lose('has a network that EventBridge may read in another way');
    return 'present';
  }
  return [{ cidr: `${address}/${bits ?? (isV6 ? 128 : 32)}` }, { prefix: ':' }, { prefix: '0' }];
}

/** What it must hold so that none of them may pass. Only whole texts can be excluded; to exclude less is wider. */
export function unfitting(probes: readonly Probe[], field: Field): Alternatives {
  const absent = !probes.some(({ kind }) => kind === 'null');
  if (probes.some(isAnyText)) return absent ? asking(field.path, oneOf(ABSENT)) : NEVER;
  if (probes.some(isSomeText)) return asking(field.path, oneOf([...(absent ? ABSENT : []), '']));
  const exact = probes.flatMap((probe) => (probe.kind === 'exact' ? [probe] : []));
  if (field.standing === 'flag') return otherFlags(exact, probes, absent, field);
  const excludable = exact.map(({ text }) => text).filter((text) => isExcludable(text, field));
  if (excludable.length + (absent ? 0 : 1) < probes.length) field.lose(NEGATED);
  if (absent && excludable.length === 0) return ALWAYS;
  const texts = [...new Set(excludable)].sort();
  let room = LONGEST_EXCLUSION;
  const some = texts.filter((text) => {
    room -= text.length + 3;
    return room >= 0;
  });
  if (some.length < texts.length) field.lose(LONG);
  return asking(field.path, { kind: 'outside', texts: some, absent });
}

function isExcludable(text: string, { raw }: Field): boolean {
  return !raw && text !== '' && isSafe(text, 'text');
}

function otherFlags(
  exact: readonly { readonly text: string }[],
  probes: readonly Probe[],
  absent: boolean,
  field: Field,
): Alternatives {
  if (exact.length + (absent ? 0 : 1) < probes.length) field.lose(NEGATED);
  const excluded = new Set(exact.map(({ text }) => text));
  const left = [true, false].filter((flag) => !excluded.has(String(flag)));
  if (left.length === 2) return absent ? ALWAYS : asking(field.path, PRESENT);
  const matchers = left.flatMap((flag): Matcher[] => [flag, anyCase(String(flag))]);
  const all = [...(absent ? ABSENT : []), ...matchers];
  return all.length === 0 ? NEVER : asking(field.path, oneOf(all));
}

/** `*`: whatever is there and not null. */
function isAnyText(probe: Probe): boolean {
  if (probe.kind !== 'pattern') return false;
  return probe.pattern.every((part) => typeof part !== 'string' && part.any === 'run');
}

/** `?*`: whatever is there and neither null nor empty. */
function isSomeText(probe: Probe): boolean {
  if (probe.kind !== 'pattern' || probe.pattern.some((part) => typeof part === 'string')) return false;
  const ones = probe.pattern.filter((part) => typeof part !== 'string' && part.any === 'one');
  return ones.length === 1 && probe.pattern.length > 1;
}
