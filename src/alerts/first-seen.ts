import { createHash } from 'node:crypto';
import type { CloudTrailRecord } from '../cloudtrail/record.ts';
import { valuesAt } from '../rules/field.ts';
import type { FirstSeen } from '../rules/first-seen.ts';
import type { Match } from '../rules/rule.ts';
import { textFor } from '../rules/text.ts';

/** What a record has in the fields of a first-seen rule: one combination of their values. */
export interface SeenValue {
  /** The same for the same values: 128 bits of SHA-256 as base64url, because a value may be a whole policy. */
  readonly key: string;
  /** For people, on one line: `sourceIPAddress 203.0.113.7 for user alice`. */
  readonly shown: string;
}

/** So many combinations of one record are looked at, and so many values of one field. */
const MOST = 100;
const LONGEST_PART = 80;
const LONGEST = 200;
const MOST_SHOWN = 3;

interface Part {
  readonly text: string;
  readonly shown: string;
}

/**
 * Every combination of the values at the fields, in the order of the record; empty when one of the fields is absent
 * or null. Values are compared as they stand, an object by its JSON.
 */
export function seenValues(record: CloudTrailRecord, { of, per }: FirstSeen): SeenValue[] {
  let tuples: Part[][] = [[]];
  for (const field of [...of, ...per]) {
    const parts = partsAt(record, field);
    tuples = tuples.flatMap((tuple) => parts.map((part) => [...tuple, part])).slice(0, MOST);
  }
  return tuples.map((tuple) => ({ key: keyOf(tuple), shown: sayTuple(tuple, of.length) }));
}

/** The fields of the rule that the record does not have. */
export function absentFields(record: CloudTrailRecord, { of, per }: FirstSeen): string[] {
  return [...of, ...per].filter((field) => partsAt(record, field).length === 0);
}

/** The fact that makes a match of a first-seen rule an alert, for people; `undefined` for other rules. */
export function sayNew({ rule, record }: Match): string | undefined {
  if (!rule.firstSeen) return undefined;
  const shown = seenValues(record, rule.firstSeen).map((value) => value.shown);
  if (shown.length <= 1) return `first time: ${shown[0] ?? 'unknown'}`;
  const more = shown.length > MOST_SHOWN ? `; ${shown.length - MOST_SHOWN} more` : '';
  return `first time for one or more of: ${shown.slice(0, MOST_SHOWN).join('; ')}${more}`;
}

function partsAt(record: CloudTrailRecord, field: string): Part[] {
  if (field === 'account') return [{ text: record.account, shown: sayPart(field, record.account) }];
  if (field === 'region') return [{ text: record.region, shown: sayPart(field, record.region) }];
  if (field === 'actor') return [{ text: record.actor.id, shown: cut(record.actor.label, LONGEST_PART) }];
  const texts = valuesAt(record.body, field).filter((value) => value !== null);
  return [...new Set(texts.map(textFor))]
    .slice(0, MOST)
    .map((text) => ({ text, shown: sayPart(field, text) }));
}

function keyOf(tuple: readonly Part[]): string {
  const text = JSON.stringify(tuple.map((part) => part.text));
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

function sayTuple(tuple: readonly Part[], of: number): string {
  const say = (parts: readonly Part[]) => parts.map(({ shown }) => shown).join(', ');
  const per = tuple.length > of ? ` for ${say(tuple.slice(of))}` : '';
  return cut(`${say(tuple.slice(0, of))}${per}`, LONGEST);
}

function sayPart(field: string, text: string): string {
  return `${field} ${cut(text, LONGEST_PART)}`;
}

/** Values come from an attacker: one line, and not longer than somebody reads. */
function cut(text: string, longest: number): string {
  const line = text
    .slice(0, 4 * longest)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const chars = Array.from(line.toWellFormed());
  return chars.length > longest ? `${chars.slice(0, longest - 1).join('')}…` : chars.join('');
}
