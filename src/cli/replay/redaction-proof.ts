import { redact } from '../../cloudtrail/redact.ts';
import { isObject } from '../../kernel/json.ts';
import type { FieldPath } from '../../rules/field.ts';
import type { Formula, Test } from '../../rules/formula.ts';
import type { Probe } from '../../rules/probe.ts';

/**
 * What must be seen of a value so that redaction of the record cannot change what a test says of it, each more than
 * the one before: nothing; that it is no list or object; or a text that is no JSON; or one without a secret in it.
 */
export const CARE = { none: 0, single: 1, start: 2, text: 3 } as const;
export type Care = (typeof CARE)[keyof typeof CARE];

export interface Careful {
  readonly path: FieldPath;
  readonly care: Care;
}

/**
 * The fields at which something must be seen so that a formula that is false for a record stays false when the record
 * is redacted, or stays true. `undefined` when no look at single fields can tell.
 *
 * Redaction (redact.ts) puts a marker in brackets into a text or in place of it, or writes JSON inside a text anew
 * with markers in it. It takes no member away, turns nothing into null, and leaves lists and objects what they are.
 */
export function careFor(formula: Formula, holds: boolean): Careful[] | undefined {
  const found: Careful[] = [];
  const pending = [{ formula, holds }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { formula: part, holds: wanted } = next;
    switch (part.kind) {
      case 'and':
      case 'or':
        for (const inner of part.of) pending.push({ formula: inner, holds: wanted });
        break;
      case 'not':
        pending.push({ formula: part.of, holds: !wanted });
        break;
      case 'selection':
        pending.push({ formula: part.of, holds: wanted });
        break;
      default: {
        const care = careForTest(part, wanted);
        if (part.kind === 'keyword' || !pathsOf(part).every(hasLastingKeys)) return undefined;
        if (care !== CARE.none) for (const path of pathsOf(part)) found.push({ path, care });
      }
    }
  }
  return found;
}

function pathsOf(test: Exclude<Test, { kind: 'keyword' }>): FieldPath[] {
  return test.kind === 'fieldref' ? [test.path, test.other] : [test.path];
}

function careForTest(test: Test, holds: boolean): Care {
  if (test.kind === 'exists') return CARE.none;
  if (test.kind !== 'field') return CARE.text;
  const cares = test.probes.map((probe) => (holds ? careWhileTrue(probe) : careWhileFalse(probe)));
  return cares.reduce((most, care) => (care > most ? care : most), CARE.none);
}

/** Something else may have made the test true, but then the value that did is one that a probe fits. */
function careWhileTrue(probe: Probe): Care {
  switch (probe.kind) {
    case 'null':
      return CARE.none;
    case 'exact':
      return isHarmless(probe.text) ? CARE.single : CARE.text;
    case 'number':
    case 'network':
      return CARE.single;
    default:
      return CARE.text;
  }
}

/** What was hidden is neither number nor address, and whole texts that it equals have a bracket in them. */
function careWhileFalse(probe: Probe): Care {
  switch (probe.kind) {
    case 'null':
    case 'number':
    case 'network':
      return CARE.none;
    case 'exact':
      return probe.text.includes('[') ? CARE.text : CARE.none;
    case 'pattern':
      return probe.pattern.every((part) =>
        typeof part === 'string' ? cannotAppear(part) : part.any === 'run',
      )
        ? CARE.start
        : CARE.text;
    default:
      return CARE.text;
  }
}

/** A text like a name or a number, in any case: too short, and without what stands in secrets. */
function isHarmless(text: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,28}$/i.test(text) && !/eyj|xox|xapp|glpat/i.test(text);
}

/**
 * Markers in a text do not make this run of characters appear in it: it neither is in a marker, nor overlaps its end,
 * nor is it what hiding leaves beside a marker (a slash in an address of Slack, spaces where words were).
 */
function cannotAppear(run: string): boolean {
  const marked = '[redacted] [nested too deep]';
  return !/[[\]]|\s\s|\s["'`]|(?:^|m)\/$/i.test(run) && !marked.includes(run.toLowerCase());
}

/** No step of the path is a secret itself, or what becomes of one. */
function hasLastingKeys({ text, steps }: FieldPath): boolean {
  return !text.includes('[') && steps.every(({ key, rest }) => lasts(key) && lasts(rest));
}

function lasts(key: string): boolean {
  const hidden = redact({ password: { [key]: true } }).password;
  return Object.hasOwn(redact({ [key]: true }), key) && isObject(hidden) && Object.hasOwn(hidden, key);
}

/** Redaction leaves a text under the key alone, whatever stands beside it, unless the text itself is a secret. */
export function isPlainKey(key: string): boolean {
  const value = 'abcdefghijklmnopqrstuvwxyz';
  const names = ['name', 'key', 'parameterKey', 'parameterName'];
  const beside = names.flatMap((name) => [
    [name, 'password'],
    [name.charAt(0).toUpperCase() + name.slice(1), 'password'],
  ]);
  return redact({ ...Object.fromEntries(beside), [key]: value })[key] === value;
}
