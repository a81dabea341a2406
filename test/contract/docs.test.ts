import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Page } from 'playwright-core';
import { operations } from '../../generated/operations.ts';
import { useApp } from '../support/app.ts';
import { useBrowser } from '../support/browser.ts';
import { contract } from '../support/contract.ts';
import { eventually } from '../support/eventually.ts';

const codes = (contract.components['schemas']!['ProblemCode'] as Record<string, string[]>)['x-extensible-enum']!;

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request without decompressing the response. */
async function sendRaw(url: string, method: string, headers: Record<string, string | undefined>): Promise<RawAnswer> {
  const sent = request(url, { method, headers }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}

describe('the docs', () => {
  const app = useApp();

  it('load nothing from other origins and run only their own scripts', async () => {
    const { bytes, headers } = await app.sendOutside('get', '/docs');

    const page = bytes.toString();
    expect(page).not.to.match(/<(script|img|iframe)[^>]+src="https?:|<link[^>]+href="https?:|cdn\.redoc\.ly/);
    expect(headers['content-security-policy']).to.match(/script-src ('sha256-[^']+' ?)+;/);
    expect(headers['content-security-policy']).not.to.include('unsafe-eval');
  });

  it('serve the same contract as JSON and as YAML', async () => {
    const json = await app.sendOutside('get', '/openapi.json');
    const yaml = await app.sendOutside('get', '/openapi.yaml');

    expect(parse(yaml.bytes.toString())).to.deep.equal(json.body);
    expect(yaml.headers['access-control-allow-origin']).to.equal('*');
  });

  const texts = ['/docs', '/docs/try', '/docs/try/swagger-ui-bundle.js', '/docs/try/swagger-ui.css', '/openapi.json'];
  for (const file of [...texts, '/openapi.yaml', '/workflows/first-sign-in.yaml']) {
    it(`are compressed as the client accepts, with an ETag for each encoding: ${file}`, async () => {
      const ask = (accepts: string, more = {}, method = 'GET') =>
        sendRaw(app.origin + file, method, { 'Accept-Encoding': accepts, ...more });
      const [plain, gzipped, brotli] = [await ask('identity'), await ask('gzip'), await ask('gzip, deflate, br, zstd')];

      expect(plain.headers['content-encoding']).to.equal(undefined);
      expect(gzipped.headers['content-encoding']).to.equal('gzip');
      expect(brotli.headers['content-encoding']).to.equal('br');
      expect(gunzipSync(gzipped.body).equals(plain.body)).to.equal(true);
      expect(brotliDecompressSync(brotli.body).equals(plain.body)).to.equal(true);
      expect(brotli.body.length).to.be.below(plain.body.length);
      expect(new Set([plain, gzipped, brotli].map(({ headers }) => headers.etag))).to.have.property('size', 3);
      for (const answer of [plain, gzipped, brotli]) expect(answer.headers.vary).to.include('Accept-Encoding');

      const again = await ask('br', { 'If-None-Match': brotli.headers.etag });
      const other = await ask('gzip', { 'If-None-Match': brotli.headers.etag });
      const head = await ask('br', {}, 'HEAD');
      expect(again.status).to.equal(304);
      expect(other.status).to.equal(200);
      expect(head.headers['content-length']).to.equal(String(brotli.body.length));
      expect(head.body.length).to.equal(0);
    });
  }

  for (const accepts of ['br;q=0, gzip;q=0', 'identity;q=1, *;q=0', 'deflate', '']) {
    it(`are sent uncompressed for Accept-Encoding: ${JSON.stringify(accepts)}`, async () => {
      const { status, headers } = await sendRaw(`${app.origin}/openapi.json`, 'GET', { 'Accept-Encoding': accepts });

      expect(status).to.equal(200);
      expect(headers['content-encoding']).to.equal(undefined);
    });
  }

  it('leave API responses uncompressed, since their length would reveal secrets (BREACH)', async () => {
    const { headers } = await sendRaw(`${app.origin}/api/v1/health`, 'GET', { 'Accept-Encoding': 'br, gzip' });

    expect(headers['content-encoding']).to.equal(undefined);
  });

  for (const file of ['/openapi.json', '/openapi.yaml', '/docs']) {
    it(`contain the server's own address: ${file}`, async () => {
      const { bytes } = await app.sendOutside('get', file);

      expect(bytes.toString()).to.include('https://latchkey.test/problems/not_found');
      expect(bytes.toString()).not.to.match(/latchkey\.example|https:\/\/accounts\.example\.com|\$ORIGIN/);
    });
  }

  it('link to each workflow', async () => {
    const page = (await app.sendOutside('get', '/docs')).bytes.toString();

    const files = await readdir('openapi/workflows');
    expect(files).not.to.be.empty;
    for (const file of files) {
      expect(page).to.include(`/workflows/${file}`);
      const { status, headers, bytes: workflow } = await app.sendOutside('get', `/workflows/${file}`);
      expect(status).to.equal(200);
      expect(headers['content-type']).to.equal('application/yaml; charset=utf-8');
      expect(workflow.toString()).to.equal(await readFile(`openapi/workflows/${file}`, 'utf8'));
    }
  });

  it('explain each code at the URL of its problem type', async () => {
    const page = (await app.sendOutside('get', '/docs')).bytes.toString();

    for (const code of codes) {
      const { status, headers } = await app.sendOutside('get', `/problems/${code}`);
      expect(status, code).to.equal(302);
      expect(headers['location']).to.equal(`/docs#section/errors/${code}`);
      expect(page).to.include(`id="section/errors/${code}"`);
    }
  });

  it('answer 404 to an unknown problem type', async () => {
    const { status, body } = await app.sendOutside('get', '/problems/constructor');

    expect(status).to.equal(404);
    expect(body.code).to.equal('not_found');
  });
});

describe('the docs in a browser', function () {
  const app = useApp();
  const browser = useBrowser(() => app.origin);

  const openDocs = async () => {
    const page = await browser.open(`${app.origin}/docs`);
    await page.getByRole('heading', { name: 'Start with the client' }).first().waitFor();
    return page;
  };

  it('show every operation, start with the client, and cut off no code on a phone or a desk', async () => {
    const page = await openDocs();

    const html = await page.content();
    for (const id of Object.keys(operations)) expect(html, id).to.include(id);
    await browser.picture(page, 'docs');
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const cut = (selector: string) =>
        page.evaluate<string[]>(
          `[...document.querySelectorAll('${selector}')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText)`,
        );
      expect(await cut('pre'), `at ${width} pixels`).to.deep.equal([]);
      if (width > 1000) expect(await cut('table')).to.deep.equal([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
    }
    expect(browser.troubles).to.deep.equal([]);
  });

  it('have a menu in reading order whose links work in a new tab, and lead from the guide to the operations that it names', async () => {
    const page = await openDocs();
    const links = await page.evaluate<string[][]>(
      `[...document.querySelectorAll('a[href^="#/"], a[href^="/"]')].map((a) => [a.textContent, a.getAttribute('href')])`,
    );
    const titles = links.map(([title = '']) => title);
    const order = [
      'Start with the client',
      'Roles',
      'Errors',
      'Lists',
      'Versions',
      'Authentication',
      'Users',
      'Health',
    ];
    expect(titles.filter((title) => order.includes(title))).to.deep.equal(order);
    const elsewhere = links.map(([, href = '']) => href).filter((href) => !href.startsWith('#'));
    for (const href of new Set(elsewhere)) expect((await app.sendOutside('get', href)).status, href).to.equal(200);

    await page.getByRole('link', { name: 'undoEmailChange', exact: true }).first().click();
    await eventually('the operation is in view', () => isInView(page, 'Undo a change of e-mail address'));
    const section = await browser.open(`${app.origin}/docs${links.find(([title]) => title === 'Lists')![1]}`);
    await eventually('the section is in view', () => isInView(section, 'Lists'));
  });

  it('scroll from a problem type to its row', async () => {
    const page = await browser.open(`${app.origin}/problems/validation_failed`);

    await eventually('the row is in view', () => isInView(page, 'validation_failed'));
  });

  it('show code samples, but no regular expressions', async () => {
    const page = await browser.open(`${app.origin}/docs#/users/createuser`);
    await page.getByText('curl', { exact: true }).first().waitFor();

    expect(await page.getByText('No request payload').count()).to.equal(0);
    expect(await page.getByText('[!-~]').count()).to.equal(0);
    expect(await page.getByText(`https://latchkey.test/api/v1/users`).count()).to.be.above(0);
    await browser.picture(page, 'docs-operation');
  });

  /** Whether an element with this text is visible without scrolling. */
  const isInView = (page: Page, text: string) =>
    page.evaluate<boolean>(`[...document.querySelectorAll('main *, h1, h2, code, a')]
      .filter((element) => element.textContent.trim() === ${JSON.stringify(text)} && !element.closest('nav, aside'))
      .some((element) => {
        const { top, left } = element.getBoundingClientRect();
        return top >= 0 && top < innerHeight && left > 300;
      })`);
});
