import type { RequestHandler, Response } from 'express';
import { ServiceError } from '../platform/errors.ts';
import type { ClientCounter } from '../platform/limits/client-counter.ts';

/** The policies that an operation can name with `x-rate-limit`. */
export type RateLimitPolicy = 'standard' | 'credentials';

/**
 * Creates the check of each policy, which limits the requests of a client in a window; without a counter there is no limit. `refusals`
 * returns the function to call for each refusal by a policy.
 */
export function createRateLimits(
  counters: Record<RateLimitPolicy, ClientCounter | undefined>,
  refusals: (policy: RateLimitPolicy) => () => void = () => () => {},
): Record<RateLimitPolicy, RequestHandler> {
  return {
    standard: check('standard', counters.standard, refusals('standard')),
    credentials: check('credentials', counters.credentials, refusals('credentials')),
  };
}

function check(policy: RateLimitPolicy, counter: ClientCounter | undefined, refused: () => void): RequestHandler {
  if (!counter) return (_request, _response, next) => next();
  const { requests, windowSeconds } = counter.limit;
  const described = `"${policy}";q=${requests};w=${windowSeconds}`;
  return async (request, response, next) => {
    const { isBeyond, remaining, seconds } = await counter.count(request.clientIp);
    appendHeader(response, 'RateLimit-Policy', described);
    appendHeader(response, 'RateLimit', `"${policy}";r=${remaining};t=${seconds}`);
    if (isBeyond) {
      refused();
      const detail = `The rate limit ${policy} was exceeded; try again in ${seconds} seconds.`;
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
