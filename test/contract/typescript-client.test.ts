/** The TypeScript client, run against a live server. */
import { expect } from 'chai';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { basePath, useApp } from '../support/app.ts';
import { guessFromEverywhere } from '../support/guesses.ts';
import { newPerson, registration } from '../support/people.ts';
import { useConsumer } from './client-consumer.ts';

describe('the TypeScript client', () => {
  const app = useApp();
  const consumer = useConsumer(app);
  const { connect, signedIn, expectProblemError } = consumer;

  describe('on a live server', () => {
    it('registers, signs in, reads and changes the account, and signs out', async () => {
      const { client: latchkey, person, tokens } = await signedIn();

      const changed = await latchkey.updateCurrentUser({ full_name: 'Ada King' });
      const me = await latchkey.getCurrentUser();

      expect(changed.full_name).to.equal('Ada King');
      expect(me.email).to.equal(person.email);
      expect(await latchkey.signOut()).to.equal(undefined);
      expect(await tokens.get()).to.equal(undefined);
      await expectProblemError(latchkey.getCurrentUser(), 401, 'authentication_required');
    });

    it('accepts the URL of the service or of its API', async () => {
      for (const place of ['', '/', basePath, `${basePath}/`]) {
        const { client: latchkey } = connect({ baseUrl: app.origin + place });

        expect(await latchkey.getHealth(), place).to.have.property('status', 'healthy');
      }
    });

    it('ends the session on the server when it signs out', async () => {
      const { client: latchkey, tokens } = await signedIn();
      const kept = await tokens.get();

      await latchkey.signOut();
      await tokens.set(kept);

      await expectProblemError(latchkey.getCurrentUser(), 401, 'invalid_refresh_token');
    });

    it('is recognised when the person signs in again, although strangers guessed at the account', async () => {
      const kept: string[] = [];
      const store = { ...consumer.client.memoryTokenStore(), getDevice: () => kept.at(-1) };
      const keeping = { ...store, setDevice: (deviceToken: string) => void kept.push(deviceToken) };
      for (const tokens of [consumer.client.memoryTokenStore(), keeping]) {
        const { client: latchkey, person } = await signedIn({ tokens });
        await latchkey.signOut();
        await guessFromEverywhere(app, person.email, 100);

        await latchkey.signIn(person.email, person.password);

        expect(await latchkey.getCurrentUser()).to.have.property('email', person.email);
        const elsewhere = connect().client;
        await guessFromEverywhere(app, person.email, 100);
        await expectProblemError(elsewhere.signIn(person.email, person.password), 403, 'password_reset_required');
      }
      expect(kept).to.have.length(2);
      expect(new Set(kept).size).to.equal(1);
    });

    it('refreshes an access token that is about to expire before sending a request', async () => {
      const { client: latchkey, sent, change } = await signedIn();
      await change({ refreshAt: Date.now() - 1 });

      await latchkey.getCurrentUser();

      expect(sent).to.deep.equal(['POST /auth/refresh', 'GET /auth/me']);
    });

    it('refreshes once when the access token of many calls is refused', async () => {
      const { client: latchkey, sent, change } = await signedIn();
      await change({ accessToken: 'not.a.token' });

      const answers = await Promise.all(Array.from({ length: 20 }, () => latchkey.getCurrentUser()));

      expect(new Set(answers.map(({ id }) => id)).size).to.equal(1);
      expect(sent.filter((line) => line === 'POST /auth/refresh')).to.have.length(1);
      expect(sent.filter((line) => line === 'GET /auth/me')).to.have.length(40);
    });

    it('forgets the tokens, notifies once and throws the problem when an old refresh token is refused', async () => {
      const events: unknown[] = [];
      const session = await signedIn({ onSignedOut: (problem) => events.push(problem?.code) });
      const first = await session.tokens.get();
      for (let times = 0; times < 2; times++) {
        await session.change({ refreshAt: 0 });
        await session.client.getCurrentUser();
      }
      await session.change({ accessToken: 'not.a.token', refreshToken: first!.refreshToken });

      const calls = Array.from({ length: 5 }, () => session.client.getCurrentUser());

      await Promise.all(calls.map((call) => expectProblemError(call, 401, 'refresh_token_reused')));
      expect(events).to.deep.equal(['refresh_token_reused']);
      expect(await session.tokens.get()).to.equal(undefined);
    });

    it('goes on when the response to a refresh was lost', async () => {
      const session = await signedIn();
      const first = await session.tokens.get();
      await session.change({ refreshAt: 0 });
      await session.client.getCurrentUser();
      await session.change({ accessToken: 'not.a.token', refreshToken: first!.refreshToken });

      expect(await session.client.getCurrentUser()).to.have.property('id');
    });

    it('refreshes once for all clients that share a store with a lock', async () => {
      const { tokens, change, person } = await signedIn();
      let last: Promise<unknown> = Promise.resolve();
      const lock: Package.TokenStore['lock'] = (work) => {
        const turn = last.then(work);
        last = turn.catch(() => {});
        return turn;
      };
      const tabs = [1, 2, 3].map(() => connect({ tokens: { ...tokens, lock } }));
      await change({ refreshAt: 0 });

      const readers = await Promise.all(tabs.map((tab) => tab.client.getCurrentUser()));

      expect(readers.map(({ email }) => email)).to.deep.equal(readers.map(() => person.email));
      expect(tabs.flatMap(({ sent }) => sent).filter((line) => line === 'POST /auth/refresh')).to.have.length(1);
    });

    it("never resends one person's request as another who signed in meanwhile", async () => {
      const other = await signedIn();
      const { client: latchkey, sent, tokens, change } = await signedIn();
      await change({ accessToken: 'not.a.token' });

      const refused = latchkey.updateCurrentUser({ full_name: 'Ada King' });
      while (sent.length === 0) await new Promise(setImmediate);
      await tokens.set(await other.tokens.get());

      await expectProblemError(refused, 401, 'invalid_token');
      expect(await latchkey.getCurrentUser()).to.include({ full_name: other.person.fullName });
    });

    it('throws problems with their code, violated rules and request id', async () => {
      const { client: latchkey } = connect();
      const body = registration(newPerson({ password: 'password' }));

      const error = await expectProblemError(latchkey.registerUser(body), 400, 'validation_failed');

      expect(error.errors.map(({ rule }) => rule)).to.deep.equal(['password_common']);
      expect(error.instance).to.equal(`urn:latchkey:request:${error.requestId}`);
    });

    it('proves once more who is signed in, and keeps a refresh token that is newer', async () => {
      const { client: latchkey, person, tokens, sent } = await signedIn();
      const before = (await tokens.get())!;
      const newer = { ...before, refreshToken: 'from another tab' };
      await tokens.set(newer);

      await latchkey.reauthenticate(person.password);

      const after = (await tokens.get())!;
      expect(after).to.include({ session: before.session, refreshToken: 'from another tab' });
      expect(after.expiresAt).to.be.at.least(before.expiresAt);
      expect((await latchkey.getCurrentUser()).email).to.equal(person.email);
      expect(sent).to.deep.equal(['POST /auth/reauthenticate', 'GET /auth/me']);
    });

    it('refuses a wrong password at its field, and stays signed in', async () => {
      const { client: latchkey } = await signedIn();

      const error = await expectProblemError(latchkey.reauthenticate('another password'), 400, 'validation_failed');

      expect(error.errors.map(({ pointer, rule }) => `${pointer} ${rule}`)).to.deep.equal([
        '/body/password password_wrong',
      ]);
      expect(error.needsReauthentication).to.equal(false);
      expect(await latchkey.isSignedIn()).to.equal(true);
    });

    it('says which calls need a recent sign-in, and refreshes nothing for them', async () => {
      const stale = {
        type: `${app.origin}/problems/insufficient_user_authentication`,
        title: 'A recent sign-in is required',
        status: 401,
        detail:
          'Prove again who you are to do this, by your password, and your second factor if you have one, or by a passkey.',
        instance: 'urn:latchkey:request:1',
        code: 'insufficient_user_authentication',
      };
      const { client: latchkey, sent } = await signedIn({
        fetch: async (request, init) => {
          if (init?.method !== 'PATCH') return fetch(request, init);
          const headers = { 'Content-Type': 'application/problem+json' };
          return new Response(JSON.stringify(stale), { status: 401, headers });
        },
      });

      const error = await expectProblemError(
        latchkey.updateCurrentUser({ full_name: 'Ada King' }),
        401,
        'insufficient_user_authentication',
      );

      expect(error.needsReauthentication).to.equal(true);
      expect(sent).to.deep.equal(['PATCH /auth/me']);
      expect(await latchkey.isSignedIn()).to.equal(true);
    });

    it('changes the password and stays signed in', async () => {
      const { client: latchkey, person } = await signedIn();

      await latchkey.changePassword({ current_password: person.password, new_password: 'amber compass 4711' });

      expect((await latchkey.getCurrentUser()).email).to.equal(person.email);
      await latchkey.signIn(person.email, 'amber compass 4711');
    });

    it('creates one user for repeated calls with one Idempotency-Key', async () => {
      const { client: latchkey } = connect();
      const register = [registration(), { idempotencyKey: 'once-only' }] as const;

      const [first, second] = [await latchkey.registerUser(...register), await latchkey.registerUser(...register)];

      expect(second).to.deep.equal(first);
    });

    it('iterates over all users, a page at a time', async () => {
      const moderator = await app.signIn('moderator');
      const { client: latchkey, sent } = connect();
      await latchkey.signIn(moderator.email, moderator.password);
      const mark = `Reader ${moderator.id.slice(-8)}`;
      await Promise.all([1, 2, 3, 4, 5].map(() => app.signIn('user', newPerson({ fullName: mark }))));
      const found: string[] = [];

      for await (const user of latchkey.eachUser({ search: mark, limit: 2 })) found.push(user.id);

      expect(new Set(found).size).to.equal(5);
      expect(sent.filter((line) => line === 'GET /users')).to.have.length(3);
    });

    it('reads and sends ETags, so that no change is overwritten unseen', async () => {
      const admin = await app.signIn('admin');
      const { client: latchkey } = connect();
      await latchkey.signIn(admin.email, admin.password);
      const ada = await app.signIn();
      const { items } = await latchkey.listUsers({ search: ada.email });
      const { etag: ifMatch } = items[0]!;

      const changed = await latchkey.updateUser(ada.id, { role: 'moderator' }, { ifMatch });

      expect(changed.role).to.equal('moderator');
      expect((await latchkey.getUser(ada.id)).etag).to.equal(changed.etag);
      await expectProblemError(latchkey.updateUser(ada.id, { role: 'user' }, { ifMatch }), 412, 'precondition_failed');
      await expectProblemError(latchkey.deleteUser(ada.id, { ifMatch }), 412, 'precondition_failed');
      expect(await latchkey.deleteUser(ada.id, { ifMatch: changed.etag })).to.equal(undefined);
    });
  });

  describe('reports whether somebody is signed in', () => {
    it('with isSignedIn and onChange, until unsubscribed, and not for a refresh', async () => {
      const { client: latchkey, person, change } = await signedIn();
      const events: boolean[] = [];
      const stop = latchkey.onChange((isSignedIn) => events.push(isSignedIn));
      await change({ refreshAt: 0 });
      await latchkey.getCurrentUser();
      const states = [await latchkey.isSignedIn()];
      await latchkey.signOut();
      states.push(await latchkey.isSignedIn());
      await latchkey.signIn(person.email, person.password);
      stop();
      await latchkey.signOut();

      expect(events).to.deep.equal([false, true]);
      expect(states).to.deep.equal([true, false]);
    });

    it('with onSignedOut, but not for its own signOut', async () => {
      const events: unknown[] = [];
      const { client: latchkey } = await signedIn({ onSignedOut: (problem) => events.push(problem) });

      await latchkey.signOut();
      await latchkey.isSignedIn();

      expect(events).to.deep.equal([]);
    });

    it('with onSignedOut, once and without a problem, when another client of the same store signed out', async () => {
      const events: unknown[] = [];
      const first = await signedIn();
      const { client: latchkey } = connect({ tokens: first.tokens, onSignedOut: (problem) => events.push(problem) });
      await latchkey.getCurrentUser();

      await first.client.signOut();
      const states = [await latchkey.isSignedIn(), await latchkey.isSignedIn()];

      expect(states).to.deep.equal([false, false]);
      expect(events).to.deep.equal([undefined]);
    });

    it('to every listener, even when one throws', async () => {
      const { client: latchkey } = await signedIn();
      const thrown: unknown[] = [];
      const listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException').once('uncaughtException', (error) => thrown.push(error));
      const fault = new Error('a fault of the page');
      const events: boolean[] = [];
      latchkey.onChange(() => {
        throw fault;
      });
      latchkey.onChange((isSignedIn) => events.push(isSignedIn));

      try {
        await latchkey.signOut();
        await new Promise(setImmediate);
      } finally {
        process.removeAllListeners('uncaughtException');
        for (const listener of listeners) process.on('uncaughtException', listener);
      }

      expect(events).to.deep.equal([false]);
      expect(thrown).to.deep.equal([fault]);
    });
  });

  it('keeps people apart on a server, with one client per request', async () => {
    const people = await Promise.all([signedIn(), signedIn(), signedIn()]);

    const found = await Promise.all(people.map(({ client: latchkey }) => latchkey.getCurrentUser()));

    expect(found.map(({ email }) => email)).to.deep.equal(people.map(({ person }) => person.email));
    expect(() => consumer.client.browserTokenStore()).to.throw(/needs a browser/);
  });
});
