import { describe, expect, it } from 'vitest';
import { networkNames } from '../../src/questions/networks.ts';

const names = networkNames(
  new Map([
    ['office_network', ['198.51.100.0/24', '2001:db8:1::/48', '192.0.2.9']],
    ['vpn-exit', ['198.51.100.24', 'not an address', '10.0.0.0/33', '::ffff:203.0.113.0/120']],
    ['known_accounts', ['111122223333']],
  ]),
);

describe('the name of a network', () => {
  it.each([
    ['198.51.100.7', ['office network']],
    ['198.51.100.24', ['office network', 'vpn exit']],
    ['192.0.2.9', ['office network']],
    ['192.0.2.10', []],
    ['2001:db8:1:2::3', ['office network']],
    ['2001:db8:2::3', []],
    ['::ffff:198.51.100.7', ['office network']],
    ['::ffff:c633:6407', ['office network']],
    ['203.0.113.77', ['vpn exit']],
    ['fe80::1%eth0', []],
    ['ec2.amazonaws.com', []],
    ['AWS Internal', []],
    ['', []],
  ])('of %s is %j', (address, found) => {
    expect(names(address)).toEqual(found);
  });
});
