import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { chromium, type Browser, type Page } from 'playwright-core';
import { parse } from 'yaml';
import { operations } from '../../generated/operations.ts';
import { useApp } from '../support/app.ts';
import { contract } from '../support/contract.ts';
import { newPerson } from '../support/people.ts';

const guide = path.join(import.meta.dirname, '..', '..', 'openapi', 'guide.md');
const codes = (contract.components['schemas']!['ProblemCode'] as Record<string, string[]>)['x-extensible-enum']!;

describe('the docs', () => {
  const app = useApp();

  it('load nothing from elsewhere and run only their own scripts', async () => {
    const { bytes, headers } = await app.sendOutside('get', '/docs');

    const page = bytes.toString();
    expect(page).not.to.match(/<(script|img|iframe)[^>]+src="https?:|<link[^>]+href="https?:|cdn\.redoc\.ly/);
    expect(headers['content-security-policy']).to.match(/script-src ('sha256-[^']+' ?)+;/);
    expect(headers['content-security-policy']).not.to.include('unsafe-eval');
  });

  it('serve the contract as JSON and as YAML, the same', async () => {
    const json = await app.sendOutside('get', '/openapi.json');
    const yaml = await app.sendOutside('get', '/openapi.yaml');

    expect(parse(yaml.bytes.toString())).to.deep.equal(json.body);
    expect(yaml.headers['access-control-allow-origin']).to.equal('*');
  });

  for (const file of ['/openapi.json', '/openapi.yaml', '/docs', '/docs/try']) {
    it(`answer 304 to who has ${file} already`, async () => {
      const { headers } = await app.sendOutside('get', file);

      const again = await app.sendOutside('get', file, { headers: { 'If-None-Match': headers['etag']! } });

      expect(again.status).to.equal(304);
    });
  }

  it('lead to each of the workflows', async () => {
    const { bytes } = await app.sendOutside('get', '/docs');

    for (const file of await readdir('openapi/workflows')) {
      expect(bytes.toString()).to.include(`/workflows/${file}`);
      const { status, headers, bytes: workflow } = await app.sendOutside('get', `/workflows/${file}`);
      expect(status).to.equal(200);
      expect(headers['content-type']).to.equal('application/yaml; charset=utf-8');
      expect(workflow.toString()).to.equal(await readFile(`openapi/workflows/${file}`, 'utf8'));
    }
  });

  for (const code of codes) {
    it(`explain ${code}, where its problem type leads`, async () => {
      const { status, headers } = await app.sendOutside('get', `/problems/${code}`);
      const { bytes } = await app.sendOutside('get', '/docs');

      expect(status).to.equal(302);
      expect(headers['location']).to.equal(`/docs#section/errors/${code}`);
      expect(bytes.toString()).to.include(`id="section/errors/${code}"`);
    });
  }

  it('answer 404 to a problem that there is not', async () => {
    const { status, body } = await app.sendOutside('get', '/problems/constructor');

    expect(status).to.equal(404);
    expect(body.code).to.equal('not_found');
  });
});

describe('the quick start', function () {
  this.timeout(30_000);
  const app = useApp();
  const programs = { sh: ['bash'], ts: [process.execPath, '--import', 'tsx'], python: ['python3'] };

  for (const [language, [command = '', ...args]] of Object.entries(programs)) {
    it(`works when pasted: ${language}`, async () => {
      const text = await readFile(guide, 'utf8');
      const sample = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
      const folder = await mkdtemp(path.join(import.meta.dirname, '.sample-'));
      const file = path.join(folder, `sample.${language === 'ts' ? 'ts' : 'txt'}`);
      await writeFile(file, sample);

      const env = { ...process.env, ORIGIN: app.origin };
      const { stdout } = await promisify(execFile)(command, [...args, file], { env }).finally(() =>
        rm(folder, { recursive: true }),
      );

      expect(stdout).to.match(/(curl|typescript|python)@example\.com/);
    });
  }
});

describe('the docs in a browser', function () {
  this.timeout(60_000);
  const app = useApp();
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const screenshots = path.resolve('coverage', 'screenshots');
  let browser: Browser | undefined;
  let profile: string;
  let page: Page;
  let troubles: string[];

  before(async function () {
    if (!existsSync(executablePath)) {
      process.stdout.write(`      no Chromium at ${executablePath}: set CHROMIUM_PATH, or install it\n`);
      this.skip();
    }
    profile = await mkdtemp(path.join(tmpdir(), 'latchkey-browser-'));
    const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
    });
    await mkdir(screenshots, { recursive: true });
  });

  beforeEach(async () => {
    troubles = [];
    page = await browser!.newPage({ viewport: { width: 1400, height: 1000 } });
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && troubles.push(`console: ${message.text()}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(app.origin) && !/^(data|blob):/.test(url)) troubles.push(`request: ${url}`);
    });
  });

  afterEach(() => page.close());

  after(async () => {
    await browser?.close();
    if (profile) await rm(profile, { recursive: true, force: true });
  });

  it('show every operation at /docs', async () => {
    await page.goto(`${app.origin}/docs`);
    await page.getByText('Quick start').first().waitFor();

    const html = await page.content();
    for (const id of Object.keys(operations)) expect(html, id).to.include(id);
    await page.screenshot({ path: path.join(screenshots, 'docs.png') });
    expect(troubles).to.deep.equal([]);
  });

  it('sign a person in at /docs/try', async () => {
    const ada = await app.signIn('user', newPerson());
    await page.goto(`${app.origin}/docs/try`);
    const operation = (id: string) => page.locator('.opblock', { has: page.locator(`a[href$="/${id}"]`) });
    await operation('getCurrentUser').waitFor();
    for (const id of Object.keys(operations)) expect(await operation(id).count(), id).to.equal(1);

    const login = operation('login');
    await login.locator('.opblock-summary-control').click();
    await login.getByRole('button', { name: 'Try it out' }).click();
    await login.locator('textarea').fill(JSON.stringify({ email: ada.email, password: ada.password }));
    await login.getByRole('button', { name: 'Execute' }).click();
    const answer = await login.locator('.live-responses-table .highlight-code').first().innerText();
    const token = /"access_token": "([^"]+)"/.exec(answer)?.[1] ?? '';
    await page.locator('.scheme-container .authorize').click();
    await page.locator('.modal-ux input').fill(token);
    await page.locator('.modal-ux button.authorize').click();
    await page.locator('.modal-ux .btn-done').click();
    const me = operation('getCurrentUser');
    await me.locator('.opblock-summary-control').click();
    await me.getByRole('button', { name: 'Try it out' }).click();
    await me.getByRole('button', { name: 'Execute' }).click();

    const status = me.locator('.live-responses-table .response-col_status').nth(1);
    await status.waitFor();
    expect(await status.innerText()).to.match(/^200/);
    expect(await me.locator('.live-responses-table').innerText()).to.include(ada.email);
    await page.screenshot({ path: path.join(screenshots, 'console.png') });
    expect(troubles).to.deep.equal([]);
  });
});
