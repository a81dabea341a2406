import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { driftedFiles } from '../../openapi/tools/check/check-generated.ts';
import { useApp } from '../support/app.ts';

describe('what is generated from the contract', () => {
  const app = useApp();

  it('is committed up to date', async function () {
    expect(await driftedFiles(), 'these files in generated/ are out of date; run: npm run generate').to.deep.equal([]);
  });

  it("is served at /openapi.json with the server's own address", async () => {
    const { status, headers, bytes } = await app.sendOutside('get', '/openapi.json');
    expect([status, headers['content-type']]).to.deep.equal([200, 'application/json; charset=utf-8']);
    const { publicUrl } = app.context.config;
    const written = await readFile('generated/openapi.json', 'utf8');
    expect(bytes.toString()).to.equal(
      written.replaceAll(/http:\/\/127\.0\.0\.1:8000|https:\/\/accounts\.example\.com/g, publicUrl),
    );
    const { servers } = JSON.parse(bytes.toString()) as { servers: { url: string }[] };
    expect(servers[0]?.url).to.equal(`${publicUrl}/api/v1`);
  });
});
