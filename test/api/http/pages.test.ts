import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startApp, useApp } from '../../support/app.ts';
import { expectProblem } from '../../support/problems.ts';

describe('the pages', () => {
  const app = useApp({ env: { CORS_ORIGINS: 'https://app.example.com' } });
  const get = (place: string, headers = {}) => app.sendOutside('get', place, { headers });
  const assetsIn = (html: string) =>
    [...html.matchAll(/(?:src|href)="(\/pages\/assets\/[^"]+)"/g)].map(([, file]) => file!);

  for (const place of ['/', '/sign-in', '/account']) {
    it(`${place} is a document under a policy that runs nothing inline and nothing from elsewhere`, async () => {
      const { status, headers, bytes } = await get(place);
      const html = bytes.toString();

      expect(status).to.equal(200);
      expect(headers['content-type']).to.equal('text/html; charset=utf-8');
      expect(headers['cache-control']).to.equal('no-cache');
      expect(headers['content-security-policy']?.split('; ')).to.have.members([
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
      expect(html).not.to.match(/<style|style=|<script(?![^>]* src=)|https?:/);
    });
  }

  it('name their files by what is in them, and let browsers keep them for good', async () => {
    const files = assetsIn((await get('/')).bytes.toString());

    expect(files.length).to.be.above(2);
    for (const file of files) {
      const { status, headers, bytes } = await get(file, { 'Accept-Encoding': 'br' });
      expect(status, file).to.equal(200);
      expect(file).to.match(/-[\w-]{8}\.(js|css|svg)$/);
      expect(headers['cache-control']).to.equal('public, max-age=31536000, immutable');
      expect(headers['content-encoding']).to.equal('br');
      expect(bytes.length).to.be.above(0);
    }
  });

  it('answer HEAD like GET, and 304 to the ETag of what has not changed', async () => {
    for (const place of ['/sign-in', '/pages/config.json', '/pages/theme.css']) {
      const { headers } = await get(place, { 'Accept-Encoding': 'identity' });
      const head = await app.sendOutside('head', place, { headers: { 'Accept-Encoding': 'identity' } });

      expect([head.status, head.bytes.length], place).to.deep.equal([200, 0]);
      expect(head.headers['etag']).to.equal(headers['etag']);
      expect((await get(place, { 'Accept-Encoding': 'identity', 'If-None-Match': headers['etag'] })).status).to.equal(
        304,
      );
    }
  });

  it('have no other method', async () => {
    for (const place of ['/sign-in', '/pages/config.json', '/pages/assets/any.js']) {
      const answer = await app.sendOutside('post', place);
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers['allow']).to.equal('GET, HEAD');
    }
  });

  it('have no other file, and no place with a slash at its end', async () => {
    for (const place of [
      '/pages/assets/none.js',
      '/pages/assets/..%2findex.html',
      '/sign-in/',
      '/pages',
      '/pages/logo',
    ]) {
      expectProblem(await get(place), 404, 'not_found');
    }
  });

  it('do not count against the rate limit, which their requests need', async () => {
    const limited = await startApp(app.databaseUrl, { env: { RATE_LIMIT_STANDARD: '1/60' } });
    try {
      for (let round = 0; round < 3; round += 1) {
        expect((await limited.sendOutside('get', '/sign-in')).status).to.equal(200);
      }
      expect((await limited.send('get', '/auth/me')).status).to.equal(401);
    } finally {
      await limited.stop();
    }
  });

  it('know the settings of the server, and none of its secrets', async () => {
    const { body } = await get('/pages/config.json');

    expect(body).to.deep.equal({
      service_name: 'Latchkey',
      production: false,
      registration: 'open',
      email_codes: true,
      passkey_domain: 'latchkey.test',
      password_min_length: 8,
      erase_after_days: 30,
      has_logo: false,
      links: {},
      return_origins: ['https://app.example.com'],
    });
    expect((await get('/pages/theme.css')).bytes.toString()).to.equal('');
  });

  it('take name, logo, accent and links from the configuration, without a build', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-logo-'));
    const logo = path.join(folder, 'logo');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    await writeFile(logo, svg);
    const themed = await startApp(app.databaseUrl, {
      env: {
        SERVICE_NAME: 'Ada & "Sons" <3',
        PAGES_LOGO: logo,
        PAGES_ACCENT: '#5B2A86',
        PAGES_LINKS: 'terms=https://example.com/terms,support=mailto:help@example.com',
      },
    });
    try {
      const html = (await themed.sendOutside('get', '/')).bytes.toString();
      expect(html).to.include('<title>Ada &#38; &#34;Sons&#34; &#60;3</title>');
      const { body } = await themed.sendOutside('get', '/pages/config.json');
      expect(body).to.deep.include({
        service_name: 'Ada & "Sons" <3',
        has_logo: true,
        links: { terms: 'https://example.com/terms', support: 'mailto:help@example.com' },
      });
      const theme = (await themed.sendOutside('get', '/pages/theme.css')).bytes.toString();
      expect(theme).to.match(
        /^html:root \{ --accent: #5b2a86; \}\n@media .* \{ html:root \{ --accent: #[0-9a-f]{6}; \} \}\n$/,
      );
      const picture = await themed.sendOutside('get', '/pages/logo');
      expect(picture.bytes.toString()).to.equal(svg);
      expect(picture.headers).to.include({ 'content-type': 'image/svg+xml', 'x-content-type-options': 'nosniff' });
      expect(picture.headers['content-security-policy']).to.match(/default-src 'none'.*sandbox$/);
    } finally {
      await themed.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('can be switched off: then / leads to the docs, and there are none', async () => {
    const without = await startApp(app.databaseUrl, { env: { PAGES: 'off' } });
    try {
      const { status, headers } = await without.sendOutside('get', '/');
      expect([status, headers['location']]).to.deep.equal([302, '/docs']);
      for (const place of ['/sign-in', '/pages/config.json', '/pages/theme.css']) {
        expectProblem(await without.sendOutside('get', place), 404, 'not_found');
      }
    } finally {
      await without.stop();
    }
  });
});
