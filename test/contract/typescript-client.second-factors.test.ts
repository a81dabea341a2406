/** The TypeScript client and people who have a second factor. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { codeAt, stepAt } from '../../src/features/factors/totp.ts';
import { staleToken } from '../support/access-tokens.ts';
import { useApp } from '../support/app.ts';
import { enrolled, type Enrolled } from '../support/challenges.ts';
import { anotherCode, mailedCode } from '../support/email-codes.ts';
import { forgetSteps, readBase32 } from '../support/factors.ts';
import { failure, useConsumer } from './client-consumer.ts';

type Ask = NonNullable<Package.ClientOptions['askForSecondFactor']>;

describe('the TypeScript client and second factors', () => {
  const app = useApp();
  const { connect, signedIn, expectProblemError } = useConsumer(app);

  const byApp = ({ app: phone }: Enrolled): Package.ChallengeAnswer => ({ factor: 'totp', code: phone.code() });
  const byWrongCode = ({ app: phone }: Enrolled): Package.ChallengeAnswer => ({
    factor: 'totp',
    code: anotherCode(phone.code()),
  });

  async function challengeOf(call: Promise<unknown>): Promise<Package.Challenge> {
    const { challenge } = await expectProblemError(call, 403, 'second_factor_required');
    return challenge!;
  }

  /** A client of somebody who signed in by two factors, an hour ago. */
  async function signedInByTwo(optionsOf: (ada: Enrolled) => Partial<Package.ClientOptions> = () => ({})) {
    const ada = await enrolled(app);
    const { client, tokens, change } = connect();
    await client.answerChallenge(await challengeOf(client.signIn(ada.email, ada.password)), byApp(ada));
    await forgetSteps(app, ada.app);
    const { accessToken } = (await tokens.get())!;
    await change({ accessToken: staleToken(app, { accessToken }, 3600) });
    return { ...connect({ ...optionsOf(ada), tokens }), ada, tokens };
  }

  it('adds an authenticator app, and the next access token says that there are two factors', async () => {
    const { client: latchkey, sent } = await signedIn();
    const { factor_id, secret } = await latchkey.enrolTotp({ name: 'Phone' });
    const code = codeAt(readBase32(secret), stepAt(Date.now()));

    const { recovery_codes: codes } = await latchkey.confirmTotp(factor_id, { code });
    const token = await latchkey.getAccessToken();

    expect(codes).to.have.length(10);
    expect(jwt.decode(token!)).to.include({ acr: 'urn:latchkey:acr:2' });
    expect(sent.at(-1)).to.equal('POST /auth/refresh');
    expect((await latchkey.listFactors()).items.map(({ name }) => name)).to.deep.equal(['Phone']);
  });

  describe('when it is told how to ask for one', () => {
    it('asks whoever signs in with a password, and signs them in', async () => {
      const ada = await enrolled(app);
      const asked: Parameters<Ask>[] = [];
      const { client: latchkey, sent } = connect({
        askForSecondFactor(...given) {
          asked.push(given);
          return byApp(ada);
        },
      });
      const events: boolean[] = [];
      await latchkey.isSignedIn();
      latchkey.onChange((isSignedIn) => events.push(isSignedIn));

      await latchkey.signIn(ada.email, ada.password);

      expect((await latchkey.getCurrentUser()).email).to.equal(ada.email);
      expect(asked.map(([{ factors }, error]) => [factors, error])).to.deep.equal([
        [['totp', 'recovery_code'], undefined],
      ]);
      expect(events).to.deep.equal([true]);
      expect(sent).to.deep.equal(['POST /auth/login', 'POST /auth/challenge', 'GET /auth/me']);
    });

    it('asks whoever signs in with a mailed code, and takes a recovery code', async () => {
      const ada = await enrolled(app);
      const askForSecondFactor: Ask = () => ({ factor: 'recovery_code', code: ada.app.recoveryCodes[0]! });
      const { client: latchkey } = connect({ askForSecondFactor });

      await latchkey.signInWithCode(ada.email, await mailedCode(app, ada));

      expect((await latchkey.getCurrentUser()).email).to.equal(ada.email);
      expect((await latchkey.listFactors()).recovery_codes_left).to.equal(9);
    });

    it('asks again after a wrong or mistyped code, with the error', async () => {
      const ada = await enrolled(app);
      const answers = [byWrongCode(ada), { factor: 'totp', code: '' } as const, byApp(ada)];
      const errors: (string | undefined)[] = [];
      const { client: latchkey } = connect({
        askForSecondFactor(_challenge, previousError) {
          errors.push(previousError && 'code' in previousError ? previousError.code : previousError?.detail);
          return answers.shift()!;
        },
      });

      await latchkey.signIn(ada.email, ada.password);

      expect(errors).to.deep.equal([undefined, 'invalid_second_factor', 'validation_failed']);
      expect(await latchkey.isSignedIn()).to.equal(true);
    });

    it('throws every other error, and signs nobody in', async () => {
      const ada = await enrolled(app);
      const cancelled = new Error('cancelled');
      const asks: Ask[] = [
        async () => {
          await app.context.database.pool('login_challenges').where({ user_id: ada.id }).del();
          return byApp(ada);
        },
        () => Promise.reject(cancelled),
      ];
      const [late, left] = asks.map((askForSecondFactor) => connect({ askForSecondFactor }).client);

      await expectProblemError(late!.signIn(ada.email, ada.password), 401, 'invalid_challenge');
      expect(await failure(left!.signIn(ada.email, ada.password))).to.equal(cancelled);

      expect([await late!.isSignedIn(), await left!.isSignedIn()]).to.deep.equal([false, false]);
    });

    it('stops asking when the signal is aborted', async () => {
      const ada = await enrolled(app);
      const controller = new AbortController();
      const reason = new Error('the page was left');
      const { client: latchkey } = connect({
        askForSecondFactor() {
          controller.abort(reason);
          return new Promise<never>(() => {});
        },
      });

      expect(await failure(latchkey.signIn(ada.email, ada.password, { signal: controller.signal }))).to.equal(reason);
    });

    it('asks as part of another proof, and repeats the call', async () => {
      const { client: latchkey, sent } = await signedInByTwo((ada) => ({
        proveAgain: (client) => client.reauthenticate(ada.password),
        askForSecondFactor: () => byApp(ada),
      }));

      await latchkey.renewRecoveryCodes();

      expect(sent).to.deep.equal([
        'POST /auth/recovery-codes',
        'POST /auth/reauthenticate',
        'POST /auth/challenge',
        'POST /auth/recovery-codes',
      ]);
    });
  });

  describe('when it is not', () => {
    it('throws the challenge, which takes wrong answers and a right one', async () => {
      const ada = await enrolled(app);
      const { client: latchkey } = connect();

      const challenge = await challengeOf(latchkey.signIn(ada.email, ada.password));
      await expectProblemError(latchkey.answerChallenge(challenge, byWrongCode(ada)), 401, 'invalid_second_factor');
      expect(await latchkey.isSignedIn()).to.equal(false);
      await latchkey.answerChallenge(challenge, byApp(ada));

      expect((await latchkey.getCurrentUser()).email).to.equal(ada.email);
    });

    it('takes a challenge that another client of the site got', async () => {
      const ada = await enrolled(app);
      const { token } = await challengeOf(connect().client.signIn(ada.email, ada.password));
      const { client: latchkey } = connect();

      await latchkey.answerChallenge({ token }, byApp(ada));

      expect((await latchkey.getCurrentUser()).email).to.equal(ada.email);
    });

    it('continues the session after a challenge of reauthenticate, and keeps a refresh token that is newer', async () => {
      const { ada, client: latchkey, tokens } = await signedInByTwo();
      const before = (await tokens.get())!;
      const challenge = await challengeOf(latchkey.reauthenticate(ada.password));
      await tokens.set({ ...before, refreshToken: 'from another tab' });

      await latchkey.answerChallenge(challenge, byApp(ada));

      const after = (await tokens.get())!;
      expect(after).to.include({ session: before.session, refreshToken: 'from another tab' });
      expect(after.accessToken).to.not.equal(before.accessToken);
      expect((await latchkey.getCurrentUser()).email).to.equal(ada.email);
    });

    it('never gives the answer of one person to another who signed in meanwhile', async () => {
      const ben = await signedIn();
      const { ada, client: latchkey, tokens } = await signedInByTwo();
      const challenge = await challengeOf(latchkey.reauthenticate(ada.password));
      await tokens.set(await ben.tokens.get());

      await latchkey.answerChallenge(challenge, byApp(ada));

      expect(await tokens.get()).to.deep.equal(await ben.tokens.get());
      expect((await latchkey.getCurrentUser()).email).to.equal(ben.person.email);
    });
  });
});
