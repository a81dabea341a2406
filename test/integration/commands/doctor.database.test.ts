import { expect } from 'chai';
import { createEmptyDatabase } from '../../support/empty-database.ts';
import { keepsStatements, pgBouncerVersion, startPgBouncer } from '../../support/pgbouncer.ts';
import { aUser } from '../factories.ts';
import { useProduction } from './production.ts';

describe('doctor, of the database', function () {
  const production = useProduction();
  const { role } = production;

  it("reports a database that can't store a user, though the role may write", async () => {
    await production.database.pool.raw('alter table users enable row level security');
    await production.database.pool.raw('create policy readers on users for select using (true)');

    const { deploy, failed } = await production.examine();

    expect(failed.map(({ check }) => check)).to.deep.equal(['writing']);
    expect(failed[0]?.remedy).to.include('row policies');
    expect(deploy).to.equal(false);
  });

  it('knows every index that the migrations make', async () => {
    const { rows } = await production.database.pool.raw<{ rows: { count: number }[] }>(`
      select count(*)::int from pg_indexes where schemaname = 'public' and tablename not like 'migrations%'`);

    const { checks } = await production.examine();
    const reasons = checks.filter(({ check }) => check === 'indexes').map(({ reason }) => reason);
    expect(reasons).to.deep.equal([`all ${rows[0]!.count} are there`]);
  });

  it('names unused indexes on large tables', async () => {
    await production.database.pool.raw(`
      with people as (
        insert into users (id, email, full_name, role, password_hash)
        select gen_random_uuid(), n || '@example.com', 'Person ' || n, 'user', '' from generate_series(1, 12000) n
        returning id
      ), stays as (
        insert into sessions (id, user_id, expires_at)
        select gen_random_uuid(), id, now() + interval '1 day' from people returning id
      ) insert into refresh_tokens (token_hash, session_id) select sha256(id::text::bytea), id from stays`);
    await production.database.pool.raw(`
      insert into idempotency_keys (key_hash, fingerprint, status, headers, body, expires_at, user_id, principal_id)
      select token_hash, token_hash, 201, '{}', '', now() + interval '1 day', session_id, session_id from refresh_tokens`);
    await production.database.pool.raw(`
      insert into jobs (id, name, payload) select gen_random_uuid(), 'send_mail', '{}' from generate_series(1, 12000)`);
    await production.database.pool.raw('analyze');
    const used = await production.examine();
    await production.database.pool.raw(`alter role ${role} set enable_indexscan = off`);
    await production.database.pool.raw(`alter role ${role} set enable_bitmapscan = off`);

    const unused = await production.examine();

    await production.database.pool.raw(`alter role ${role} reset all`);
    expect(used.checks.filter(({ check }) => check === 'indexes').map(({ result }) => result)).to.deep.equal(['ok']);
    const warnings = unused.checks.filter(({ check }) => check === 'indexes');
    expect(warnings.map(({ reason }) => reason.replace(' exists, but PostgreSQL does not use it', ''))).to.have.members(
      [
        'users_pkey',
        'users_email_key',
        'users_created_at_idx',
        'users_updated_at_idx',
        'users_email_sort_idx',
        'users_deleted_at_idx',
        'users_full_name_idx',
        'sessions_pkey',
        'sessions_user_id_idx',
        'refresh_tokens_pkey',
        'refresh_tokens_session_id_idx',
        'idempotency_keys_pkey',
        'idempotency_keys_user_id_idx',
        'idempotency_keys_principal_id_idx',
        'jobs_pkey',
        'jobs_run_at_idx',
        'jobs_recurring_key',
      ],
    );
    expect(warnings[0]).to.include({ result: 'warn', remedy: 'run: analyze' });
    expect(unused.deploy).to.equal(true);
  });

  it('reports missing migrations', async () => {
    const names = await production.database.pool('migrations').orderBy('name').pluck<string[]>('name');
    const empty = await createEmptyDatabase();
    await empty.database.pool.raw(`alter database ${empty.name} owner to ${role}`);
    try {
      const { deploy, failed } = await production.examine({
        DATABASE_URL: await production.asRole(empty.url, empty.database),
      });

      expect(failed).to.deep.equal([
        {
          check: 'migrations',
          result: 'fail',
          reason: `not applied: ${names.join(', ')}`,
          remedy: 'run the command migrate',
        },
      ]);
      expect(deploy).to.equal(false);
    } finally {
      await empty.drop();
    }
  });

  it('names dropped and invalid indexes', async () => {
    await production.database.pool.raw('drop index users_email_key, users_search_idx');
    await production.database.pool.raw('alter table refresh_tokens drop constraint refresh_tokens_pkey');
    await aUser(production.database.pool, { role: 'admin' });
    const making = production.database.pool.raw('create unique index concurrently one_of_each on users (role)');
    expect(await making.then(() => 'made').catch(() => 'left half-made')).to.equal('left half-made');

    const { deploy, failed } = await production.examine();

    expect(failed.map(({ reason, remedy }) => `${reason}: ${remedy!}`)).to.have.members([
      'users_email_key is missing: create it as migrations/ does, with create index concurrently',
      'users_search_idx is missing: create it as migrations/ does, with create index concurrently',
      'refresh_tokens_pkey is missing: create it as migrations/ does, with create index concurrently',
      'one_of_each is invalid, because its creation was interrupted: run: reindex index concurrently one_of_each',
    ]);
    expect(deploy).to.equal(false);
  });

  it("checks the role's connection limit", async () => {
    await production.database.pool.raw(`alter role ${role} connection limit 5`);

    const { deploy, failed } = await production.examine();

    await production.database.pool.raw(`alter role ${role} connection limit -1`);
    expect(failed.map(({ check, reason }) => [check, reason])).to.deep.equal([
      ['connections', 'an instance opens up to 10 of 5'],
    ]);
    expect(failed[0]?.remedy).to.match(/^set a lower DATABASE_POOL_MAX or WORKERS, raise max_connections/);
    expect(deploy).to.equal(false);
  });

  it('reports what a role lacks behind PgBouncer', async function () {
    if (pgBouncerVersion === undefined) {
      process.stdout.write('  no pgbouncer on the PATH: skipped what needs one\n');
      this.skip();
    }
    const bouncer = await startPgBouncer(process.env['TEST_SERVER_URL']!);
    try {
      const { deploy, checks, failed } = await production.examine({
        DATABASE_URL: bouncer.through(production.databaseUrl),
      });

      expect(failed.map(({ check, reason }) => `${check}: ${reason.split(',')[0]!}`)).to.deep.equal([
        'timeouts: idle_in_transaction_session_timeout is not set',
        'timeouts: lock_timeout is not set',
        'timeouts: statement_timeout is not set',
        ...(keepsStatements ? [] : ['prepared statements: the pooler loses them between two queries']),
      ]);
      expect(failed[0]?.remedy).to.contain('run: alter role … set idle_in_transaction_session_timeout');
      expect(checks.find(({ check }) => check === 'connections')?.reason).to.match(/10 to a pooler/);
      expect(deploy).to.equal(false);
    } finally {
      await bouncer.stop();
    }
  });
});
