import type { FieldTest, KeywordTest } from '../formula.ts';
import type { Probe } from '../probe.ts';
import { fold, type Pattern } from '../wildcard.ts';
import { literalsOfRegex } from './regex-literal.ts';

/** Folded text that a folded text must have in it. */
export interface Literal {
  readonly text: string;
  /** It must begin with it. */
  readonly first: boolean;
}

/** An IPv4 network: the upper `bits` of a 32-bit number. */
interface Network {
  readonly base: number;
  readonly bits: number;
}

/**
 * What a text must be or have for a test to be true: the whole text folded, one of the literals, or an address. It
 * may say yes to more texts than the test, never to fewer.
 */
export interface Keys {
  readonly exact: readonly string[];
  readonly literals: readonly Literal[];
  readonly networks: readonly (Network | 'IPv6')[];
}

/** `undefined` when no such keys are known. */
export function keysOf({ probes }: FieldTest | KeywordTest): Keys | undefined {
  const exact: string[] = [];
  const literals: Literal[] = [];
  const networks: (Network | 'IPv6')[] = [];
  for (const probe of probes) {
    if (probe.kind === 'exact') exact.push(fold(probe.text));
    else if (probe.kind === 'network') {
      const network = networkOf(probe.says);
      if (!network) return undefined;
      networks.push(network);
    } else {
      const needed = literalsOf(probe);
      if (!needed) return undefined;
      for (const literal of needed) literals.push(literal);
    }
  }
  return { exact, literals, networks };
}

function literalsOf(probe: Probe): Literal[] | undefined {
  if (probe.kind === 'regex') {
    return literalsOfRegex(probe.source)?.map((text) => ({ text, first: false }));
  }
  const literal = probe.kind === 'pattern' ? longestOf(probe.pattern) : undefined;
  return literal && [literal];
}

/** Folding is by character: half a surrogate pair could meet its other half in the text. */
function longestOf(pattern: Pattern): Literal | undefined {
  let longest: Literal | undefined;
  for (const [index, part] of pattern.entries()) {
    if (typeof part !== 'string' || !part.isWellFormed()) continue;
    if (part.length > (longest?.text.length ?? 0)) longest = { text: fold(part), first: index === 0 };
  }
  return longest;
}

function networkOf(cidr: string): Network | 'IPv6' | undefined {
  const [address = '', bits = '32'] = cidr.split('/');
  if (address.includes(':')) return 'IPv6';
  const base = addressNumber(address);
  return base === undefined ? undefined : { base, bits: Number(bits) };
}

/** The 32 bits of an IPv4 address. `undefined` for what is none; some of what is none has a number, too. */
export function addressNumber(text: string): number | undefined {
  if (text.length > 15) return undefined;
  let number = 0;
  let part = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x2e) {
      number = (number << 8) | part;
      part = 0;
    } else if (code >= 0x30 && code <= 0x39) part = (part * 10 + code - 0x30) & 0xff;
    else return undefined;
  }
  return (number << 8) | part;
}

/** The network of so many bits that the address is in. */
export function networkBase(address: number, bits: number): number {
  return bits === 0 ? 0 : address & (-1 << (32 - bits));
}
