import type { FieldTest, KeywordTest, Test } from '../formula.ts';
import type { Probe } from '../probe.ts';
import { fold, foldPattern, type Pattern } from '../wildcard.ts';
import { type Literal, probeKey } from './literal.ts';

/*
 * What follows from what, told by the look of it: never true by mistake, and often false where a cleverer look would
 * find a proof. All of it holds for arrays too, where one value may pass one test and another value the next.
 */

type TextProbe = Exclude<Probe, { kind: 'null' }>;

const MOST_PAIRS = 4_096;

/** Whether every record for which `a` holds is one for which `b` holds. */
export function implies(a: Literal, b: Literal): boolean {
  if (a.key === b.key) return a.wanted === b.wanted;
  if (a.path !== b.path) return false;
  if (a.wanted && b.wanted) return testImplies(a.test, b.test);
  if (!a.wanted && !b.wanted) return testImplies(b.test, a.test);
  // An absent field is what a null asks for.
  return !a.wanted && b.wanted && a.test.kind === 'exists' && b.test.kind === 'field' && wantsNull(b.test);
}

/** Whether the two never hold together. */
export function excludes(a: Literal, b: Literal): boolean {
  return implies(a, { ...b, wanted: !b.wanted });
}

function testImplies(a: Test, b: Test): boolean {
  if (a.kind === 'field' && b.kind === 'exists') return a.probes.length > 0 && !wantsNull(a);
  if ((a.kind === 'field' || a.kind === 'keyword') && a.kind === b.kind) return probesImply(a, b);
  return false;
}

function wantsNull(test: FieldTest): boolean {
  return test.probes.some(({ kind }) => kind === 'null');
}

/** Every text that passes some probe of `a` passes some of `b`. */
function probesImply(a: FieldTest | KeywordTest, b: FieldTest | KeywordTest): boolean {
  if (a.probes.length * b.probes.length > MOST_PAIRS) return keysInclude(a, b);
  return a.probes.every((one) => b.probes.some((other) => probeImplies(one, a.raw, other, b.raw)));
}

function keysInclude(a: FieldTest | KeywordTest, b: FieldTest | KeywordTest): boolean {
  if (a.raw !== b.raw || a.probes.length > b.probes.length) return false;
  const keys = new Set(b.probes.map(probeKey));
  return a.probes.every((probe) => keys.has(probeKey(probe)));
}

function probeImplies(a: Probe, rawA: boolean, b: Probe, rawB: boolean): boolean {
  if (a.kind === 'null' || b.kind === 'null') return a.kind === b.kind;
  if (isAnyText(b)) return true;
  // A folded text stands for many, of which a test that minds case may pass some.
  if (rawB && !rawA) return false;
  const same = rawA === rawB;
  if (a.kind === 'exact') return b.test(same ? a.text : fold(a.text));
  if (a.kind === 'pattern' && b.kind === 'pattern') {
    return patternImplies(same ? a.pattern : foldPattern(a.pattern), b.pattern);
  }
  if (a.kind === 'number' && b.kind === 'number' && a.comparison === 'eq') return b.test(String(a.number));
  return same && probeKey(a) === probeKey(b);
}

function isAnyText(probe: TextProbe): boolean {
  return probe.kind === 'pattern' && probe.pattern.length === 1 && isRun(probe.pattern[0]);
}

function isRun(part: Pattern[number] | undefined): boolean {
  return typeof part === 'object' && part.any === 'run';
}

/** For one literal with `*` on one side or both, which is what startswith, endswith and contains are. */
function patternImplies(a: Pattern, b: Pattern): boolean {
  const [head, second, tail] = b;
  if (b.length === 2 && typeof head === 'string' && isRun(second)) {
    return typeof a[0] === 'string' && a[0].startsWith(head);
  }
  if (b.length === 2 && isRun(head) && typeof second === 'string') {
    const last = a.at(-1);
    return typeof last === 'string' && last.endsWith(second);
  }
  if (b.length === 3 && isRun(head) && typeof second === 'string' && isRun(tail)) {
    return a.some((part) => typeof part === 'string' && part.includes(second));
  }
  return JSON.stringify(a) === JSON.stringify(b);
}
