import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { listOf } from '../../../src/features/features.ts';
import type { JobModel } from '../../../src/platform/jobs/job.model.ts';
import { createLog } from '../../../src/platform/log/log.ts';
import { grantRuntimeRole } from '../../../src/platform/database/runtime-role.ts';
import { startJobs } from '../../../src/process/jobs.ts';
import { startApp, testEnvironment, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { newPerson, registration } from '../../support/people.ts';
import { runCommand } from '../../support/process.ts';
import { useTwoRoles } from '../../support/runtime-role.ts';

describe('a server whose role does not own the tables', function () {
  const roles = useTwoRoles();
  let app: Awaited<ReturnType<typeof startApp>>;

  before('start a server as the runtime role', async () => {
    app = await startApp(roles.runtimeUrl, { log: createLog({ level: 'silent', format: 'json' }) });
  });
  after('stop it', () => app.stop());

  const tokensOf = async (server: TestApp, person = newPerson()) => {
    await server.send('post', '/auth/register', { json: registration(person) });
    return (await server.login(person)).body as { access_token: string; refresh_token: string };
  };

  it('registers, signs in, refreshes and signs out', async () => {
    const { refresh_token: token } = await tokensOf(app);

    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: token } });
    const { access_token: access } = refreshed.body as { access_token: string };

    expect(refreshed.status).to.equal(200);
    expect((await app.send('get', '/auth/me', { token: access })).status).to.equal(200);
    expect((await app.send('get', '/auth/events', { token: access })).body.items).not.to.be.empty;
    expect((await app.send('post', '/auth/logout', { token: access })).status).to.equal(204);
  });

  it('lets administrators list, create, change and delete users, and read the events of that', async () => {
    const { accessToken: token } = await app.signIn('admin');
    const json = { ...registration(), role: 'user' };
    const headers = { 'Idempotency-Key': randomUUID() };

    const created = await app.send('post', '/users', { token, json, headers });
    const repeated = await app.send('post', '/users', { token, json, headers });
    const path = `/users/${created.body.id}`;
    const statuses = [
      created.status,
      repeated.status,
      (await app.send('get', '/users', { token, query: { search: json.email } })).status,
      (await app.send('patch', path, { token, json: { role: 'moderator' } })).status,
      (await app.send('delete', path, { token })).status,
    ];

    expect(statuses).to.deep.equal([201, 201, 200, 200, 204]);
    const { body } = await app.send('get', '/audit-events', { token, query: { user_id: created.body.id } });
    const types = (body.items as { type: string }[]).map(({ type }) => type);
    expect(types).to.deep.equal(['user.deleted', 'user.role_changed', 'user.created']);
  });

  const eraseDue = async () => {
    const job = app.context.features.personalData.jobs.find(({ name }) => name === 'erase_users')!;
    await job.run({}, { jobId: '', attempt: 1, signal: new AbortController().signal, complete: async () => {} });
  };
  const eventsAbout = (id: string) =>
    roles.owner.pool('audit_events').where({ user_id: id }).orderBy(['created_at', 'id']);
  const backdate = (id: string) =>
    roles.owner
      .pool('users')
      .where({ id })
      .update({ deleted_at: new Date(0) });

  it('lets people delete their account and administrators restore it, and erases whom nobody restored', async () => {
    const [ada, { accessToken: token }] = [await app.signIn(), await app.signIn('admin')];
    const deletion = await app.send('delete', '/auth/me', { token: ada.accessToken });
    const restoration = await app.send('post', `/users/${ada.id}/restore`, { token });
    const { body } = await app.login(ada);
    const again = await app.send('delete', '/auth/me', { token: body.access_token as string });
    expect([deletion.status, restoration.status, again.status]).to.deep.equal([204, 200, 204]);
    await backdate(ada.id);

    await eraseDue();

    const events = await eventsAbout(ada.id);
    expect(events.map(({ type }: { type: string }) => type)).to.include.members(['user.restored', 'user.erased']);
    for (const { actor_id: actor, ip_address: address, details } of events) {
      if (actor === ada.id) expect(address).to.equal(null);
      expect(details).to.deep.equal({});
    }
    expect((await app.send('post', `/users/${ada.id}/restore`, { token })).status).to.equal(404);
  });

  it('lets operators promote, demote and erase by command', async () => {
    const boss = await app.signIn('admin');
    const ada = await app.signIn();
    const variables = { ...testEnvironment(roles.runtimeUrl), MIGRATE_AT_START: 'off' };
    const admin = (...args: string[]) => runCommand(['admin', ...args], variables);

    for (const args of [['promote', ada.id, '--yes'], ['demote', boss.id], ['erase', boss.id, '--yes'], ['list']])
      expect(await admin(...args), args[0]).to.include({ status: 0, stderr: '' });

    const types = (await eventsAbout(boss.id)).map(({ type }: { type: string }) => type);
    expect(types.slice(-3)).to.deep.equal(['user.role_changed', 'user.deleted', 'user.erased']);
  });

  it('can erase personal data only in the events of deleted users, which keep what happened', async () => {
    const ada = await app.signIn();
    const before = await eventsAbout(ada.id);
    const erase = () => roles.runtime.pool.raw('select erase_audit_events_of(?)', [ada.id]);
    expect(await erase().catch((error: unknown) => (error as Error).message)).to.include('was not deleted');
    await roles.runtime.pool('users').where({ id: ada.id }).update({ deleted_at: new Date() });

    await erase();

    const shape = ({ id, type, created_at: at, user_id: user, actor_id: actor }: Record<string, unknown>) =>
      ({ id, type, at, user, actor }) as unknown;
    expect((await eventsAbout(ada.id)).map(shape)).to.deep.equal(before.map(shape));
  });

  it('runs every recurring job, and so deletes events that are old enough', async () => {
    const { pool } = roles.owner;
    const old = { id: randomUUID(), type: 'user.renamed', outcome: 'success', created_at: new Date(0) };
    await pool('audit_events').insert(old);
    const expected = listOf(app.context.features, 'expiry').map(({ name }) => `expire_${name}`);
    const jobs = startJobs(app.context);
    try {
      const rows = () => pool<JobModel>('jobs').where({ is_recurring: true });
      await eventually('all are there', async () => {
        const names = (await rows()).map(({ name }) => name);
        return expected.every((name) => names.includes(name));
      });
      await pool('jobs').update({ run_at: new Date() });

      await eventually('all have run', async () =>
        (await rows()).every(({ run_at: next }) => next.getTime() > Date.now() + 60_000),
      );
    } finally {
      await jobs.stop();
    }
    expect(await pool('jobs').whereNotNull('last_error')).to.deep.equal([]);
    expect(await pool('audit_events').where({ id: old.id })).to.deep.equal([]);
  });

  it('is prepared by the command migrate, however often', async () => {
    const variables = { DATABASE_URL: roles.ownerUrl, DATABASE_RUNTIME_ROLE: roles.role };
    for (const run of ['first', 'second']) {
      const { status, stdout } = await runCommand(['migrate'], variables);
      expect(stdout).to.equal(`nothing to migrate\n${roles.role} may read and write, and only add audit events\n`);
      expect(status, run).to.equal(0);
    }
  });

  it('starts where migrations are the business of the owner', async () => {
    const { status, stdout } = await runCommand(['migrate'], { DATABASE_URL: roles.runtimeUrl });
    expect([status, stdout]).to.deep.equal([0, 'nothing to migrate\n']);
  });

  it('is refused to roles that are not there or own the tables', async () => {
    const refusalOf = (role: string) =>
      grantRuntimeRole(roles.ownerUrl, 5000, role, () => {}).then(
        () => 'granted',
        (error: unknown) => (error as Error).message,
      );
    expect(await refusalOf('no such role')).to.match(/does not exist; run: create role "no such role" login/);
    expect(await refusalOf(decodeURIComponent(new URL(roles.ownerUrl).username))).to.match(
      /the rights of the tables' owner/,
    );
  });
});
