import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, type SignedIn } from '../../support/app.ts';
import { answer, type Claims, type Credential } from '../../support/authenticator.ts';
import { challengeIn, challengeOf } from '../../support/challenges.ts';
import { register, requestOptions } from '../../support/passkeys.ts';
import { expectProblem } from '../../support/problems.ts';

describe('answerChallenge, by a passkey', () => {
  const app = useApp();
  const withPasskey = async () => {
    const ada = await app.signIn();
    const { credential } = await register(app, ada);
    return { ...ada, credential };
  };
  const answerBy = async (token: string, credential: Credential, claims: Claims = {}) =>
    app.send('post', '/auth/challenge', {
      json: {
        challenge_token: token,
        factor: 'passkey',
        credential: answer(await requestOptions(app), credential, claims),
      },
    });
  const claimsOf = (body: Record<string, unknown>) => jwt.decode(body['access_token'] as string, { json: true });

  it('signs in whoever has the password and a passkey', async () => {
    const ada = await withPasskey();
    const { token, factors } = challengeIn(await app.send('post', '/auth/login', { json: credentialsOf(ada) }));
    expect(factors).to.deep.equal(['passkey', 'recovery_code']);

    const { status, body } = await answerBy(token, ada.credential);

    expect(status).to.equal(200);
    expect(claimsOf(body)).to.deep.include({ sub: ada.id, amr: ['pwd', 'pop', 'user', 'mfa'] });
  });

  it('proves once more who is signed in', async () => {
    const ada = await withPasskey();
    const json = { password: ada.password };
    const { token } = challengeIn(await app.send('post', '/auth/reauthenticate', { token: ada.accessToken, json }));

    const { status, body } = await answerBy(token, ada.credential);

    expect(status).to.equal(200);
    expect(claimsOf(body)?.['sid']).to.equal(jwt.decode(ada.accessToken, { json: true })?.['sid']);
  });

  it("takes nobody else's passkey, none without user verification, and none that was removed", async () => {
    const [ada, grace] = [await withPasskey(), await withPasskey()];
    const token = await challengeOf(app, ada);

    expectProblem(await answerBy(token, grace.credential), 401, 'invalid_second_factor');
    expectProblem(await answerBy(token, ada.credential, { isUserVerified: false }), 401, 'invalid_second_factor');
    await app.context.database.pool('factors').where({ user_id: ada.id }).delete();
    expectProblem(await answerBy(token, ada.credential), 401, 'invalid_second_factor');
  });

  it('says that the credential is missing', async () => {
    const ada = await withPasskey();
    const json = { challenge_token: await challengeOf(app, ada), factor: 'passkey', code: '492039' };

    const { status, body } = await app.send('post', '/auth/challenge', { json });

    expect({ status, errors: body.errors }).to.deep.equal({
      status: 400,
      errors: [{ pointer: '/body/credential', message: 'is required', rule: 'required' }],
    });
  });
});

function credentialsOf({ email, password }: SignedIn) {
  return { email, password };
}
