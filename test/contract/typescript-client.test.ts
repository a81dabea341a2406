/** The TypeScript client as its users get it: packed, installed in a project of its own and used on a live server. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import type * as Package from '../../generated/clients/typescript/lib/index.js';
import { useApp } from '../support/app.ts';
import { newPerson, registration } from '../support/people.ts';
import { consumerSource, useConsumer } from './client-consumer.ts';
import { compileStrictly } from './compile.ts';

describe('the TypeScript client', () => {
  const app = useApp();
  const consumer = useConsumer(app);
  const { connect, signedIn } = consumer;

  describe('on a live server', () => {
    it('registers, signs in, reads and changes the account, and signs out', async () => {
      const { client: latchkey, person, tokens } = await signedIn();

      const changed = await latchkey.updateCurrentUser({ body: { full_name: 'Ada King' } });
      const me = await latchkey.getCurrentUser();

      expect(changed.full_name).to.equal('Ada King');
      expect(me.email).to.equal(person.email);
      expect(await latchkey.signOut()).to.equal(undefined);
      expect(await tokens.get()).to.equal(undefined);
      await expectProblemError(latchkey.getCurrentUser(), 401, 'authentication_required');
    });

    it('ends the session on the server when it signs out', async () => {
      const { client: latchkey, tokens } = await signedIn();
      const kept = await tokens.get();

      await latchkey.signOut();
      await tokens.set(kept);

      await expectProblemError(latchkey.getCurrentUser(), 401, 'invalid_refresh_token');
    });

    it('renews an access token that is about to end before it sends a request', async () => {
      const { client: latchkey, sent, change } = await signedIn();
      await change({ refreshAt: Date.now() - 1 });

      await latchkey.getCurrentUser();

      expect(sent).to.deep.equal(['POST /auth/refresh', 'GET /auth/me']);
    });

    it('renews once for many calls whose access token is refused', async () => {
      const { client: latchkey, sent, change } = await signedIn();
      await change({ accessToken: 'not.a.token' });

      const answers = await Promise.all(Array.from({ length: 20 }, () => latchkey.getCurrentUser()));

      expect(new Set(answers.map(({ id }) => id)).size).to.equal(1);
      expect(sent.filter((line) => line === 'POST /auth/refresh')).to.have.length(1);
      expect(sent.filter((line) => line === 'GET /auth/me')).to.have.length(40);
    });

    it('forgets the tokens, says so once and throws the problem when the refresh token is refused', async () => {
      const told: string[] = [];
      const session = await signedIn({ onSignedOut: (problem) => told.push(problem.code) });
      const first = await session.tokens.get();
      await session.change({ refreshAt: 0 });
      await session.client.getCurrentUser();
      await session.change({ accessToken: 'not.a.token', refreshToken: first!.refreshToken });

      const calls = Array.from({ length: 5 }, () => session.client.getCurrentUser());

      await Promise.all(calls.map((call) => expectProblemError(call, 401, 'invalid_refresh_token')));
      expect(told).to.deep.equal(['invalid_refresh_token']);
      expect(await session.tokens.get()).to.equal(undefined);
    });

    it('renews once for all clients that share a store with a lock', async () => {
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

    it('does not repeat the request of one person for another who signed in meanwhile', async () => {
      const other = await signedIn();
      const { client: latchkey, sent, tokens, change } = await signedIn();
      await change({ accessToken: 'not.a.token' });

      const refused = latchkey.updateCurrentUser({ body: { full_name: 'Ada King' } });
      while (sent.length === 0) await new Promise(setImmediate);
      await tokens.set(await other.tokens.get());

      await expectProblemError(refused, 401, 'invalid_token');
      expect(await latchkey.getCurrentUser()).to.include({ full_name: other.person.fullName });
    });

    it('throws a problem with its code, the rules that were broken and the id of the request', async () => {
      const { client: latchkey } = connect();
      const body = registration(newPerson({ password: 'password' }));

      const error = await expectProblemError(latchkey.registerUser({ body }), 400, 'validation_failed');

      expect(error.errors.map(({ rule }) => rule)).to.deep.equal(['password_common']);
      expect(error.instance).to.equal(`urn:latchkey:request:${error.requestId}`);
    });

    it('lets the same Idempotency-Key make one user', async () => {
      const { client: latchkey } = connect();
      const call = { body: registration(), header: { 'Idempotency-Key': 'once-only' } };

      const [first, second] = [await latchkey.registerUser(call), await latchkey.registerUser(call)];

      expect(second).to.deep.equal(first);
    });

    it('reads every user by cursor, a page at a time', async () => {
      const moderator = await app.signIn('moderator');
      const { client: latchkey, sent } = connect();
      await latchkey.signIn(moderator.email, moderator.password);
      const mark = `Reader ${moderator.id.slice(-8)}`;
      await Promise.all([1, 2, 3, 4, 5].map(() => app.signIn('user', newPerson({ fullName: mark }))));
      const found: string[] = [];

      for await (const user of latchkey.eachUser({ query: { search: mark, limit: 2 } })) found.push(user.id);

      expect(new Set(found).size).to.equal(5);
      expect(sent.filter((line) => line === 'GET /users')).to.have.length(3);
    });

    it('gives the headers of an answer by path, for a change that nobody else may overtake', async () => {
      const admin = await app.signIn('admin');
      const { client: latchkey } = connect();
      await latchkey.signIn(admin.email, admin.password);
      const address = { user_id: (await app.signIn()).id };
      const { response } = await latchkey.http.GET('/users/{user_id}', { params: { path: address } });
      const header = { 'If-Match': response.headers.get('ETag') ?? '' };
      const change = () => latchkey.updateUser({ path: address, header, body: { role: 'moderator' } });

      expect((await change()).role).to.equal('moderator');
      await expectProblemError(change(), 412, 'precondition_failed');
      expect(await latchkey.deleteUser({ path: address })).to.equal(undefined);
    });
  });

  describe('on a network that answers what a test says', () => {
    const problem = (status: number, code: string, retryAfter?: string) => () =>
      Response.json(
        { type: 'about:blank', title: code, status, detail: code, instance: 'urn:latchkey:request:1', code },
        { status, headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter } },
      );
    const user = () => Response.json({ id: '1' });
    const script = (...answers: (() => Response)[]) => {
      const fetch = async () => (answers.length > 1 ? answers.shift() : answers[0])!();
      return connect({ baseUrl: 'https://accounts.example.com', fetch });
    };

    it('repeats a request after a 429 and after a 503, as Retry-After says', async () => {
      const { client: latchkey, sent } = script(
        problem(429, 'rate_limited', '0'),
        problem(503, 'service_unavailable', new Date().toUTCString()),
        user,
      );

      await latchkey.getCurrentUser();

      expect(sent).to.have.length(3);
    });

    it('gives up after three times, and at once when it would have to wait too long', async () => {
      const patient = script(problem(429, 'rate_limited', '0'));
      const hurried = script(problem(429, 'rate_limited', '61'));

      await expectProblemError(patient.client.getCurrentUser(), 429, 'rate_limited');
      const error = await expectProblemError(hurried.client.getCurrentUser(), 429, 'rate_limited');

      expect([patient.sent.length, hurried.sent.length]).to.deep.equal([3, 1]);
      expect(error.retryAfterSeconds).to.equal(61);
    });

    it('repeats after a 503 what can not happen twice, and nothing else', async () => {
      const keyed = script(problem(503, 'service_unavailable', '0'), user);
      const change = script(problem(503, 'service_unavailable', '0'), user);

      await keyed.client.registerUser({ body: registration() });
      const refused = change.client.updateCurrentUser({ body: { full_name: 'Ada King' } });

      await expectProblemError(refused, 503, 'service_unavailable');
      expect([keyed.sent.length, change.sent.length]).to.deep.equal([2, 1]);
    });

    it('sends one Idempotency-Key with every attempt of a registration', async () => {
      const keys: (string | null)[] = [];
      const fetch = async (request: Request) => {
        keys.push(request.headers.get('Idempotency-Key'));
        expect(await request.json()).to.have.property('email');
        return keys.length < 3 ? problem(503, 'service_unavailable', '0')() : user();
      };

      await connect({ fetch }).client.registerUser({ body: registration() });

      expect(keys).to.have.length(3);
      expect(new Set(keys).size).to.equal(1);
      expect(keys[0]).to.match(/^[0-9a-f]{32}$/);
    });

    it('stops at once when the signal says so, while it waits and while it sends', async () => {
      const waiting = script(problem(429, 'rate_limited', '30'));
      const sending = connect({ fetch: () => new Promise(() => {}) });
      const stop = () => AbortSignal.timeout(20);

      expect(await failure(waiting.client.getCurrentUser({ signal: stop() }))).to.have.property('name', 'TimeoutError');
      expect(await failure(sending.client.getCurrentUser({ signal: stop() }))).to.have.property('name', 'TimeoutError');
      const gone = sending.client.getCurrentUser({ signal: AbortSignal.abort('enough') });
      expect(await failure(gone)).to.equal('enough');
    });

    it('renews for the others when the call that began the renewal is aborted', async () => {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const fetch = async (request: Request) => {
        if (request.url.endsWith('/refresh')) await held;
        return globalThis.fetch(request);
      };
      const { client: latchkey, sent, change } = await signedIn({ fetch });
      await change({ refreshAt: 0 });
      const controller = new AbortController();
      const first = failure(latchkey.getCurrentUser({ signal: controller.signal }));
      const second = latchkey.getCurrentUser();

      controller.abort();
      expect(await first).to.have.property('name', 'AbortError');
      release();

      await second;
      expect(sent).to.deep.equal(['POST /auth/refresh', 'GET /auth/me']);
    });

    it('goes on with a token that still works when the renewal ahead of time finds no network', async () => {
      const fetch = (request: Request) =>
        request.url.endsWith('/refresh') ? Promise.reject(new TypeError('no network')) : globalThis.fetch(request);
      const { client: latchkey, change } = await signedIn({ fetch });
      await change({ refreshAt: 0 });

      expect(await latchkey.getCurrentUser()).to.have.property('id');
      await change({ expiresAt: 0 });
      expect(await failure(latchkey.getCurrentUser())).to.be.instanceOf(consumer.client.NetworkError);
    });

    it('tells a network that fails and a proxy that answers from a problem', async () => {
      const away = connect({ fetch: () => Promise.reject(new TypeError('fetch failed')) });
      const proxy = script(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
      const portal = script(() => new Response('<h1>Welcome</h1>', { headers: { 'Content-Type': 'text/html' } }));

      expect(await failure(away.client.getHealth())).to.be.instanceOf(consumer.client.NetworkError);
      expect(await failure(proxy.client.getHealth())).to.be.instanceOf(consumer.client.UnexpectedAnswerError);
      expect(await failure(portal.client.getHealth())).to.be.instanceOf(consumer.client.UnexpectedAnswerError);
    });
  });

  it('compiles in a strict project, which finds a wrong operation, field and parameter', async function () {
    this.timeout(30_000);
    const file = path.join(consumer.directory, 'consumer.ts');
    await writeFile(file, consumerSource);

    const faults = [ts.ModuleResolutionKind.Bundler, ts.ModuleResolutionKind.NodeNext].map((moduleResolution) => {
      const module =
        moduleResolution === ts.ModuleResolutionKind.Bundler ? ts.ModuleKind.ESNext : ts.ModuleKind.NodeNext;
      return compileStrictly([file], { module, moduleResolution, exactOptionalPropertyTypes: true });
    });

    expect(faults).to.deep.equal(['', '']);
  });

  async function expectProblemError(call: Promise<unknown>, status: number, code: Package.ProblemCode) {
    const error = await failure(call);
    if (!(error instanceof consumer.client.ProblemError)) throw new Error('this is no problem', { cause: error });
    expect({ status: error.status, code: error.code }).to.deep.equal({ status, code });
    return error;
  }
});

async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error,
  );
}
