import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Router, type RequestHandler } from 'express';
import type { Config } from '../platform/config/config.ts';
import { ServiceError } from '../platform/errors.ts';
import { findProject } from '../platform/project.ts';
import { serveText, type ReadText } from './compression.ts';
import { typeOf, types } from './documents.ts';
import { refuseMethod } from './router.ts';

/** The settings that people's pages show or depend on. */
export type PagesSettings = Pick<
  Config,
  'production' | 'serviceName' | 'registration' | 'eraseAfterDays' | 'emailCodes' | 'passwords' | 'passkeys'
> & { readonly pages: NonNullable<Config['pages']> };

/** The pages as `npm run build` made them from src/web/. Each file stays on disk until somebody asks for it. */
export interface Pages {
  /** Paths of pages, as Express writes them. */
  readonly paths: readonly string[];
  /** The document that every page begins with. */
  readonly shell: ReadText;
  /** Scripts and styles by their file names, which hold a digest of the content. */
  readonly assets: ReadonlyMap<string, ReadText>;
}

/** Finds the built pages. Throws if they are missing. */
export function findPages(): Pages {
  const folder = path.join(findProject().root, 'dist', 'web');
  const assets = path.join(folder, 'assets');
  return {
    paths: JSON.parse(readFileSync(path.join(folder, 'pages.json'), 'utf8')) as string[],
    shell: () => readFile(path.join(folder, 'index.html')),
    assets: new Map(readdirSync(assets).map((file) => [file, () => readFile(path.join(assets, file))])),
  };
}

/** Serves the pages for people. All of them are one document, whose script shows what the address names. */
export function createPagesRouter(pages: Pages, settings: PagesSettings): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const shell = serveText(async () => {
    const text = (await pages.shell()).toString();
    return Buffer.from(text.replaceAll('%SERVICE_NAME%', escapeHtml(settings.serviceName)));
  }, types.html);
  for (const place of pages.paths) router.get(place, policy, shell);

  router.get('/pages/config.json', serveText(textOf(JSON.stringify(publicSettings(settings))), types.json));
  router.get('/pages/theme.css', serveText(textOf(themeOf(settings)), types.css));
  const { logo } = settings.pages;
  if (logo)
    router.get(
      '/pages/logo',
      policyOfLogo,
      serveText(() => readFile(logo.file), logo.type),
    );

  const assets = new Map(
    [...pages.assets].map(([file, read]) => [
      file,
      serveText(read, typeOf(file), 'public, max-age=31536000, immutable'),
    ]),
  );
  router.get('/pages/assets/:file', (request, response, next) => {
    const serve = assets.get(request.params.file);
    if (!serve) throw new ServiceError('not_found', { detail: 'There is no such file; reload the page.' });
    return serve(request, response, next);
  });
  for (const place of router.stack.map(({ route }) => route?.path)) {
    if (place !== undefined) router.all(place, refuseMethod(['get']));
  }
  return router;
}

// Nothing inline and nothing from elsewhere (ASVS 3.4.3); pictures of people are blobs, since the API wants a token for them.
const policy = underPolicy([
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
]);

// An SVG can hold scripts, which nothing of this origin may run.
const policyOfLogo = underPolicy([
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "frame-ancestors 'none'",
  'sandbox',
]);

function underPolicy(directives: readonly string[]): RequestHandler {
  const value = directives.join('; ');
  return (_request, response, next) => {
    response.setHeader('Content-Security-Policy', value);
    next();
  };
}

/** What a page's script reads first; nothing in it is secret. */
function publicSettings({
  serviceName,
  production,
  registration,
  eraseAfterDays,
  emailCodes,
  passwords,
  passkeys,
  pages,
}: PagesSettings) {
  return {
    service_name: serviceName,
    production,
    registration,
    email_codes: emailCodes,
    passkey_domain: passkeys.rpId ?? null,
    password_min_length: passwords.minLength,
    erase_after_days: eraseAfterDays,
    has_logo: pages.logo !== undefined,
    links: pages.links,
    return_origins: pages.returnOrigins,
  };
}

function themeOf({ pages: { accent } }: PagesSettings): string {
  if (!accent) return '';
  // Stronger than the pages' own, whichever of them comes last.
  const rule = (colour: string) => `html:root { --accent: ${colour}; }`;
  return `${rule(accent.light)}\n@media (prefers-color-scheme: dark) { ${rule(accent.dark)} }\n`;
}

function textOf(text: string): ReadText {
  return async () => Buffer.from(text);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
