/** The TypeScript client and people whose passkey is a second factor, or proves once more who they are. */
import { expect } from 'chai';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { staleToken } from '../support/access-tokens.ts';
import { useApp } from '../support/app.ts';
import { failure, useConsumer } from './client-consumer.ts';

type Ask = NonNullable<Package.ClientOptions['askForSecondFactor']>;
type RequestOptions = Parameters<Package.Passkeys['get']>[0];

describe('the TypeScript client and passkeys', () => {
  const app = useApp();
  const consumer = useConsumer(app);
  const { connect, signedIn, softwarePasskeys, expectProblemError } = consumer;

  /** Somebody with a passkey, signed out, and what the passkeys of their device were asked. */
  async function somebodyWithPasskey(options: Partial<Package.ClientOptions> = {}) {
    const own = softwarePasskeys();
    const asked: RequestOptions[] = [];
    const passkeys: Package.Passkeys = {
      ...own,
      get(options, how) {
        asked.push(options);
        return own.get(options, how);
      },
    };
    const { client: latchkey, person, sent, tokens, change } = await signedIn({ ...options, passkeys });
    const { passkey, recovery_codes: codes } = await latchkey.addPasskey('Key ring');
    return { latchkey, person, sent, tokens, change, passkey, passkeys, asked, recoveryCodes: codes };
  }

  describe('as an answer to a challenge', () => {
    it('ask for one of the person who proved the password, and sign them in', async () => {
      const askForSecondFactor: Ask = () => ({ factor: 'passkey' });
      const ada = await somebodyWithPasskey({ askForSecondFactor });
      await ada.latchkey.signOut();
      ada.sent.length = 0;

      await ada.latchkey.signIn(ada.person.email, ada.person.password);

      expect((await ada.latchkey.getCurrentUser()).email).to.equal(ada.person.email);
      expect(ada.asked.map(({ allowCredentials }) => allowCredentials.length)).to.deep.equal([1]);
      expect(ada.sent).to.deep.equal([
        'POST /auth/login',
        'POST /auth/passkeys/login/begin',
        'POST /auth/challenge',
        'GET /auth/me',
      ]);
    });

    it('are asked for again, or something else is, when none was used, with the error', async () => {
      const { person, recoveryCodes } = await somebodyWithPasskey();
      const answers = [
        { factor: 'passkey' },
        { factor: 'recovery_code', code: 'nonsense' },
        { factor: 'recovery_code', code: recoveryCodes[0]! },
      ] as const;
      const errors: unknown[] = [];
      const { client: latchkey } = connect({
        passkeys: softwarePasskeys(),
        askForSecondFactor(_challenge, previousError) {
          errors.push(previousError && ('reason' in previousError ? previousError.detail : previousError.code));
          return answers[errors.length - 1]!;
        },
      });

      await latchkey.signIn(person.email, person.password);

      expect(errors).to.deep.equal([undefined, 'No passkey was chosen.', 'invalid_second_factor']);
      expect(await latchkey.isSignedIn()).to.equal(true);
    });

    it('answer one that was thrown, even after they were not used', async () => {
      const { person, passkeys } = await somebodyWithPasskey();
      let isThere = false;
      const { client: latchkey } = connect({
        passkeys: { ...passkeys, get: (...given) => (isThere ? passkeys : softwarePasskeys()).get(...given) },
      });
      const problem = await expectProblemError(
        latchkey.signIn(person.email, person.password),
        403,
        'second_factor_required',
      );

      const error = await failure(latchkey.answerChallenge(problem.challenge!, { factor: 'passkey' }));
      isThere = true;
      await latchkey.answerChallenge(problem.challenge!, { factor: 'passkey' });

      expect(error).to.be.instanceOf(consumer.client.PasskeyError);
      expect((await latchkey.getCurrentUser()).email).to.equal(person.email);
    });

    it('are left alone when the signal is aborted', async () => {
      const { person } = await somebodyWithPasskey();
      const controller = new AbortController();
      const reason = new Error('the page was left');
      const { client: latchkey } = connect({
        askForSecondFactor: () => ({ factor: 'passkey' }),
        passkeys: {
          ...softwarePasskeys(),
          async get(_options, { signal }) {
            controller.abort(reason);
            throw signal?.reason;
          },
        },
      });

      const call = latchkey.signIn(person.email, person.password, { signal: controller.signal });

      expect(await failure(call)).to.equal(reason);
      expect(await latchkey.isSignedIn()).to.equal(false);
    });
  });

  describe('as another proof', () => {
    it('repeat a call that needs a recent sign-in, in the same session', async () => {
      const ada = await somebodyWithPasskey({ proveAgain: (client) => client.reauthenticateWithPasskey() });
      const before = (await ada.tokens.get())!;
      const accessToken = staleToken(app, before, 3600);
      await ada.change({ accessToken, refreshAt: before.refreshAt || before.expiresAt - 30_000 });
      ada.sent.length = 0;

      const codes = await ada.latchkey.renewRecoveryCodes();

      expect(codes.recovery_codes).to.have.length(10);
      expect(ada.sent).to.deep.equal([
        'POST /auth/recovery-codes',
        'POST /auth/passkeys/login/begin',
        'POST /auth/reauthenticate',
        'POST /auth/recovery-codes',
      ]);
      expect(await ada.tokens.get()).to.include({ session: before.session, refreshToken: before.refreshToken });
    });

    it("prove nothing with another's, and change nobody's tokens", async () => {
      const ben = await somebodyWithPasskey();
      const ada = await signedIn({ passkeys: ben.passkeys });
      const before = await ada.tokens.get();

      const error = await failure(ada.client.reauthenticateWithPasskey());

      expect(error).to.be.instanceOf(consumer.client.ProblemError).and.include({ status: 400 });
      expect(await ada.tokens.get()).to.deep.equal(before);
    });

    it('throw why none was used', async () => {
      const ada = await signedIn();

      const error = await failure(ada.client.reauthenticateWithPasskey());

      expect(error).to.be.instanceOf(consumer.client.PasskeyError).and.include({ reason: 'unsupported' });
      expect(ada.sent).to.not.include('POST /auth/reauthenticate');
    });
  });
});
