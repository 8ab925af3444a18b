import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * How far away an address is. `public`: anybody's internet. `private`: this machine or its own network, which only an
 * operator may name. `never`: nothing that an action has business with (cloud metadata, multicast, reserved, tunnels).
 */
export type Reach = 'public' | 'private' | 'never';

/** This machine, private and carrier networks: RFC 1918, 6598 and 4193. */
const PRIVATE = blockList([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]);

/** Inside private or public ranges, but answered by the cloud that the server runs in, with its credentials. */
const METADATA = blockList(['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::/32', 'fd20:ce::/32']);

/** What the IANA registries of special-purpose addresses list besides. */
const SPECIAL_IPV4 = blockList([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/** The only IPv6 space that is handed out to the public internet, and the parts of it that are not. */
const GLOBAL_IPV6 = blockList(['2000::/3']);
const SPECIAL_IPV6 = blockList(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** The reach of an address as `net` or DNS write it, without brackets. What is no address is `never`. */
export function reachOf(address: string): Reach {
  if (isIPv4(address)) {
    if (METADATA.check(address, 'ipv4') || SPECIAL_IPV4.check(address, 'ipv4')) return 'never';
    return PRIVATE.check(address, 'ipv4') ? 'private' : 'public';
  }
  // An address with a zone (fe80::1%eth0) is link-local: it means another machine on every machine.
  if (!isIPv6(address) || address.includes('%')) return 'never';
  // Addresses that carry an IPv4 address inside (::ffff:0:0/96, 64:ff9b::/96) fall through to `never`.
  if (METADATA.check(address, 'ipv6') || SPECIAL_IPV6.check(address, 'ipv6')) return 'never';
  if (GLOBAL_IPV6.check(address, 'ipv6')) return 'public';
  return isPrivateIPv6(address) ? 'private' : 'never';
}

/** `BlockList` finds the IPv4 rules for mapped addresses too, and those must not count as private. */
function isPrivateIPv6(address: string): boolean {
  return !MAPPED.check(address, 'ipv6') && PRIVATE.check(address, 'ipv6');
}

const MAPPED = blockList(['::ffff:0:0/96']);

function blockList(ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const slash = range.indexOf('/');
    const network = range.slice(0, slash);
    list.addSubnet(network, Number(range.slice(slash + 1)), isIPv4(network) ? 'ipv4' : 'ipv6');
  }
  return list;
}
