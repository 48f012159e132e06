import type { Pattern } from './wildcard.ts';

/** Sigma modifiers appendix, "windash": hyphen, slash, en dash, em dash, horizontal bar. */
const DASHES = ['-', '/', '–', '—', '―'];
const LEADING_DASH = /(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/gu;
const MOST_DASHES = 5;

/**
 * The pattern with each dash at the start of a word written in every way that command lines take one.
 * `undefined` when there are too many dashes for that.
 */
export function dashVariants(pattern: Pattern): Pattern[] | undefined {
  let dashes = 0;
  let variants: Pattern[] = [[]];
  for (const part of pattern) {
    if (typeof part === 'string') dashes += Array.from(part.matchAll(LEADING_DASH)).length;
    if (dashes > MOST_DASHES) return undefined;
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
