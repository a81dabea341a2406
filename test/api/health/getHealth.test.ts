import { expect } from 'chai';
import { useApp } from '../../support/app.ts';

describe('getHealth', () => {
  const app = useApp();

  it('reports that the process runs, and its version', async () => {
    const { status, body } = await app.send('get', '/health');

    expect(status).to.equal(200);
    expect(body).to.have.property('status', 'healthy');
    expect(body)
      .to.have.property('version')
      .that.matches(/^\d+\.\d+\.\d+/);
  });
});
