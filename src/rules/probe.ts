import { RE2JS } from 're2js';
import type { Chain, Comparison } from './modifiers.ts';
import { compileNetwork } from './network.ts';
import type { Notes } from './notes.ts';
import { expandValue, type Lists } from './placeholder.ts';
import type { ScalarNode } from './source.ts';
import {
  compilePattern,
  fold,
  foldPattern,
  literalOf,
  type Pattern,
  padPattern,
  parsePattern,
} from './wildcard.ts';

interface TextProbe {
  /** The value as the rule has it. */
  readonly says: string;
  readonly test: (text: string) => boolean;
}

/**
 * What one value of an item asks of a field: that it is null or absent, or that its text passes a test. Exact texts
 * and patterns are folded unless the item minds case.
 */
export type Probe =
  | { readonly kind: 'null'; readonly says: string }
  | ({ readonly kind: 'exact'; readonly text: string } & TextProbe)
  | ({ readonly kind: 'pattern'; readonly pattern: Pattern } & TextProbe)
  | ({ readonly kind: 'number'; readonly comparison: 'eq' | Comparison; readonly number: number } & TextProbe)
  | ({ readonly kind: 'network' } & TextProbe)
  | ({ readonly kind: 'regex'; readonly source: string; readonly flags: string } & TextProbe);

/** What YAML 1.1 reads as true or false, and other Sigma tools with it. */
const YAML_1_1_BOOLEANS: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  true: true,
  no: false,
  off: false,
  false: false,
};

/** True or false as any YAML version reads an unquoted value; `undefined` when it is neither. */
export function booleanOf(value: ScalarNode): boolean | undefined {
  return value.quoted ? undefined : YAML_1_1_BOOLEANS[value.text.toLowerCase()];
}

/**
 * The probes for one value of an item (several when placeholders expand). The text they test is folded
 * unless the chain is cased or a regular expression. Empty after a mistake, which is reported.
 */
export function probesOf(value: ScalarNode, chain: Chain, lists: Lists, notes: Notes): Probe[] {
  switch (chain.how.kind) {
    case 're':
      return regexProbe(value, chain.how.flags, notes);
    case 'cidr':
      return networkProbe(value, notes);
    case 'number':
      return comparisonProbe(value, chain.how.comparison, notes);
    default:
      return textProbes(value, chain, lists, notes);
  }
}

function textProbes(value: ScalarNode, chain: Chain, lists: Lists, notes: Notes): Probe[] {
  const plain = chain.shape === 'whole' && !chain.expand;
  if (value.value === null || typeof value.value === 'boolean') {
    if (!plain) {
      const name = chain.expand ? 'expand' : chain.shape;
      notes.refuse(value.at, `"${name}" needs text, not ${value.text || 'null'}`, 'write text, in quotes');
      return [];
    }
    if (value.value === null) return [{ kind: 'null', says: 'null' }];
    return [...new Set([String(value.value), value.text])].map((text) => exactly(text, chain));
  }
  if (typeof value.value === 'number' && plain) return [numberProbe(value.value, value, notes)];
  const texts = chain.expand ? expandValue(value.text, lists) : [value.text];
  if (!Array.isArray(texts)) {
    notes.refuse(value.at, texts.what, texts.remedy);
    return [];
  }
  const probes = texts.map((text) => patternProbe(text, chain));
  const asBoolean = plain ? booleanOf(value) : undefined;
  return asBoolean === undefined ? probes : [...probes, exactly(String(asBoolean), chain)];
}

function patternProbe(text: string, chain: Chain): Probe {
  const padded = padPattern(parsePattern(text), chain.shape);
  const pattern = chain.cased ? padded : foldPattern(padded);
  const exact = literalOf(pattern);
  const test = compilePattern(pattern);
  if (exact !== undefined) return { kind: 'exact', says: text, text: exact, test };
  return { kind: 'pattern', says: text, pattern, test };
}

function exactly(text: string, chain: Chain): Probe {
  const exact = chain.cased ? text : fold(text);
  return { kind: 'exact', says: text, text: exact, test: (other) => other === exact };
}

function numberProbe(wanted: number, value: ScalarNode, notes: Notes): Probe {
  if (/^\d{12}$/.test(value.text)) {
    const what = `${value.text} is a number here; if it is an account, its leading zeros do not count`;
    notes.warn(value.at, what, `write '${value.text}' in quotes`);
  }
  const test = (text: string) => numberOf(text) === wanted;
  return { kind: 'number', says: value.text, comparison: 'eq', number: wanted, test };
}

function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function comparisonProbe(value: ScalarNode, comparison: Comparison, notes: Notes): Probe[] {
  const wanted = value.value;
  if (typeof wanted !== 'number') {
    const remedy =
      numberOf(value.text) === undefined ? 'write a number' : `write ${value.text} without quotes`;
    notes.refuse(value.at, `"${comparison}" compares with a number, and this is none`, remedy);
    return [];
  }
  const compare = COMPARISONS[comparison];
  const test = (text: string) => {
    const number = numberOf(text);
    return number !== undefined && compare(number, wanted);
  };
  return [{ kind: 'number', says: value.text, comparison, number: wanted, test }];
}

const COMPARISONS: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
};

function networkProbe(value: ScalarNode, notes: Notes): Probe[] {
  const test = compileNetwork(value.text);
  if (typeof test === 'function') return [{ kind: 'network', says: value.text, test }];
  notes.refuse(value.at, test.what, test.remedy);
  return [];
}

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** Found anywhere in the text, in time linear to it. */
function regexProbe(value: ScalarNode, flags: string, notes: Notes): Probe[] {
  if (value.value === null) {
    notes.refuse(value.at, '"re" needs a regular expression, not null', 'write one, in quotes');
    return [];
  }
  try {
    const bits = Array.from(flags).reduce((sum, flag) => sum | (FLAGS[flag] ?? 0), 0);
    const regex = RE2JS.compile(value.text, bits);
    const test = (text: string) => regex.test(text);
    return [{ kind: 'regex', says: value.text, source: value.text, flags, test }];
  } catch (error) {
    notes.refuse(value.at, ...regexMistake(value.text, error));
    return [];
  }
}

function regexMistake(text: string, error: unknown): [what: string, remedy: string] {
  const why = 'regular expressions run in linear time here';
  if (/\(\?<?[=!]/.test(text)) {
    return [`lookaround is not supported: ${why}`, 'add a selection and combine the two in the condition'];
  }
  if (/\\[1-9]|\\k/.test(text)) {
    return [`a backreference is not supported: ${why}`, 'use "fieldref", or write the alternatives out'];
  }
  const reason =
    error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
  return [`this is not a regular expression (${reason})`, 'use the syntax of RE2'];
}
