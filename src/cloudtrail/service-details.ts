import { isObject, type Json, type JsonObject } from '../kernel/json.ts';

const MOST_DETAILS = 12;
const LONGEST_VALUE = 120;
const DEEPEST = 5;

/**
 * What a service adds to its own event, on one line: `keyId 1234abcd · reason expired`. A single object around all
 * of it is left out. Empty when there is nothing.
 * Source: AWS CloudTrail user guide, "CloudTrail record contents", `serviceEventDetails`.
 */
export function sayDetails(details: JsonObject | undefined): string {
  if (!details) return '';
  const found = [...leavesOf(inside(details), '', 0)];
  const shown = found.slice(0, MOST_DETAILS).map(([path, value]) => `${path} ${value}`);
  return [...shown, ...(found.length > MOST_DETAILS ? ['…'] : [])].join(' · ');
}

function inside(details: JsonObject): JsonObject {
  const [only, ...others] = Object.values(details);
  return others.length === 0 && isObject(only) ? only : details;
}

function* leavesOf(value: Json, path: string, depth: number): Generator<[path: string, text: string]> {
  if (value === null || value === '' || depth > DEEPEST) return;
  if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield* leavesOf(inner, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  } else if (Array.isArray(value) && value.some((one) => typeof one === 'object')) {
    for (const [index, inner] of value.entries()) yield* leavesOf(inner, `${path}.${index + 1}`, depth + 1);
  } else {
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    if (text !== '') yield [path, cut(text)];
  }
}

function cut(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1).toWellFormed()}…`;
}
