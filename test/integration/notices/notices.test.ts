/** Notices: who gets them, and when. */
import { expect } from 'chai';
import { useApp, type SignedIn } from '../../support/app.ts';
import { deliverMails, type SentMail } from '../../support/mails.ts';
import { mailedSecret } from '../../support/one-time-secrets.ts';
import { newPerson } from '../../support/people.ts';

const newPassword = 'seven green kites over water';

describe('notices', () => {
  const app = useApp();
  const at = '2026-03-01T12:34:56.000Z';
  const about = ({ id: userId, email: to }: { readonly id: string; readonly email: string }) =>
    ({ userId, to, notice: 'password_changed', values: { at } }) as const;
  afterEach('send what is left', () => deliverMails(app));

  it('are sent once the transaction commits', async () => {
    const user = await app.users.create({ ...newPerson(), role: 'user' });
    const { database, features } = app.context;
    await database
      .transaction(async (db) => {
        await features.notices.service.send(db, about(user));
        throw new Error('undone');
      })
      .catch(() => {});
    expect(await deliverMails(app)).to.deep.equal([]);

    await database.transaction((db) => features.notices.service.send(db, about(user)));

    const [mail, ...others] = await deliverMails(app);
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ name: 'password_changed', to: user.email, link: undefined });
    expect(mail?.subject).to.equal('Latchkey: Your password was changed');
    expect(mail?.text).to.match(/March 1, 2026(,| at) 12:34\sPM UTC/);
  });

  it('reach the owner even if a thief deletes the account', async () => {
    const user = await app.users.create({ ...newPerson(), role: 'user' });
    const { database, features } = app.context;
    await features.notices.service.send(database.pool, about(user));

    await app.users.remove(user.id);

    expect((await deliverMails(app)).map(({ to }) => to)).to.deep.equal([user.email]);
  });

  describe('go to the address that the user had at the time, whoever changes it before the mail server is back:', () => {
    const jobs = () => app.context.database.pool('jobs');
    const noticesOf = (mails: readonly SentMail[]) =>
      mails.filter(({ link }) => link === undefined).map(({ name, to }) => `${name} ${to}`);

    it('a thief with the session and the password, who confirms an address of their own', async () => {
      const [person, away] = [await app.signIn(), newPerson().email];
      const json = { current_password: person.password, new_password: newPassword };
      const changed = await app.send('post', '/auth/password', { token: person.accessToken, json });
      expect(changed.status).to.equal(204);
      await jobs()
        .where({ name: 'send_notice' })
        .update({ run_at: new Date(Date.now() + 3_600_000) });
      const { body } = await app.login({ ...person, password: newPassword });
      await app.send('post', '/auth/email', { token: body.access_token, json: { email: away } });
      const { token } = (await deliverMails(app)).find(({ to }) => to === away)!;
      expect((await app.send('post', '/auth/email/verify', { json: { token } })).status).to.equal(204);

      await jobs().update({ run_at: new Date() });

      expect(noticesOf(await deliverMails(app))).to.have.members([
        `password_changed ${person.email}`,
        `email_changed ${person.email}`,
      ]);
    });

    const deeds: Record<string, (person: SignedIn) => Promise<unknown>> = {
      password_changed: async (person) => {
        const json = { token: await mailedSecret(app, 'password_reset', person), new_password: newPassword };
        return app.send('post', '/auth/password/reset', { json });
      },
      session_reused: async ({ refreshToken }) => {
        const refresh = (token: string) => app.send('post', '/auth/refresh', { json: { refresh_token: token } });
        const { body } = await refresh(refreshToken);
        await refresh(body.refresh_token);
        return refresh(refreshToken);
      },
      new_device: async (person) => {
        await app.send('post', '/auth/login', {
          json: { email: person.email, password: person.password },
          headers: { 'User-Agent': 'another device' },
        });
      },
    };
    for (const [notice, deed] of Object.entries(deeds)) {
      it(notice, async () => {
        const [person, email] = [await app.signIn(), newPerson().email];
        await deliverMails(app);

        await deed(person);
        await app.context.database.pool('users').where({ id: person.id }).update({ email });

        expect(noticesOf(await deliverMails(app))).to.deep.equal([`${notice} ${person.email}`]);
      });
    }
  });
});
