import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { generate } from '../../openapi/tools/generate/generate.ts';
import { findProject } from '../../src/platform/project.ts';
import { useApp } from '../support/app.ts';

const committed = path.join(findProject().root, 'generated');

describe('what is generated from the contract', () => {
  const app = useApp();
  let fresh: string;

  before('generate it anew', async function () {
    this.timeout(60_000);
    fresh = await mkdtemp(path.join(tmpdir(), 'latchkey-generated-'));
    await generate(fresh);
  });
  after(() => rm(fresh, { recursive: true, force: true }));

  for (const file of ['openapi.json', 'openapi.ts', 'operations.ts']) {
    it(`is committed as it is made: ${file}`, async () => {
      const [made, kept] = await Promise.all(
        [fresh, committed].map((place) => readFile(path.join(place, file), 'utf8')),
      );
      expect(kept === made, `generated/${file} is not what openapi/ makes; run: npm run generate`).to.equal(true);
    });
  }

  it('is these files, and no other is there', async () => {
    expect(await readdir(committed)).to.have.members(await readdir(fresh));
  });

  it('is served at /openapi.json, with the address of the server that gives it out', async () => {
    const { status, headers, bytes } = await app.sendOutside('get', '/openapi.json');
    expect([status, headers['content-type']]).to.deep.equal([200, 'application/json; charset=utf-8']);
    const { publicUrl } = app.context.config;
    const written = await readFile(path.join(committed, 'openapi.json'), 'utf8');
    expect(bytes.toString()).to.equal(
      written.replaceAll(/http:\/\/127\.0\.0\.1:8000|https:\/\/accounts\.example\.com/g, publicUrl),
    );
    const { servers } = JSON.parse(bytes.toString()) as { servers: { url: string }[] };
    expect(servers[0]?.url).to.equal(`${publicUrl}/api/v1`);
  });
});
