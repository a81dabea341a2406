import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Router, type RequestHandler } from 'express';
import { ServiceError } from '../platform/errors.ts';
import { findProject } from '../platform/project.ts';
import { serveText } from './compression.ts';
import { isProblemCode } from './problems.ts';
import { refuseMethod } from './router.ts';

/** The documents that the server publishes about its API. */
export interface Documents {
  /** The bundled contract, as JSON and as YAML. */
  readonly contract: Buffer;
  readonly contractYaml: Buffer;
  /** The docs site: one page. */
  readonly docs: Buffer;
  /** The console to send requests from, by file name. */
  readonly console: ReadonlyMap<string, Buffer>;
  /** The contract's journeys, as Arazzo, by file name. */
  readonly workflows: ReadonlyMap<string, Buffer>;
}

// The server's address in the contract: in its list of servers, for client generators, and in its examples.
const writtenOrigins = /http:\/\/127\.0\.0\.1:8000|https:\/\/accounts\.example\.com/g;

/** Reads the built documents and puts the server's own address into them. */
export function readDocuments(publicUrl: string): Documents {
  const { root } = findProject();
  const read = (...names: string[]) => readFileSync(path.join(root, ...names));
  const readHere = (...names: string[]) =>
    Buffer.from(
      read(...names)
        .toString()
        .replaceAll(writtenOrigins, publicUrl),
    );
  const readAll = (...names: string[]) =>
    new Map(readdirSync(path.join(root, ...names)).map((file) => [file, read(...names, file)]));
  return {
    contract: readHere('generated', 'openapi.json'),
    contractYaml: readHere('dist', 'openapi.yaml'),
    docs: readHere('dist', 'docs.html'),
    console: readAll('dist', 'console'),
    workflows: readAll('dist', 'workflows'),
  };
}

/** Serves the contract, its docs, a console, and the page that each problem's type names. */
export function createDocumentsRouter(documents: Documents): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/', redirectTo('/docs'));
  // People type the addresses of pages, so case and slashes are lenient; operations are strict, as a redirect would lose the body.
  router.get('/docs/', redirectTo('/docs'));
  router.get('/docs/try/', redirectTo('/docs/try'));
  router.get('/openapi.json', publicly, serveText(documents.contract, types.json));
  router.get('/openapi.yaml', publicly, serveText(documents.contractYaml, types.yaml));
  // Beside the contract, since they name it as `../openapi.yaml`.
  for (const [file, content] of documents.workflows) {
    router.get(`/workflows/${file}`, publicly, serveText(content, types.yaml));
  }
  router.get('/docs', underPolicy(docsPolicy(documents.docs.toString())), serveText(documents.docs, types.html));
  for (const [file, content] of documents.console) {
    const place = file === 'index.html' ? '/docs/try' : `/docs/try/${file}`;
    router.get(place, underPolicy(consolePolicy), serveText(content, typeOf(file)));
  }
  router.get('/problems/:code', (request, response) => {
    const { code } = request.params;
    if (!isProblemCode(code)) throw new ServiceError('not_found', { detail: 'There is no problem with this code.' });
    response.redirect(`/docs#section/errors/${code}`);
  });
  for (const place of router.stack.map(({ route }) => route?.path)) {
    if (place !== undefined) router.all(place, refuseMethod(['get']));
  }
  return router;
}

function redirectTo(path: string): RequestHandler {
  return (_request, response) => {
    response.redirect(path);
  };
}

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
};

function typeOf(file: string): string {
  const ending = file.split('.').at(-1) ?? '';
  return ending in types ? types[ending as keyof typeof types] : 'application/octet-stream';
}

// Public, for tools of any origin to read.
const publicly: RequestHandler = (_request, response, next) => {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};

function underPolicy(policy: readonly string[]): RequestHandler {
  const value = ["default-src 'none'", ...policy, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  return (_request, response, next) => {
    response.setHeader('Content-Security-Policy', value.join('; '));
    next();
  };
}

const consolePolicy = ["script-src 'self'", "style-src 'self'", 'img-src data:', "connect-src 'self'"];

// Allows the page's own scripts by their hashes; its search runs in a worker created from a blob.
function docsPolicy(page: string): string[] {
  const scripts = [...page.matchAll(/<script(?:\s[^>]*)?>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    `script-src ${[...new Set(scripts)].join(' ')}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    'worker-src blob:',
  ];
}
