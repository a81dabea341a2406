import { BlockList, isIP, isIPv6 } from 'node:net';
import { parseAddress } from './address.ts';

/** The trusted proxies: how many are in front, or their networks; `false` means none. */
export type TrustedProxies = false | number | readonly string[];

/** The proxies in front of the server. */
export interface Proxies {
  /** Whether a connection from this address may be a proxy's, and so carry many clients. */
  readonly isProxy: (address: string) => boolean;
  /**
   * The client of a request, from the socket's address and `X-Forwarded-For`: the first address from the right that is not a trusted
   * proxy. If an entry is not an address, the proxy that sent it counts as the client, so that nobody can invent clients.
   */
  readonly clientOf: (socketAddress: string | undefined, forwardedFor: string | undefined) => string;
}

const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Whether this is a name for networks, such as `loopback`. */
export function isNamedNetwork(text: string): boolean {
  return Object.hasOwn(namedNetworks, text);
}

/** Creates the proxies of TRUST_PROXY. Throws if a network is invalid. */
export function createProxies(trusted: TrustedProxies): Proxies {
  const trusts = trustOf(trusted);
  return {
    isProxy: (address) => trusts(parseAddress(address) ?? '', 0),
    clientOf(socketAddress = '', forwardedFor = '') {
      let client = parseAddress(socketAddress) ?? '';
      let end = forwardedFor.length;
      for (let hop = 0; end > 0 && trusts(client, hop); hop++) {
        const comma = forwardedFor.lastIndexOf(',', end - 1);
        const named = parseAddress(forwardedFor.slice(comma + 1, end));
        if (named === undefined) break;
        client = named;
        end = comma;
      }
      return client;
    },
  };
}

function trustOf(trusted: TrustedProxies): (address: string, hop: number) => boolean {
  if (trusted === false) return () => false;
  if (typeof trusted === 'number') return (_address, hop) => hop < trusted;
  const networks = new BlockList();
  for (const network of trusted.flatMap((each) => namedNetworks[each] ?? [each])) addNetwork(networks, network);
  return (address) => address !== '' && networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function addNetwork(networks: BlockList, network: string): void {
  const { address, prefix, family } = readNetwork(network);
  networks.addSubnet(address, prefix, family);
}

/** Whether a network lies within a private one, such as 10.0.0.0/8. */
export function isPrivate({ address, prefix, family }: Network): boolean {
  return Object.values(namedNetworks)
    .flat()
    .some((text) => {
      const outer = new BlockList();
      addNetwork(outer, text);
      return prefix >= readNetwork(text).prefix && outer.check(address, family);
    });
}

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Parses an address or a network such as 10.0.0.0/8. Throws if it is neither. */
export function readNetwork(text: string): Network {
  const [, start = '', length] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = isIP(start) === 0 || start.includes('%') ? undefined : parseAddress(start);
  const family = address === undefined || isIPv6(address) ? 'ipv6' : 'ipv4';
  const bits = family === 'ipv6' ? 128 : 32;
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const prefix = length === undefined ? bits : Number(length) - (family === 'ipv4' && isIPv6(start) ? 96 : 0);
  if (address === undefined || prefix < 0 || prefix > bits) throw new RangeError(`${text} is not a network`);
  return { address, prefix, family };
}
