import { expect } from 'chai';
import { insertEvent } from '../../../src/features/audit/audit.repository.ts';
import type { Db } from '../../../src/platform/database/database.ts';
import { ServiceError } from '../../../src/platform/errors.ts';
import { deleteRepliesOfUser } from '../../../src/features/idempotency/idempotency.repository.ts';
import * as sessionsRepository from '../../../src/features/sessions/sessions.repository.ts';
import * as usersRepository from '../../../src/features/users/users.repository.ts';
import { createUsersService, type UsersService } from '../../../src/features/users/users.service.ts';
import { useDatabase } from '../../support/database.ts';
import { aSession, aUser, together } from '../factories.ts';

const rounds = 10;
const always = () => true;

type Removal = (users: UsersService, id: string) => (db: Db) => Promise<unknown>;

const removals: Record<string, Removal> = {
  demote: (users, id) => (db) => users.update(db, id, { role: 'user' }, always, {}),
  deactivate: (users, id) => (db) => users.update(db, id, { isActive: false }, always, {}),
  delete: (users, id) => (db) => users.remove(db, id, always, {}),
};

describe('the last active admin', () => {
  const database = useDatabase();
  const users = () =>
    createUsersService({
      database: database.database,
      users: usersRepository,
      audit: { record: insertEvent },
      sessions: { endAllOf: sessionsRepository.endSessionsOfUser },
      idempotency: { forget: deleteRepliesOfUser },
      notices: { send: async () => {} },
      passwords: { hashChosen: async () => '!' },
    });
  const transaction = (work: (db: Db) => Promise<unknown>) => database.database.transaction(work);
  const activeAdmins = () => usersRepository.lockActiveAdmins(database.db);
  beforeEach('delete all users', () => database.db.raw('truncate users cascade'));

  const names = Object.keys(removals);
  const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other] as const));
  for (const [one, other] of pairs) {
    it(`stays when two admins ${one === other ? one : `${one} and ${other}`} each other at the same time`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        await database.db.raw('truncate users cascade');
        const first = await aUser(database.db, { role: 'admin' });
        const second = await aUser(database.db, { role: 'admin' });

        const { given, thrown } = await together([
          () => transaction(removals[one]!(users(), second.id)),
          () => transaction(removals[other]!(users(), first.id)),
        ]);

        expect(given, `successes of round ${round}`).to.have.length(1);
        expect(thrown[0]).to.be.instanceOf(ServiceError).with.property('code', 'last_admin');
        expect(await activeAdmins()).to.have.length(1);
      }
    });
  }

  it('stays when many admins remove themselves at the same time', async () => {
    const admins = [];
    for (let count = 0; count < 6; count += 1) admins.push(await aUser(database.db, { role: 'admin' }));

    const { given, thrown } = await together(
      admins.map(
        ({ id }, index) =>
          () =>
            transaction(removals[names[index % names.length]!]!(users(), id)),
      ),
    );

    expect(given).to.have.length(5);
    expect(thrown.map((error) => (error as ServiceError).code)).to.deep.equal(['last_admin']);
    expect(await activeAdmins()).to.have.length(1);
  });

  for (const [how, spell] of [
    ['in capitals', (id) => id.toUpperCase()],
    ['in braces', (id) => `{${id}}`],
    ['without dashes', (id) => id.replaceAll('-', '')],
  ] as [how: string, spell: (id: string) => string][]) {
    it(`stays when the id is written ${how}`, async () => {
      const last = await aUser(database.db, { role: 'admin' });

      const { thrown } = await together(
        names.map((name) => () => transaction(removals[name]!(users(), spell(last.id)))),
      );

      expect(thrown.map((error) => (error as ServiceError).code)).to.deep.equal(names.map(() => 'last_admin'));
      expect(await activeAdmins()).to.deep.equal([last.id]);
    });
  }

  it('may go once there is another', async () => {
    const first = await aUser(database.db, { role: 'admin' });
    const second = await aUser(database.db);
    await transaction((db) => users().update(db, second.id, { role: 'admin' }, always, {}));

    await transaction((db) => users().remove(db, first.id, always, {}));

    expect(await activeAdmins()).to.deep.equal([second.id]);
  });

  it('keeps role and sessions when the change is refused', async () => {
    const last = await aUser(database.db, { role: 'admin' });
    const session = await aSession(database.db, last.id);

    const { thrown } = await together([
      () => transaction((db) => users().update(db, last.id, { role: 'user', fullName: 'Other' }, always, {})),
    ]);

    expect(thrown).to.have.length(1);
    expect(await users().get(last.id, last)).to.deep.equal(last);
    expect(await sessionsRepository.findSessionUsers(database.db, [session])).to.deep.equal([last]);
  });

  it('is created once by many processes at the same time', async () => {
    const first = { email: 'first@example.com', password: 'seven green kites', fullName: 'First Admin' };

    const { given, thrown } = await together(Array.from({ length: 4 }, () => () => users().createFirstAdmin(first)));

    expect(thrown).to.deep.equal([]);
    expect(given.filter(Boolean)).to.have.length(1);
    const [id, ...others] = await activeAdmins();
    expect(others).to.be.empty;
    const events = await database.db('audit_events').where({ user_id: id });
    expect(events).to.have.length(1);
    expect(events[0]).to.deep.include({
      type: 'user.created',
      actor_id: null,
      details: { role: 'admin', by: 'operator' },
    });
  });
});
