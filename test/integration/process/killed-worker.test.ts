import { expect } from 'chai';
import { testEnvironment } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type RunningServer } from '../../support/process.ts';
import { acknowledged, startRegistrations } from '../../support/registrations.ts';
import { listeningWorkers } from '../../support/workers.ts';

const clients = 16;

describe('a worker killed during registrations', function () {
  const database = useDatabase();
  let server: RunningServer;

  before('start two workers', async () => {
    server = await startServer({ ...testEnvironment(database.url), LOG_LEVEL: 'info', WORKERS: '2' });
  });
  after(() => server.stop());

  it('loses no acknowledged account and is replaced', async () => {
    const [killed] = await listeningWorkers(server, 2);
    const load = startRegistrations(server.origin, clients);
    await eventually('people are registered', () => load.count(201) > clients);

    process.kill(killed!, 'SIGKILL');
    const workers = await listeningWorkers(server, 2);
    const before = load.count(201);
    await eventually('people are registered by both', () => load.count(201) > before + clients);
    await load.stop();

    expect(workers).to.not.include(killed);
    expect([...new Set(load.told.map(({ status }) => status))]).to.deep.equal([201]);
    // At most the one request that each client had in flight.
    expect(load.unanswered.length).to.be.lessThan(2 * clients);
    const stored = await database.db('users').pluck<string[]>('id');
    expect(stored).to.include.members(acknowledged(load));
  });
});
