import { expect } from 'chai';
import { useApp, useSecondApp, type SignedIn, type TestApp } from '../../support/app.ts';
import {
  countActiveAdmins,
  expectTokensToBeDead,
  expectTokensToWork,
  makeOnlyAdmin,
} from '../../support/consequences.ts';
import { itHonoursIfMatch } from '../../support/it-honours-if-match.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';
import { otherSpellings } from '../../support/ids.ts';

describe('deleteUser', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const remove = (admin: SignedIn, id: string, headers: Record<string, string> = {}, on: TestApp = app) =>
    on.send('delete', `/users/${id}`, { token: admin.accessToken, headers });

  describe('deletes a user', () => {
    it('and answers 204 without a body', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];

      const { status, bytes } = await remove(admin, ada.id);

      expect(status).to.equal(204);
      expect(bytes).to.have.length(0);
    });

    it('and hides them from getUser, listUsers and login', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const search = () => app.send('get', '/users', { token: admin.accessToken, query: { search: ada.email } });
      expect((await search()).body.total).to.equal(1);

      await remove(admin, ada.id);

      expectProblem(await app.send('get', `/users/${ada.id}`, { token: admin.accessToken }), 404, 'not_found');
      expect((await search()).body)
        .to.include({ total: 0, next_cursor: null })
        .and.have.deep.property('items', []);
      expectProblem(await app.login(ada), 401, 'invalid_credentials');
    });

    it('and revokes their tokens at once on every process', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      await expectTokensToWork([app, elsewhere], ada);

      await remove(admin, ada.id);

      await expectTokensToBeDead([elsewhere, app], ada);
    });

    it('and frees their address for somebody new', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const successor = newPerson({ email: ada.email });
      await remove(admin, ada.id);

      const { status, body } = await app.send('post', '/auth/register', { json: registration(successor) });

      expect(status).to.equal(201);
      expect(body).to.include({ email: ada.email, full_name: successor.fullName }).and.not.include({ id: ada.id });
      expectProblem(await app.login(ada), 401, 'invalid_credentials');
      expect((await app.login(successor)).status).to.equal(200);
      await expectTokensToBeDead([app], ada);
    });

    it('again and again with one address', async () => {
      const admin = await app.signIn('admin');
      const { email } = newPerson();

      for (let round = 0; round < 3; round += 1) {
        const ada = await app.signIn('user', newPerson({ email }));
        expect((await remove(admin, ada.id)).status).to.equal(204);
      }
    });

    it('but keeps the row', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];

      await remove(admin, ada.id);

      const row: unknown = await app.context.database.pool('users').where({ id: ada.id }).first();
      expect(row).to.have.property('deleted_at').that.is.an.instanceOf(Date);
    });

    it('who is the requesting admin, when another stays', async () => {
      const [admin] = [await app.signIn('admin'), await app.signIn('admin')];

      expect((await remove(admin, admin.id)).status).to.equal(204);
      await expectTokensToBeDead([app, elsewhere], admin);
    });

    it('and nobody else', async () => {
      const [admin, ada, grace] = [await app.signIn('admin'), await app.signIn(), await app.signIn()];

      await remove(admin, ada.id);

      await expectTokensToWork([app, elsewhere], grace);
    });
  });

  describe('refuses', () => {
    for (const role of ['user', 'moderator'] as const) {
      it(`a ${role} who deletes themselves`, async () => {
        const actor = await app.signIn(role);

        expectProblem(await remove(actor, actor.id), 403, 'forbidden');
        await expectTokensToWork([app], actor);
      });
    }

    it('to delete a user twice', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      await remove(admin, ada.id);

      expectProblem(await remove(admin, ada.id), 404, 'not_found');
    });

    it('the last active admin', async () => {
      const admin = await app.signIn('admin');
      await makeOnlyAdmin(app, admin.id);

      expectProblem(await remove(admin, admin.id), 409, 'last_admin');
      await expectTokensToWork([app, elsewhere], admin);
    });

    for (const [what, spell] of otherSpellings) {
      it(`the last active admin, with an id in ${what}`, async () => {
        const admin = await app.signIn('admin');
        await makeOnlyAdmin(app, admin.id);

        expectProblem(await remove(admin, spell(admin.id)), 409, 'last_admin');
        await expectTokensToWork([app, elsewhere], admin);
      });
    }

    it('one of two admins who delete each other at the same time', async () => {
      for (let round = 0; round < 8; round += 1) {
        const [one, other] = [await app.signIn('admin'), await app.signIn('admin')];
        await makeOnlyAdmin(app, one.id);
        await app.context.database.pool('users').where({ id: other.id }).update({ role: 'admin' });

        const answers = await Promise.all([remove(one, other.id), remove(other, one.id, {}, elsewhere)]);

        expect(answers.filter(({ status }) => status === 204)).to.have.length(1);
        expect(await countActiveAdmins(app)).to.equal(1);
      }
    });
  });

  describe('with If-Match', () => {
    itHonoursIfMatch(app, { success: 204, late: 404 }, async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      return { id: ada.id, token: admin.accessToken, send: (headers) => remove(admin, ada.id, headers) };
    });
  });
});
