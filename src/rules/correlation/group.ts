import { createHash } from 'node:crypto';
import type { CloudTrailRecord } from '../../cloudtrail/record.ts';
import { type FieldPath, someValue } from '../field.ts';
import { textFor } from '../text.ts';
import type { Correlation, CorrelationType } from './correlation.ts';

/** What a record brings to a correlation. */
export interface Share {
  /** The group-by values, in the order of `groupBy`. */
  readonly group: readonly string[];
  /** What is counted, or the number that is added up, as JavaScript writes it; `undefined` when events are counted. */
  readonly value: string | undefined;
}

/** Fields that a firing of another correlation has by their names there. */
export type Inherited = ReadonlyMap<string, string>;

const LONGEST_VALUE = 200;
const NUMERIC: readonly CorrelationType[] = ['value_sum', 'value_avg', 'value_percentile'];
const NOTHING: Inherited = new Map();

/**
 * The group and the value that a record has for a part of a correlation. `undefined` when it has no value at one of
 * the fields: then it does not count.
 */
export function shareOf(
  correlation: Correlation,
  part: number,
  record: CloudTrailRecord,
  inherited: Inherited = NOTHING,
): Share | undefined {
  const fields = correlation.parts[part];
  if (!fields) return undefined;
  const group = textsAt(fields.group, record, inherited);
  const values = textsAt(fields.values, record, inherited);
  if (!group || !values) return undefined;
  if (NUMERIC.includes(correlation.type)) {
    return isNumber(values[0]) ? { group, value: String(Number(values[0])) } : undefined;
  }
  if (values.length === 0) return { group, value: undefined };
  return { group, value: bounded(values.length === 1 ? (values[0] ?? '') : JSON.stringify(values)) };
}

/** The group to which a record belongs, whichever of the rules saw it, by field names. */
export function groupIn(
  correlation: Correlation,
  record: CloudTrailRecord,
): (readonly [field: string, value: string])[] | undefined {
  for (const part of correlation.parts.keys()) {
    const share = shareOf(correlation, part, record);
    if (share) return correlation.groupBy.map((field, index) => [field, share.group[index] ?? '']);
  }
  return undefined;
}

/** The name under which the hits of a group are kept: values of any length and kind make a short one. */
export function bucketOf(correlation: Correlation, group: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([correlation.signature, group]))
    .digest('base64url')
    .slice(0, 24);
}

function textsAt(
  paths: readonly FieldPath[],
  record: CloudTrailRecord,
  inherited: Inherited,
): string[] | undefined {
  const texts: string[] = [];
  for (const path of paths) {
    const text = inherited.get(path.text) ?? textAt(path, record);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

/** The first value at the path, as text; `account`, `actor` and `region` are those of the record. */
function textAt(path: FieldPath, record: CloudTrailRecord): string | undefined {
  if (path.text === 'account') return record.account;
  if (path.text === 'actor') return record.actor.id;
  if (path.text === 'region') return record.region;
  let text: string | undefined;
  someValue(record.body, path, (value) => {
    if (value === null) return false;
    text = textFor(value);
    return true;
  });
  return text;
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '' && Number.isFinite(Number(text));
}

/** Long values are told apart by a hash. */
function bounded(text: string): string {
  if (text.length <= LONGEST_VALUE) return text;
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  return `${text.slice(0, LONGEST_VALUE)}… ${hash}`;
}
