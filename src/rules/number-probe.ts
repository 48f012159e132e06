import type { Comparison } from './modifiers.ts';
import type { Notes } from './notes.ts';
import type { Probe } from './probe.ts';
import type { ScalarNode } from './source.ts';
import { TIME_PARTS, type TimePart, timePart } from './time-part.ts';

type Compare = (number: number, wanted: number) => boolean;

const COMPARISONS: Readonly<Record<'eq' | Comparison, Compare>> = {
  eq: (number, wanted) => number === wanted,
  lt: (number, wanted) => number < wanted,
  lte: (number, wanted) => number <= wanted,
  gt: (number, wanted) => number > wanted,
  gte: (number, wanted) => number >= wanted,
};

/** A number without modifiers: the same number, also as text. */
export function equalNumber(wanted: number, value: ScalarNode, notes: Notes): Probe {
  if (/^\d{12}$/.test(value.text)) {
    const what = `${value.text} is a number here; if it is an account, its leading zeros do not count`;
    notes.warn(value.at, what, `write '${value.text}' in quotes`);
  }
  return numberProbe(wanted, 'eq', value);
}

/** `lt`, `lte`, `gt`, `gte`. `undefined` after a mistake, which is reported. */
export function comparedNumber(value: ScalarNode, comparison: Comparison, notes: Notes): Probe | undefined {
  const wanted = wantedNumber(value, comparison, notes);
  return wanted === undefined ? undefined : numberProbe(wanted, comparison, value);
}

/** A part of a timestamp, such as the hour. `undefined` after a mistake, which is reported. */
export function comparedTime(
  value: ScalarNode,
  part: TimePart,
  comparison: 'eq' | Comparison,
  notes: Notes,
): Probe | undefined {
  const number = wantedNumber(value, part, notes);
  if (number === undefined) return undefined;
  const [least, most] = TIME_PARTS[part];
  if (!Number.isInteger(number) || number < least || number > most) {
    notes.warn(value.at, `there is no ${part} ${value.text}`, `write a number from ${least} to ${most}`);
  }
  const compare = COMPARISONS[comparison];
  const test = (text: string) => {
    const found = timePart(text, part);
    return found !== undefined && compare(found, number);
  };
  return { kind: 'time', part, comparison, number, says: value.text, test };
}

function numberProbe(number: number, comparison: 'eq' | Comparison, value: ScalarNode): Probe {
  const compare = COMPARISONS[comparison];
  const test = (text: string) => {
    const found = numberOf(text);
    return found !== undefined && compare(found, number);
  };
  return { kind: 'number', comparison, number, says: value.text, test };
}

function wantedNumber(
  { value, text, quoted, at }: ScalarNode,
  name: string,
  notes: Notes,
): number | undefined {
  if (typeof value === 'number') return value;
  if (!quoted && numberOf(text) !== undefined) {
    notes.refuse(at, `${text} is more than a number can be here`, `write at most ${Number.MAX_SAFE_INTEGER}`);
    return undefined;
  }
  const remedy = numberOf(text) === undefined ? 'write a number' : `write ${text} without quotes`;
  notes.refuse(at, `"${name}" compares with a number, and this is none`, remedy);
  return undefined;
}

function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
