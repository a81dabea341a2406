import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { sessionOf } from '../../support/access-tokens.ts';
import { useApp, type SignedIn } from '../../support/app.ts';
import { answer, type Claims, type Credential } from '../../support/authenticator.ts';
import { challengeOf } from '../../support/challenges.ts';
import { expectTokensToWork } from '../../support/consequences.ts';
import { register, requestOptions } from '../../support/passkeys.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

interface WithPasskey extends SignedIn {
  readonly credential: Credential;
}

describe('reauthenticate, by a passkey', () => {
  const app = useApp();

  async function withPasskey(): Promise<WithPasskey> {
    const ada = await app.signIn();
    const { credential } = await register(app, ada);
    return { ...ada, credential };
  }
  async function reauthenticate({ accessToken: token }: SignedIn, credential: Credential, claims: Claims = {}) {
    const passkey = answer(await requestOptions(app), credential, claims);
    return app.send('post', '/auth/reauthenticate', { token, json: { passkey } });
  }
  const claimsOf = (body: Record<string, unknown>) => jwt.decode(body['access_token'] as string, { json: true })!;
  const ofUser = ({ id }: SignedIn) => app.context.database.pool('sessions').where({ user_id: id });

  it('proves two factors now, without a challenge, and continues the session', async () => {
    const ada = await withPasskey();
    await ofUser(ada).update({ methods: ['password'], authenticated_at: new Date(Date.now() - 3_600_000) });

    const { status, body } = await reauthenticate(ada, ada.credential);

    expect(status).to.equal(200);
    const { sid, auth_time: authTime, amr, acr } = claimsOf(body);
    expect({ sid, amr, acr }).to.deep.equal({
      sid: sessionOf(ada.accessToken),
      amr: ['pop', 'user', 'mfa'],
      acr: 'urn:latchkey:acr:2',
    });
    expect(authTime).to.be.closeTo(Date.now() / 1000, 5);
    expect(await ofUser(ada).first('methods')).to.deep.equal({ methods: ['passkey'] });
    await expectTokensToWork([app], { accessToken: body.access_token, refreshToken: ada.refreshToken });
  });

  it("refuses a passkey of somebody else at its field, even if it answers that user's own challenge", async () => {
    const [ada, grace] = [await withPasskey(), await withPasskey()];
    const options = await requestOptions(app, { challenge_token: await challengeOf(app, grace) });
    const json = { passkey: answer(options, grace.credential) };

    expect(brokenRules(await reauthenticate(ada, grace.credential))).to.deep.equal(['/body/passkey passkey_unknown']);
    const answered = await app.send('post', '/auth/reauthenticate', { token: ada.accessToken, json });
    expect(brokenRules(answered)).to.deep.equal(['/body/passkey passkey_unknown']);
  });

  it('refuses one without user verification, one of another site, one whose counter went back, and a second time', async () => {
    const ada = await withPasskey();
    const refused = async (claims: Claims) => brokenRules(await reauthenticate(ada, ada.credential, claims));
    const token = ada.accessToken;
    const json = { passkey: answer(await requestOptions(app), ada.credential) };

    expect(await refused({ isUserVerified: false })).to.deep.equal(['/body/passkey passkey_unverified']);
    expect(await refused({ origin: 'https://elsewhere.example' })).to.deep.equal(['/body/passkey passkey_origin']);
    expect(await refused({ signCount: 1 })).to.deep.equal(['/body/passkey passkey_cloned']);
    expect((await app.send('post', '/auth/reauthenticate', { token, json })).status).to.equal(200);
    const again = await app.send('post', '/auth/reauthenticate', { token, json });
    expect(brokenRules(again)).to.deep.equal(['/body/passkey passkey_challenge']);
  });

  it('takes either a password or a passkey, and not both', async () => {
    const ada = await withPasskey();
    const token = ada.accessToken;
    const json = { password: ada.password, passkey: answer(await requestOptions(app), ada.credential) };

    const both = await app.send('post', '/auth/reauthenticate', { token, json });
    expect(both.body.errors).to.deep.equal([
      { pointer: '/body', message: 'must have at most 1 field', rule: 'maxProperties', limit: 1 },
    ]);
    const neither = await app.send('post', '/auth/reauthenticate', { token, json: {} });
    expect(brokenRules(neither)).to.deep.equal(['/body minProperties']);
  });

  it('is no use to a session that has ended', async () => {
    const ada = await withPasskey();
    await app.send('post', '/auth/logout', { token: ada.accessToken });

    expectProblem(await reauthenticate(ada, ada.credential), 401, 'invalid_token');
  });

  it('leaves an event, whether the passkey was accepted or not', async () => {
    const ada = await withPasskey();
    await reauthenticate(ada, ada.credential, { isForged: true });
    await reauthenticate(ada, ada.credential);

    const events = await app.context.database
      .pool('audit_events')
      .where({ user_id: ada.id })
      .whereLike('type', 'session.reauth%')
      .orderBy('id')
      .select('type', 'outcome', 'actor_id', 'session_id', 'details');

    const of = { actor_id: ada.id, session_id: sessionOf(ada.accessToken) };
    expect(events).to.deep.equal([
      {
        type: 'session.reauthentication_failed',
        outcome: 'failure',
        ...of,
        details: { method: 'passkey', passkey: 'broken' },
      },
      { type: 'session.reauthenticated', outcome: 'success', ...of, details: { method: 'passkey' } },
    ]);
  });
});
