import type { FieldTest } from '../formula.ts';
import type { Probe } from '../probe.ts';
import { fold } from '../wildcard.ts';
import type { Literal } from './literal.ts';
import { outOfRange } from './ranges.ts';

/**
 * Fields that have one value at most. Source: AWS CloudTrail user guide, "CloudTrail record contents" and
 * "CloudTrail userIdentity element". In any other field two exact values may stand side by side in an array.
 */
const SCALARS = new Set([
  'apiVersion',
  'awsRegion',
  'errorCode',
  'errorMessage',
  'eventCategory',
  'eventID',
  'eventName',
  'eventSource',
  'eventTime',
  'eventType',
  'eventVersion',
  'managementEvent',
  'readOnly',
  'recipientAccountId',
  'requestID',
  'sharedEventID',
  'sourceIPAddress',
  'userAgent',
  'userIdentity.accessKeyId',
  'userIdentity.accountId',
  'userIdentity.arn',
  'userIdentity.invokedBy',
  'userIdentity.principalId',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'userIdentity.sessionContext.sessionIssuer.accountId',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'userIdentity.sessionContext.sessionIssuer.principalId',
  'userIdentity.sessionContext.sessionIssuer.type',
  'userIdentity.sessionContext.sessionIssuer.userName',
  'userIdentity.type',
  'userIdentity.userName',
  'vpcEndpointAccountId',
  'vpcEndpointId',
]);

/** One value that a field may have: a text as it stands, any spelling of a folded text, or any other text. */
type Value = { readonly kind: 'absent' | 'null' | 'other' } | TextValue;

interface TextValue {
  readonly kind: 'raw' | 'folded';
  readonly text: string;
}

const ANY: readonly Value[] = [{ kind: 'absent' }, { kind: 'null' }, { kind: 'other' }];

/** Two literals on a field that leave it no value; `undefined` when there may be one, or the field is an array. */
export function emptied(path: string, literals: readonly Literal[]): readonly [Literal, Literal] | undefined {
  const [first] = literals;
  if (!first || literals.length < 2 || !SCALARS.has(path)) return undefined;
  const numbers = outOfRange(literals);
  if (numbers) return numbers;
  const base = narrowest(literals);
  const values = base ? valuesOf(base) : ANY;
  let last: Literal | undefined;
  for (const value of values) {
    const against = literals.find((literal) => literal !== base && holds(literal, value) === false);
    if (!against) return undefined;
    last = against;
  }
  return [base ?? literals.find((literal) => literal !== last) ?? first, last ?? first];
}

/** The folded texts that a field can only have; `undefined` when they are without number, or null may be. */
export function onlyTexts(path: string, literals: readonly Literal[]): string[] | undefined {
  const base = SCALARS.has(path) ? narrowest(literals) : undefined;
  if (!base) return undefined;
  const values = valuesOf(base).filter((value) =>
    literals.every((literal) => holds(literal, value) !== false),
  );
  const texts = values.flatMap((value) => ('text' in value ? [fold(value.text)] : []));
  return texts.length < values.length ? undefined : texts;
}

function narrowest(literals: readonly Literal[]): Literal | undefined {
  let best: Literal | undefined;
  for (const literal of literals) {
    if (!literal.wanted || literal.test.kind !== 'field' || !isCountable(literal.test)) continue;
    if (!best || sizeOf(literal) < sizeOf(best)) best = literal;
  }
  return best;
}

/** A text that minds case says more than one that does not, however many there are. */
function sizeOf({ test }: Literal): number {
  return test.kind === 'field' ? test.probes.length + (test.raw ? 0 : 1e9) : Number.POSITIVE_INFINITY;
}

function isCountable(test: FieldTest): boolean {
  return test.probes.length > 0 && test.probes.every(({ kind }) => kind === 'exact' || kind === 'null');
}

function valuesOf({ test }: Literal): readonly Value[] {
  if (test.kind !== 'field') return ANY;
  const kind = test.raw ? 'raw' : 'folded';
  return test.probes.flatMap((probe): Value[] => {
    if (probe.kind === 'null') return [{ kind: 'absent' }, { kind: 'null' }];
    return probe.kind === 'exact' ? [{ kind, text: probe.text }] : [];
  });
}

/** Whether the literal holds for a field with this one value; `undefined` when that cannot be told. */
function holds({ test, wanted }: Literal, value: Value): boolean | undefined {
  const passes = passesTest(test, value);
  return passes === undefined ? undefined : passes === wanted;
}

function passesTest(test: Literal['test'], value: Value): boolean | undefined {
  const missing = value.kind === 'absent' || value.kind === 'null';
  switch (test.kind) {
    case 'exists':
      // The key of the literal has turned "exists: false" round already.
      return value.kind !== 'absent';
    case 'fieldref':
      return missing ? false : undefined;
    case 'field':
      if (missing) return test.probes.some(({ kind }) => kind === 'null');
      return 'text' in value ? passesText(test, value) : passesOther(test);
    default:
      return undefined;
  }
}

function passesOther({ probes }: FieldTest): false | undefined {
  return probes.every(({ kind }) => kind === 'null') ? false : undefined;
}

function passesText(test: FieldTest, value: TextValue): boolean | undefined {
  const { exact, others } = splitProbes(test);
  if (test.raw && value.kind === 'folded') {
    return others.length === 0 && !Array.from(exact, fold).includes(value.text) ? false : undefined;
  }
  const text = test.raw ? value.text : fold(value.text);
  return exact.has(text) || others.some((probe) => probe.kind !== 'null' && probe.test(text));
}

interface Split {
  readonly exact: ReadonlySet<string>;
  readonly others: readonly Probe[];
}

const SPLITS = new WeakMap<FieldTest, Split>();

/** Long lists of exact values are looked up. */
function splitProbes(test: FieldTest): Split {
  const before = SPLITS.get(test);
  if (before) return before;
  const exact = new Set(test.probes.flatMap((probe) => (probe.kind === 'exact' ? [probe.text] : [])));
  const split = { exact, others: test.probes.filter(({ kind }) => kind !== 'exact' && kind !== 'null') };
  SPLITS.set(test, split);
  return split;
}
