import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp } from '../../support/app.ts';
import { answer, makeCredential, type Claims } from '../../support/authenticator.ts';
import { eventsOf } from '../../support/events.ts';
import { deliverMails } from '../../support/mails.ts';
import { creationOptions, loginWith, register, requestOptions } from '../../support/passkeys.ts';
import { expectProblem } from '../../support/problems.ts';

describe('loginWithPasskey', () => {
  const app = useApp();
  const strict = useSecondApp(app, { env: { REQUIRE_VERIFIED_EMAIL: 'on' } });
  const withPasskey = async (claims: Claims = {}) => {
    const ada = await app.signIn();
    const { credential } = await register(app, ada, claims);
    const passkey = async () => {
      const { body } = await app.send('get', '/auth/passkeys', { token: ada.accessToken });
      return (body as { items: { last_used_at: string | null; is_synced: boolean }[] }).items[0]!;
    };
    return { ...ada, credential, passkey };
  };
  const login = (credential: unknown, more = {}) =>
    app.send('post', '/auth/passkeys/login', { json: { credential, ...more } });

  it('signs in without an address, by two factors', async () => {
    const ada = await withPasskey();

    const { status, body } = await loginWith(app, ada.credential);

    expect(status).to.equal(200);
    const me = await app.send('get', '/auth/me', { token: body.access_token as string });
    expect(me.body).to.include({ id: ada.id });
    const claims = jwt.decode(body.access_token as string, { json: true });
    expect(claims).to.deep.include({ amr: ['pop', 'user', 'mfa'], acr: 'urn:latchkey:acr:2' });
    const sessions = await app.send('get', '/auth/sessions', { token: body.access_token as string });
    const [current] = (sessions.body as { items: { methods: string[]; is_current: boolean }[] }).items;
    expect(current).to.deep.include({ is_current: true, methods: ['passkey'] });
    const [event] = (await eventsOf(app, ada.id)).slice(-1);
    expect(event).to.deep.include({ type: 'session.started', outcome: 'success' });
    expect(event!['details']).to.include({ method: 'passkey' });
  });

  it('accepts the RSA key of an authenticator that has no other (RS256)', async () => {
    const ada = await withPasskey({ algorithm: 'RS256' });

    const { status, body } = await loginWith(app, ada.credential);

    expect(status).to.equal(200);
    expect((await app.send('get', '/auth/me', { token: body.access_token as string })).body).to.include({ id: ada.id });
    expectProblem(await loginWith(app, ada.credential, { isForged: true }), 401, 'invalid_passkey');
  });

  it('asks for the passkeys of nobody in particular, by a challenge of 256 bits that no other has', async () => {
    const options = await requestOptions(app);

    expect(options).to.deep.include({ rpId: 'latchkey.test', allowCredentials: [], userVerification: 'required' });
    expect(Buffer.from(options.challenge, 'base64url')).to.have.length(32);
    expect(options.challenge).not.to.equal((await requestOptions(app)).challenge);
  });

  it('records the use, and whether the passkey is synced by now', async () => {
    const ada = await withPasskey();
    expect(await ada.passkey()).to.include({ last_used_at: null, is_synced: false });

    await loginWith(app, ada.credential, { isBackedUp: true });

    const { last_used_at: lastUsedAt, is_synced: isSynced } = await ada.passkey();
    expect(Date.now() - Date.parse(lastUsedAt!)).to.be.within(-5000, 60_000);
    expect(isSynced).to.equal(true);
  });

  it('gives a device token, by which the next sign-in is not a new device', async () => {
    const ada = await withPasskey();
    const first = await loginWith(app, ada.credential);
    const newDevices = async () => {
      const names = (await deliverMails(app)).filter(({ to }) => to.includes(ada.email)).map(({ name }) => name);
      return names.filter((name) => name === 'new_device').length;
    };
    await newDevices();

    const sent = answer(await requestOptions(app), ada.credential);
    const json = { credential: sent, device_token: first.body.device_token as string };
    const headers = { 'User-Agent': 'Another/1.0' };
    const { status } = await app.send('post', '/auth/passkeys/login', { json, headers });

    expect(status).to.equal(200);
    expect(await newDevices()).to.equal(0);
  });

  const refused: Record<string, [claims: Claims, reason: string]> = {
    'used on a page of another site': [{ origin: 'https://elsewhere.test' }, 'origin'],
    "used in somebody else's frame": [{ crossOrigin: true }, 'origin'],
    'used for another domain': [{ rpId: 'elsewhere.test', origin: 'https://latchkey.test' }, 'origin'],
    'used without verifying the user': [{ isUserVerified: false }, 'unverified'],
    'that nobody touched': [{ isUserPresent: false }, 'broken'],
    'with a wrong signature': [{ isForged: true }, 'broken'],
    'that answers a registration': [{ type: 'webauthn.create' }, 'broken'],
    'that names another user': [{ userHandle: 'AZOdOnwee1qfQy0fDGqOEQ' }, 'broken'],
    'that names no user': [{ userHandle: '' }, 'broken'],
  };
  for (const [what, [claims, reason]] of Object.entries(refused)) {
    it(`refuses a passkey ${what}, and tells only operators why`, async () => {
      const ada = await withPasskey();

      const reply = await loginWith(app, ada.credential, claims);

      expectProblem(reply, 401, 'invalid_passkey');
      const [event] = (await eventsOf(app, ada.id)).slice(-1);
      expect(event).to.deep.include({ type: 'session.start_failed', outcome: 'failure' });
      expect(event!['details']).to.deep.equal({ method: 'passkey', reason: 'invalid_passkey', passkey: reason });
      expect(reply.bytes.toString()).not.to.contain(`"${reason}"`);
      // It was not used up.
      expect((await loginWith(app, ada.credential)).status).to.equal(200);
    });
  }

  it('refuses an answer that was sent before, also at the same time', async () => {
    const ada = await withPasskey();
    const sent = answer(await requestOptions(app), ada.credential);

    const replies = await Promise.all([1, 2, 3].map(() => login(sent)));

    expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, 401, 401]);
    expectProblem(await login(sent), 401, 'invalid_passkey');
  });

  it('refuses the answer to a challenge of a registration, or of more than ten minutes ago', async () => {
    const ada = await withPasskey();
    const { challenge } = await creationOptions(app, ada.accessToken);
    const late = await requestOptions(app);
    await app.context.database
      .pool('passkey_challenges')
      .whereNull('user_id')
      .update({ expires_at: new Date(Date.now() - 1000) });

    expectProblem(await login(answer({ ...late, challenge }, ada.credential)), 401, 'invalid_passkey');
    expectProblem(await login(answer(late, ada.credential)), 401, 'invalid_passkey');
  });

  it('refuses a passkey that nobody registered, like one that was removed', async () => {
    const { accessToken: token } = await app.signIn();
    const { credential } = makeCredential(await creationOptions(app, token));

    expectProblem(await loginWith(app, credential), 401, 'invalid_passkey');
  });

  describe('with a counter', () => {
    it('that stands still or goes back, refuses a passkey, and mails its user', async () => {
      const ada = await withPasskey({ signCount: 5 });
      await loginWith(app, ada.credential, { signCount: 9 });
      await deliverMails(app);

      for (const signCount of [9, 8, 0]) {
        expectProblem(await loginWith(app, ada.credential, { signCount }), 401, 'invalid_passkey');
      }

      const events = (await eventsOf(app, ada.id)).slice(-2);
      expect(events.map(({ type }) => type)).to.deep.equal(['passkey.cloned', 'session.start_failed']);
      const mails = (await deliverMails(app)).filter(({ to }) => to.includes(ada.email));
      expect(mails.map(({ name }) => name)).to.deep.equal(Array(3).fill('passkey_cloned'));
      expect((await loginWith(app, ada.credential, { signCount: 10 })).status).to.equal(200);
    });

    it('that is forged does not accuse anybody', async () => {
      const ada = await withPasskey({ signCount: 5 });

      await loginWith(app, ada.credential, { signCount: 2, isForged: true });

      const [event] = (await eventsOf(app, ada.id)).slice(-1);
      expect(event!['details']).to.include({ passkey: 'broken' });
    });

    it('that the authenticator does not keep, accepts a passkey each time', async () => {
      const ada = await withPasskey({ signCount: 0 });

      for (let count = 0; count < 3; count += 1) {
        expect((await loginWith(app, ada.credential, { signCount: 0 })).status).to.equal(200);
      }
    });

    it('beyond what a signed integer holds, accepts a passkey', async () => {
      const ada = await withPasskey({ signCount: 4_294_967_290 });

      expect((await loginWith(app, ada.credential, { signCount: 4_294_967_295 })).status).to.equal(200);
    });
  });

  it('does not let in a user who was deactivated, deleted or, where that is asked for, not verified', async () => {
    const [inactive, deleted, unverified] = [await withPasskey(), await withPasskey(), await withPasskey()];
    await app.users.update(inactive.id, { isActive: false });
    await app.users.remove(deleted.id);

    expectProblem(await loginWith(app, inactive.credential), 403, 'account_disabled');
    expectProblem(await loginWith(app, deleted.credential), 401, 'invalid_passkey');
    expectProblem(await loginWith(strict, unverified.credential), 403, 'email_not_verified');
  });

  it('goes on working after the password was changed or forgotten', async () => {
    const ada = await withPasskey();
    const json = { current_password: ada.password, new_password: 'violet lantern harbour' };
    const { status } = await app.send('post', '/auth/password', { token: ada.accessToken, json });
    expect(status).to.equal(204);

    expect((await loginWith(app, ada.credential)).status).to.equal(200);
  });
});
