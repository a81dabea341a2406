/** A database whose audit events and sessions were partitioned as docker/README.md says serves as before. */
import { expect } from 'chai';
import path from 'node:path';
import { checkDatabase } from '../../../src/doctor/database.ts';
import { createLog } from '../../../src/platform/log/log.ts';
import { startApp } from '../../support/app.ts';
import { query } from '../../support/embedded-postgres.ts';
import { newPerson, registration } from '../../support/people.ts';
import { blocksOf } from '../../support/readme-blocks.ts';
import { useTwoRoles } from '../../support/runtime-role.ts';

const page = path.resolve('docker', 'README.md');

/** The first day of the month that comes so many months after this one. */
function monthAfter(months: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString().slice(0, 10);
}

/** What PostgreSQL says against a statement. */
const refusalOf = (url: string, statement: string): Promise<string> =>
  query(url, statement).then(
    () => 'nothing',
    (error: unknown) => (error as Error).message,
  );

describe('a partitioned database', function () {
  const roles = useTwoRoles();
  let app: Awaited<ReturnType<typeof startApp>>;
  let tokens: { access_token: string; refresh_token: string };

  before('sign somebody in, and partition the tables while they stay signed in', async () => {
    app = await startApp(roles.runtimeUrl, { log: createLog({ level: 'silent', format: 'json' }) });
    const person = newPerson();
    await app.send('post', '/auth/register', { json: registration(person) });
    tokens = (await app.login(person)).body as typeof tokens;
    for (const block of await blocksOf(page, 'sql')) {
      if (!/audit_events|partition/.test(block)) continue;
      const here = block
        .replaceAll('latchkey_app', roles.role)
        .replaceAll('2027-02-01', monthAfter(1))
        .replaceAll('2027-03-01', monthAfter(2));
      // What runs concurrently can't share a transaction.
      const statements = block.includes('concurrently') ? here.split(/;\n/).filter((each) => each.trim()) : [here];
      for (const statement of statements) await query(roles.ownerUrl, statement);
    }
  });
  after('stop the server', () => app.stop());

  const partitionsOf = (table: string) =>
    query(
      roles.ownerUrl,
      `select relid::regclass::text as name from pg_partition_tree('${table}') where isleaf order by 1`,
    ).then((rows) => rows.map(({ name }) => String(name)));

  it('has partitions of both', async () => {
    expect(await partitionsOf('audit_events')).to.have.length(3);
    expect(await partitionsOf('sessions')).to.have.length(16);
  });

  it('keeps sessions, refreshes them and ends them', async () => {
    expect((await app.send('get', '/auth/me', { token: tokens.access_token })).status).to.equal(200);
    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: tokens.refresh_token } });
    const { access_token: token } = refreshed.body as typeof tokens;
    expect((await app.send('get', '/auth/sessions', { token })).body.items).to.have.length(1);
    const events = await app.send('get', '/auth/events', { token });
    expect((events.body.items as { type: string }[]).map(({ type }) => type)).to.deep.equal([
      'session.started',
      'user.registered',
    ]);
    expect((await app.send('post', '/auth/logout', { token })).status).to.equal(204);
    expect((await app.send('get', '/auth/me', { token })).status).to.equal(401);
  });

  it('writes new events, and reads them with the old ones', async () => {
    const { accessToken: token, id } = await app.signIn('admin');
    const { body } = await app.send('get', '/audit-events', { token, query: { user_id: id } });
    expect((body.items as { type: string }[]).map(({ type }) => type)).to.include('session.started');
  });

  it('still expires old events and sessions, and keeps events from being changed', async () => {
    const old = `insert into audit_events (id, created_at, type, outcome) values (gen_random_uuid(), now() - interval '40 days', 'of_old', 'success')`;
    await query(roles.runtimeUrl, old);
    expect(await query(roles.runtimeUrl, 'select expire_audit_events(31, 10) as count')).to.deep.equal([{ count: 1 }]);
    expect(await refusalOf(roles.ownerUrl, 'delete from audit_events')).to.equal('audit events are never changed');
  });

  it('lets the runtime role reach no partition by itself, also after the next migration', async () => {
    await roles.grant();
    const partitions = [...(await partitionsOf('audit_events')), ...(await partitionsOf('sessions'))];
    for (const partition of partitions) {
      expect(await refusalOf(roles.runtimeUrl, `delete from ${partition}`)).to.match(/^permission denied for schema/);
    }
  });

  it('has nothing that doctor finds fault with', async () => {
    const events = `insert into audit_events (id, type, outcome) select gen_random_uuid(), 'of_many', 'success' from generate_series(1, 12000)`;
    for (const statement of [events, 'analyze']) await query(roles.ownerUrl, statement);

    const findings = await checkDatabase(roles.runtimeUrl, app.context.config, { jwtSecrets: [], factorKeys: [] });

    const about = findings.filter(({ check }) =>
      ['database', 'migrations', 'indexes', 'audit', 'writing'].includes(check),
    );
    expect(about.map(({ check, result }) => `${check} ${result}`)).to.include.members([
      'indexes ok',
      'audit ok',
      'writing ok',
    ]);
    expect(about.filter(({ result }) => result !== 'ok')).to.deep.equal([]);
  });
});
