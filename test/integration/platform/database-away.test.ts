import { expect } from 'chai';
import pg from 'pg';
import { testEnvironment } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { makeFragilePostgres, type FragilePostgres } from '../../support/fragile-postgres.ts';
import { startServer, type RunningServer } from '../../support/process.ts';
import { acknowledged, startRegistrations, type Registrations } from '../../support/registrations.ts';

const clients = 16;
const boundMs = 2000;

describe('a database that goes away under load', function () {
  let postgres: FragilePostgres;
  let server: RunningServer;
  let load: Registrations;

  before('start a PostgreSQL of its own, and a server', async () => {
    postgres = await makeFragilePostgres();
    await postgres.start();
    server = await startServer({
      ...testEnvironment(postgres.url),
      LOG_LEVEL: 'info',
      DATABASE_CONNECT_TIMEOUT_MS: String(boundMs),
      DATABASE_STATEMENT_TIMEOUT_MS: String(boundMs),
    });
  });
  beforeEach('register people continuously', async () => {
    load = startRegistrations(server.origin, clients);
    await eventually('people are registered', () => load.count(201) > clients);
  });
  afterEach(() => load.stop());
  after(async () => {
    // A server that could not start must not leave its PostgreSQL behind.
    await (server as RunningServer | undefined)?.stop();
    await postgres.remove();
  });

  const statusOf = async (path: string) => (await fetch(`${server.origin}/api/v1${path}`)).status;
  const registered = async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query<{ id: string }>('select id from users');
    await client.end();
    return rows.map(({ id }) => id);
  };
  const recovery = () => {
    const before = load.count(201);
    return eventually('people are registered again', () => load.count(201) > before + clients);
  };
  const expectOnlyPassingTrouble = () => {
    expect(load.unanswered).to.deep.equal([]);
    for (const { status, code, headers } of load.told.filter((each) => each.status !== 201)) {
      expect({ status, code }).to.deep.equal({ status: 503, code: 'service_unavailable' });
      expect(headers.get('Content-Type')).to.match(/^application\/problem\+json/);
      expect(headers.get('Retry-After')).to.equal('5');
    }
  };

  it('answers 503 after a crash until it is back, and loses no acknowledged account', async () => {
    await postgres.kill();
    await eventually('clients are told', () => load.count(503) > clients);
    const probes = [await statusOf('/health'), await statusOf('/health/ready')];
    await postgres.start();
    await recovery();
    const ready = await eventually('ready', async () => (await statusOf('/health/ready')) === 200);
    await load.stop();

    expectOnlyPassingTrouble();
    expect(probes).to.deep.equal([200, 503]);
    expect(ready).to.equal(true);
    expect(await registered()).to.include.members(acknowledged(load));
  });

  it('answers 503 in time while frozen, and recovers soon after', async () => {
    await postgres.freeze();
    await eventually('clients are told', () => load.count(503) > 2 * clients);
    const probes = [await statusOf('/health'), await statusOf('/health/ready')];
    await postgres.thaw();
    await recovery();
    await load.stop();

    expectOnlyPassingTrouble();
    expect(probes).to.deep.equal([200, 503]);
    expect(Math.max(...load.told.map(({ milliseconds }) => milliseconds))).to.be.lessThan(20 * boundMs);
    expect(await registered()).to.include.members(acknowledged(load));
  });
});
