/** The Python client behind a gateway that fails. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { badGateway, busy, limited, problem, type OwnAnswer } from '../support/gateway.ts';
import { signedIn, usePrograms } from './python-programs.ts';

describe('the Python client on an unreliable network', function () {
  const app = useApp();
  const { gateway, run, somebody } = usePrograms(app);

  it('repeats a read after a 429, a gateway or a lost connection, as Retry-After says', async () => {
    gateway.answerInTurn({
      'GET /auth/me': [limited, badGateway, undefined],
      'GET /auth/sessions': ['hang up', undefined],
    });

    const told = await run(
      `${signedIn}
began = time.monotonic()
email = client.get_current_user().email
tell(email, time.monotonic() - began >= 1, len(client.list_sessions().items))
`,
      await somebody(),
    );

    expect(told.slice(1)).to.deep.equal([true, 1]);
    expect(gateway.calls().slice(1)).to.deep.equal([
      ...Array<string>(3).fill('GET /auth/me'),
      ...Array<string>(2).fill('GET /auth/sessions'),
    ]);
  });

  it('gives up after three attempts, or at once when it would wait too long', async () => {
    gateway.answerInTurn({
      'GET /.well-known/jwks.json': [busy],
      'GET /auth/me': [problem(429, 'rate_limited', { 'Retry-After': '31' })],
    });

    const told = await run(
      `${signedIn}
error = refusal(client.get_current_user)
tell(refusal(client.get_jwks).code, error.code, error.retry_after)
`,
      await somebody(),
    );

    expect(told).to.deep.equal(['service_unavailable', 'rate_limited', 31]);
    expect(gateway.calls().slice(1)).to.deep.equal([
      'GET /auth/me',
      ...Array<string>(3).fill('GET /.well-known/jwks.json'),
    ]);
  });

  it('sends the same Idempotency-Key with each attempt, and repeats no change without one', async () => {
    const person = await somebody();
    gateway.answerInTurn({ 'POST /auth/register': [busy, 'hang up', undefined], 'PATCH /auth/me': [limited] });

    const told = await run(
      `
Client(url).register_user(email="new." + email, password=password, full_name="New Person")
client = Client(url, tokens=store)
client.sign_in(email, password)
error = refusal(client.update_current_user, full_name="Ada King")
tell(error.status, error.retry_after)
`,
      person,
    );

    expect(told).to.deep.equal([429, 1]);
    const keys = gateway.seen
      .filter(({ call }) => call === 'POST /auth/register')
      .map(({ headers }) => headers['idempotency-key']);
    expect(keys).to.have.length(3);
    expect(new Set(keys)).to.have.property('size', 1);
    expect(gateway.calls().filter((call) => call === 'PATCH /auth/me')).to.have.length(1);
  });

  it('keeps nobody waiting at a form, and tells probes at once', async () => {
    gateway.answerInTurn({
      'POST /auth/login': [limited],
      'POST /auth/register': [limited],
      'GET /health/ready': [busy],
    });

    const told = await run(`
client = Client(url)
tell(
    refusal(client.sign_in, email, password).retry_after,
    refusal(client.register_user, email=email, password=password, full_name="Ada").retry_after,
    refusal(client.get_readiness).status,
)
`);

    expect(told).to.deep.equal([1, 1, 503]);
    expect(gateway.seen).to.have.length(3);
  });

  for (const [what, failure, error] of [
    ['a busy service', busy, 'ProblemError'],
    ['a gateway', badGateway, 'UnexpectedAnswerError'],
    ['a lost connection', 'hang up', 'NetworkError'],
  ] as const) {
    it(`never sends a refresh twice after ${what}`, async () => {
      gateway.answerInTurn({ 'POST /auth/refresh': [failure] });

      const told = await run(
        `${signedIn}
change(refresh_at=0)
early = client.get_current_user().email == email
change(expires_at=0)
late = type(refusal(client.get_current_user)).__name__
tell(early, late, client.is_signed_in)
`,
        await somebody(),
      );

      expect(told).to.deep.equal([true, error, true]);
      expect(gateway.calls()).to.deep.equal([
        'POST /auth/login',
        'POST /auth/refresh',
        'GET /auth/me',
        'POST /auth/refresh',
      ]);
    });
  }

  it('finishes a refresh whose caller is cancelled', async () => {
    gateway.holdRefresh();

    const told = await run(
      `
async def main():
    async with AsyncClient(url, tokens=store) as client:
        await client.sign_in(email, password)
        before = store.load()
        change(refresh_at=0)
        first = asyncio.create_task(client.get_current_user())
        second = asyncio.create_task(client.get_current_user())
        await client.get_readiness()
        first.cancel()
        await client.get_health()
        await second
        tell(first.cancelled(), before.refresh_token != store.load().refresh_token)
asyncio.run(main())
`,
      await somebody(),
    );

    expect(told).to.deep.equal([true, true]);
    expect(gateway.calls().filter((call) => call === 'POST /auth/refresh')).to.have.length(1);
  });

  it('says that something else answered, whatever the status', async () => {
    const answers: [string, OwnAnswer][] = [
      ['GET /health', { status: 502, body: '<h1>Bad gateway</h1>' }],
      ['GET /auth/sessions', { status: 200, body: '<h1>Welcome</h1>' }],
      ['DELETE /auth/sessions', { status: 200, body: '<h1>Welcome</h1>' }],
      ['GET /auth/me', { status: 200, body: { id: 1 } }],
      ['GET /auth/events', { status: 302, headers: { Location: 'https://example.com/' }, body: 'elsewhere' }],
      [
        'DELETE /auth/me',
        { status: 404, headers: { 'Content-Type': 'application/json' }, body: { error: 'no such app' } },
      ],
    ];
    gateway.answerInTurn(Object.fromEntries(answers.map(([call, own]) => [call, [own]])));

    const told = await run(
      `${signedIn}
calls = [client.get_health, client.list_sessions, client.end_other_sessions, client.get_current_user,
         client.list_own_events, client.delete_current_user]
errors = [refusal(call) for call in calls]
tell({type(error).__name__ for error in errors} == {"UnexpectedAnswerError"}, [error.status for error in errors],
     str(errors[0]).replace(url, ""), errors[0].body)
`,
      await somebody(),
    );

    expect(told).to.deep.equal([
      true,
      [502, 200, 200, 200, 302, 404],
      "/api/v1/health answered 502 with text/html, which is no answer of Latchkey's",
      '<h1>Bad gateway</h1>',
    ]);
  });

  it('gives up on a service that does not answer in time', async () => {
    gateway.answerInTurn({ 'GET /health': ['never'] });

    const told = await run(`
away = refusal(Client("http://127.0.0.1:9", retry=Retry(attempts=1)).get_current_user)
late = refusal(Client(url, timeout=1).get_health)
tell(type(away).__name__, type(late).__name__, type(late.__cause__).__name__)
`);

    expect(told).to.deep.equal(['NetworkError', 'NetworkError', 'ReadTimeout']);
  });

  it('sends nothing without a URL, or with an id that would change the path', async () => {
    const told = await run(`
def fault(call):
    try:
        call()
    except (TypeError, ValueError) as error:
        return type(error).__name__

client = Client(url)
places = ("", "accounts.example.com", "https://ada:kites@accounts.example.com", "https://accounts.example.com?a=b", "https://accounts.example.com/#a")
tell([fault(Client), *(fault(lambda: Client(place)) for place in places)],
     [fault(lambda: client.get_user(id)) for id in ("", ".", "..")], refusal(client.get_user, "a/../b?c#d").status)
`);

    expect(told).to.deep.equal([
      ['TypeError', ...Array<string>(5).fill('ValueError')],
      Array(3).fill('ValueError'),
      401,
    ]);
    expect(gateway.calls()).to.deep.equal(['GET /users/a%2F..%2Fb%3Fc%23d']);
  });
});
