import type { Notes } from '../notes.ts';
import { textNodes } from '../shape.ts';
import { type MapNode, memberOf, type Place } from '../source.ts';

/** What is kept and compared for each group, event and rule multiplies: so many names are far more than people write. */
export const MOST_RULES = 1_000;
export const MOST_ALIASES = 100;
export const MOST_FIELDS = 20;

/** A list of so many texts at most; empty after a mistake, which is reported. */
export function fewTexts(
  map: MapNode,
  key: string,
  most: number,
  notes: Notes,
): { text: string; at: Place }[] {
  const texts = textNodes(map, key, notes);
  return isFew(texts.length, map, key, most, notes) ? texts : [];
}

/** Whether the key has so many names at most; else that is reported. */
export function isFew(count: number, map: MapNode, key: string, most: number, notes: Notes): boolean {
  if (count <= most) return true;
  const at = memberOf(map, key)?.value.at ?? map.at;
  notes.refuse(at, `"${key}" has ${count} names`, `write at most ${most}`);
  return false;
}
