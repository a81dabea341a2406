/** Notices: who gets them, and when. */
import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson } from '../../support/people.ts';

describe('notices', () => {
  const app = useApp();
  const at = '2026-03-01T12:34:56.000Z';

  it('are sent once the transaction commits, to the address that the user has then', async () => {
    const user = await app.users.create({ ...newPerson(), role: 'user' });
    const { database, features } = app.context;
    const notice = { userId: user.id, notice: 'password_changed', values: { at } } as const;
    await database
      .transaction(async (db) => {
        await features.notices.service.send(db, notice);
        throw new Error('undone');
      })
      .catch(() => {});
    expect(await deliverMails(app)).to.deep.equal([]);

    await database.transaction((db) => features.notices.service.send(db, notice));

    const [mail, ...others] = await deliverMails(app);
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ name: 'password_changed', to: user.email, link: undefined });
    expect(mail?.subject).to.equal('Latchkey: Your password was changed');
    expect(mail?.text).to.match(/March 1, 2026(,| at) 12:34\sPM UTC/);
  });

  it('are not sent to a deleted user', async () => {
    const user = await app.users.create({ ...newPerson(), role: 'user' });
    const { database, features } = app.context;
    await features.notices.service.send(database.pool, {
      userId: user.id,
      notice: 'session_reused',
      values: { at },
    });
    await app.users.remove(user.id);

    expect(await deliverMails(app)).to.deep.equal([]);
    expect(await database.pool('jobs').select()).to.deep.equal([]);
  });
});
