import type { HelmetOptions } from 'helmet';

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
