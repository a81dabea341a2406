import { expect } from 'chai';
import { staleToken } from '../../support/access-tokens.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import {
  countActiveAdmins,
  expectTokensToBeDead,
  expectTokensToWork,
  makeOnlyAdmin,
} from '../../support/consequences.ts';
import { eventsOf } from '../../support/events.ts';
import { itHonoursIfMatch } from '../../support/it-honours-if-match.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('deleteCurrentUser', () => {
  const app = useApp({ env: { ERASE_AFTER_DAYS: '14' } });
  const elsewhere = useSecondApp(app);
  const remove = (token: string, headers: Record<string, string> = {}, on = app) =>
    on.send('delete', '/auth/me', { token, headers });

  it('deletes the account, ends its sessions everywhere and frees the address', async () => {
    const ada = await app.signIn();

    const { status, bytes } = await remove(ada.accessToken);

    expect(status).to.equal(204);
    expect(bytes).to.have.length(0);
    await expectTokensToBeDead([elsewhere, app], ada);
    expectProblem(await app.login(ada), 401, 'invalid_credentials');
    const json = registration(newPerson({ email: ada.email }));
    expect((await app.send('post', '/auth/register', { json })).status).to.equal(201);
  });

  it('mails until when it can be undone', async () => {
    const ada = await app.signIn();
    await deliverMails(app);

    await remove(ada.accessToken);

    const [mail, ...others] = await deliverMails(app);
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ name: 'account_deleted', to: ada.email, subject: 'Latchkey: Your account was deleted' });
    const until = new Date(Date.now() + 14 * 86_400_000);
    const day = until.toLocaleDateString('en', { dateStyle: 'long', timeZone: 'UTC' });
    expect(mail?.text.replaceAll(/\s+/g, ' ')).to.include(`ask an administrator before ${day} at`);
  });

  it('leaves an event of whoever did it', async () => {
    const ada = await app.signIn();
    await remove(ada.accessToken);
    expect((await eventsOf(app, ada.id)).at(-1)).to.include({ type: 'user.deleted', actor_id: ada.id });
  });

  it('can be undone by an administrator', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await remove(ada.accessToken);

    await app.send('post', `/users/${ada.id}/restore`, { token: admin.accessToken });

    expect((await app.login(ada)).status).to.equal(200);
  });

  it('asks for a sign-in of the last ten minutes', async () => {
    const ada = await app.signIn();

    const answer = await remove(staleToken(app, ada, 601));

    expectProblem(answer, 401, 'insufficient_user_authentication');
    expect(answer.headers['www-authenticate']).to.include('max_age="600"');
    await expectTokensToWork([app], ada);
  });

  it('twice at the same time succeeds, and mails once', async () => {
    const ada = await app.signIn();
    await deliverMails(app);

    const answers = await Promise.all([remove(ada.accessToken), remove(ada.accessToken, {}, elsewhere)]);

    for (const { status, body } of answers) {
      expect([204, 401], `${status} ${body?.code}`).to.include(status);
    }
    expect(answers.map(({ status }) => status)).to.include(204);
    expect(await deliverMails(app)).to.have.length(1);
  });

  it('refuses the last administrator', async () => {
    const admin = await app.signIn('admin');
    await makeOnlyAdmin(app, admin.id);
    await deliverMails(app);

    expectProblem(await remove(admin.accessToken), 409, 'last_admin');
    await expectTokensToWork([app, elsewhere], admin);
    expect(await deliverMails(app)).to.deep.equal([]);
  });

  it('refuses one of the last two administrators when both go at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = [await app.signIn('admin'), await app.signIn('admin')];
      await makeOnlyAdmin(app, one.id);
      await app.context.database.pool('users').where({ id: other.id }).update({ role: 'admin' });

      const answers = await Promise.all([remove(one.accessToken), remove(other.accessToken, {}, elsewhere)]);

      expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 409]);
      expect(await countActiveAdmins(app)).to.equal(1);
    }
  });

  describe('with If-Match', () => {
    itHonoursIfMatch(app, { success: 204 }, async () => {
      const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];
      return { id: ada.id, token: moderator.accessToken, send: (headers) => remove(ada.accessToken, headers) };
    });
  });
});
