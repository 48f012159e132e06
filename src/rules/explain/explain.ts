import type { Json } from '../../kernel/json.ts';
import { membersAt, someValue } from '../field.ts';
import type { BlockTest, FieldrefTest, Formula, Test } from '../formula.ts';
import { compileTest } from '../formula-test.ts';
import { someText } from '../text.ts';
import { fold } from '../wildcard.ts';
import { type Block, type Explanation, type Leaf, toUndo } from './explanation.ts';
import { sayMissing } from './say.ts';
import { type Seen, seenAt } from './seen.ts';

/** Looks at every clause, also at those that no longer decide anything. Never throws. */
export function explainFormula(formula: Formula, body: Json): Explanation {
  switch (formula.kind) {
    case 'and': {
      const of = formula.of.map((part) => explainFormula(part, body));
      const missing = of.reduce((sum, part) => sum + part.missing, 0);
      return { kind: 'and', holds: of.every(({ holds }) => holds), missing, of };
    }
    case 'or': {
      const of = formula.of.map((part) => explainFormula(part, body));
      // A detection that can never be true is one clause away from nothing.
      const missing = of.reduce((least, part) => Math.min(least, part.missing), of.length > 0 ? Infinity : 1);
      return { kind: 'or', holds: of.some(({ holds }) => holds), missing, of };
    }
    case 'not': {
      const of = explainFormula(formula.of, body);
      return { kind: 'not', holds: !of.holds, missing: toUndo(of), of };
    }
    case 'selection': {
      const of = explainFormula(formula.of, body);
      return { kind: 'selection', name: formula.name, holds: of.holds, missing: of.missing, of };
    }
    case 'block':
      return explainBlock(formula, body);
    default:
      return explainTest(formula, body);
  }
}

function explainTest(test: Exclude<Test, BlockTest>, body: Json): Leaf {
  const holds = compileTest(test)(body);
  const seen: Seen = test.kind === 'keyword' ? { kind: 'anything' } : seenAt(body, test.path);
  const hint =
    test.kind === 'fieldref' ? sayOther(test, body) : holds ? undefined : hintFor(test, body, seen);
  return { kind: 'test', says: test.says, holds, missing: holds ? 0 : 1, seen, hint };
}

/** What is compared with, be it the same or not. */
function sayOther({ other }: FieldrefTest, body: Json): string {
  const seen = seenAt(body, other);
  return `${other.text} is ${seen.kind === 'values' ? seen.values.join(', ') : sayMissing(seen.kind)}`;
}

function hintFor(test: Exclude<Test, BlockTest>, body: Json, seen: Seen): string | undefined {
  if (test.kind !== 'field' || seen.kind !== 'values' || !test.raw) return undefined;
  const texts = test.probes.flatMap((probe) => (probe.kind === 'exact' ? [fold(probe.text)] : []));
  const sameButCase = (text: string) => texts.includes(fold(text));
  const differs = someValue(body, test.path, (value) => value !== null && someText(value, sameButCase));
  return differs ? 'differs only in case' : undefined;
}

function explainBlock(block: BlockTest, body: Json): Block {
  const holds = compileTest(block)(body);
  const members = membersAt(body, block.path) ?? [];
  const explained = members.slice(0, MOST_MEMBERS).map((member) => explainFormula(block.of, member));
  return {
    kind: 'block',
    says: block.says,
    holds,
    missing: holds ? 0 : 1,
    members: members.length,
    fulfilled: explained.filter((member) => member.holds).length,
    nearest: tellingMember(block, explained),
  };
}

const MOST_MEMBERS = 1000;

/** The member that decides: the one asked for, for `all` the first that fails, else the one that lacks least. */
function tellingMember(block: BlockTest, explained: readonly Explanation[]): Block['nearest'] {
  const index = tellingIndex(block, explained);
  const of = explained[index];
  return of && { index, of };
}

function tellingIndex({ members }: BlockTest, explained: readonly Explanation[]): number {
  if (typeof members === 'number') return members < 0 ? explained.length + members : members;
  if (members === 'none') return explained.findIndex(({ holds }) => holds);
  if (members !== 'any') return explained.findIndex(({ holds }) => !holds);
  let nearest = 0;
  for (const [index, { missing }] of explained.entries()) {
    if (missing < (explained[nearest]?.missing ?? Infinity)) nearest = index;
  }
  return nearest;
}
