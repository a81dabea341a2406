import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { eraseEventsOf, expireEvents, insertEvent, listEvents } from '../../../src/features/audit/audit.repository.ts';
import { checkTrail } from '../../../src/features/audit/trail.check.ts';
import { useTwoRoles } from '../../support/runtime-role.ts';
import { aClient } from '../../support/a-client.ts';
import { aUser } from '../factories.ts';

describe('the audit trail', () => {
  const roles = useTwoRoles();

  const refusalOf = async (run: Promise<unknown>) =>
    run.then(
      () => 'done',
      (error: unknown) => (error as Error).message.replace(/^.* - /, ''),
    );

  /** An event about somebody, so many days old. */
  async function anEvent({ userId = randomUUID(), daysAgo = 0 } = {}): Promise<string> {
    const id = randomUUID();
    await roles.owner.pool('audit_events').insert({
      id,
      type: 'user.renamed',
      outcome: 'success',
      user_id: userId,
      created_at: new Date(Date.now() - daysAgo * 86_400_000),
    });
    return id;
  }

  const exists = async (id: string) => (await roles.owner.pool('audit_events').where({ id })).length === 1;

  const changes: [what: string, statement: string][] = [
    ['update', `update audit_events set outcome = 'failure'`],
    ['update of nothing', `update audit_events set outcome = 'failure' where false`],
    ['deletion', 'delete from audit_events'],
    ['truncation', 'truncate audit_events'],
    ['row locked for a change', 'select from audit_events for update'],
    ['trigger disabled', 'alter table audit_events disable trigger audit_events_are_kept'],
    ['trigger dropped', 'drop trigger audit_events_are_kept on audit_events'],
    [
      'trigger that undoes it',
      `create trigger mine before insert on audit_events execute function refuse_audit_change()`,
    ],
    ['table dropped', 'drop table audit_events'],
    ['rule instead', `create rule mine as on insert to audit_events do instead nothing`],
    ['function replaced', `create or replace function refuse_audit_change() returns trigger language sql as ''`],
    ['function of its own', `create function pick() returns integer language sql as 'select 1'`],
  ];
  for (const [what, statement] of changes) {
    it(`refuses the runtime role: ${what}`, async () => {
      const id = await anEvent();
      expect(await refusalOf(roles.runtime.pool.raw(statement))).to.match(/permission denied|must be owner/);
      expect(await exists(id)).to.equal(true);
    });
  }

  it('refuses the runtime role even where the setting says that a function is at work', async () => {
    const deleting = roles.runtime.transaction(async (db) => {
      await db.raw(`set local latchkey.audit_upkeep = 'on'`);
      await db('audit_events').delete();
    });
    expect(await refusalOf(deleting)).to.match(/permission denied/);
  });

  for (const [what, statement] of changes.slice(0, 4)) {
    it(`refuses the owner: ${what}`, async () => {
      const id = await anEvent();
      expect(await refusalOf(roles.owner.pool.raw(statement))).to.equal('audit events are never changed');
      expect(await exists(id)).to.equal(true);
    });
  }

  it('lets the runtime role add and read', async () => {
    const userId = randomUUID();
    await insertEvent(roles.runtime.pool, { type: 'user.renamed', outcome: 'success', userId });
    expect(await listEvents(roles.runtime.pool, { userId }, 10)).to.have.length(1);
  });

  it('expires by the retention, some at a time', async () => {
    const [oldest, older, old, young] = [
      await anEvent({ daysAgo: 93 }),
      await anEvent({ daysAgo: 92 }),
      await anEvent({ daysAgo: 91 }),
      await anEvent({ daysAgo: 89 }),
    ];

    expect(await expireEvents(roles.runtime.pool, 90, 2)).to.equal(2);
    expect([await exists(oldest), await exists(older), await exists(old)]).to.deep.equal([false, false, true]);
    expect(await expireEvents(roles.runtime.pool, 90, 2)).to.equal(1);
    expect(await exists(young)).to.equal(true);
  });

  it('never expires what is younger than 30 days', async () => {
    const id = await anEvent({ daysAgo: 29 });
    for (const days of [29, 0, -1000]) {
      expect(await refusalOf(expireEvents(roles.runtime.pool, days, 100))).to.equal(
        'audit events are kept for at least 30 days',
      );
    }
    expect(await exists(id)).to.equal(true);
  });

  it('can be changed no more in a transaction in which something expired', async () => {
    const changing = roles.owner.transaction(async (db) => {
      await expireEvents(db, 30, 1);
      await db('audit_events').delete();
    });
    expect(await refusalOf(changing)).to.equal('audit events are never changed');
  });

  it('forgets a deleted user, and keeps what happened', async () => {
    const { id: userId } = await aUser(roles.owner.pool);
    const actorId = randomUUID();
    const event = { type: 'user.role_changed', outcome: 'success', client: aClient() } as const;
    const details = { from: 'user', to: 'admin' };
    await insertEvent(roles.runtime.pool, { ...event, userId, actorId: userId, details });
    await insertEvent(roles.runtime.pool, { ...event, userId, actorId, details });
    await insertEvent(roles.runtime.pool, { ...event, userId: actorId, actorId: userId, details });
    await roles.owner.pool('users').where({ id: userId }).update({ deleted_at: new Date() });

    await eraseEventsOf(roles.runtime.pool, userId);

    const about = await listEvents(roles.runtime.pool, { userId }, 10);
    const by = await listEvents(roles.runtime.pool, { userId: actorId }, 10);
    const { requestId } = aClient();
    expect([...about, ...by].map(({ client, details: left }) => ({ client, left }))).to.deep.equal([
      { client: aClient(), left: {} },
      { client: { requestId }, left: {} },
      { client: { requestId }, left: details },
    ]);
    expect(about.map(({ type, actorId: actor }) => [type, actor])).to.deep.equal([
      ['user.role_changed', actorId],
      ['user.role_changed', userId],
    ]);
  });

  it('forgets nobody who is still there', async () => {
    const { id: userId } = await aUser(roles.owner.pool);
    await insertEvent(roles.runtime.pool, { type: 'user.renamed', outcome: 'success', userId, client: aClient() });

    expect(await refusalOf(eraseEventsOf(roles.runtime.pool, userId))).to.equal(`user ${userId} was not deleted`);

    expect((await listEvents(roles.runtime.pool, { userId }, 10))[0]?.client).to.deep.equal(aClient());
  });

  it('is not led astray by tables of the same name in a temporary schema', async () => {
    const { id: userId } = await aUser(roles.owner.pool);
    const erasing = roles.runtime.transaction(async (db) => {
      await db.raw('create temporary table users (id uuid, deleted_at timestamptz) on commit drop');
      await eraseEventsOf(db, userId);
    });
    expect(await refusalOf(erasing)).to.equal(`user ${userId} was not deleted`);
  });

  describe('in the eyes of doctor', () => {
    it('is safe from the runtime role', async () => {
      expect(await checkTrail(roles.runtime)).to.include({ check: 'audit', result: 'ok' });
    });

    it('is not safe from the owner', async () => {
      expect(await checkTrail(roles.owner)).to.include({ check: 'audit', result: 'warn' });
    });

    it('is not safe from a role that was granted more, until migrate grants again', async () => {
      await roles.owner.pool.raw(`grant delete on audit_events to ${roles.role}`);
      const { result } = await checkTrail(roles.runtime);
      expect(await roles.grant()).to.deep.equal([`${roles.role} may read and write, and only add audit events`]);

      expect([result, (await checkTrail(roles.runtime)).result]).to.deep.equal(['warn', 'ok']);
    });

    it('is in danger without its trigger', async () => {
      await roles.owner.pool.raw('alter table audit_events disable trigger audit_events_are_kept');
      const finding = await checkTrail(roles.runtime);
      await roles.owner.pool.raw('alter table audit_events enable trigger audit_events_are_kept');
      expect(finding).to.include({ check: 'audit', result: 'fail' });
    });

    it('is in danger where nothing may expire', async () => {
      await roles.owner.pool.raw(`revoke execute on function expire_audit_events(integer, integer) from ${roles.role}`);
      const finding = await checkTrail(roles.runtime);
      await roles.grant();
      expect(finding).to.include({ check: 'audit', result: 'fail' });
    });
  });
});
