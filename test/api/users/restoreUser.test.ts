import { expect } from 'chai';
import { useApp, useSecondApp, type SignedIn, type TestApp } from '../../support/app.ts';
import { expectTokensToBeDead } from '../../support/consequences.ts';
import { eventsOf } from '../../support/events.ts';
import { nobodysId, otherSpellings } from '../../support/ids.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('restoreUser', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  let admin: SignedIn;

  before('sign an administrator in', async () => {
    admin = await app.signIn('admin');
  });

  const restore = (id: string, on: TestApp = app) =>
    on.send('post', `/users/${id}/restore`, { token: admin.accessToken });

  describe('brings a deleted user back', () => {
    it('with role and password, as a new version', async () => {
      const grace = await app.signIn('moderator');
      const { body: before } = await app.send('get', '/auth/me', { token: grace.accessToken });
      await app.users.remove(grace.id);

      const { status, body, headers } = await restore(grace.id);

      expect(status).to.equal(200);
      const changed = { updated_at: body.updated_at as unknown, etag: body.etag as unknown };
      expect(body).to.deep.equal({ ...before, ...changed });
      expect(headers['etag']).to.equal(body.etag);
      expect(body.etag).to.not.equal(before.etag);
      const { body: found } = await app.send('get', `/users/${grace.id}`, { token: admin.accessToken });
      expect(found).to.deep.equal(body);
      expect((await app.login(grace)).status).to.equal(200);
    });

    it('deactivated, if they were', async () => {
      const ada = await app.signIn();
      await app.users.update(ada.id, { isActive: false });
      await app.users.remove(ada.id);

      expect((await restore(ada.id)).body.is_active).to.equal(false);
      expectProblem(await app.login(ada), 403, 'account_disabled');
    });

    it('without their sessions', async () => {
      const ada = await app.signIn();
      await app.users.remove(ada.id);

      await restore(ada.id);

      await expectTokensToBeDead([app, elsewhere], ada);
    });

    it('without the change of address that they had asked for, whose link was mailed', async () => {
      const [ada, { email }] = [await app.signIn(), newPerson()];
      await app.send('post', '/auth/email', { token: ada.accessToken, json: { email } });
      const link = (await deliverMails(app)).find(({ to }) => to === email);
      expect(link).to.include({ name: 'email_change' });
      await app.users.remove(ada.id);

      await restore(ada.id);

      const { body: tokens } = await app.login(ada);
      const { body } = await app.send('get', '/auth/me', { token: tokens.access_token });
      expect(body).to.include({ email: ada.email }).and.not.to.have.property('pending_email');
      const confirmed = await app.send('post', '/auth/email/verify', { json: { token: link?.token } });
      expectProblem(confirmed, 400, 'invalid_one_time_secret');
    });

    it('without a change of address whose link was not mailed yet', async () => {
      const [ada, { email }] = [await app.signIn(), newPerson()];
      await app.send('post', '/auth/email', { token: ada.accessToken, json: { email } });
      await app.users.remove(ada.id);

      await restore(ada.id);

      expect((await deliverMails(app)).map(({ to }) => to)).not.to.include(email);
    });

    it('and leaves an event', async () => {
      const ada = await app.signIn();
      await app.users.remove(ada.id);

      await restore(ada.id);

      const event = (await eventsOf(app, ada.id)).at(-1);
      expect(event).to.include({ type: 'user.restored', outcome: 'success', actor_id: admin.id });
      expect(event!['request_id']).to.be.a('string');
    });

    for (const [what, spell] of otherSpellings) {
      it(`by their id in ${what}`, async () => {
        const { id } = await app.signIn();
        await app.users.remove(id);
        expect((await restore(spell(id))).body.id).to.equal(id);
      });
    }
  });

  describe('refuses', () => {
    it('an unknown id, a user who was not deleted, and one who was restored already', async () => {
      const ada = await app.signIn();
      expectProblem(await restore(nobodysId), 404, 'not_found');
      expectProblem(await restore(ada.id), 404, 'not_found');

      await app.users.remove(ada.id);
      await restore(ada.id);

      expectProblem(await restore(ada.id), 404, 'not_found');
    });

    it('to give an address away that somebody has by now, and changes nothing', async () => {
      const ada = await app.signIn();
      await app.users.remove(ada.id);
      const successor = newPerson({ email: ada.email });
      await app.send('post', '/auth/register', { json: registration(successor) });

      expectProblem(await restore(ada.id), 409, 'email_taken');
      expect((await eventsOf(app, ada.id)).at(-1)).to.include({ type: 'user.deleted' });
      expect((await app.login(successor)).status).to.equal(200);
      expectProblem(await app.login(ada), 401, 'invalid_credentials');
    });

    for (const role of ['user', 'moderator'] as const) {
      it(`a ${role}`, async () => {
        const { accessToken: token } = await app.signIn(role);
        const { id } = await app.signIn();
        await app.users.remove(id);
        expectProblem(await app.send('post', `/users/${id}/restore`, { token }), 403, 'forbidden');
      });
    }
  });

  it('and a registration of the address at the same time: one of them gets it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const ada = await app.signIn();
      await app.users.remove(ada.id);
      const json = registration(newPerson({ email: ada.email }));

      const [restored, registered] = await Promise.all([
        restore(ada.id, round % 2 === 0 ? app : elsewhere),
        app.send('post', '/auth/register', { json }),
      ]);

      if (restored.status === 200) expectProblem(registered, 409, 'email_taken');
      else {
        expectProblem(restored, 409, 'email_taken');
        expect(registered.status).to.equal(201);
      }
      const rows: unknown[] = await app.context.database.pool('users').where({ email: ada.email, deleted_at: null });
      expect(rows).to.have.length(1);
    }
  });

  it('twice at the same time happens once', async () => {
    const { id } = await app.signIn();
    await app.users.remove(id);

    const answers = await Promise.all([restore(id), restore(id, elsewhere)]);

    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 404]);
    const types = (await eventsOf(app, id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'user.restored')).to.have.length(1);
  });
});
