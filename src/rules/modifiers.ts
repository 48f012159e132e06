import type { Encoding } from './encode.ts';
import { suggest } from './spelling.ts';
import type { TimePart } from './time-part.ts';
import type { Shape } from './wildcard.ts';

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';

/** How values are compared. */
type How =
  | { readonly kind: 'text' }
  | { readonly kind: 're'; readonly flags: string }
  | { readonly kind: 'cidr' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'number'; readonly comparison: Comparison }
  | { readonly kind: 'time'; readonly part: TimePart; readonly comparison: 'eq' | Comparison }
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
  readonly windash: boolean;
  readonly encoding: Encoding | undefined;
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
  windash: false,
  encoding: undefined,
};

/** The modifiers of Sigma 2.1, each with what it does to the chain so far. */
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
    return notWith('cased', nameOf(chain));
  },
  expand: (chain) =>
    chain.how.kind === 'text' ? { ...chain, expand: true } : notWith('expand', nameOf(chain)),
  windash: (chain) => {
    if (chain.encoding) return after('windash', encodingName(chain.encoding));
    return chain.how.kind === 'text' ? { ...chain, windash: true } : notWith('windash', nameOf(chain));
  },
  base64: encoded('base64', { base64: 'base64' }),
  base64offset: encoded('base64offset', { base64: 'base64offset' }),
  wide: encoded('wide', { wide: 'utf16le' }),
  utf16: encoded('utf16', { wide: 'utf16' }),
  utf16le: encoded('utf16le', { wide: 'utf16le' }),
  utf16be: encoded('utf16be', { wide: 'utf16be' }),
  minute: timed('minute'),
  hour: timed('hour'),
  day: timed('day'),
  week: timed('week'),
  month: timed('month'),
  year: timed('year'),
};

/** Reads the modifiers of a field key in their order; on a mistake also says at which of them. */
export function readModifiers(names: readonly string[]): Chain | (Mistake & { readonly index: number }) {
  let chain = PLAIN;
  for (const [index, name] of names.entries()) {
    const next = step(chain, name, names.slice(0, index));
    if ('what' in next) return { ...next, index };
    chain = next;
  }
  const { encoding } = chain;
  if (!encoding || encoding.base64) return chain;
  const index = names.findIndex((name) => WIDE.includes(name));
  const what = `"${names[index]}" makes bytes, which are no text`;
  return { ...mistake(what, 'add "base64" or "base64offset|contains" after it'), index };
}

const WIDE = ['wide', 'utf16', 'utf16le', 'utf16be'];

function step(chain: Chain, name: string, before: readonly string[]): Chain | Mistake {
  const apply = Object.hasOwn(MODIFIERS, name) ? MODIFIERS[name] : undefined;
  if (apply === undefined) {
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

function after(name: string, other: string): Mistake {
  return mistake(`"${name}" cannot stand after "${other}"`, `write "${name}" before "${other}"`);
}

/** What an item of this chain needs or does, in the word of the rule. */
export function nameOf({ how }: Chain): string {
  if (how.kind === 'number') return how.comparison;
  return how.kind === 'time' ? how.part : how.kind;
}

export function encodingName({ base64, wide }: Encoding): string {
  return base64 ?? wide ?? 'utf8';
}

function isPlain({ how, shape, expand, windash, encoding }: Chain): boolean {
  return how.kind === 'text' && shape === 'whole' && !expand && !windash && !encoding;
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
  return (chain, before) => {
    const { how } = chain;
    if (how.kind === 'time' && how.comparison === 'eq') return { ...chain, how: { ...how, comparison } };
    return isPlain(chain) && !chain.cased
      ? { ...chain, how: { kind: 'number', comparison } }
      : notWith(comparison, blockerIn(chain, before));
  };
}

function timed(part: TimePart): Apply {
  return (chain, before) => {
    if (chain.how.kind === 'number') return after(part, chain.how.comparison);
    return isPlain(chain) && !chain.cased
      ? { ...chain, how: { kind: 'time', part, comparison: 'eq' } }
      : notWith(part, blockerIn(chain, before));
  };
}

/** The modifier that keeps a comparison of numbers from being added. */
function blockerIn(chain: Chain, before: readonly string[]): string {
  if (chain.how.kind === 'time' && chain.how.comparison !== 'eq') return chain.how.comparison;
  return before.find((name) => name !== 'neq' && name !== 'all') ?? nameOf(chain);
}

function encoded(name: string, adds: Partial<Encoding>): Apply {
  return (chain, before) => {
    const { how, shape, encoding } = chain;
    if (how.kind !== 'text') return notWith(name, nameOf(chain));
    if (shape !== 'whole') return after(name, shape);
    const previous = before.findLast((one) => WIDE.includes(one) || one.startsWith('base64'));
    if (adds.wide && encoding?.base64) return after(name, encoding.base64);
    if (encoding && previous !== undefined && !(adds.base64 && !encoding.base64))
      return notWith(name, previous);
    return { ...chain, encoding: { wide: undefined, base64: undefined, ...encoding, ...adds } };
  };
}

function alone(name: string, how: How): Apply {
  return (chain, before) => (before.length === 0 ? { ...chain, how } : loneMistake(name));
}
