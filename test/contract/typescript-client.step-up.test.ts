/** The TypeScript client and calls that need a recent sign-in. */
import { expect } from 'chai';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { staleToken } from '../support/access-tokens.ts';
import { useApp } from '../support/app.ts';
import { failure, useConsumer } from './client-consumer.ts';

describe('the TypeScript client asks for another proof', () => {
  const app = useApp();
  const { connect, signedIn, expectProblemError } = useConsumer(app);

  /** Somebody who signed in an hour ago. */
  async function signedInLongAgo(options: Partial<Package.ClientOptions> = {}) {
    const connection = await signedIn(options);
    const stale = async () => {
      const { accessToken } = (await connection.tokens.get())!;
      await connection.change({ accessToken: staleToken(app, { accessToken }, 3600) });
    };
    await stale();
    return { ...connection, stale };
  }

  it('and repeats the call once, with the body that it had', async () => {
    const asked: string[] = [];
    const ada = await signedInLongAgo({
      async proveAgain(client, problem) {
        asked.push(problem.code);
        await client.reauthenticate(ada.person.password);
      },
    });

    const app = await ada.client.enrolTotp({ name: 'Phone' });

    expect(app.secret).to.be.a('string');
    expect((await ada.client.exportCurrentUser()).user.email).to.equal(ada.person.email);
    expect(asked).to.deep.equal(['insufficient_user_authentication']);
    expect(ada.sent).to.deep.equal([
      'POST /auth/factors/totp',
      'POST /auth/reauthenticate',
      'POST /auth/factors/totp',
      'GET /auth/me/export',
    ]);
  });

  it('once for simultaneous calls, and again the next time', async () => {
    let asked = 0;
    const ada = await signedInLongAgo({
      async proveAgain(client) {
        asked += 1;
        await client.reauthenticate(ada.person.password);
      },
    });

    const exports = await Promise.all(Array.from({ length: 5 }, () => ada.client.exportCurrentUser()));
    await ada.stale();
    await ada.client.exportCurrentUser();

    expect(exports.map(({ user }) => user.email)).to.deep.equal(exports.map(() => ada.person.email));
    expect(asked).to.equal(2);
    expect(ada.sent.filter((line) => line === 'POST /auth/reauthenticate')).to.have.length(2);
  });

  it('not for a call whose refusal arrives when another has proved it', async () => {
    let [asked, late] = [0, () => {}];
    const held = new Promise<void>((resolve) => (late = resolve));
    let exports = 0;
    const ada = await signedInLongAgo({
      async fetch(request, init) {
        const response = await fetch(request, init);
        const isSecond = response.url.endsWith('/export') && ++exports === 2;
        if (isSecond) await held;
        return response;
      },
      async proveAgain(client) {
        asked += 1;
        await client.reauthenticate(ada.person.password);
      },
    });

    const [first, second] = [ada.client.exportCurrentUser(), ada.client.exportCurrentUser()];
    await first;
    late();

    expect((await second).user.email).to.equal(ada.person.email);
    expect(asked).to.equal(1);
  });

  it('only once: what is refused again is thrown', async () => {
    let asked = 0;
    const ada = await signedInLongAgo({
      async proveAgain() {
        asked += 1;
      },
    });

    await expectProblemError(ada.client.exportCurrentUser(), 401, 'insufficient_user_authentication');

    expect(asked).to.equal(1);
    expect(ada.sent).to.have.length(2);
  });

  it('with a client that does not ask again, so that none waits for itself', async () => {
    const ada = await signedInLongAgo({
      async proveAgain(client) {
        await client.exportCurrentUser();
      },
    });

    await expectProblemError(ada.client.deleteCurrentUser(), 401, 'insufficient_user_authentication');
  });

  it('and throws what the proof throws, such as that the person cancelled', async () => {
    const cancelled = new Error('cancelled');
    const ada = await signedInLongAgo({ proveAgain: () => Promise.reject(cancelled) });

    expect(await failure(ada.client.deleteCurrentUser())).to.equal(cancelled);

    expect(ada.sent).to.deep.equal(['DELETE /auth/me']);
    expect((await ada.client.getCurrentUser()).email).to.equal(ada.person.email);
  });

  it('and stops waiting for it when the signal is aborted', async () => {
    const ada = await signedInLongAgo({ proveAgain: () => new Promise(() => {}) });
    const controller = new AbortController();
    const call = failure(ada.client.deleteCurrentUser({ signal: controller.signal }));
    const reason = new Error('the page was left');

    controller.abort(reason);

    expect(await call).to.equal(reason);
  });

  it('and never repeats the call as another person who signed in meanwhile', async () => {
    const bob = await signedIn();
    const ada = await signedInLongAgo({
      async proveAgain() {
        await ada.tokens.set(await bob.tokens.get());
      },
    });

    await expectProblemError(ada.client.deleteCurrentUser(), 401, 'insufficient_user_authentication');

    expect((await bob.client.getCurrentUser()).email).to.equal(bob.person.email);
  });

  it('not without the option, and not of those who have just signed in', async () => {
    const stranger = connect({ proveAgain: () => expect.fail('nobody is to be asked') });
    const ada = await signedInLongAgo();

    await expectProblemError(ada.client.deleteCurrentUser(), 401, 'insufficient_user_authentication');
    await expectProblemError(stranger.client.deleteCurrentUser(), 401, 'authentication_required');
    await stranger.client.signIn(ada.person.email, ada.person.password);
    await stranger.client.deleteCurrentUser();
  });
});
