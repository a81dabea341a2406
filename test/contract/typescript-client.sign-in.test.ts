/** The TypeScript client signs people in by mailed codes and passkeys. */
import { expect } from 'chai';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { useApp } from '../support/app.ts';
import { anotherCode, mailedCode } from '../support/email-codes.ts';
import { guessFromEverywhere } from '../support/guesses.ts';
import { failure, useConsumer } from './client-consumer.ts';

describe('the TypeScript client signs in', () => {
  const app = useApp();
  const consumer = useConsumer(app);
  const { connect, signedIn, softwarePasskeys, expectProblemError } = consumer;

  describe('with a mailed code', () => {
    it('and stays recognised, as with a password', async () => {
      const { client: latchkey, person, sent } = await signedIn();
      await latchkey.signOut();
      await latchkey.requestLoginCode({ email: person.email });
      const code = await mailedCode(app, person);
      await guessFromEverywhere(app, person.email, 100);
      const events: boolean[] = [];
      latchkey.onChange((isSignedIn) => events.push(isSignedIn));

      await latchkey.signInWithCode(person.email, code);

      expect((await latchkey.getCurrentUser()).email).to.equal(person.email);
      expect(events).to.deep.equal([true]);
      expect(sent).to.include('POST /auth/email-codes/login');
    });

    it('and throws what is wrong with one, signing nobody in', async () => {
      const { person } = await signedIn();
      const { client: latchkey } = connect();
      const code = await mailedCode(app, person);

      await expectProblemError(latchkey.signInWithCode(person.email, anotherCode(code)), 401, 'invalid_code');

      expect(await latchkey.isSignedIn()).to.equal(false);
    });
  });

  describe('with a passkey', () => {
    it('that it has added, whoever it belongs to', async () => {
      const passkeys = softwarePasskeys();
      const { client: latchkey, person, sent } = await signedIn({ passkeys });
      const added = await latchkey.addPasskey('Key ring');
      await latchkey.signOut();
      sent.length = 0;

      await latchkey.signInWithPasskey();

      expect(added.passkey.name).to.equal('Key ring');
      expect(added.recovery_codes).to.have.length(10);
      expect((await latchkey.getCurrentUser()).email).to.equal(person.email);
      expect(sent).to.deep.equal(['POST /auth/passkeys/login/begin', 'POST /auth/passkeys/login', 'GET /auth/me']);
      expect((await latchkey.listPasskeys()).items.map(({ id }) => id)).to.deep.equal([added.passkey.id]);
    });

    it('of the browser only, and says so where there is none', async () => {
      const { client: latchkey, sent } = await signedIn();

      const errors = [await failure(latchkey.addPasskey()), await failure(latchkey.signInWithPasskey())];

      for (const error of errors) {
        if (!(error instanceof consumer.client.PasskeyError)) throw error;
        expect(error).to.include({ reason: 'unsupported', name: 'PasskeyError' });
      }
      expect(sent).to.not.include('POST /auth/passkeys');
      expect(await latchkey.isSignedIn()).to.equal(true);
    });

    it('that the service knows no more: not at all', async () => {
      const passkeys = softwarePasskeys();
      const { client: latchkey } = await signedIn({ passkeys });
      const { passkey } = await latchkey.addPasskey();
      await latchkey.removePasskey(passkey.id);
      await latchkey.signOut();

      await expectProblemError(latchkey.signInWithPasskey(), 401, 'invalid_passkey');

      expect(await latchkey.isSignedIn()).to.equal(false);
    });

    it('from a form that waits for longer than a challenge is valid', async () => {
      const kept = softwarePasskeys();
      const challenges: string[] = [];
      const passkeys: Package.Passkeys = {
        ...kept,
        async get(options, { autofill, signal }) {
          challenges.push(options.challenge);
          if (challenges.length === 3) return kept.get(options, {});
          expect(autofill).to.equal(true);
          return aborted(signal!);
        },
      };
      const quick: Package.Fetch = async (request, init) => {
        const response = await fetch(request, init);
        if (!response.url.endsWith('/login/begin')) return response;
        const options = (await response.json()) as { public_key: object };
        return Response.json({ ...options, public_key: { ...options.public_key, timeout: 20 } });
      };
      const { client: latchkey, person } = await signedIn({ passkeys, fetch: quick });
      await latchkey.addPasskey();
      await latchkey.signOut();

      await latchkey.signInWithPasskey({ autofill: true });

      expect(new Set(challenges).size).to.equal(3);
      expect((await latchkey.getCurrentUser()).email).to.equal(person.email);
    });

    it('unless the form is left', async () => {
      const passkeys: Package.Passkeys = { ...softwarePasskeys(), get: (_options, { signal }) => aborted(signal!) };
      const { client: latchkey } = connect({ passkeys });
      const controller = new AbortController();
      const call = failure(latchkey.signInWithPasskey({ autofill: true, signal: controller.signal }));
      const reason = new Error('the form was left');

      controller.abort(reason);

      expect(await call).to.equal(reason);
    });
  });
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
}
