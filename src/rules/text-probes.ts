import { type Encoding, encodeValue } from './encode.ts';
import { type Chain, encodingName } from './modifiers.ts';
import type { Notes } from './notes.ts';
import { equalNumber } from './number-probe.ts';
import { expandValue, type Lists } from './placeholder.ts';
import type { Probe } from './probe.ts';
import type { Place, ScalarNode } from './source.ts';
import {
  compilePattern,
  fold,
  foldPattern,
  literalOf,
  type Pattern,
  padPattern,
  parsePattern,
  wildcardsIn,
} from './wildcard.ts';
import { dashesIn, dashVariants, MOST_DASHES, waysOf } from './windash.ts';

/** What YAML 1.1 reads as true or false, and other Sigma tools with it. */
const YAML_1_1_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['on', true],
  ['true', true],
  ['no', false],
  ['off', false],
  ['false', false],
]);

const MOST_WILDCARDS = 100;
const LONGEST_WITH_WILDCARDS = 4_000;

/** True or false as any YAML version reads an unquoted value; `undefined` when it is neither. */
export function booleanOf(value: ScalarNode): boolean | undefined {
  return value.quoted ? undefined : YAML_1_1_BOOLEANS.get(value.text.toLowerCase());
}

/**
 * The probes for one value that is compared as text: for each text that its placeholders stand for, the probes of
 * which one must pass. Empty after a mistake, which is reported.
 */
export function textProbes(value: ScalarNode, chain: Chain, lists: Lists, notes: Notes): Probe[][] {
  const changed = changedBy(chain);
  if (value.value === null || typeof value.value === 'boolean') {
    if (changed !== undefined) {
      const what = `"${changed}" needs text, not ${value.text || 'null'}`;
      notes.refuse(value.at, what, 'write text, in quotes');
      return [];
    }
    if (value.value === null) return [[{ kind: 'null', says: 'null' }]];
    return [[...new Set([String(value.value), value.text])].map((text) => exactly(text, value.text, chain))];
  }
  if (typeof value.value === 'number' && changed === undefined) {
    return [[equalNumber(value.value, value, notes)]];
  }
  const groups =
    changed === undefined
      ? [spellings(value.text, value.at, chain, notes)]
      : rewritten(value, chain, lists, notes);
  const asBoolean = changed === undefined ? booleanOf(value) : undefined;
  if (asBoolean !== undefined) groups[0]?.push(exactly(String(asBoolean), value.text, chain));
  return groups;
}

function rewritten(value: ScalarNode, chain: Chain, lists: Lists, notes: Notes): Probe[][] {
  // Its file has used up what it may take, and has been refused for that.
  if (notes.beyond) return [];
  const texts = chain.expand ? expandValue(value.text, lists, notes) : [value.text];
  if (!Array.isArray(texts)) {
    notes.refuse(value.at, texts.what, texts.remedy);
    return [];
  }
  const groups: Probe[][] = [];
  for (const text of texts) {
    groups.push(spellings(text, value.at, chain, notes));
    if (notes.beyond) return [];
  }
  return groups;
}

/** The modifier that makes a value more than the whole text of a field. */
function changedBy({ expand, windash, encoding, shape }: Chain): string | undefined {
  if (expand) return 'expand';
  if (encoding) return encodingName(encoding);
  if (windash) return 'windash';
  return shape === 'whole' ? undefined : shape;
}

/** A probe for every way in which the text may be written. */
function spellings(text: string, at: Place, chain: Chain, notes: Notes): Probe[] {
  const pattern = parsePattern(text);
  const wildcards = wildcardsIn(pattern);
  if (wildcards > MOST_WILDCARDS || (wildcards > 0 && text.length > LONGEST_WITH_WILDCARDS)) {
    const what = `this text has ${count(wildcards, 'wildcard')} in ${count(text.length, 'character')}`;
    const most = `use at most ${MOST_WILDCARDS} in ${LONGEST_WITH_WILDCARDS}`;
    notes.refuse(at, what, `${most}; write \\* and \\? for the characters themselves`);
    return [];
  }
  const dashes = chain.windash ? dashesIn(pattern) : 0;
  if (dashes > MOST_DASHES) {
    const remedy = 'use shorter texts, in a list with "all"';
    notes.refuse(at, 'this text has too many dashes for "windash"', remedy);
    return [];
  }
  const ways = waysOf(dashes) * (chain.encoding?.base64 === 'base64offset' ? 3 : 1);
  const beyond =
    ways > 1 ? (notes.spend('texts', ways) ?? notes.spend('characters', ways * text.length)) : undefined;
  if (beyond) {
    notes.refuse(at, beyond.what, beyond.remedy);
    return [];
  }
  const { encoding, shape, windash } = chain;
  const inCase = (one: Pattern) => (chain.cased ? one : foldPattern(one));
  // Folded before there are many of it; what is encoded can only be folded afterwards.
  const once = encoding ? pattern : inCase(pattern);
  const variants = windash ? dashVariants(once) : [once];
  const patterns = encoding
    ? variants.flatMap((variant) => encodedPatterns(variant, text, at, encoding, notes)).map(inCase)
    : variants;
  return patterns.map((one) => patternProbe(padPattern(one, shape), text));
}

function encodedPatterns(
  pattern: Pattern,
  text: string,
  at: Place,
  encoding: Encoding,
  notes: Notes,
): Pattern[] {
  const literal = literalOf(pattern);
  const name = encodingName(encoding);
  if (literal === undefined) {
    const remedy = 'write \\* and \\? for the characters themselves, or drop the wildcard';
    notes.refuse(at, `"${name}" cannot encode the wildcard in "${text}"`, remedy);
    return [];
  }
  const encoded = encodeValue(literal, encoding);
  if (encoded.includes('')) {
    const what = `"${text}" is too short to be known again by "${name}"`;
    notes.refuse(at, what, 'use a longer text');
    return [];
  }
  return encoded.map((one) => [one]);
}

function patternProbe(pattern: Pattern, says: string): Probe {
  const exact = literalOf(pattern);
  const test = compilePattern(pattern);
  if (exact !== undefined) return { kind: 'exact', says, text: exact, test };
  return { kind: 'pattern', says, pattern, test };
}

function exactly(text: string, says: string, chain: Chain): Probe {
  const exact = chain.cased ? text : fold(text);
  return { kind: 'exact', says, text: exact, test: (other) => other === exact };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
