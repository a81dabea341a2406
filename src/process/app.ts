import express, { type Express } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { basePath } from '../../generated/operations.ts';
import type { Context } from './context.ts';
import { createHandlers } from '../features/handlers.ts';
import { createAuthentication } from '../access/authentication.ts';
import { allowOrigins, tellRefusedOrigins, type HeaderNames } from '../http/cross-origin.ts';
import { createDocumentsRouter } from '../http/documents.ts';
import { checkMessage } from '../http/message.ts';
import { answerNotFound, createProblemHandler } from '../http/problems.ts';
import { createRateLimits } from '../http/rate-limit.ts';
import { identifyRequest, recordRequests } from '../http/request-context.ts';
import { createRouter } from '../http/router.ts';
import { createValidation } from '../http/validation/check.ts';

/** Makes the application of a context. It does not listen. */
export async function createApp(context: Context): Promise<Express> {
  const { config, log, metrics, tracing, faults, documents, services, accessTokens, proxies } = context;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  // For the scheme in traces; addresses are read by `identifyRequest`.
  app.set('trust proxy', (address: string) => proxies.isProxy(address));

  const contract = JSON.parse(documents.contract.toString()) as Parameters<typeof createValidation>[1] & HeaderNames;
  const rateLimits = createRateLimits(context.limits, metrics.limitHit);
  app.use(
    identifyRequest(proxies),
    ...(tracing ? [tracing.traceRequests] : []),
    recordRequests(log, metrics),
    helmet(securityPolicyOfApi),
    checkMessage,
  );
  app.use(basePath, tellRefusedOrigins(config.corsOrigins, config.publicUrl, log));
  if (config.corsOrigins.length > 0) app.use(basePath, allowOrigins(config.corsOrigins, contract));
  app.use(
    createRouter({
      handlers: createHandlers(services),
      rateLimits,
      authenticate: createAuthentication(accessTokens, (claims) => services.sessions.authenticate(claims)),
      validate: await createValidation(app, contract),
    }),
  );
  app.use(rateLimits.standard, helmet(securityPolicy), createDocumentsRouter(documents), answerNotFound);
  app.use(createProblemHandler(config.publicUrl, log, faults));
  return app;
}

const securityPolicy = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  xFrameOptions: { action: 'deny' },
} satisfies HelmetOptions;

// An answer of the API is no page: what only tells browsers how to treat one is left out, since each header costs time.
const securityPolicyOfApi = {
  ...securityPolicy,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} satisfies HelmetOptions;
