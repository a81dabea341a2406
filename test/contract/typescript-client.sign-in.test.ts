/** The TypeScript client signs people in by mailed codes. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { anotherCode, mailedCode } from '../support/email-codes.ts';
import { guessFromEverywhere } from '../support/guesses.ts';
import { useConsumer } from './client-consumer.ts';

describe('the TypeScript client signs in', () => {
  const app = useApp();
  const { connect, signedIn, expectProblemError } = useConsumer(app);

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
});
