/** Codes of second factors, as a sign-in asks for them, on a real database and two servers. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { aClient } from '../../support/a-client.ts';
import { sessionOf } from '../../support/access-tokens.ts';
import { useApp, useSecondApp, type SignedIn, type TestApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addTotp, confirmTotp, enrolTotp, forgetSteps, readBase32 } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { mailedSecret } from '../../support/one-time-secrets.ts';

interface HashedCode {
  readonly code_hash: Buffer;
}

describe('second factors', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const verify = (user: SignedIn, factor: 'totp' | 'recovery_code', code: string, on: TestApp = app) => {
    const { database, features } = on.context;
    return database.transaction((db) => features.factors.verify(db, { user, client: aClient() }, { factor, code }));
  };
  const kindsOf = ({ id }: SignedIn) => app.context.features.factors.service.kindsOf(app.context.database.pool, id);
  const isTrue = (value: unknown) => value === true;

  describe('a code of an app', () => {
    it('works once, and not even then after the confirmation', async () => {
      const ada = await app.signIn();
      const phone = await enrolTotp(app, ada);
      const confirming = phone.code();
      await confirmTotp(app, ada, phone, confirming);
      expect(await verify(ada, 'totp', confirming)).to.be.false;

      const next = phone.code(1);
      expect(await verify(ada, 'totp', next)).to.be.true;
      expect(await verify(ada, 'totp', next)).to.be.false;
    });

    it('works for one of many who send it at once, on whichever server', async () => {
      const ada = await app.signIn();
      const phone = await addTotp(app, ada);
      await forgetSteps(app, phone);
      const code = phone.code();

      const servers = Array.from({ length: 12 }, (_, index) => (index % 2 ? app : elsewhere));
      const results = await Promise.all(servers.map((server) => verify(ada, 'totp', code, server)));

      expect(results.filter(isTrue)).to.have.length(1);
    });

    it('makes all earlier ones useless', async () => {
      const ada = await app.signIn();
      const phone = await addTotp(app, ada);
      await forgetSteps(app, phone);
      const [earlier, later] = [phone.code(), phone.code(1)];

      expect(await verify(ada, 'totp', later)).to.be.true;
      expect(await verify(ada, 'totp', earlier)).to.be.false;
    });

    it('works for any of several apps, and says which was used', async () => {
      const ada = await app.signIn();
      const [phone, tablet] = [await addTotp(app, ada), await addTotp(app, ada, 'Tablet')];

      expect(await verify(ada, 'totp', tablet.code(1))).to.be.true;
      expect(await verify(ada, 'totp', phone.code(1))).to.be.true;
      expect(await verify(ada, 'totp', tablet.code(1))).to.be.false;

      const { body } = await app.send('get', '/auth/factors', { token: ada.accessToken });
      for (const { last_used_at: used } of body.items as { last_used_at: string | null }[]) expect(used).not.to.be.null;
    });

    it('is worth nothing before the app is confirmed, once it is removed, and to anybody else', async () => {
      const [ada, grace] = [await app.signIn(), await app.signIn()];
      const watch = await enrolTotp(app, ada, 'Watch');
      expect(await verify(ada, 'totp', watch.code())).to.be.false;
      await confirmTotp(app, ada, watch, watch.code());

      expect(await verify(grace, 'totp', watch.code(1))).to.be.false;
      await app.send('delete', `/auth/factors/${watch.factorId}`, { token: ada.accessToken });
      expect(await verify(ada, 'totp', watch.code(1))).to.be.false;
    });

    it('is not used up by a sign-in that fails afterwards', async () => {
      const ada = await app.signIn();
      const phone = await addTotp(app, ada);
      const code = phone.code(1);
      const { database, features } = app.context;
      const failing = database.transaction(async (db) => {
        await features.factors.verify(db, { user: ada, client: aClient() }, { factor: 'totp', code });
        throw new Error('the session could not begin');
      });
      expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal('the session could not begin');

      expect(await verify(ada, 'totp', code)).to.be.true;
    });
  });

  describe('a recovery code', () => {
    it('works once each, however it is typed', async () => {
      const ada = await app.signIn();
      const { recoveryCodes } = await addTotp(app, ada);

      for (const code of recoveryCodes) {
        expect(await verify(ada, 'recovery_code', code.toLowerCase().replaceAll('-', ' '))).to.be.true;
        expect(await verify(ada, 'recovery_code', code)).to.be.false;
      }
      expect(await kindsOf(ada)).to.deep.equal(['totp']);
    });

    it('works for one of many who send it at once, on whichever server', async () => {
      const ada = await app.signIn();
      const { recoveryCodes } = await addTotp(app, ada);

      const servers = Array.from({ length: 12 }, (_, index) => (index % 2 ? app : elsewhere));
      const results = await Promise.all(
        servers.map((server) => verify(ada, 'recovery_code', recoveryCodes[0]!, server)),
      );

      expect(results.filter(isTrue)).to.have.length(1);
    });

    it('is worth nothing to anybody else', async () => {
      const [ada, grace] = [await app.signIn(), await app.signIn()];
      const { recoveryCodes } = await addTotp(app, ada);
      await addTotp(app, grace);
      expect(await verify(grace, 'recovery_code', recoveryCodes[0]!)).to.be.false;
    });

    it('is stored as a hash', async () => {
      const ada = await app.signIn();
      const { recoveryCodes } = await addTotp(app, ada);

      const rows = (await app.context.database.pool('recovery_codes').where({ user_id: ada.id })) as HashedCode[];

      const stored = rows.map(({ code_hash: hash }) => hash.toString('latin1')).join();
      const hashes = recoveryCodes.map((code) =>
        createHash('sha256').update(code.replaceAll('-', '')).digest().toString('latin1'),
      );
      for (const [index, code] of recoveryCodes.entries()) {
        expect(stored).to.include(hashes[index]);
        expect(stored).not.to.include(code.replaceAll('-', ''));
      }
    });

    it('tells its owner by mail, and from the seventh on that few are left', async () => {
      const ada = await app.signIn();
      const { recoveryCodes } = await addTotp(app, ada);
      await deliverMails(app);

      for (const code of recoveryCodes.slice(0, 8)) await verify(ada, 'recovery_code', code);

      const mails = await deliverMails(app);
      expect(mails.map(({ name }) => name)).to.deep.equal([
        ...Array.from({ length: 6 }, () => 'recovery_code_used'),
        'recovery_codes_low',
        'recovery_codes_low',
      ]);
      expect(mails[6]!.text).to.include('Codes left: 3.');
      const used = (await eventsOf(app, ada.id)).filter(({ type }) => type === 'recovery_code.used');
      expect(used.map(({ details }) => details)).to.deep.equal([9, 8, 7, 6, 5, 4, 3, 2].map((left) => ({ left })));
    });
  });

  it('are what a user has: nothing, then an app and recovery codes, then nothing', async () => {
    const ada = await app.signIn();
    expect(await kindsOf(ada)).to.deep.equal([]);
    const phone = await enrolTotp(app, ada);
    expect(await kindsOf(ada)).to.deep.equal([]);
    await confirmTotp(app, ada, phone, phone.code());
    expect(await kindsOf(ada)).to.deep.equal(['totp', 'recovery_code']);
    await app.send('delete', `/auth/factors/${phone.factorId}`, { token: ada.accessToken });
    expect(await kindsOf(ada)).to.deep.equal([]);
  });

  it('are not changed by a session that ended while the request was on its way', async () => {
    const ada = await app.signIn();
    const { features, database } = app.context;
    const principal = (await features.sessions.service.authenticate({
      userId: ada.id,
      sessionId: sessionOf(ada.accessToken),
      authenticatedAt: new Date(),
      amr: [],
      acr: 'urn:latchkey:acr:1',
    }))!;
    await app.send('post', '/auth/logout', { token: ada.accessToken });

    const late = database.transaction((db) =>
      features.factors.service.add(db, { principal, client: aClient() }, { kind: 'totp', name: 'Thief’s' }),
    );

    expect(await late.catch((error: unknown) => (error as { code: string }).code)).to.equal('invalid_token');
    expect(await database.pool('factors').where({ user_id: ada.id })).to.deep.equal([]);
  });

  it('take their limit from the lock, also when many are confirmed at once', async () => {
    const ada = await app.signIn();
    for (let count = 0; count < 4; count += 1) await addTotp(app, ada);

    await Promise.all(
      [app, elsewhere, app].map(async (server) => {
        const { body } = await server.send('post', '/auth/factors/totp', {
          token: ada.accessToken,
          json: { name: 'Phone' },
        });
        return body as object;
      }),
    );

    const rows = (await app.context.database.pool('factors').where({ user_id: ada.id })) as object[];
    expect(rows).to.have.length(5);
  });

  describe('of an account that changes hands', () => {
    it('go with whoever registered it, when its owner proves the address by a reset', async () => {
      const squatter = await app.signIn();
      await app.context.database.pool('users').where({ id: squatter.id }).update({ is_provisional: true });
      await addTotp(app, squatter);

      const token = await mailedSecret(app, 'password_reset', squatter);
      const json = { token, new_password: 'seven green kites over water' };
      expect((await app.send('post', '/auth/password/reset', { json })).status).to.equal(204);

      expect(await kindsOf(squatter)).to.deep.equal([]);
      const [reset] = (await eventsOf(app, squatter.id)).filter(({ type }) => type === 'factors.reset');
      expect(reset).to.deep.include({ actor_id: null, details: { reason: 'address_proved' } });
    });

    it('stay when its owner resets a forgotten password', async () => {
      const ada = await app.signIn();
      await addTotp(app, ada);

      const token = await mailedSecret(app, 'password_reset', ada);
      await app.send('post', '/auth/password/reset', { json: { token, new_password: 'seven green kites over water' } });

      expect(await kindsOf(ada)).to.deep.equal(['totp', 'recovery_code']);
    });

    it('stay when it is deleted and restored', async () => {
      const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
      const phone = await addTotp(app, ada);
      await app.users.remove(ada.id);
      await app.send('post', `/users/${ada.id}/restore`, { token: admin.accessToken });

      expect(await kindsOf(ada)).to.deep.equal(['totp', 'recovery_code']);
      expect(await verify(ada, 'totp', phone.code(1))).to.be.true;
    });
  });

  describe('have seeds that', () => {
    const seedOf = async (factorId: string) =>
      ((await app.context.database.pool('totp_seeds').where({ factor_id: factorId }).first()) as { seed: Buffer }).seed;

    it('are bound to their factor and user, so that nobody gives somebody else a seed they know', async () => {
      const [ada, mallory] = [await app.signIn(), await app.signIn()];
      const [hers, his] = [await addTotp(app, ada), await addTotp(app, mallory)];
      await app.context.database
        .pool('totp_seeds')
        .where({ factor_id: hers.factorId })
        .update({ seed: await seedOf(his.factorId), last_step: 0 });

      const failed = await verify(ada, 'totp', his.code(1)).catch((error: unknown) => (error as Error).message);

      expect(failed).to.equal(`no key in FACTOR_KEYS or JWT_SECRETS opens the seed of factor ${hers.factorId}`);
    });

    it('are not what an export or a log shows', async () => {
      const ada = await app.signIn();
      const { secret, factorId, recoveryCodes } = await addTotp(app, ada);

      const { bytes, body } = await app.send('get', '/auth/me/export', { token: ada.accessToken });

      expect(body.factors[0]).to.include({ id: factorId, kind: 'totp', name: 'Phone' });
      expect(body.recovery_codes).to.have.length(10);
      const seed = await seedOf(factorId);
      const hidden = [secret, seed.toString('hex'), seed.toString('base64'), readBase32(secret).toString('hex')];
      for (const word of [...hidden, ...recoveryCodes]) expect(bytes.toString()).not.to.include(word);
    });
  });
});
