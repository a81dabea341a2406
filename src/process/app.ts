import express, { type Express } from 'express';
import { basePath } from '../../generated/operations.ts';
import { gather } from '../features/features.ts';
import { createAnswer } from '../http/answer.ts';
import { allowOrigins, logRefusedOrigins, refuseForeignPages } from '../http/cross-origin.ts';
import { createDocumentsRouter, findDocuments } from '../http/documents.ts';
import { checkMessage } from '../http/message.ts';
import { createPagesRouter, findPages } from '../http/pages.ts';
import { answerNotFound, createProblemHandler } from '../http/problems.ts';
import { createRateLimits } from '../http/rate-limit.ts';
import { identifyRequest, recordRequests } from '../http/request-context.ts';
import { createRouter } from '../http/router.ts';
import { securityPolicy, securityPolicyOfApi, setHeaders } from '../http/security-headers.ts';
import { createValidation, type Validation } from '../http/validation/check.ts';
import type { Context } from './context.ts';

/** What answers requests. */
export interface App {
  readonly handle: Express;
  /** Compiles the checks of requests in advance. */
  readonly compileChecks: Validation['compile'];
}

/** Creates the Express application of a context. It does not listen. */
export function createApp(context: Context): App {
  const { config, contract, log, metrics, tracing, faults, features, handlers, database, proxies } = context;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  // For the scheme in traces; addresses are read by `identifyRequest`.
  app.set('trust proxy', (address: string) => proxies.isProxy(address));

  const rateLimits = createRateLimits(context.limits, metrics.refusals);
  app.use(
    identifyRequest(proxies),
    ...(tracing ? [tracing.traceRequests] : []),
    recordRequests(log, metrics, gather(features, 'endObservers')),
    setHeaders(securityPolicyOfApi),
    checkMessage,
    // Express would cut the base path off each URL and put it back, so this one looks for it.
    logRefusedOrigins(config.corsOrigins, config.publicUrl, log),
  );
  if (config.corsOrigins.length > 0) app.use(basePath, allowOrigins(config.corsOrigins, contract));
  const validation = createValidation(contract);
  const { transaction } = database;
  const { once } = features.idempotency.service;
  app.use(
    createRouter({
      rateLimits,
      refuseForeignPages: refuseForeignPages([config.publicUrl, ...config.corsOrigins]),
      authorize: context.authorize,
      assure: context.assure,
      validate: validation.stepsOf,
      answer: createAnswer({ handlers, transaction, once, repeatRules: gather(features, 'repeatRules') }),
    }),
  );
  const documents = createDocumentsRouter(findDocuments(config.publicUrl));
  app.use(setHeaders(securityPolicy));
  // Before the limit, which their requests to the API need: these files are constants, as cheap to send as a refusal.
  const { pages } = config;
  if (pages) app.use(createPagesRouter(findPages(), { ...config, pages }));
  app.use(rateLimits.standard, documents, answerNotFound);
  app.use(createProblemHandler(config.publicUrl, log, faults));
  return { handle: app, compileChecks: validation.compile };
}
