import { isIPv6 } from 'node:net';
import type { RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config, RateLimit } from '../config/config.ts';
import { ServiceError } from '../errors.ts';

/** The policies that an operation can name with `x-rate-limit`. */
export type RateLimitPolicy = keyof Config['rateLimits'];

/** Makes the check of each policy: so many requests a client in a window; `off` checks nothing. */
export function createRateLimits(limits: Config['rateLimits']): Record<RateLimitPolicy, RequestHandler> {
  return { standard: check('standard', limits.standard), credentials: check('credentials', limits.credentials) };
}

function check(policy: RateLimitPolicy, limit: RateLimit | undefined): RequestHandler {
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
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = head ? head.split(':') : [];
  if (tail !== undefined) {
    const after = tail ? tail.split(':') : [];
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}
