import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp, type SignedIn } from '../../support/app.ts';
import { expectTokensToWork } from '../../support/consequences.ts';
import { eventsOf } from '../../support/events.ts';
import { addTotp, confirmTotp, enrolTotp, forgetSteps } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { register } from '../../support/passkeys.ts';
import { expectProblem } from '../../support/problems.ts';

describe('removeFactor', () => {
  const app = useApp();
  const remove = (token: string, id: string) => app.send('delete', `/auth/factors/${id}`, { token });
  const list = async (token: string) => (await app.send('get', '/auth/factors', { token })).body as object;

  it('removes the last factor with its seed and the recovery codes, and leaves one factor to sign in', async () => {
    const ada = await app.signIn();
    const { factorId } = await addTotp(app, ada);

    expect((await remove(ada.accessToken, factorId)).status).to.equal(204);

    expect(await list(ada.accessToken)).to.deep.equal({ items: [], recovery_codes_left: 0 });
    const { pool } = app.context.database;
    expect(await pool('totp_seeds').where({ factor_id: factorId })).to.deep.equal([]);
    expect(await pool('recovery_codes').where({ user_id: ada.id })).to.deep.equal([]);
    expect((await app.login(ada)).status).to.equal(200);
    await expectTokensToWork([app], ada);
  });

  it('leaves the other factors and the recovery codes', async () => {
    const ada = await app.signIn();
    const [phone, tablet] = [await addTotp(app, ada), await addTotp(app, ada, 'Tablet')];

    await remove(ada.accessToken, phone.factorId);

    const left = (await list(ada.accessToken)) as { items: { id: string }[]; recovery_codes_left: number };
    expect(left.items.map(({ id }) => id)).to.deep.equal([tablet.factorId]);
    expect(left.recovery_codes_left).to.equal(10);
  });

  it('raises the version of the credentials, which ends every other session', async () => {
    const ada = await app.signIn();
    const { factorId } = await addTotp(app, ada);
    const { pool } = app.context.database;
    const version = async () =>
      ((await pool('users').where({ id: ada.id }).first()) as { credentials_version: number }).credentials_version;
    const before = await version();

    await remove(ada.accessToken, factorId);

    expect(await version()).to.equal(before + 1);
    await expectTokensToWork([app], ada);
  });

  it('leaves an event and mails the owner', async () => {
    const ada = await app.signIn();
    const { factorId } = await addTotp(app, ada);
    await deliverMails(app);

    await remove(ada.accessToken, factorId);

    const event = (await eventsOf(app, ada.id)).at(-1);
    expect(event).to.deep.include({ type: 'factor.removed', details: { kind: 'totp', factor_id: factorId } });
    const mails = await deliverMails(app);
    expect(mails.map(({ name, to }) => [name, to])).to.deep.equal([['totp_removed', ada.email]]);
  });

  describe('of the last one, for the session that goes on', () => {
    const strict = useSecondApp(app, { env: { REQUIRE_SECOND_FACTOR: 'admin' } });
    const refresh = async ({ refreshToken }: SignedIn) => {
      const { body } = await app.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });
      return { accessToken: body.access_token as string, refreshToken: body.refresh_token as string };
    };
    const claimsOf = ({ accessToken }: { accessToken: string }) => jwt.decode(accessToken, { json: true })!;
    const methodsOf = async ({ id }: SignedIn) =>
      ((await app.context.database.pool('sessions').where({ user_id: id }).first()) as { methods: string[] }).methods;

    it('leaves the first factor alone of what was proved', async () => {
      const ada = await app.signIn();
      const { factorId } = await addTotp(app, ada);
      expect(await methodsOf(ada)).to.deep.equal(['password', 'totp']);

      await remove(ada.accessToken, factorId);

      expect(await methodsOf(ada)).to.deep.equal(['password']);
      expect(claimsOf(await refresh(ada))).to.deep.include({ amr: ['pwd'], acr: 'urn:latchkey:acr:1' });
    });

    it('leaves nothing of what a passkey proved alone', async () => {
      const ada = await app.signIn();
      const { reply } = await register(app, ada);
      await app.context.database
        .pool('sessions')
        .where({ user_id: ada.id })
        .update({ methods: ['passkey'] });

      await remove(ada.accessToken, (reply.body as { passkey: { id: string } }).passkey.id);

      expect(await methodsOf(ada)).to.deep.equal([]);
      const { amr, acr, auth_time: authTime } = claimsOf(await refresh(ada));
      expect({ amr, acr }).to.deep.equal({ amr: [], acr: 'urn:latchkey:acr:1' });
      expect(authTime).to.be.closeTo(claimsOf(ada)['auth_time'] as number, 2);
    });

    it('takes nothing away while another is left', async () => {
      const ada = await app.signIn();
      const phone = await addTotp(app, ada);
      await addTotp(app, ada, 'Tablet');

      await remove(ada.accessToken, phone.factorId);

      expect(claimsOf(await refresh(ada))).to.deep.include({ acr: 'urn:latchkey:acr:2' });
    });

    it('leads an administrator to enrol again, where REQUIRE_SECOND_FACTOR asks for one', async () => {
      const admin = await app.signIn('admin');
      const phone = await addTotp(app, admin);
      const enrolled = await refresh(admin);
      const list = (token: string) => strict.send('get', '/users', { token });
      expect((await list(enrolled.accessToken)).status).to.equal(200);
      await strict.send('delete', `/auth/factors/${phone.factorId}`, { token: enrolled.accessToken });

      const without = await refresh({ ...admin, ...enrolled });
      expectProblem(await list(without.accessToken), 403, 'second_factor_enrolment_required');
      const tablet = await addTotp(strict, without, 'Tablet');
      await forgetSteps(app, tablet);
      expect((await list((await refresh({ ...admin, ...without })).accessToken)).status).to.equal(200);
    });
  });

  it('gives up an app that was not confirmed, without a word', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);
    await deliverMails(app);
    const before = await eventsOf(app, ada.id);

    expect((await remove(ada.accessToken, phone.factorId)).status).to.equal(204);

    expectProblem(await confirmTotp(app, ada, phone, phone.code()), 404, 'not_found');
    expect(await eventsOf(app, ada.id)).to.deep.equal(before);
    expect(await deliverMails(app)).to.deep.equal([]);
  });

  it('finds no factor of somebody else, and none twice', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];
    const { factorId } = await addTotp(app, ada);

    expectProblem(await remove(grace.accessToken, factorId), 404, 'not_found');
    const statuses = await Promise.all([1, 2, 3].map(() => remove(ada.accessToken, factorId)));
    expect(statuses.map(({ status }) => status).sort()).to.deep.equal([204, 404, 404]);
  });
});
