import type { Notes } from './notes.ts';
import { type MapNode, type Member, memberOf, type Place, type YamlNode } from './source.ts';
import { suggest } from './spelling.ts';

/** Readers for the members of a map; each reports what has the wrong type and then gives `undefined`. */

/** Text that is not empty. `undefined` also where the key is absent or null. */
export function optionalText(map: MapNode, key: string, notes: Notes): string | undefined {
  const member = memberOf(map, key);
  if (!member || isNull(member.value)) return undefined;
  if (member.value.kind === 'scalar' && member.value.text.trim() !== '') return member.value.text.trim();
  notes.refuse(member.value.at, `"${key}" must be text`, 'write text, in quotes where YAML needs them');
  return undefined;
}

/** One of a fixed set of words. */
export function optionalWord<Word extends string>(
  map: MapNode,
  key: string,
  words: readonly Word[],
  notes: Notes,
): Word | undefined {
  const text = optionalText(map, key, notes);
  const word = words.find((one) => one === text?.toLowerCase());
  const member = memberOf(map, key);
  if (text !== undefined && word === undefined && member) {
    const remedy = suggest(text, words, `use one of ${words.join(', ')}`);
    notes.refuse(member.value.at, `"${text}" is not a ${key}`, remedy);
  }
  return word;
}

/** A list of texts with their places; a single text stands for a list of one. Empty without the key. */
export function textNodes(map: MapNode, key: string, notes: Notes): { text: string; at: Place }[] {
  const member = memberOf(map, key);
  if (!member || isNull(member.value)) return [];
  const nodes = member.value.kind === 'list' ? member.value.items : [member.value];
  const texts: { text: string; at: Place }[] = [];
  for (const { at, ...node } of nodes) {
    if (node.kind === 'scalar' && node.text.trim() !== '') texts.push({ text: node.text.trim(), at });
    else notes.refuse(at, `"${key}" must be a list of texts`, 'write each entry as "- text"');
  }
  return texts;
}

export function textList(map: MapNode, key: string, notes: Notes): string[] {
  return textNodes(map, key, notes).map(({ text }) => text);
}

/** The member that must be a map with something in it. */
export function requiredMap(map: MapNode, key: string, remedy: string, notes: Notes): MapNode | undefined {
  const member = memberOf(map, key);
  if (!member) notes.refuse(map.at, `"${key}" is missing`, remedy);
  else if (member.value.kind !== 'map') notes.refuse(member.value.at, `"${key}" must be a map`, remedy);
  else if (member.value.members.length === 0) notes.refuse(member.value.at, `"${key}" is empty`, remedy);
  else return member.value;
  return undefined;
}

/** Refuses every key but the known ones. */
export function refuseUnknown(map: MapNode, known: readonly string[], where: string, notes: Notes): void {
  for (const { key, keyAt } of map.members.filter((member: Member) => !known.includes(member.key))) {
    notes.refuse(
      keyAt,
      `${where} has no key "${key}"`,
      suggest(key, known, `its keys are ${known.join(', ')}`),
    );
  }
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
