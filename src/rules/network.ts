import { isIPv4, isIPv6 } from 'node:net';
import type { Mistake } from './modifiers.ts';

type Bytes = readonly number[];

const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * A test of address text for a network in CIDR notation, IPv4 or IPv6. Anything that is no address
 * (`AWS Internal`, `ec2.amazonaws.com`) is outside. An IPv4-mapped IPv6 address counts as both.
 */
export function compileNetwork(cidr: string): ((text: string) => boolean) | Mistake {
  const [address = '', length, ...rest] = cidr.split('/');
  const network = addressBytes(address);
  const remedy = 'write it as 10.0.0.0/8 or 2001:db8::/32';
  if (!network || rest.length > 0) return { what: `"${cidr}" is not a network`, remedy };
  const bits = length === undefined ? network.length * 8 : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (bits < 0 || bits > network.length * 8) {
    return { what: `"${cidr}" has no valid prefix length`, remedy: `write /0 to /${network.length * 8}` };
  }
  const masked = network.map((byte, index) => byte & maskByte(bits, index));
  if (masked.some((byte, index) => byte !== network[index])) {
    const right = `${sayBytes(masked)}/${bits}`;
    return { what: `"${cidr}" has bits set after its prefix`, remedy: `write "${right}"` };
  }
  const holds = (bytes: Bytes | undefined) =>
    bytes?.length === masked.length &&
    masked.every((byte, index) => byte === ((bytes[index] ?? 0) & maskByte(bits, index)));
  return (text) => {
    const bytes = addressBytes(text);
    return bytes !== undefined && (holds(bytes) || holds(unmapped(bytes)));
  };
}

function maskByte(bits: number, index: number): number {
  const kept = Math.max(0, Math.min(8, bits - index * 8));
  return (0xff << (8 - kept)) & 0xff;
}

function addressBytes(text: string): Bytes | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  return groupsOf(text).flatMap((group) => [group >> 8, group & 0xff]);
}

/** The eight 16-bit groups of a valid IPv6 address. */
function groupsOf(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function unmapped(bytes: Bytes): Bytes | undefined {
  return MAPPED_PREFIX.every((byte, index) => byte === bytes[index]) ? bytes.slice(12) : undefined;
}

function sayBytes(bytes: Bytes): string {
  if (bytes.length === 4) return bytes.join('.');
  const text = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  ).join(':');
  // A URL's host is an IPv6 address in its short form.
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}
