import { createHash } from 'node:crypto';
import { accessSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Router, type RequestHandler } from 'express';
import { ServiceError } from '../platform/errors.ts';
import { findProject } from '../platform/project.ts';
import { serveText, type ReadText } from './compression.ts';
import { isProblemCode } from './problems.ts';
import { refuseMethod } from './router.ts';

/** The documents that the server publishes about its API. Few people ask for one, so each stays on disk until then. */
export interface Documents {
  /** The bundled contract, as JSON and as YAML. */
  readonly contract: ReadText;
  readonly contractYaml: ReadText;
  /** The docs site: one page. */
  readonly docs: ReadText;
  /** The page to send requests from, by file name. */
  readonly tryOut: ReadonlyMap<string, ReadText>;
  /** The contract's journeys, as Arazzo, by file name. */
  readonly workflows: ReadonlyMap<string, ReadText>;
}

// The server's address in the contract: in its list of servers, for client generators, and in its examples.
const writtenOrigins = /http:\/\/127\.0\.0\.1:8000|https:\/\/accounts\.example\.com/g;

/** Finds the built documents, into which reading puts the server's own address. Throws if one is missing. */
export function findDocuments(publicUrl: string): Documents {
  const { root } = findProject();
  const find = (...names: string[]): ReadText => {
    const file = path.join(root, ...names);
    accessSync(file);
    return () => readFile(file);
  };
  const findOwn = (...names: string[]): ReadText => {
    const read = find(...names);
    return async () => Buffer.from((await read()).toString().replaceAll(writtenOrigins, publicUrl));
  };
  const findAll = (...names: string[]) =>
    new Map(readdirSync(path.join(root, ...names)).map((file) => [file, find(...names, file)]));
  return {
    contract: findOwn('generated', 'openapi.json'),
    contractYaml: findOwn('dist', 'openapi.yaml'),
    docs: findOwn('dist', 'docs.html'),
    tryOut: findAll('dist', 'try'),
    workflows: findAll('dist', 'workflows'),
  };
}

/** Serves the contract, its docs, a page to try it out, and the page that each problem's type names. */
export function createDocumentsRouter(documents: Documents): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/', redirectTo('/docs'));
  // People type the addresses of pages, so case and slashes are lenient; operations are strict, as a redirect would lose the body.
  router.get('/docs/', redirectTo('/docs'));
  router.get('/docs/try/', redirectTo('/docs/try'));
  router.get('/openapi.json', publicly, serveText(documents.contract, types.json));
  router.get('/openapi.yaml', publicly, serveText(documents.contractYaml, types.yaml));
  // Beside the contract, since they name it as `../openapi.yaml`.
  for (const [file, read] of documents.workflows) {
    router.get(`/workflows/${file}`, publicly, serveText(read, types.yaml));
  }
  router.get('/docs', underPolicy(createDocsPolicy(documents.docs)), serveText(documents.docs, types.html));
  for (const [file, read] of documents.tryOut) {
    const place = file === 'index.html' ? '/docs/try' : `/docs/try/${file}`;
    router.get(place, underPolicy(tryOutPolicy), serveText(read, typeOf(file)));
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

/** Media types by the ending of a file's name. */
export const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
};

/** The media type of a file. */
export function typeOf(file: string): string {
  const ending = file.split('.').at(-1) ?? '';
  return ending in types ? types[ending as keyof typeof types] : 'application/octet-stream';
}

// Public, for tools of any origin to read.
const publicly: RequestHandler = (_request, response, next) => {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};

function underPolicy(policyOf: () => Promise<readonly string[]>): RequestHandler {
  const common = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  return async (_request, response, next) => {
    const value = ["default-src 'none'", ...(await policyOf()), ...common];
    response.setHeader('Content-Security-Policy', value.join('; '));
    next();
  };
}

const tryOutPolicy = async () => ["script-src 'self'", "style-src 'self'", 'img-src data:', "connect-src 'self'"];

function createDocsPolicy(read: ReadText): () => Promise<readonly string[]> {
  let policy: readonly string[] | undefined;
  return async () => (policy ??= docsPolicy((await read()).toString()));
}

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
