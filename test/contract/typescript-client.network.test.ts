/** The TypeScript client on a scripted network. */
import { expect } from 'chai';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { useApp } from '../support/app.ts';
import { registration } from '../support/people.ts';
import { failure, useConsumer } from './client-consumer.ts';

describe('the TypeScript client on an unreliable network', () => {
  const app = useApp();
  const consumer = useConsumer(app);
  const { connect, signedIn, expectProblemError } = consumer;

  const problem = (status: number, code: string, retryAfter?: string) => () =>
    Response.json(
      { type: 'about:blank', title: code, status, detail: code, instance: 'urn:latchkey:request:1', code },
      { status, headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter } },
    );
  const user = () => Response.json({ id: '1' });
  const answering = (...answers: (() => Response)[]) => {
    const fetch = async () => (answers.length > 1 ? answers.shift() : answers[0])!();
    return connect({ baseUrl: 'https://accounts.example.com', fetch });
  };

  it('is made only for a URL that leads to the service, and shows no password in one that does not', () => {
    for (const baseUrl of ['', '/accounts', 'https://accounts.example.com/', 'http://[::1]:8000/api/v1/']) {
      expect(() => connect({ baseUrl }), baseUrl).not.to.throw();
    }
    for (const baseUrl of [
      ...[
        'localhost:8000',
        'accounts.example.com',
        'ftp://accounts.example.com',
        'https://',
        ' https://accounts.example.com',
      ],
      ...[
        'https://ada:kites@accounts.example.com',
        'https://accounts.example.com?a=b',
        'https://accounts.example.com/#a',
      ],
    ]) {
      expect(() => connect({ baseUrl }), baseUrl)
        .to.throw(
          TypeError,
          'baseUrl must be a URL such as https://accounts.example.com, without user, query and fragment',
        )
        .with.property('message')
        .that.does.not.include('kites');
    }
  });

  it('retries after a 429 or 503, as Retry-After says', async () => {
    const { client: latchkey, sent } = answering(
      problem(429, 'rate_limited', '0'),
      problem(503, 'service_unavailable', new Date().toUTCString()),
      user,
    );

    await latchkey.getCurrentUser();

    expect(sent).to.have.length(3);
  });

  it('gives up after three attempts, or at once when the wait would be too long', async () => {
    const patient = answering(problem(429, 'rate_limited', '0'));
    const impatient = answering(problem(429, 'rate_limited', '61'));

    await expectProblemError(patient.client.getCurrentUser(), 429, 'rate_limited');
    const error = await expectProblemError(impatient.client.getCurrentUser(), 429, 'rate_limited');

    expect([patient.sent.length, impatient.sent.length]).to.deep.equal([3, 1]);
    expect(error.retryAfterSeconds).to.equal(61);
  });

  it('retries only idempotent requests after a 503', async () => {
    const keyed = answering(problem(503, 'service_unavailable', '0'), user);
    const change = answering(problem(503, 'service_unavailable', '0'), user);

    await keyed.client.registerUser(registration());
    const refused = change.client.updateCurrentUser({ full_name: 'Ada King' });

    await expectProblemError(refused, 503, 'service_unavailable');
    expect([keyed.sent.length, change.sent.length]).to.deep.equal([2, 1]);
  });

  it('sends the same Idempotency-Key with every attempt of a registration', async () => {
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

  it('never makes a person wait at sign-in or registration, but says when to try again', async () => {
    for (const call of [
      (client: Package.Client) => client.signIn('ada@example.com', 'seven green kites'),
      (client: Package.Client) => client.registerUser(registration()),
    ]) {
      const { client: latchkey, sent } = answering(problem(429, 'rate_limited', '1'));

      const error = await expectProblemError(call(latchkey), 429, 'rate_limited');

      expect(error.retryAfterSeconds).to.equal(1);
      expect(sent).to.have.length(1);
    }
    const away = answering(problem(503, 'service_unavailable', '1'));
    await expectProblemError(away.client.signIn('ada@example.com', 'x'), 503, 'service_unavailable');
    expect(away.sent).to.have.length(1);
  });

  it('limits the total wait', async () => {
    const fetch = async () => problem(429, 'rate_limited', '1')();
    const { client: latchkey, sent } = connect({ fetch, retry: { maxWaitSeconds: 1.5 } });

    await expectProblemError(latchkey.getCurrentUser(), 429, 'rate_limited');

    expect(sent).to.have.length(2);
  });

  it('passes on unknown problem codes', async () => {
    const { client: latchkey } = answering(problem(418, 'a_code_of_next_year'));

    await expectProblemError(latchkey.getCurrentUser(), 418, 'a_code_of_next_year');
  });

  it("rejects truncated JSON and errors that aren't problems as unexpected answers", async () => {
    const headers = { 'Content-Type': 'application/json' };
    for (const answer of [
      new Response('{"id":', { headers }),
      new Response('{"error":"no such app"}', { status: 404, headers }),
      new Response('', { status: 502 }),
    ]) {
      const { client: latchkey } = answering(() => answer);
      expect(await failure(latchkey.getHealth())).to.be.instanceOf(consumer.client.UnexpectedAnswerError);
    }
  });

  it('refuses ids that would change the path', async () => {
    const { client: latchkey, sent } = answering(user);

    for (const id of ['', '.', '..', undefined as unknown as string]) {
      expect(await failure(latchkey.deleteUser(id))).to.be.instanceOf(TypeError);
    }
    await latchkey.getUser('a/../b?c#d');

    expect(sent).to.deep.equal(['GET /users/a%2F..%2Fb%3Fc%23d']);
  });

  it('aborts at once on its signal, whether waiting or sending', async () => {
    const waiting = answering(problem(429, 'rate_limited', '30'));
    const sending = connect({ fetch: () => new Promise(() => {}) });
    const stop = () => AbortSignal.timeout(20);

    expect(await failure(waiting.client.getCurrentUser({ signal: stop() }))).to.have.property('name', 'TimeoutError');
    expect(await failure(sending.client.getCurrentUser({ signal: stop() }))).to.have.property('name', 'TimeoutError');
    const gone = sending.client.getCurrentUser({ signal: AbortSignal.abort('enough') });
    expect(await failure(gone)).to.equal('enough');
  });

  it('finishes a refresh for other calls when the call that started it is aborted', async () => {
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

  it('keeps using a valid token when an early refresh finds no network', async () => {
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

  it('distinguishes network failures and answers from proxies from problems', async () => {
    const away = connect({ fetch: () => Promise.reject(new TypeError('fetch failed')) });
    const proxy = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    const portal = answering(() => new Response('<h1>Welcome</h1>', { headers: { 'Content-Type': 'text/html' } }));

    expect(await failure(away.client.getHealth())).to.be.instanceOf(consumer.client.NetworkError);
    const gateway = await failure(proxy.client.getHealth());
    expect(gateway).to.be.instanceOf(consumer.client.UnexpectedAnswerError);
    expect(gateway).to.include({ status: 502, body: '<h1>Bad gateway</h1>' });
    expect(String(gateway)).to.match(/https:\/\/accounts.example.com\/api\/v1\/health answered 502 with text\/plain/);
    expect(await failure(portal.client.getHealth())).to.be.instanceOf(consumer.client.UnexpectedAnswerError);
  });
});
