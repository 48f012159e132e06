import { warnOfMisspelling } from './known-fields.ts';
import type { Notes } from './notes.ts';
import { textNodes } from './shape.ts';
import { type MapNode, memberOf } from './source.ts';

/**
 * The fields that a key lists: dotted paths, or `account`, `actor` and `region` as the record is read. `undefined`
 * without the key; a key that names none is a mistake.
 */
export function fieldList(map: MapNode, key: string, notes: Notes): readonly string[] | undefined {
  const member = memberOf(map, key);
  if (!member) return undefined;
  const before = notes.problems.length;
  const fields = textNodes(map, key, notes);
  if (fields.length === 0 && notes.problems.length === before) {
    const remedy = 'name fields, as in [account, requestParameters.userName], or remove the key';
    notes.refuse(member.value.at, `"${key}" names no field`, remedy);
  }
  for (const { text, at } of fields) {
    if (/^[^\s.]+(\.[^\s.]+)*$/.test(text)) warnOfMisspelling(text, at, notes);
    else notes.refuse(at, `"${text}" is not a field path`, 'write it as requestParameters.userName');
  }
  return fields.map(({ text }) => text);
}
