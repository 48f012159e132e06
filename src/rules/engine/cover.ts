import type { Test } from '../formula.ts';
import type { Probe } from '../probe.ts';
import type { Keys } from './keys.ts';
import { isNegated, type Logic, testOf } from './logic.ts';

/**
 * Tests of which at least one is true whenever a formula is: its rule need only be looked at when one of them is.
 */
export interface Cover {
  readonly tests: readonly number[];
  /** How much it costs, roughly, to find the rule by them and then to look at it in vain. */
  readonly cost: number;
}

/** The cheapest cover; `undefined` when a formula can be true without any test being so. */
export function coverOf(logic: Logic, costOfTest: (test: number) => number | undefined): Cover | undefined {
  const covers = [
    ...logic.terms.map((term): Cover | undefined => {
      const cost = isNegated(term) ? undefined : costOfTest(testOf(term));
      return cost === undefined ? undefined : { tests: [testOf(term)], cost };
    }),
    ...logic.parts.map((part) => coverOf(part, costOfTest)),
  ];
  const known = covers.filter((cover) => cover !== undefined);
  if (logic.and) {
    return known.reduce<Cover | undefined>(
      (best, one) => (best && best.cost <= one.cost ? best : one),
      undefined,
    );
  }
  if (known.length < covers.length) return undefined;
  return {
    tests: [...new Set(known.flatMap(({ tests }) => tests))],
    cost: known.reduce((sum, { cost }) => sum + cost, 0),
  };
}

/** Fields in which few values stand: an exact value of theirs picks out many records. */
const COARSE = new Set([
  'userIdentity.type',
  'userIdentity.invokedBy',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'userIdentity.sessionContext.sessionIssuer.type',
  'awsRegion',
  'errorCode',
  'eventCategory',
  'eventType',
  'eventVersion',
  'managementEvent',
  'readOnly',
  'additionalEventData.MFAUsed',
  'responseElements.ConsoleLogin',
]);
/** What such a field costs at least. */
export const COARSE_COST = 8;
const ACCOUNTS = new Set(['recipientAccountId', 'userIdentity.accountId']);

/** What it costs to find a rule by a test that must be true; `undefined` when that cannot be done. */
export function findingCost(test: Test | undefined, keys: Keys | undefined): number | undefined {
  if (test?.kind === 'keyword') return keys ? 60 : 80;
  if (test?.kind !== 'field' || test.probes.some(({ kind }) => kind === 'null')) return undefined;
  const { text } = test.path;
  if (!keys) return 50;
  const { exact, literals, networks } = keys;
  const searched = literals.reduce((sum, literal) => sum + literalCost(literal.text.length), 0);
  const looked = exact.length * 0.01 + searched + networks.length * 0.1;
  if (text === 'eventName') return searched > 0 ? 3.5 + searched : exact.length * 0.1;
  if (text === 'eventSource') return 3 + searched;
  if (text === 'requestParameters' || text === 'responseElements') return 30 + looked;
  if (COARSE.has(text)) return COARSE_COST + looked;
  return (ACCOUNTS.has(text) ? 2 : 1) + looked;
}

/** Short texts stand in many others. */
function literalCost(length: number): number {
  return length >= 4 ? 0.2 : 16 / 4 ** length;
}

/** What it costs to make a test, for the order of tests that must all be true. */
export function testingCost(test: Test | undefined): number {
  switch (test?.kind) {
    case 'field': {
      const steps = test.path.steps.length;
      return steps + test.probes.reduce((sum, { kind }) => sum + PROBE_COSTS[kind], 0);
    }
    case 'exists':
      return test.path.steps.length;
    case 'keyword':
      return 100;
    default:
      return 50;
  }
}

const PROBE_COSTS: Readonly<Record<Probe['kind'], number>> = {
  null: 0,
  exact: 0.01,
  pattern: 2,
  number: 2,
  time: 5,
  network: 5,
  regex: 20,
};
