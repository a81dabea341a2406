import type { RateLimit } from '../config/rate-limit.ts';
import { hostOf, siteOf } from '../network/address.ts';
import { createCounter, type Outcome } from './counter.ts';
import type { SharedCounting } from './counting.ts';

/** Counts what clients do, by their addresses. */
export interface ClientCounter {
  readonly limit: RateLimit;
  count(address: string): Promise<Outcome>;
}

/** How many /64s of an IPv6 /48 may use up their limit before the whole /48 has; the owner of a /48 has 65,536 of them. */
const hostsOfSite = 16;

/** Creates a counter that applies the limit to each client, and a larger one to each IPv6 /48. */
export function createClientCounter(name: string, limit: RateLimit, shared?: readonly SharedCounting[]): ClientCounter {
  const hosts = createCounter(name, limit, shared);
  const sites = createCounter(`${name}:site`, { ...limit, requests: limit.requests * hostsOfSite }, shared);
  return {
    limit,
    async count(address) {
      const ofHost = await hosts.count(hostOf(address));
      const site = siteOf(address);
      // Refused requests don't count against the client's neighbours.
      if (site === undefined || ofHost.isBeyond) return ofHost;
      const ofSite = await sites.count(site);
      return ofSite.remaining < ofHost.remaining || ofSite.isBeyond ? ofSite : ofHost;
    },
  };
}
