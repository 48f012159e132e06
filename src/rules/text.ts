import { isObject, type Json } from '../kernel/json.ts';

type TextTest = (text: string) => boolean;

/** JSON text that stands inside a string is opened so many times; policies come once encoded. */
const MAX_OPENED = 2;
const MAX_JSON_LENGTH = 1_000_000;

/**
 * Whether a value, as text, fits. Numbers and booleans are their JSON text. An object fits by its compact
 * JSON or by any text in it, also in JSON that stands inside a text (policy documents).
 */
export function someText(value: Json, fits: TextTest): boolean {
  if (typeof value === 'string') return fits(value);
  if (value === null) return false;
  if (typeof value === 'number' || typeof value === 'boolean') return fits(String(value));
  return someLeafText(value, fits) || fits(compactJson(value));
}

/** One text for one value: what a scalar says, or the compact JSON. */
export function textFor(value: Json): string {
  return typeof value === 'string' ? value : compactJson(value);
}

function someLeafText(root: Json, fits: TextTest): boolean {
  const pending: [value: Json, opened: number][] = [[root, 0]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, opened] = next;
    if (typeof value === 'string') {
      if (fits(value)) return true;
      const inner = opened < MAX_OPENED ? openJson(value) : undefined;
      if (inner !== undefined) {
        if (fits(compactJson(inner))) return true;
        pending.push([inner, opened + 1]);
      }
    } else if (Array.isArray(value)) {
      for (const member of value) pending.push([member, opened]);
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) pending.push([value[key] ?? null, opened]);
    }
  }
  return false;
}

function openJson(text: string): Json | undefined {
  if (text.length > MAX_JSON_LENGTH || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function compactJson(value: Json): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested so deep that the serializer runs out of stack; its texts are still searched one by one.
    return '';
  }
}
