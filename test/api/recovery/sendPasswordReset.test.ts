import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { expectProblem } from '../../support/problems.ts';

describe('sendPasswordReset', () => {
  const app = useApp();
  const sendReset = (id: string, token: string) => app.send('post', `/users/${id}/password-reset`, { token });

  it('mails the user a link, of which the administrator sees nothing', async () => {
    const [admin, user] = [await app.signIn('admin'), await app.signIn('user')];

    const { status, bytes } = await sendReset(user.id, admin.accessToken);

    expect([status, bytes.length]).to.deep.equal([202, 0]);
    const [mail] = await deliverMails(app);
    expect(mail).to.include({ name: 'password_reset', to: user.email });
    const json = { token: mail?.token, new_password: 'seven green kites over water' };
    expect((await app.send('post', '/auth/password/reset', { json })).status).to.equal(204);
  });

  it('changes nothing until the link is used', async () => {
    const [admin, user] = [await app.signIn('admin'), await app.signIn('user')];

    await sendReset(user.id, admin.accessToken);
    await deliverMails(app);

    expect((await app.send('get', '/auth/me', { token: user.accessToken })).status).to.equal(200);
    expect((await app.login(user)).status).to.equal(200);
  });

  it('works after strangers have used up what an address gets in an hour', async () => {
    const [admin, user] = [await app.signIn('admin'), await app.signIn('user')];
    for (let count = 0; count < 7; count += 1) {
      await app.send('post', '/auth/password/forgot', { json: { email: user.email } });
      await deliverMails(app);
    }

    await sendReset(user.id, admin.accessToken);

    expect(await deliverMails(app)).to.have.length(1);
  });

  it('refuses a deactivated user, for whom no link works; mails nothing, and records nothing', async () => {
    const [admin, user] = [await app.signIn('admin'), await addUser(app, { isActive: false })];

    expectProblem(await sendReset(user.id, admin.accessToken), 403, 'account_disabled');

    expect(await deliverMails(app)).to.deep.equal([]);
    expect((await eventsOf(app, user.id)).map(({ type }) => type)).not.to.include('password.reset_requested');
    await app.users.update(user.id, { isActive: true });
    expect((await sendReset(user.id, admin.accessToken)).status).to.equal(202);
    expect((await deliverMails(app)).map(({ to }) => to)).to.deep.equal([user.email]);
  });

  it('records who wanted it', async () => {
    const [admin, user] = [await app.signIn('admin'), await addUser(app)];

    await sendReset(user.id, admin.accessToken);
    await deliverMails(app);

    const events = (await eventsOf(app, user.id)).filter(({ type }) => type === 'password.reset_requested');
    expect(events.map(({ actor_id }) => actor_id)).to.deep.equal([admin.id]);
  });
});
