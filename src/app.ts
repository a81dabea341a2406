import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { basePath } from '../generated/operations.ts';
import type { Context } from './context.ts';
import { ServiceError } from './errors.ts';
import { createHandlers } from './http/handlers.ts';
import { createAuthentication } from './http/authentication.ts';
import { createDocumentsRouter } from './http/documents.ts';
import { answerNotFound, createProblemHandler } from './http/problems.ts';
import { createRateLimits } from './http/rate-limit.ts';
import { identifyRequest, recordRequests } from './http/request-context.ts';
import { createRouter } from './http/router.ts';
import { createValidation } from './http/validation.ts';

/** Makes the application of a context. It does not listen. */
export async function createApp(context: Context): Promise<Express> {
  const { config, log, metrics, tracing, faults, documents, services, accessTokens } = context;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  app.set('trust proxy', config.trustProxy);

  const rateLimits = createRateLimits(context.limits, metrics.limitHit);
  app.use(
    identifyRequest,
    ...(tracing ? [tracing.traceRequests] : []),
    recordRequests(log, metrics),
    helmet(securityPolicyOfApi),
    checkTarget,
  );
  if (config.corsOrigins.length > 0) app.use(basePath, allowOrigins(config.corsOrigins));
  app.use(
    createRouter({
      handlers: createHandlers(services),
      rateLimits,
      authenticate: createAuthentication(accessTokens, (claims) => services.sessions.authenticate(claims)),
      validate: await createValidation(app, JSON.parse(documents.contract.toString()) as { paths: unknown }),
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

const checkTarget: RequestHandler = (request, _response, next) => {
  if (request.headers.host === undefined && request.httpVersion === '1.1') throw new ServiceError('malformed_request');
  decodeURIComponent(request.url);
  next();
};

function allowOrigins(origins: readonly string[]): RequestHandler {
  const headers = 'Authorization,Content-Type,Idempotency-Key,If-Match,X-Request-Id';
  const exposed =
    'ETag,Idempotency-Replayed,Location,RateLimit,RateLimit-Policy,Retry-After,WWW-Authenticate,X-Request-Id';
  const preflight = cors({
    origin: [...origins],
    methods: 'GET,POST,PATCH,DELETE',
    allowedHeaders: headers,
    exposedHeaders: exposed,
    maxAge: 600,
  });
  return (request, response, next) => {
    // Only a preflight of a known origin is answered here; any other OPTIONS is a method like the rest.
    const known = origins.includes(request.get('Origin') ?? '');
    if (request.method === 'OPTIONS' && !(known && request.get('Access-Control-Request-Method'))) {
      response.vary('Origin');
      next();
    } else preflight(request, response, next);
  };
}
