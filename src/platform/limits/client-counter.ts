import type { RateLimit } from '../config/config.ts';
import { hostOf, siteOf } from '../network/address.ts';
import { createCounter, type Outcome } from './counter.ts';
import type { SharedCounting } from './counting.ts';

/** Counts what clients do, by their addresses. */
export interface ClientCounter {
  readonly limit: RateLimit;
  count(address: string): Promise<Outcome>;
}

/** How many /64 of IPv6 may use their limits up before their whole /48 has: who is given a /48 has 65,536 of them. */
const hostsOfSite = 16;

/** Makes a counter that gives each client the limit, and an IPv6 /48 a larger one for all its clients. */
export function createClientCounter(name: string, limit: RateLimit, shared?: readonly SharedCounting[]): ClientCounter {
  const hosts = createCounter(name, limit, shared);
  const sites = createCounter(`${name}:site`, { ...limit, requests: limit.requests * hostsOfSite }, shared);
  return {
    limit,
    async count(address) {
      const ofHost = await hosts.count(hostOf(address));
      const site = siteOf(address);
      // Who is refused uses nothing up of its neighbours' share.
      if (site === undefined || ofHost.isBeyond) return ofHost;
      const ofSite = await sites.count(site);
      return ofSite.remaining < ofHost.remaining || ofSite.isBeyond ? ofSite : ofHost;
    },
  };
}
