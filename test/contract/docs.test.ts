import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { operations } from '../../generated/operations.ts';
import { useApp } from '../support/app.ts';
import { useBrowser } from '../support/browser.ts';
import { contract } from '../support/contract.ts';

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
  const browser = useBrowser(() => app.origin);

  it('show every operation at /docs', async () => {
    const page = await browser.open(`${app.origin}/docs`);
    await page.getByText('Quick start').first().waitFor();

    const html = await page.content();
    for (const id of Object.keys(operations)) expect(html, id).to.include(id);
    await browser.picture(page, 'docs');
    expect(browser.troubles).to.deep.equal([]);
  });
});
