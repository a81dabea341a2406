import { expect } from 'chai';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { newPerson, registration } from '../../support/people.ts';
import { pgBouncerVersion, startPgBouncer } from '../../support/pgbouncer.ts';
import { expectProblem } from '../../support/problems.ts';

type App = TestApp & { stop(): Promise<void> };

describe('a database that changes under the pool', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let operator: Database;
  let name: string;
  let app: App | undefined;

  beforeEach(async () => {
    copy = await copyTemplate();
    name = new URL(copy.url).pathname.slice(1);
    operator = openDatabase(copy.url, { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
  });

  afterEach(async () => {
    await app?.stop();
    app = undefined;
    await operator.close();
    await copy.drop();
  });

  const settings = async (changes: Record<string, string>) => {
    for (const [setting, value] of Object.entries(changes)) {
      await operator.pool.raw(`alter database ${name} set ${setting} = '${value}'`);
    }
  };
  const serve = async (url = copy.url, env: Record<string, string> = {}) => (app = await startApp(url, { env }));
  const register = ({ send }: App) => send('post', '/auth/register', { json: registration(newPerson()) });
  const readiness = ({ send }: App) => send('get', '/health/ready');
  /** Uses every connection of the pool at once. */
  const atOnce = <Result>(work: () => Promise<Result>) => Promise.all(Array.from({ length: 10 }, work));

  /** Registers, signs in, reads, refreshes, lists, updates and signs out. */
  async function journey(on: App): Promise<number[]> {
    const admin = await on.signIn('admin');
    const person = newPerson();
    const registered = await on.send('post', '/auth/register', { json: registration(person) });
    const login = await on.login(person);
    const { access_token: token, refresh_token } = login.body as Record<string, string>;
    const answers = [
      registered,
      login,
      await on.send('get', '/auth/me', { token }),
      await on.send('post', '/auth/refresh', { json: { refresh_token } }),
      await on.send('get', '/users', { token: admin.accessToken }),
      await on.send('patch', '/auth/me', { token, json: { full_name: 'Grace Hopper' } }),
      await on.send('post', '/auth/logout', { token }),
    ];
    return answers.map(({ status }) => status);
  }
  const well = [201, 200, 200, 200, 200, 200, 204];

  it('that is read-only for a while: is not ready and answers 503, then recovers', async () => {
    await settings({ default_transaction_read_only: 'on' });
    const on = await serve();
    const refused = await atOnce(() => register(on));
    const unready = await readiness(on);
    await operator.pool.raw(`alter database ${name} reset default_transaction_read_only`);
    // A new connection's settings are trusted for a quarter of a second.
    await eventually('everybody is registered', async () =>
      (await atOnce(() => register(on))).every(({ status }) => status === 201),
    );

    for (const answer of refused) expectProblem(answer, 503, 'service_unavailable');
    expectProblem(unready, 503, 'not_ready');
    expect(unready.body.detail).to.equal("Not ready: the database can't be written to.");
    expect((await readiness(on)).status).to.equal(200);
  });

  it('that is read-only for a while: is noticed by readiness without other requests', async () => {
    await settings({ default_transaction_read_only: 'on' });
    const on = await serve();
    await atOnce(() => register(on));
    await operator.pool.raw(`alter database ${name} reset default_transaction_read_only`);

    const ready = await eventually('it is ready', async () => (await readiness(on)).status === 200);

    expect(ready).to.equal(true);
  });

  it('whose column changes type: fails no request, whatever connections have planned', async () => {
    const on = await serve();
    const { accessToken: token, refreshToken: refresh_token } = await on.signIn('admin');
    const ask = () =>
      Promise.all([on.send('get', '/auth/me', { token }), on.send('get', '/users', { token }), readiness(on)]);
    await atOnce(ask);

    await operator.pool.raw('alter table users alter column full_name type varchar(300) collate "und-x-icu"');
    const looked = (await atOnce(ask)).flat();
    await operator.pool.raw('alter table users alter column full_name type text collate "und-x-icu"');
    const rotated = await on.send('post', '/auth/refresh', { json: { refresh_token } });
    const registered = await register(on);

    expect([...new Set(looked.map(({ status }) => status))]).to.deep.equal([200]);
    expect([rotated.status, registered.status]).to.deep.equal([200, 201]);
  });

  it('whose connections an operator terminated: answers the next requests', async () => {
    const on = await serve();
    await atOnce(() => register(on));

    await operator.pool.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and pid <> pg_backend_pid()',
      [name],
    );

    await eventually('somebody is registered', async () => (await register(on)).status === 201);
    expect((await readiness(on)).status).to.equal(200);
  });

  const foreign = {
    datestyle: 'German, DMY',
    intervalstyle: 'sql_standard',
    bytea_output: 'escape',
    timezone: 'Asia/Kathmandu',
    standard_conforming_strings: 'off',
    client_encoding: 'LATIN1',
    default_transaction_isolation: 'serializable',
    extra_float_digits: '-15',
    lc_messages: 'C',
  };

  for (const datestyle of ['German, DMY', 'SQL, MDY', 'Postgres, YMD']) {
    it(`with unusual settings (DateStyle ${datestyle}): sets its own per connection`, async () => {
      await settings({ ...foreign, datestyle });
      const on = await serve();

      expect(await journey(on)).to.deep.equal(well);

      const { rows } = await on.context.database.pool.raw<{ rows: unknown[] }>(
        `select current_setting('datestyle') as datestyle, current_setting('transaction_isolation') as isolation,
          current_setting('timezone') as timezone, current_setting('bytea_output') as bytea`,
      );
      expect(rows).to.deep.equal([
        { datestyle: 'ISO, MDY', isolation: 'read committed', timezone: 'UTC', bytea: 'hex' },
      ]);
    });
  }

  it("sets its own settings per connection, whatever the URL's options say", async () => {
    const url = new URL(copy.url);
    url.searchParams.set('options', '-c datestyle=German -c application_name=other');

    expect(await journey(await serve(url.href))).to.deep.equal(well);
  });

  it('with unusual settings, behind PgBouncer', async function () {
    if (pgBouncerVersion === undefined) {
      process.stdout.write('  no pgbouncer on the PATH: skipped what needs one\n');
      this.skip();
    }
    await settings({ ...foreign, default_transaction_isolation: 'read committed' });
    const bouncer = await startPgBouncer(process.env['TEST_SERVER_URL']!);
    try {
      const on = await serve(bouncer.through(copy.url), { DATABASE_PREPARED_STATEMENTS: 'off' });

      expect(await journey(on)).to.deep.equal(well);
    } finally {
      await app?.stop();
      app = undefined;
      await bouncer.stop();
    }
  });
});
