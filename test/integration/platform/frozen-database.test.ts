import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { migrate } from '../../../src/platform/database/migrations.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { makeFragilePostgres, type FragilePostgres } from '../../support/fragile-postgres.ts';
import { newPerson } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

const bounds = { poolMax: 4, connectTimeoutMs: 1000, statementTimeoutMs: 1000 };

describe('a database that freezes and thaws after its clients were answered', function () {
  let postgres: FragilePostgres;
  let app: TestApp & { stop(): Promise<void> };

  before('start a PostgreSQL of its own, and a server', async () => {
    postgres = await makeFragilePostgres();
    await postgres.start();
    await migrate(postgres.url, 5000);
    const env = {
      DATABASE_CONNECT_TIMEOUT_MS: String(bounds.connectTimeoutMs),
      DATABASE_STATEMENT_TIMEOUT_MS: String(bounds.statementTimeoutMs),
    };
    app = await startApp(postgres.url, { env });
  });
  after(async () => {
    await app.stop();
    await postgres.remove();
  });

  /** Resolves when PostgreSQL has nothing left to do for the server. */
  async function settle(): Promise<void> {
    const observer = openDatabase(postgres.url, { ...bounds, statementTimeoutMs: 10_000, connectTimeoutMs: 10_000 });
    await eventually('PostgreSQL has done all that it was sent', async () => {
      const { rows } = await observer.pool.raw<{ rows: unknown[] }>(
        `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'`,
      );
      return rows.length === 0;
    });
    await observer.close();
  }

  const refresh = (refresh_token: string) => app.send('post', '/auth/refresh', { json: { refresh_token } });

  it("doesn't perform a refresh later that was answered 503: the same token still works", async () => {
    const people = [];
    for (let each = 0; each < 5; each++) people.push(await app.signIn());
    await postgres.freeze();

    const told = await Promise.all(people.map(({ refreshToken }) => refresh(refreshToken)));
    await postgres.thaw();
    await settle();
    const again = [];
    for (const { refreshToken } of people) again.push(await refresh(refreshToken));

    for (const answer of told) expectProblem(answer, 503, 'service_unavailable');
    expect(again.map(({ status }) => status)).to.deep.equal(people.map(() => 200));
  });

  it('performs a refresh once that was answered in time', async () => {
    const { refreshToken } = await app.signIn();
    await postgres.freeze();
    const asked = refresh(refreshToken);
    await pause(300); // less than anybody's patience: what is looked at is a pause itself
    await postgres.thaw();

    const answer = await asked;

    expect(answer.status).to.equal(200);
    expect((await refresh((answer.body as { refresh_token: string }).refresh_token)).status).to.equal(200);
  });

  it("doesn't perform a registration later whose commit was answered 503", async () => {
    const database: Database = openDatabase(postgres.url, bounds);
    const person = newPerson();
    const transaction = await database.pool.transaction();
    await transaction('users').insert({
      id: '01890000-0000-7000-8000-000000000001',
      email: person.email,
      full_name: person.fullName,
      role: 'user',
      password_hash: '',
    });
    await postgres.freeze();

    const told = await Promise.resolve(transaction.commit()).then(
      () => transaction.executionPromise.then(() => 'committed').catch(() => 'failed'),
      () => 'failed',
    );
    await postgres.thaw();
    await settle();

    expect(told).to.equal('failed');
    const observer = openDatabase(postgres.url, bounds);
    expect(await observer.pool('users').where({ email: person.email })).to.deep.equal([]);
    await observer.close();
    await database.close();
  });
});
