import { isIPv4, isIPv6 } from 'node:net';

/** Parses a peer's address as proxies write it, with or without port and zone, to its canonical form; `undefined` if it is not one. */
export function parseAddress(text: string): string | undefined {
  // As most are written, and found without searching the text for what else it could be.
  if (isIPv4(text)) return text;
  // No address is longer, and long texts would take time.
  if (text.length > 64) return undefined;
  const [, bracketed, bare = text.trim()] = /^\s*(?:\[([^[\]]+)\]|(\d+\.[\d.]+))(?::\d{1,5})?\s*$/.exec(text) ?? [];
  const address = (bracketed ?? bare).replace(/%.*$/, '');
  if (isIPv6(address)) return canonical(address);
  return isIPv4(address) && bracketed === undefined ? address : undefined;
}

/** The range that one client can choose its addresses from: an IPv4 address, or an IPv6 /64. */
export function hostOf(address: string): string {
  return hasIPv6Form(address) ? prefixOf(address, 4) : address;
}

/** The /48 of an IPv6 address: the most that one customer usually gets, 65,536 times a /64. */
export function siteOf(address: string): string | undefined {
  return hasIPv6Form(address) ? prefixOf(address, 3) : undefined;
}

// Most addresses have no colon, and `isIPv6` would search them for everything that one can be.
const hasIPv6Form = (address: string) => address.includes(':') && isIPv6(address);

function prefixOf(address: string, length: number): string {
  return ipv6Groups(address)
    .slice(0, length)
    .map((group) => group.toString(16))
    .join(':');
}

// An IPv4-mapped IPv6 address is the IPv4 address (RFC 4291, section 2.5.5.2).
function canonical(address: string): string {
  const groups = ipv6Groups(address);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 6).join() === '0,0,0,0,0,65535') return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function ipv6Groups(address: string): number[] {
  // The URL parser normalises every spelling, without a dotted tail.
  const { hostname } = new URL(`http://[${address}]`);
  const [before = [], after] = hostname.slice(1, -1).split('::').map(hexGroups);
  if (!after) return before;
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function hexGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
