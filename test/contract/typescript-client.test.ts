/** The TypeScript client as its users get it: packed, installed in a project of its own and used on a live server. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import type * as Package from '../../generated/clients/typescript/lib/index.js';
import { useApp } from '../support/app.ts';
import { newPerson, registration } from '../support/people.ts';
import { consumerSource, pageExamples, secureStore, useConsumer } from './client-consumer.ts';
import { useApi } from './own-api.ts';
import { compileStrictly } from './compile.ts';

describe('the TypeScript client', () => {
  const app = useApp();
  const consumer = useConsumer(app);
  const { connect, signedIn } = consumer;

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
      const told: unknown[] = [];
      const session = await signedIn({ onSignedOut: (problem) => told.push(problem?.code) });
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

      const refused = latchkey.updateCurrentUser({ full_name: 'Ada King' });
      while (sent.length === 0) await new Promise(setImmediate);
      await tokens.set(await other.tokens.get());

      await expectProblemError(refused, 401, 'invalid_token');
      expect(await latchkey.getCurrentUser()).to.include({ full_name: other.person.fullName });
    });

    it('throws a problem with its code, the rules that were broken and the id of the request', async () => {
      const { client: latchkey } = connect();
      const body = registration(newPerson({ password: 'password' }));

      const error = await expectProblemError(latchkey.registerUser(body), 400, 'validation_failed');

      expect(error.errors.map(({ rule }) => rule)).to.deep.equal(['password_common']);
      expect(error.instance).to.equal(`urn:latchkey:request:${error.requestId}`);
    });

    it('lets the same Idempotency-Key make one user', async () => {
      const { client: latchkey } = connect();
      const register = [registration(), { idempotencyKey: 'once-only' }] as const;

      const [first, second] = [await latchkey.registerUser(...register), await latchkey.registerUser(...register)];

      expect(second).to.deep.equal(first);
    });

    it('reads every user by cursor, a page at a time', async () => {
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

    it('gives and takes entity tags, so that nobody overtakes a change', async () => {
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

  describe('tells who is signed in', () => {
    it('by isSignedIn and onChange, until that is ended, and not for a renewal', async () => {
      const { client: latchkey, person, change } = await signedIn();
      const told: boolean[] = [];
      const stop = latchkey.onChange((isSignedIn) => told.push(isSignedIn));
      await change({ refreshAt: 0 });
      await latchkey.getCurrentUser();
      const states = [await latchkey.isSignedIn()];
      await latchkey.signOut();
      states.push(await latchkey.isSignedIn());
      await latchkey.signIn(person.email, person.password);
      stop();
      await latchkey.signOut();

      expect(told).to.deep.equal([false, true]);
      expect(states).to.deep.equal([true, false]);
    });

    it('by onSignedOut, but not for its own signOut', async () => {
      const told: unknown[] = [];
      const { client: latchkey } = await signedIn({ onSignedOut: (problem) => told.push(problem) });

      await latchkey.signOut();
      await latchkey.isSignedIn();

      expect(told).to.deep.equal([]);
    });

    it('by onSignedOut without a problem when another client of the same store signed out, once', async () => {
      const told: unknown[] = [];
      const first = await signedIn();
      const { client: latchkey } = connect({ tokens: first.tokens, onSignedOut: (problem) => told.push(problem) });
      await latchkey.getCurrentUser();

      await first.client.signOut();
      const states = [await latchkey.isSignedIn(), await latchkey.isSignedIn()];

      expect(states).to.deep.equal([false, false]);
      expect(told).to.deep.equal([undefined]);
    });

    it('to whom it can, whatever a listener throws', async () => {
      const { client: latchkey } = await signedIn();
      const thrown: unknown[] = [];
      const listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException').once('uncaughtException', (error) => thrown.push(error));
      const fault = new Error('a fault of the page');
      const told: boolean[] = [];
      latchkey.onChange(() => {
        throw fault;
      });
      latchkey.onChange((isSignedIn) => told.push(isSignedIn));

      await latchkey.signOut();
      await new Promise(setImmediate);

      for (const listener of listeners) process.on('uncaughtException', listener);
      expect(told).to.deep.equal([false]);
      expect(thrown).to.deep.equal([fault]);
    });
  });

  describe('for an API of one’s own', () => {
    const api = useApi();

    it('sends the access token, with the rest of the request as it is', async () => {
      const { client: latchkey, tokens } = await signedIn({ apiOrigins: [api.origin] });

      const init = { method: 'POST', body: 'six pencils', headers: { 'X-Shop': 'north' } };
      const response = await latchkey.fetch(`${api.origin}/orders?all=1`, init);

      expect(response.status).to.equal(200);
      expect(api.seen).to.deep.equal([
        {
          path: 'POST /orders?all=1',
          authorization: `Bearer ${(await tokens.get())!.accessToken}`,
          shop: 'north',
          body: 'six pencils',
        },
      ]);
    });

    it('renews the token once when it is refused, and sends the whole request again', async () => {
      const { client: latchkey, sent, tokens } = await signedIn({ apiOrigins: [api.origin] });
      api.answers.push(401, 200);

      const response = await latchkey.fetch(`${api.origin}/orders`, { method: 'POST', body: 'six pencils' });

      expect(response.status).to.equal(200);
      expect(sent.filter((line) => line.includes('refresh'))).to.have.length(1);
      expect(api.seen.map(({ body }) => body)).to.deep.equal(['six pencils', 'six pencils']);
      expect(api.seen[1]!.authorization).to.equal(`Bearer ${(await tokens.get())!.accessToken}`);
    });

    it('gives the refusal when the renewed token is refused too', async () => {
      const { client: latchkey } = await signedIn({ apiOrigins: [api.origin] });
      api.answers.push(401, 401, 200);

      const response = await latchkey.fetch(`${api.origin}/orders`);

      expect(response.status).to.equal(401);
      expect(api.seen).to.have.length(2);
    });

    it('sends nothing to an origin that is not named, and no token where it is redirected', async () => {
      const { client: latchkey } = await signedIn({ apiOrigins: [api.origin] });
      const elsewhere = api.origin.replace('127.0.0.1', 'localhost');

      const refused = await failure(latchkey.fetch(`${elsewhere}/orders`));
      const redirected = await latchkey.fetch(`${api.origin}/redirect?to=${encodeURIComponent(`${elsewhere}/orders`)}`);

      expect(String(refused)).to.include(`is not sent to ${elsewhere}`);
      expect(redirected.status).to.equal(200);
      expect(api.seen.map(({ authorization }) => authorization !== undefined)).to.deep.equal([true, false]);
    });

    it('sends no token when nobody is signed in', async () => {
      const { client: latchkey } = connect({ apiOrigins: [api.origin] });

      await latchkey.fetch(`${api.origin}/orders`);

      expect(api.seen.map(({ authorization }) => authorization)).to.deep.equal([undefined]);
    });

    it('gives an access token that works, renewed when it is about to end, and none when nobody is signed in', async () => {
      const { client: latchkey, sent, change } = await signedIn();
      await change({ refreshAt: 0 });

      const tokens = await Promise.all([latchkey.getAccessToken(), latchkey.getAccessToken()]);

      expect(sent).to.deep.equal(['POST /auth/refresh']);
      expect(tokens[0]).to.equal(tokens[1]);
      expect((await app.send('get', '/auth/me', { token: tokens[0] })).status).to.equal(200);
      expect(await connect().client.getAccessToken()).to.equal(undefined);
    });
  });

  it('keeps the people of a server apart: a client for each request', async () => {
    const people = await Promise.all([signedIn(), signedIn(), signedIn()]);

    const found = await Promise.all(people.map(({ client: latchkey }) => latchkey.getCurrentUser()));

    expect(found.map(({ email }) => email)).to.deep.equal(people.map(({ person }) => person.email));
    expect(() => consumer.client.browserTokenStore()).to.throw(/needs a browser/);
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

      await keyed.client.registerUser(registration());
      const refused = change.client.updateCurrentUser({ full_name: 'Ada King' });

      await expectProblemError(refused, 503, 'service_unavailable');
      expect([keyed.sent.length, change.sent.length]).to.deep.equal([2, 1]);
    });

    it('sends one Idempotency-Key with every attempt of a registration', async () => {
      const keys: (string | null)[] = [];
      const fetch: Package.Fetch = async (url, init) => {
        const request = new Request(url, init);
        keys.push(request.headers.get('Idempotency-Key'));
        expect(await request.json()).to.have.property('email');
        return keys.length < 3 ? problem(503, 'service_unavailable', '0')() : user();
      };

      await connect({ fetch }).client.registerUser(registration());

      expect(keys).to.have.length(3);
      expect(new Set(keys).size).to.equal(1);
      expect(keys[0]).to.match(/^[0-9a-f]{32}$/);
    });

    it('never lets a person wait who signs in or registers, and says when to try again', async () => {
      for (const call of [
        (client: Package.Client) => client.signIn('ada@example.com', 'seven green kites'),
        (client: Package.Client) => client.registerUser(registration()),
      ]) {
        const { client: latchkey, sent } = script(problem(429, 'rate_limited', '1'));

        const error = await expectProblemError(call(latchkey), 429, 'rate_limited');

        expect(error.retryAfterSeconds).to.equal(1);
        expect(sent).to.have.length(1);
      }
      const away = script(problem(503, 'service_unavailable', '1'));
      await expectProblemError(away.client.signIn('ada@example.com', 'x'), 503, 'service_unavailable');
      expect(away.sent).to.have.length(1);
    });

    it('waits no longer than it was told, all in all', async () => {
      const fetch = async () => problem(429, 'rate_limited', '1')();
      const { client: latchkey, sent } = connect({ fetch, retry: { maxWaitSeconds: 1.5 } });

      await expectProblemError(latchkey.getCurrentUser(), 429, 'rate_limited');

      expect(sent).to.have.length(2);
    });

    it('passes on codes and rules that it does not know', async () => {
      const { client: latchkey } = script(problem(418, 'a_code_of_next_year'));

      await expectProblemError(latchkey.getCurrentUser(), 418, 'a_code_of_next_year');
    });

    it('takes JSON that is cut off or no problem for what it is: not an answer of the service', async () => {
      const headers = { 'Content-Type': 'application/json' };
      for (const answer of [
        new Response('{"id":', { headers }),
        new Response('{"error":"no such app"}', { status: 404, headers }),
        new Response('', { status: 502 }),
      ]) {
        const { client: latchkey } = script(() => answer);
        expect(await failure(latchkey.getHealth())).to.be.instanceOf(consumer.client.UnexpectedAnswerError);
      }
    });

    it('sends no id that would lead to another path', async () => {
      const { client: latchkey, sent } = script(user);

      for (const id of ['', '.', '..', undefined as unknown as string]) {
        expect(await failure(latchkey.deleteUser(id))).to.be.instanceOf(TypeError);
      }
      await latchkey.getUser('a/../b?c#d');

      expect(sent).to.deep.equal(['GET /users/a%2F..%2Fb%3Fc%23d']);
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
      const fetch: Package.Fetch = async (url, init) => {
        if (new Request(url, init).url.endsWith('/refresh')) await held;
        return globalThis.fetch(url, init);
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
      const fetch: Package.Fetch = (url, init) =>
        new Request(url, init).url.endsWith('/refresh')
          ? Promise.reject(new TypeError('no network'))
          : globalThis.fetch(url, init);
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
      const gateway = await failure(proxy.client.getHealth());
      expect(gateway).to.be.instanceOf(consumer.client.UnexpectedAnswerError);
      expect(gateway).to.include({ status: 502, body: '<h1>Bad gateway</h1>' });
      expect(String(gateway)).to.match(/https:\/\/accounts.example.com\/api\/v1\/health answered 502 with text\/plain/);
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

  it('has examples that compile in a strict project', async function () {
    this.timeout(30_000);
    const page = await readFile(path.join(consumer.directory, 'node_modules/@latchkey/client/README.md'), 'utf8');
    const files = await Promise.all(
      Object.entries({ ...pageExamples(page), 'secure-store.d.ts': secureStore }).map(async ([name, text]) => {
        await writeFile(path.join(consumer.directory, name), text);
        return path.join(consumer.directory, name);
      }),
    );

    expect(files).to.have.length.greaterThan(5);
    expect(compileStrictly(files, { exactOptionalPropertyTypes: true })).to.equal('');
  });

  for (const version of ['5.6', '7']) {
    it(`and with TypeScript ${version}, where npm can give it`, async function () {
      this.timeout(120_000);
      const directory = path.join(consumer.directory, `typescript-${version}`);
      await mkdir(directory);
      const npm = [
        'install',
        `typescript@${version}`,
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
      ];
      const run = promisify(execFile);
      try {
        await run('npm', [...npm, '--prefix', directory, '--fetch-retries', '0'], { cwd: directory });
      } catch (error) {
        process.stdout.write(`npm gives no TypeScript ${version}: ${String(error).split('\n')[0]}\n`);
        this.skip();
      }
      const page = await readFile(path.join(consumer.directory, 'node_modules/@latchkey/client/README.md'), 'utf8');
      const files = { ...pageExamples(page), 'consumer.ts': consumerSource, 'secure-store.d.ts': secureStore };
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(consumer.directory, name), text);
      const options = '--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext';
      const tsc = path.join(directory, 'node_modules', 'typescript', 'bin', 'tsc');

      const { stdout } = await run(process.execPath, [tsc, ...options.split(' '), ...Object.keys(files)], {
        cwd: consumer.directory,
      }).catch((error: unknown) => error as { stdout: string });

      expect(stdout).to.equal('');
    });
  }

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
