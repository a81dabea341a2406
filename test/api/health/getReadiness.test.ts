import { expect } from 'chai';
import { useApp } from '../../support/app.ts';

describe('getReadiness', () => {
  const app = useApp();

  it('reports each dependency as ok', async () => {
    const { status, body, headers } = await app.send('get', '/health/ready');

    expect(status).to.equal(200);
    expect(body).to.deep.equal({ status: 'ready', checks: { database: 'ok', migrations: 'ok' } });
    expect(headers['cache-control']).to.equal('no-store');
  });
});
