import { isIPv4, isIPv6 } from 'node:net';

/** Reads what proxies write of a peer: an address, perhaps with a port or a zone. One address has one spelling; `undefined` is none. */
export function parseAddress(text: string): string | undefined {
  // Longer is no address, and would take time.
  if (text.length > 64) return undefined;
  const [, bracketed, bare = text.trim()] = /^\s*(?:\[([^[\]]+)\]|(\d+\.[\d.]+))(?::\d{1,5})?\s*$/.exec(text) ?? [];
  const address = (bracketed ?? bare).replace(/%.*$/, '');
  if (isIPv6(address)) return canonical(address);
  return isIPv4(address) && bracketed === undefined ? address : undefined;
}

/** What one client can choose its addresses from: an IPv4 address, or the /64 of an IPv6 one. */
export function hostOf(address: string): string {
  return isIPv6(address) ? prefixOf(address, 4) : address;
}

/** The /48 of an IPv6 address: what one customer may be given, and with it 65,536 times a /64. */
export function siteOf(address: string): string | undefined {
  return isIPv6(address) ? prefixOf(address, 3) : undefined;
}

function prefixOf(address: string, length: number): string {
  return ipv6Groups(address)
    .slice(0, length)
    .map((group) => group.toString(16))
    .join(':');
}

// An IPv4 address in IPv6's clothes is the IPv4 address (RFC 4291, section 2.5.5.2).
function canonical(address: string): string {
  const groups = ipv6Groups(address);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 6).join() === '0,0,0,0,0,65535') return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function ipv6Groups(address: string): number[] {
  // A URL brings every spelling to one, without a dotted tail.
  const { hostname } = new URL(`http://[${address}]`);
  const [before = [], after] = hostname.slice(1, -1).split('::').map(hexGroups);
  if (!after) return before;
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function hexGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
