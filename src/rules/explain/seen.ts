import type { Json } from '../../kernel/json.ts';
import { type FieldPath, isPresent, someValue } from '../field.ts';
import { textFor } from '../text.ts';

/** What stands in a field, for people: the first values as text, and how many more there are. */
export type Seen =
  | { readonly kind: 'absent' | 'null' | 'empty list' }
  /** The whole record was searched. */
  | { readonly kind: 'anything' }
  | { readonly kind: 'values'; readonly values: readonly string[]; readonly more: number };

const MOST_VALUES = 5;
const LONGEST = 160;

/** The values at the path; arrays stand for their members. Long text is shortened in its middle. */
export function seenAt(body: Json, path: FieldPath): Seen {
  const values: string[] = [];
  let more = 0;
  let nulls = 0;
  someValue(body, path, (value: Json) => {
    if (value === null) nulls += 1;
    else if (values.length < MOST_VALUES) values.push(shorten(textFor(value)));
    else more += 1;
    return false;
  });
  if (values.length > 0) return { kind: 'values', values, more };
  if (nulls > 0) return { kind: 'null' };
  return { kind: isPresent(body, path) ? 'empty list' : 'absent' };
}

function shorten(text: string): string {
  if (text.length <= LONGEST) return text;
  const half = LONGEST / 2 - 1;
  return `${text.slice(0, half)} … ${text.slice(-half)}`;
}
