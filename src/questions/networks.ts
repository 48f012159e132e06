import { BlockList, isIP, isIPv6 } from 'node:net';

/** The names of the networks that an address lies in; nothing for a service's name. */
type NetworkNames = (address: string) => readonly string[];

/**
 * Names addresses after the lists of the configuration: every list that has IP addresses or networks in CIDR
 * notation names those (`office_network` → `office network`); its other values are not looked at.
 */
export function networkNames(lists: ReadonlyMap<string, readonly string[]>): NetworkNames {
  const networks = [...lists].flatMap(([list, values]) => {
    const block = new BlockList();
    const added = values.filter((value) => add(block, value.trim()));
    return added.length > 0 ? [{ name: list.replace(/[_-]+/g, ' ').trim(), block }] : [];
  });
  return (address) => {
    const plain = canonicalAddress(address);
    const version = isIP(plain);
    if (version === 0 || plain.includes('%')) return [];
    const family = version === 4 ? 'ipv4' : 'ipv6';
    return networks.filter(({ block }) => block.check(plain, family)).map(({ name }) => name);
  };
}

/** False for what is no address and no network. */
function add(block: BlockList, value: string): boolean {
  const [written = '', length, ...rest] = value.split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return false;
  const plain = canonicalAddress(written);
  const version = isIP(plain);
  const most = version === 4 ? 32 : 128;
  const mapped = version === 4 && isIPv6(written);
  const bits = length === undefined ? most : Number(length) - (mapped ? 96 : 0);
  if (version === 0 || plain.includes('%') || bits < 0 || bits > most) return false;
  block.addSubnet(plain, bits, version === 4 ? 'ipv4' : 'ipv6');
  return true;
}

/**
 * The one form of an address, so that it is found however it was written: IPv6 in lower case and compressed, an IPv4
 * address inside an IPv6 one (`::ffff:192.0.2.1`, `::ffff:c000:201`) as itself. Anything else, such as the name of a
 * service, as it is.
 */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address) || address.includes('%')) return address;
  // A URL's host is an IPv6 address in its short form, in brackets.
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const groups = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}
