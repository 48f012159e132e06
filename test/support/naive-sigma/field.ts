import type { Json } from '../../../src/kernel/json.ts';

/** The values at a dotted path, arrays laid flat: an array stands for its members, on the way and at the end. */
export function valuesAt(value: Json, path: string): Json[] {
  return endsOf(value, path).flatMap(flat);
}

/** Whether the field is there at all. */
export function isThere(value: Json, path: string): boolean {
  return endsOf(value, path).length > 0;
}

/** The members of the arrays at the path; a value that is no array is one member, null is none. */
export function membersAt(value: Json, path: string): Json[] {
  return endsOf(value, path).flatMap((end) => (end === null ? [] : flat(end)));
}

/** What stands at the ends of the path, in each member of the arrays on the way. */
function endsOf(value: Json, path: string): Json[] {
  // In an array block, the member itself.
  if (path === '.') return [value];
  if (Array.isArray(value)) return value.flatMap((member) => endsOf(member, path));
  if (typeof value !== 'object' || value === null) return [];
  const literal = Object.entries(value).find(([key]) => key === path);
  if (literal) return [literal[1]];
  const dot = path.indexOf('.');
  if (dot < 0) return [];
  const step = Object.entries(value).find(([key]) => key === path.slice(0, dot));
  return step ? endsOf(step[1], path.slice(dot + 1)) : [];
}

function flat(value: Json): Json[] {
  return Array.isArray(value) ? value.flatMap(flat) : [value];
}

/** Every text that a value can be compared by. */
export function textsOf(value: Json): string[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  return [JSON.stringify(value), ...textsInside(value, 2)];
}

/** The texts in a value, also those in JSON inside a text, which is opened so many times. */
function textsInside(value: Json, openings: number): string[] {
  if (typeof value === 'string') {
    const inner = openings > 0 ? opened(value) : undefined;
    if (inner === undefined) return [value];
    return [value, JSON.stringify(inner), ...textsInside(inner, openings - 1)];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member) => textsInside(member, openings));
}

/** The object or array that a text is the JSON of. */
function opened(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
