/** An object out of Slack's JSON, of which nothing is known yet. */
export type Fields = { readonly [key: string]: unknown };

/** The value when it is an object, else an object without members: a missing part of a block draws as nothing. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The value when it is text, else the empty text. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The objects of a list; anything else in it is left out. */
export function items(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The texts of a list; anything else in it is left out. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
