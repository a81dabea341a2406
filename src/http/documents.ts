import { createHash } from 'node:crypto';
import { Router, type Response } from 'express';

/** What the server tells about itself besides the operations. */
export interface Documents {
  /** The bundled contract, as JSON. */
  readonly contract: string;
  /** The docs site: one page. */
  readonly docs: string;
}

/** Serves the contract at /openapi.json and its docs at /docs. */
export function createDocumentsRouter({ contract, docs }: Documents): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const docsPolicy = contentSecurityPolicy(docs);
  const contractTag = entityTag(contract);
  const docsTag = entityTag(docs);

  router.get('/', (_request, response) => {
    response.redirect('/docs');
  });
  router.get('/openapi.json', (_request, response) => {
    // Public, and made to be read by tools of any origin.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    sendDocument(response, contract, 'application/json; charset=utf-8', contractTag);
  });
  router.get('/docs', (_request, response) => {
    response.setHeader('Content-Security-Policy', docsPolicy);
    sendDocument(response, docs, 'text/html; charset=utf-8', docsTag);
  });
  return router;
}

function sendDocument(response: Response, text: string, type: string, tag: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', 'no-cache');
  response.send(text);
}

function entityTag(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

// The page's own scripts by their hashes; its search runs in a worker that the page makes of itself.
function contentSecurityPolicy(page: string): string {
  const scripts = [...page.matchAll(/<script(?:\s[^>]*)?>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${[...new Set(scripts)].join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
