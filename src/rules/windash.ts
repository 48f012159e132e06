import type { Pattern } from './wildcard.ts';

/** Sigma modifiers appendix, "windash": hyphen, slash, en dash, em dash, horizontal bar. */
const DASHES = ['-', '/', '–', '—', '―'];
const LEADING_DASH = /(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/gu;
export const MOST_DASHES = 5;

/** Dashes at the start of a word; counted up to one more than are allowed. */
export function dashesIn(pattern: Pattern): number {
  let dashes = 0;
  for (const part of pattern) {
    if (typeof part !== 'string') continue;
    for (const _ of part.matchAll(LEADING_DASH)) {
      dashes += 1;
      if (dashes > MOST_DASHES) return dashes;
    }
  }
  return dashes;
}

/** In how many ways a text with so many dashes is written. */
export function waysOf(dashes: number): number {
  return DASHES.length ** dashes;
}

/** The pattern with each dash at the start of a word written in every way that command lines take one. */
export function dashVariants(pattern: Pattern): Pattern[] {
  let variants: Pattern[] = [[]];
  for (const part of pattern) {
    const spelled = typeof part === 'string' ? spellings(part) : [part];
    variants = variants.flatMap((variant) => spelled.map((one) => [...variant, one]));
  }
  return variants;
}

function spellings(text: string): string[] {
  let texts = [''];
  let from = 0;
  for (const { index } of text.matchAll(LEADING_DASH)) {
    const before = text.slice(from, index);
    texts = texts.flatMap((one) => DASHES.map((dash) => one + before + dash));
    from = index + 1;
  }
  return texts.map((one) => one + text.slice(from));
}
