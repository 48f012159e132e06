import { isObject, type Json, type JsonObject } from '../kernel/json.ts';

/** A dotted path, split once. */
export interface FieldPath {
  readonly text: string;
  /** For each step: the key, and the rest of the path as one literal key. */
  readonly steps: readonly { readonly key: string; readonly rest: string }[];
}

/** What stands at each of some paths, by their numbers; `undefined` where nothing does. */
export type Row = readonly (Json | undefined)[];

type Visit = (value: Json) => boolean;

export function fieldPath(text: string): FieldPath {
  const keys = text.split('.');
  return { text, steps: keys.map((key, index) => ({ key, rest: keys.slice(index).join('.') })) };
}

/** A path inside a member of an array: `.` is the member itself. */
export function memberPath(text: string): FieldPath {
  return text === '.' ? { text, steps: [] } : fieldPath(text);
}

/**
 * Every value at the path: a literal key with dots first, else walking by dots. An array on the way or at
 * the end stands for its members. Empty when the field is absent.
 */
export function valuesAt(body: JsonObject, path: string): Json[] {
  const values: Json[] = [];
  someValue(body, fieldPath(path), (value) => {
    values.push(value);
    return false;
  });
  return values;
}

/** Whether some value at the path fits; arrays stand for their members. */
export function someValue(body: Json, path: FieldPath, visit: Visit): boolean {
  return walk(body, path.steps, 0, (end) => (Array.isArray(end) ? membersOf(end).some(visit) : visit(end)));
}

/**
 * The members of the array at the path, with nested arrays laid flat; a value that is no array stands for one
 * member. `undefined` when the field is absent or null.
 */
export function membersAt(body: Json, path: FieldPath): readonly Json[] | undefined {
  const members: Json[] = [];
  let found = false;
  walk(body, path.steps, 0, (end) => {
    found ||= end !== null;
    if (Array.isArray(end)) for (const member of membersOf(end)) members.push(member);
    else if (end !== null) members.push(end);
    return false;
  });
  return found ? members : undefined;
}

/** Whether the field is there, be it null or empty. */
export function isPresent(body: Json, path: FieldPath): boolean {
  return walk(body, path.steps, 0, () => true);
}

function walk(value: Json, steps: FieldPath['steps'], index: number, end: Visit): boolean {
  const step = steps[index];
  if (step === undefined) return end(value);
  if (Array.isArray(value)) return membersOf(value).some((member) => walk(member, steps, index, end));
  if (!isObject(value)) return false;
  if (Object.hasOwn(value, step.rest)) return end(value[step.rest] ?? null);
  if (!Object.hasOwn(value, step.key)) return false;
  return walk(value[step.key] ?? null, steps, index + 1, end);
}

/** The members, with nested arrays laid flat; iterative, because a record may nest to any depth. */
function membersOf(array: readonly Json[]): readonly Json[] {
  if (!array.some(Array.isArray)) return array;
  const members: Json[] = [];
  const pending: Json[] = array.toReversed();
  while (pending.length > 0) {
    const next = pending.pop() ?? null;
    if (Array.isArray(next)) for (const member of next.toReversed()) pending.push(member);
    else members.push(next);
  }
  return members;
}
