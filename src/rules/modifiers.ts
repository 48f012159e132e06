import { suggest } from './spelling.ts';
import type { Shape } from './wildcard.ts';

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';

/** How values are compared. */
type How =
  | { readonly kind: 'text' }
  | { readonly kind: 're'; readonly flags: string }
  | { readonly kind: 'cidr' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'number'; readonly comparison: Comparison }
  | { readonly kind: 'fieldref' };

/** What the modifiers of one item say together. */
export interface Chain {
  readonly how: How;
  readonly shape: Shape;
  /** All values must fit, not just one. */
  readonly all: boolean;
  readonly neq: boolean;
  readonly cased: boolean;
  readonly expand: boolean;
}

export interface Mistake {
  readonly what: string;
  readonly remedy: string;
}

type Apply = (chain: Chain, before: readonly string[]) => Chain | Mistake;

/** An item without modifiers. */
export const PLAIN: Chain = {
  how: { kind: 'text' },
  shape: 'whole',
  all: false,
  neq: false,
  cased: false,
  expand: false,
};

/** The modifiers of Sigma 2.1 that rules may use, each with what it does to the chain so far. */
const MODIFIERS: Readonly<Record<string, Apply>> = {
  contains: shaped('contains'),
  startswith: shaped('startswith'),
  endswith: shaped('endswith'),
  all: (chain) => ({ ...chain, all: true }),
  neq: (chain) => ({ ...chain, neq: true }),
  re: (chain, before) =>
    before.length === 0
      ? { ...chain, how: { kind: 're', flags: '' } }
      : mistake('"re" must be the first modifier', 'write it directly after the field name'),
  i: flagged('i'),
  m: flagged('m'),
  s: flagged('s'),
  cidr: alone('cidr', { kind: 'cidr' }),
  exists: alone('exists', { kind: 'exists' }),
  lt: compared('lt'),
  lte: compared('lte'),
  gt: compared('gt'),
  gte: compared('gte'),
  fieldref: (chain, before) => {
    if (isPlain(chain)) return { ...chain, how: { kind: 'fieldref' } };
    return mistake(
      `"fieldref" cannot stand after "${before.at(-1)}"`,
      'write "fieldref" first, as in "fieldref|endswith"',
    );
  },
  cased: (chain) => {
    const { kind } = chain.how;
    if (kind === 'text' || kind === 'fieldref') return { ...chain, cased: true };
    if (kind === 're')
      return mistake('"re" does not go with "cased"', 'drop "cased": "re" minds case already');
    return notWith('cased', kind);
  },
  expand: (chain) =>
    chain.how.kind === 'text' ? { ...chain, expand: true } : notWith('expand', nameOf(chain)),
};

const LATER = [
  'base64',
  'base64offset',
  'wide',
  'utf16',
  'utf16le',
  'utf16be',
  'windash',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
];

/** Reads the modifiers of a field key in their order; on a mistake also says at which of them. */
export function readModifiers(names: readonly string[]): Chain | (Mistake & { readonly index: number }) {
  let chain = PLAIN;
  for (const [index, name] of names.entries()) {
    const next = step(chain, name, names.slice(0, index));
    if ('what' in next) return { ...next, index };
    chain = next;
  }
  return chain;
}

function step(chain: Chain, name: string, before: readonly string[]): Chain | Mistake {
  const apply = Object.hasOwn(MODIFIERS, name) ? MODIFIERS[name] : undefined;
  if (apply === undefined) {
    if (LATER.includes(name)) {
      return mistake(`this version does not evaluate the modifier "${name}"`, 'write the item without it');
    }
    const known = `use one of ${Object.keys(MODIFIERS).join(', ')}`;
    if (name === '') return mistake('a modifier is missing after "|"', known);
    return mistake(`"${name}" is not a modifier`, suggest(name, Object.keys(MODIFIERS), known));
  }
  if (before.includes(name)) return mistake(`the modifier "${name}" stands twice`, 'remove one');
  const { kind } = chain.how;
  if (kind === 'cidr' || kind === 'exists') return loneMistake(kind);
  return apply(chain, before);
}

function mistake(what: string, remedy: string): Mistake {
  return { what, remedy };
}

function loneMistake(name: string): Mistake {
  return mistake(`"${name}" must be the only modifier`, 'move the rest to a selection of its own');
}

function notWith(name: string, other: string): Mistake {
  return mistake(`"${name}" does not go with "${other}"`, `drop "${name}" or "${other}"`);
}

function nameOf({ how }: Chain): string {
  return how.kind === 'number' ? how.comparison : how.kind;
}

function isPlain({ how, shape, expand }: Chain): boolean {
  return how.kind === 'text' && shape === 'whole' && !expand;
}

function shaped(shape: Shape): Apply {
  return (chain) => {
    const { kind } = chain.how;
    if (chain.shape !== 'whole') return notWith(shape, chain.shape);
    if (kind === 'text' || kind === 're' || kind === 'fieldref') return { ...chain, shape };
    return notWith(shape, nameOf(chain));
  };
}

function flagged(flag: string): Apply {
  return (chain) =>
    chain.how.kind === 're'
      ? { ...chain, how: { kind: 're', flags: chain.how.flags + flag } }
      : mistake(`"${flag}" only goes with "re"`, `write "re|${flag}", or drop it`);
}

function compared(comparison: Comparison): Apply {
  return (chain, before) =>
    isPlain(chain) && !chain.cased
      ? { ...chain, how: { kind: 'number', comparison } }
      : notWith(comparison, before.find((name) => name !== 'neq' && name !== 'all') ?? nameOf(chain));
}

function alone(name: string, how: How): Apply {
  return (chain, before) => (before.length === 0 ? { ...chain, how } : loneMistake(name));
}
