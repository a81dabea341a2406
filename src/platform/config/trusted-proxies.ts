import { isNamedNetwork, isPrivate, readNetwork, type TrustedProxies } from '../network/proxies.ts';
import type { EnvironmentReader } from './env.ts';

const maxProxies = 10;

/** Reads TRUST_PROXY: how many proxies are in front, or their networks. */
export function readTrustedProxies(env: EnvironmentReader): TrustedProxies {
  const text = env.text('TRUST_PROXY');
  if (text === undefined) return false;
  const networks = env.list('TRUST_PROXY');
  const count = /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
  if (count === undefined ? networks.every(isNotTooWide) : count <= maxProxies)
    return count === undefined ? networks : count || false;
  env.refuse(
    'TRUST_PROXY',
    `is "${text}"`,
    `use the number of proxies in front, at most ${maxProxies}, or their networks, such as 10.0.0.0/8 (public ones smaller than /8, IPv6 /12): a trusted proxy can claim any client address`,
  );
  return false;
}

// IANA allocates a /8 of IPv4 or a /12 of IPv6 to a whole registry; nobody's proxies span that much of the internet.
function isNotTooWide(text: string): boolean {
  if (isNamedNetwork(text)) return true;
  try {
    const network = readNetwork(text);
    return isPrivate(network) || network.prefix > (network.family === 'ipv4' ? 8 : 12);
  } catch {
    return false;
  }
}
