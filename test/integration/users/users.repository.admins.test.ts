import { expect } from 'chai';
import * as repository from '../../../src/features/users/users.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aUser } from '../factories.ts';

describe('users repository, administrators', () => {
  const database = useDatabase();

  it('finds none in an empty database or among inactive, deleted and lower roles', async () => {
    await aUser(database.db, { role: 'moderator' });
    const inactive = await aUser(database.db, { role: 'admin' });
    await repository.updateUser(database.db, inactive.id, { isActive: false });
    const deleted = await aUser(database.db, { role: 'admin' });
    await repository.deleteUser(database.db, deleted.id);

    expect(await repository.hasAdmin(database.db)).to.equal(false);
    expect(await repository.lockActiveAdmins(database.db)).to.deep.equal([]);
  });

  it('locks the active ones in order of id until the transaction ends', async () => {
    const admins = [await aUser(database.db, { role: 'admin' }), await aUser(database.db, { role: 'admin' })];
    const holder = await database.db.transaction();

    const locked = await repository.lockActiveAdmins(holder);

    const free = await database.db('users').select<{ id: string }[]>('id').forUpdate().skipLocked();
    await holder.rollback();
    const freeAfter = await database.db('users').select<{ id: string }[]>('id').forUpdate().skipLocked();
    const ids = admins.map(({ id }) => id);
    expect(locked).to.deep.equal(ids);
    expect(await repository.hasAdmin(database.db)).to.equal(true);
    expect(free.map(({ id }) => id)).not.to.include.members([ids[0]]);
    expect(free.map(({ id }) => id)).not.to.include.members([ids[1]]);
    expect(freeAfter.map(({ id }) => id)).to.include.members(ids);
  });
});
