import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

const hsts = { maxAge: 31_536_000, includeSubDomains: true } as const;

/** For a year and all subdomains (ASVS 3.4.1). */
export const strictTransportSecurity = `max-age=${hsts.maxAge}; includeSubDomains`;

/** The headers of every answer. */
export const securityPolicy = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  strictTransportSecurity: hsts,
  xFrameOptions: { action: 'deny' },
} satisfies HelmetOptions;

/** API responses are not pages, and each header costs time, so headers that only matter to pages are left out. */
export const securityPolicyOfApi = {
  ...securityPolicy,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} satisfies HelmetOptions;

/** Sets the headers of a policy. Helmet would make them anew for each answer, though they are always the same. */
export function setHeaders(policy: HelmetOptions): RequestHandler {
  const headers = new Map<string, string>();
  const model = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader: () => {} };
  const secure = helmet(policy) as (request: unknown, response: unknown, next: () => void) => void;
  secure({}, model, () => {});
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}
