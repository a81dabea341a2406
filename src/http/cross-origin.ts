import cors from 'cors';
import type { RequestHandler } from 'express';
import { basePath } from '../../generated/operations.ts';
import type { Contract } from '../platform/contract.ts';
import { ServiceError } from '../platform/errors.ts';
import type { Log } from '../platform/log/log.ts';

// Methods that an operation lacks are allowed too, so that the page can read the 405.
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

// Allowed besides the contract's own headers; the last three continue a trace from the browser (W3C Trace Context, Baggage).
const generalHeaders = ['Authorization', 'Content-Type', 'X-Request-Id', 'traceparent', 'tracestate', 'baggage'];

/** Lets pages of these origins send every request of the contract and read every documented header. */
export function allowOrigins(origins: readonly string[], contract: Contract): RequestHandler {
  const ownHeaders = Object.values(contract.components.parameters).filter((parameter) => parameter.in === 'header');
  const own = new Set(ownHeaders.map(({ name }) => name));
  const preflight = cors({
    origin: [...origins],
    methods,
    allowedHeaders: [...generalHeaders, ...own],
    exposedHeaders: responseHeaders(contract).filter((name) => !/^(Access-Control-|Set-Cookie$)/.test(name)),
    maxAge: 600,
  });
  return (request, response, next) => {
    // Only preflights of known origins are answered here; any other OPTIONS is an ordinary method.
    const known = origins.includes(request.get('Origin') ?? '');
    // Cookies are of use to those on the same site only.
    if (known) response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method === 'OPTIONS' && !(known && request.get('Access-Control-Request-Method'))) {
      response.vary('Origin');
      next();
    } else preflight(request, response, next);
  };
}

function responseHeaders({ paths, components }: Contract): string[] {
  const own = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .flatMap(({ responses = {} }) => Object.values(responses));
  const names = [...own, ...Object.values(components.responses)].flatMap(({ headers = {} }) => Object.keys(headers));
  return [...new Set(names)];
}

/**
 * Refuses a browser session to pages that may not have one. CORS already keeps them from sending `Session-Transport`; this holds where a
 * proxy or a browser gets that wrong. A browser sends `Sec-Fetch-Site: same-origin` for pages of this very server, by whatever name.
 */
export function refuseForeignPages(origins: readonly string[]): RequestHandler {
  return ({ headers }, _response, next) => {
    const { origin, 'sec-fetch-site': site, 'session-transport': transport } = headers;
    const isOwn = origin === undefined || site === 'same-origin' || origins.includes(origin);
    const isForeign = site === 'cross-site' || !isOwn;
    next(transport !== undefined && isForeign ? new ServiceError('origin_not_allowed') : undefined);
  };
}

// Made-up origins can't fill the log.
const maxLoggedOrigins = 20;

/** Logs, once for each origin whose pages can't read responses of the API, how to allow it. */
export function logRefusedOrigins(origins: readonly string[], publicUrl: string, log: Log): RequestHandler {
  const logged = new Set<string>();
  return (request, _response, next) => {
    const { origin, host } = request.headers;
    if (origin === undefined || !request.url.startsWith(basePath)) return next();
    if (!origins.includes(origin) && !logged.has(origin) && logged.size < maxLoggedOrigins) {
      const remedy = remedyFor(origin, origins, [publicUrl, `http://${host}`, `https://${host}`]);
      if (remedy !== undefined) {
        logged.add(origin);
        log.info({ origin }, `pages of this origin can't read responses of the API: ${remedy}`);
      }
    }
    next();
  };
}

function remedyFor(origin: string, origins: readonly string[], own: readonly string[]): string | undefined {
  if (own.includes(origin)) return undefined;
  // A page opened from a file, or in a sandboxed frame.
  if (origin === 'null') return 'serve them by http:// or https://, and name that origin in CORS_ORIGINS';
  if (origin.length > 256 || !/^https?:/.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).origin === origin ? `CORS_ORIGINS=${[...origins, origin].join(',')} allows it` : undefined;
}
