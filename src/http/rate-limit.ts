import { isIPv6 } from 'node:net';
import type { RequestHandler, Response } from 'express';
import { ServiceError } from '../errors.ts';
import type { Counter } from '../limits/counter.ts';

/** The policies that an operation can name with `x-rate-limit`. */
export type RateLimitPolicy = 'standard' | 'credentials';

/** Makes the check of each policy: so many requests a client in a window; without a counter it checks nothing. `record` hears of refusals. */
export function createRateLimits(
  counters: Record<RateLimitPolicy, Counter | undefined>,
  record: (policy: RateLimitPolicy) => void = () => {},
): Record<RateLimitPolicy, RequestHandler> {
  return {
    standard: check('standard', counters.standard, record),
    credentials: check('credentials', counters.credentials, record),
  };
}

function check(
  policy: RateLimitPolicy,
  counter: Counter | undefined,
  record: (policy: RateLimitPolicy) => void,
): RequestHandler {
  if (!counter) return (_request, _response, next) => next();
  const { requests, windowSeconds } = counter.limit;
  const described = `"${policy}";q=${requests};w=${windowSeconds}`;
  return async (request, response, next) => {
    const { isBeyond, remaining, seconds } = await counter.count(clientKey(request.clientIp));
    appendHeader(response, 'RateLimit-Policy', described);
    appendHeader(response, 'RateLimit', `"${policy}";r=${remaining};t=${seconds}`);
    if (isBeyond) {
      record(policy);
      const detail = `The limit ${policy} is used up; try again in ${seconds} seconds.`;
      throw new ServiceError('rate_limited', { detail, retryAfterSeconds: seconds });
    }
    next();
  };
}

// Field names and syntax: draft-ietf-httpapi-ratelimit-headers.
function appendHeader(response: Response, name: string, item: string): void {
  const earlier = response.getHeader(name);
  response.setHeader(name, typeof earlier === 'string' ? `${earlier}, ${item}` : item);
}

/** What a limit counts by: an IPv4 address, or the /64 that one IPv6 client can choose its addresses from. */
export function clientKey(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = ipv6Groups(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535';
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':');
}

function ipv6Groups(address: string): number[] {
  // A URL brings every spelling to one, without a dotted tail.
  const { hostname } = new URL(`http://[${address.split('%')[0] ?? ''}]`);
  const [before = [], after] = hostname.slice(1, -1).split('::').map(hexGroups);
  if (!after) return before;
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function hexGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
}
