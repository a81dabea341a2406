import { isIPv6 } from 'node:net';
import type { RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config, RateLimit } from '../config/config.ts';
import { ServiceError } from '../errors.ts';

/** The policies that an operation can name with `x-rate-limit`. */
export type RateLimitPolicy = keyof Config['rateLimits'];

/** Makes the check of each policy: so many requests a client in a window; `off` checks nothing. `record` hears of refusals. */
export function createRateLimits(
  limits: Config['rateLimits'],
  record: (policy: RateLimitPolicy) => void = () => {},
): Record<RateLimitPolicy, RequestHandler> {
  return {
    standard: check('standard', limits.standard, record),
    credentials: check('credentials', limits.credentials, record),
  };
}

function check(
  policy: RateLimitPolicy,
  limit: RateLimit | undefined,
  record: (policy: RateLimitPolicy) => void,
): RequestHandler {
  if (!limit) return (_request, _response, next) => next();
  const { requests, windowSeconds } = limit;
  const limiter = new RateLimiterMemory({ keyPrefix: policy, points: requests, duration: windowSeconds });
  return async (request, response, next) => {
    const outcome = await limiter.consume(clientKey(request.ip ?? '')).catch((rejection: unknown) => {
      if (rejection instanceof RateLimiterRes) return rejection;
      throw rejection;
    });
    const seconds = Math.max(1, Math.ceil(outcome.msBeforeNext / 1000));
    appendHeader(response, 'RateLimit-Policy', `"${policy}";q=${requests};w=${windowSeconds}`);
    appendHeader(response, 'RateLimit', `"${policy}";r=${Math.max(0, outcome.remainingPoints)};t=${seconds}`);
    if (outcome.consumedPoints > requests) {
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
