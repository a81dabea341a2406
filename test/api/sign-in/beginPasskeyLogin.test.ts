import { expect } from 'chai';
import { useApp, type SignedIn } from '../../support/app.ts';
import { answer, type Credential } from '../../support/authenticator.ts';
import { answerBy, challengeOf, enrolled } from '../../support/challenges.ts';
import { register, requestOptions } from '../../support/passkeys.ts';
import { expectProblem } from '../../support/problems.ts';

describe('beginPasskeyLogin, for somebody who has proved the first factor', () => {
  const app = useApp();

  async function withPasskeys(count: number): Promise<SignedIn & { readonly credentials: readonly Credential[] }> {
    const ada = await app.signIn();
    const credentials = [];
    for (let index = 0; index < count; index++) credentials.push((await register(app, ada)).credential);
    return { ...ada, credentials };
  }
  const begin = (challengeToken: string) =>
    app.send('post', '/auth/passkeys/login/begin', { json: { challenge_token: challengeToken } });
  const answerWith = (token: string, credential: object) =>
    app.send('post', '/auth/challenge', { json: { challenge_token: token, factor: 'passkey', credential } });

  it('lists their passkeys and no others, with how browsers reach them', async () => {
    const ada = await withPasskeys(2);
    await withPasskeys(1);

    const { allowCredentials } = await requestOptions(app, { challenge_token: await challengeOf(app, ada) });

    const listed = ada.credentials.map(({ id }) => ({
      id: id.toString('base64url'),
      type: 'public-key',
      transports: ['internal', 'hybrid'],
    }));
    expect(allowCredentials).to.deep.equal(listed);
  });

  it('takes the answer of an authenticator that names no user, since it is known who is asked', async () => {
    const ada = await withPasskeys(1);
    const token = await challengeOf(app, ada);
    const options = await requestOptions(app, { challenge_token: token });

    const answered = await answerWith(token, answer(options, ada.credentials[0]!, { userHandle: '' }));

    expect(answered.status).to.equal(200);
  });

  it("makes options that nobody else's passkey answers", async () => {
    const [ada, grace] = [await withPasskeys(1), await withPasskeys(1)];
    const options = await requestOptions(app, { challenge_token: await challengeOf(app, ada) });
    const credential = answer(options, grace.credentials[0]!);

    expectProblem(await app.send('post', '/auth/passkeys/login', { json: { credential } }), 401, 'invalid_passkey');
  });

  it("takes no passkey for a challenge of somebody else, even if it answers its owner's options", async () => {
    const [ada, grace] = [await withPasskeys(1), await withPasskeys(1)];
    const options = await requestOptions(app, { challenge_token: await challengeOf(app, grace) });

    const answered = await answerWith(await challengeOf(app, ada), answer(options, grace.credentials[0]!));

    expectProblem(answered, 401, 'invalid_second_factor');
  });

  it('refuses a challenge that is unknown, was answered, has expired or got five wrong answers', async () => {
    const ada = await enrolled(app);
    const expired = await challengeOf(app, ada);
    await app.context.database.pool('login_challenges').update({ expires_at: new Date(Date.now() - 1000) });
    const used = await challengeOf(app, ada);
    expect((await answerBy(app, used, 'totp', ada.app.code())).status).to.equal(200);
    const exhausted = await challengeOf(app, ada);
    await app.context.database.pool('login_challenges').where({ used_at: null }).update({ attempts: 5 });

    for (const token of ['lkc_made-up', used, expired, exhausted]) {
      expectProblem(await begin(token), 401, 'invalid_challenge');
    }
  });
});
