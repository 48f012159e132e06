import type { Json } from '../../kernel/json.ts';

/** Indented JSON; characters that would hide or reorder text are shown as escapes, so that it stays JSON. */
export function eventJson(body: Json): string {
  return JSON.stringify(body, undefined, 2)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (sign) =>
      sign === '\n' ? sign : escaped(sign),
    );
}

function escaped(sign: string): string {
  return Array.from(
    { length: sign.length },
    (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
