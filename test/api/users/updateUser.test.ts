import { expect } from 'chai';
import { staleToken } from '../../support/access-tokens.ts';
import { useApp, useSecondApp, type SignedIn, type TestApp } from '../../support/app.ts';
import {
  countActiveAdmins,
  expectTokensToBeDead,
  expectTokensToWork,
  makeOnlyAdmin,
} from '../../support/consequences.ts';
import { deliverMails } from '../../support/mails.ts';
import { itHonoursIfMatch } from '../../support/it-honours-if-match.ts';
import { expectProblem } from '../../support/problems.ts';
import { otherSpellings } from '../../support/ids.ts';

describe('updateUser', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const change = (admin: SignedIn, id: string, json: object, headers: Record<string, string> = {}, on: TestApp = app) =>
    on.send('patch', `/users/${id}`, { token: admin.accessToken, json, headers });
  const read = (reader: SignedIn, id: string) => app.send('get', `/users/${id}`, { token: reader.accessToken });
  const list = (token: string, on: TestApp = app) => on.send('get', '/users', { token });

  describe('changes', () => {
    for (const changes of [
      { full_name: 'Ada King' },
      { role: 'moderator' },
      { is_active: false },
      { full_name: 'Ada King', role: 'admin', is_active: false },
    ]) {
      it(`${Object.keys(changes).join(', ')} and nothing else`, async () => {
        const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
        const before = (await read(admin, ada.id)).body;

        const { status, body, headers } = await change(admin, ada.id, changes);

        expect(status).to.equal(200);
        expect(body).to.deep.equal({ ...before, ...changes, updated_at: body.updated_at, etag: headers['etag'] });
        expect((await read(admin, ada.id)).body).to.deep.equal(body);
      });
    }

    it('the name, however long ago the administrator signed in', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const token = staleToken(app, admin, 3600);

      const { status } = await app.send('patch', `/users/${ada.id}`, { token, json: { full_name: 'Ada King' } });

      expect(status).to.equal(200);
    });

    it('the name to its normalised form', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];

      const { body } = await change(admin, ada.id, { full_name: ' Zoe\u0301 Quince ' });

      expect(body.full_name).to.equal('Zo\u00e9 Quince');
    });

    it('the ETag and updated_at each time', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const answers = [await read(admin, ada.id)];

      for (const json of [{ role: 'moderator' }, { role: 'admin' }, { is_active: false }]) {
        answers.push(await change(admin, ada.id, json));
      }

      const times = answers.map(({ body }) => String(body.updated_at));
      expect(new Set(answers.map(({ headers }) => headers['etag']))).to.have.property('size', 4);
      expect(new Set(times)).to.have.property('size', 4);
      expect(times).to.deep.equal(times.toSorted());
    });

    it('an admin who is not the last', async () => {
      const [admin, other] = [await app.signIn('admin'), await app.signIn('admin')];

      const { status, body } = await change(admin, other.id, { role: 'moderator' });

      expect(status).to.equal(200);
      expect(body.role).to.equal('moderator');
    });
  });

  describe('is a no-op, byte for byte, when it repeats', () => {
    const same: [string, (user: { full_name: string }) => object][] = [
      ['the name', ({ full_name }) => ({ full_name })],
      ['the name in another spelling', ({ full_name }) => ({ full_name: ` ${full_name.normalize('NFD')} ` })],
      ['the role', () => ({ role: 'moderator' })],
      ['the state', () => ({ is_active: true })],
      ['everything', ({ full_name }) => ({ full_name, role: 'moderator', is_active: true })],
    ];
    for (const [what, changes] of same) {
      it(what, async () => {
        const [admin, grace] = [await app.signIn('admin'), await app.signIn('moderator')];
        await change(admin, grace.id, { full_name: 'Zo\u00e9 Quince' });
        const before = await read(admin, grace.id);

        const answer = await change(admin, grace.id, changes(before.body), { 'If-Match': before.headers['etag']! });

        expect(answer.status).to.equal(200);
        expect(answer.bytes.equals(before.bytes)).to.equal(true);
        expect(answer.headers['etag']).to.equal(before.headers['etag']);
        expect((await read(admin, grace.id)).bytes.equals(before.bytes)).to.equal(true);
        await expectTokensToWork([app, elsewhere], grace);
      });
    }

    it('an earlier deactivation', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const first = await change(admin, ada.id, { is_active: false });

      const second = await change(admin, ada.id, { is_active: false, role: 'user' });

      expect(second.bytes.equals(first.bytes)).to.equal(true);
    });

    it('but still rejects a stale ETag', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const stale = (await read(admin, ada.id)).headers['etag']!;
      await change(admin, ada.id, { role: 'moderator' });

      const answer = await change(admin, ada.id, { role: 'moderator' }, { 'If-Match': stale });

      expectProblem(answer, 412, 'precondition_failed');
    });

    it('and counts simultaneous equal changes as one', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];

      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          change(admin, ada.id, { role: 'moderator' }, {}, index % 2 ? elsewhere : app),
        ),
      );

      expect(answers.map(({ status }) => status)).to.deep.equal(Array(8).fill(200));
      expect(new Set(answers.map(({ headers }) => headers['etag']))).to.deep.equal(new Set([`"${ada.id}.2"`]));
    });
  });

  describe('takes effect at the next request, on every process', () => {
    it('for a promotion, with the existing token', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      for (const on of [app, elsewhere]) expectProblem(await list(ada.accessToken, on), 403, 'forbidden');

      await change(admin, ada.id, { role: 'moderator' });

      for (const on of [app, elsewhere]) expect((await list(ada.accessToken, on)).status).to.equal(200);
    });

    it('for a demotion: revokes tokens, and a new login has the lower role', async () => {
      const [admin, grace] = [await app.signIn('admin'), await app.signIn('moderator')];
      await expectTokensToWork([app, elsewhere], grace);

      await change(admin, grace.id, { role: 'user' });

      await expectTokensToBeDead([app, elsewhere], grace);
      const again = (await app.login(grace)).body;
      for (const on of [app, elsewhere]) expectProblem(await list(again.access_token, on), 403, 'forbidden');
      expect((await app.send('get', '/auth/me', { token: again.access_token })).body.role).to.equal('user');
    });

    it('for a deactivation: ends all sessions and allows no new one', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const second = (await app.login(ada)).body;
      await expectTokensToWork([app, elsewhere], ada);

      await change(admin, ada.id, { is_active: false });

      await expectTokensToBeDead([elsewhere, app], ada);
      await expectTokensToBeDead([app], { accessToken: second.access_token, refreshToken: second.refresh_token });
      expectProblem(await elsewhere.login(ada), 403, 'account_disabled');
    });

    it('for a reactivation: allows sign-in, but old tokens stay revoked', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      await change(admin, ada.id, { is_active: false });

      await change(admin, ada.id, { is_active: true });

      await expectTokensToBeDead([app, elsewhere], ada);
      expect((await app.login(ada)).status).to.equal(200);
    });

    it('but keeps sessions on a new name or the same role', async () => {
      const [admin, grace] = [await app.signIn('admin'), await app.signIn('moderator')];

      await change(admin, grace.id, { full_name: 'Grace', role: 'moderator', is_active: true });

      await expectTokensToWork([app, elsewhere], grace);
    });
  });

  describe('tells the user by mail', () => {
    for (const [before, after] of [
      ['user', 'admin'],
      ['moderator', 'user'],
    ] as const) {
      it(`of a new role, from ${before} to ${after}`, async () => {
        const [admin, ada] = [await app.signIn('admin'), await app.signIn(before)];
        await deliverMails(app);

        await change(admin, ada.id, { role: after });

        const mails = await deliverMails(app);
        expect(mails.map(({ name, to }) => [name, to])).to.deep.equal([['role_changed', ada.email]]);
        expect(mails[0]?.text).to.include(`Your role at Latchkey was changed from “${before}” to “${after}” on `);
      });
    }

    it('of nothing else, and of no role that stays', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      await deliverMails(app);

      await change(admin, ada.id, { full_name: 'Ada King', role: 'user', is_active: false });
      expectProblem(
        await change(admin, ada.id, { role: 'admin' }, { 'If-Match': '"stale"' }),
        412,
        'precondition_failed',
      );

      expect(await deliverMails(app)).to.deep.equal([]);
    });
  });

  describe('refuses', () => {
    for (const role of ['user', 'moderator'] as const) {
      it(`a ${role} who promotes themselves`, async () => {
        const actor = await app.signIn(role);

        expectProblem(await change(actor, actor.id, { role: 'admin' }), 403, 'forbidden');
        expect((await read(actor, actor.id)).body.role).to.equal(role);
      });
    }

    it('to change a user who was deleted', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      await app.users.remove(ada.id);

      expectProblem(await change(admin, ada.id, { is_active: true }), 404, 'not_found');
    });
  });

  describe('keeps the last active admin', () => {
    for (const [what, spell] of otherSpellings) {
      it(`whose id is written with ${what}`, async () => {
        const admin = await app.signIn('admin');
        await makeOnlyAdmin(app, admin.id);

        for (const json of [{ role: 'user' }, { is_active: false }]) {
          expectProblem(await change(admin, spell(admin.id), json), 409, 'last_admin');
        }
        await expectTokensToWork([app, elsewhere], admin);
      });
    }

    for (const json of [{ role: 'moderator' }, { role: 'user' }, { is_active: false }]) {
      it(`from ${JSON.stringify(json)}`, async () => {
        const admin = await app.signIn('admin');
        await makeOnlyAdmin(app, admin.id);

        const answer = await change(admin, admin.id, json);

        expectProblem(answer, 409, 'last_admin');
        expect((await read(admin, admin.id)).body).to.include({ role: 'admin', is_active: true });
        await expectTokensToWork([app, elsewhere], admin);
      });
    }

    it('counting neither deactivated nor deleted admins', async () => {
      const [admin, disabled, deleted] = [
        await app.signIn('admin'),
        await app.signIn('admin'),
        await app.signIn('admin'),
      ];
      await app.users.update(disabled.id, { isActive: false });
      await app.users.remove(deleted.id);
      await app.context.database
        .pool('users')
        .where({ role: 'admin', is_active: true, deleted_at: null })
        .whereNot({ id: admin.id })
        .update({ role: 'user' });

      expectProblem(await change(admin, admin.id, { role: 'user' }), 409, 'last_admin');
    });

    it('but lets the last one take a new name', async () => {
      const admin = await app.signIn('admin');
      await makeOnlyAdmin(app, admin.id);

      const { status } = await change(admin, admin.id, { full_name: 'Ada King', role: 'admin', is_active: true });

      expect(status).to.equal(200);
    });

    it('when two demote each other at the same time', async () => {
      for (let round = 0; round < 8; round += 1) {
        const [one, other] = [await app.signIn('admin'), await app.signIn('admin')];
        await makeOnlyAdmin(app, one.id);
        await app.context.database.pool('users').where({ id: other.id }).update({ role: 'admin' });

        const answers = await Promise.all([
          change(one, other.id, { role: 'user' }),
          change(other, one.id, { is_active: false }, {}, elsewhere),
        ]);

        expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
        expect(await countActiveAdmins(app)).to.equal(1);
      }
    });
  });

  describe('with If-Match', () => {
    itHonoursIfMatch(app, { success: 200, late: 412 }, async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const send = (headers: Record<string, string>) => change(admin, ada.id, { role: 'moderator' }, headers);
      return { id: ada.id, token: admin.accessToken, send };
    });
  });
});
