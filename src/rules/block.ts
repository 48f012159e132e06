import type { BlockTest } from './formula.ts';
import type { Mistake } from './modifiers.ts';
import { suggest } from './spelling.ts';

type Members = BlockTest['members'];

const QUANTIFIERS = ['any', 'all', 'all_or_empty', 'none'] as const;
const WAYS = `use [${QUANTIFIERS.join('], [')}] or the number of a member, as in [0] or [-1]`;

/** The key of an array block, such as `items[any]`. */
export interface BlockKey {
  readonly path: string;
  readonly members: Members;
}

/** Whether the key looks as if an array block was meant. */
export function looksLikeBlock(key: string): boolean {
  return /\[(any|all|all_or_empty|none|-?\d{1,9})\](\.|\||$)/.test(key);
}

/**
 * Reads a key of a document in which brackets stand for array blocks. `undefined` for a key without any; a mistake
 * says at which of its characters.
 */
export function readBlockKey(key: string): BlockKey | (Mistake & { readonly offset: number }) | undefined {
  const open = key.search(/[[\]]/);
  if (open < 0) return undefined;
  const [, path = '', inside = '', rest = ''] = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(key) ?? [];
  if (path === '' || key.startsWith('|')) {
    return { offset: 0, what: `"${key}" is no array block`, remedy: 'write it as "field[any]:"' };
  }
  const members = membersOf(inside);
  if (members === undefined) {
    return { offset: open + 1, what: `"${inside}" does not say which members`, remedy: waysFor(inside) };
  }
  if (rest.startsWith('|')) {
    const remedy = `move it into the block, as in "${path}[${inside}]: {.${rest}: value}"`;
    return { offset: key.length - rest.length, what: 'an array block takes no modifiers', remedy };
  }
  if (rest !== '') {
    const remedy = `nest it, as in "${path}[${inside}]: {${rest.replace(/^\./, '')}: value}"`;
    return { offset: key.length - rest.length, what: `"${rest}" cannot stand after a block`, remedy };
  }
  return { path, members };
}

function membersOf(text: string): Members | undefined {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  return QUANTIFIERS.find((quantifier) => quantifier === text);
}

function waysFor(text: string): string {
  return suggest(text, QUANTIFIERS, WAYS);
}
