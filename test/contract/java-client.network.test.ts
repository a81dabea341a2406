/** The Java client behind a gateway that fails. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { badGateway, busy, limited, problem } from '../support/gateway.ts';
import { useJavaPrograms } from './java-programs.ts';

describe('the Java client on an unreliable network', function () {
  const app = useApp();
  const programs = useJavaPrograms(app);
  const { gateway, somebody } = programs;

  const reads = programs.program(`
    LatchkeyClient client = signedIn();
    Instant began = Instant.now();
    client.getCurrentUser();
    return tell(Instant.now().isAfter(began.plusSeconds(1)), client.listSessions().items().size());
`);
  it('repeats a read after a 429, a gateway or a lost connection, as Retry-After says', async () => {
    gateway.answerInTurn({
      'GET /auth/me': [limited, badGateway, undefined],
      'GET /auth/sessions': ['hang up', undefined],
    });

    expect(await reads(await somebody())).to.deep.equal([true, 1]);
    const calls = gateway.calls();
    expect(calls.filter((call) => call === 'GET /auth/me')).to.have.length(3);
    // Java itself repeats a read whose idle connection was closed.
    expect(calls.filter((call) => call === 'GET /auth/sessions').length).to.be.within(2, 3);
  });

  const givesUp = programs.program(`
    LatchkeyClient client = signedIn();
    ProblemException early = refusal(client::getCurrentUser);
    ProblemException often = refusal(client::getJwks);
    LatchkeyClient once = builder().tokens(store).retry(new Retry(1, Duration.ZERO)).build();
    return tell(often.code().value(), early.code().value(), early.retryAfter().get().toSeconds(), refusal(once::listSessions).status());
`);
  it('gives up after three attempts, or at once when it would wait too long', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toUTCString();
    gateway.answerInTurn({
      'GET /.well-known/jwks.json': [busy],
      'GET /auth/me': [problem(429, 'rate_limited', { 'Retry-After': tomorrow })],
      'GET /auth/sessions': [limited],
    });

    const [often, early, wait, once] = await givesUp(await somebody());

    expect([often, early, once]).to.deep.equal(['service_unavailable', 'rate_limited', 429]);
    expect(wait).to.be.within(86_300, 86_400);
    expect(gateway.calls().slice(1)).to.deep.equal([
      'GET /auth/me',
      ...Array<string>(3).fill('GET /.well-known/jwks.json'),
      'GET /auth/sessions',
    ]);
  });

  const creates = programs.program(`
    builder().build().registerUser(new Registration("new." + email, password, "New Person"));
    ProblemException problem = refusal(() -> signedIn().updateCurrentUser(new ProfileChanges().withFullName("Ada King")));
    return tell(problem.status(), problem.retryAfter().get().toSeconds());
`);
  it('sends the same Idempotency-Key with each attempt, and repeats no change without one', async () => {
    gateway.answerInTurn({ 'POST /auth/register': [busy, badGateway, undefined], 'PATCH /auth/me': [limited] });

    expect(await creates(await somebody())).to.deep.equal([429, 1]);
    const registrations = gateway.seen.filter(({ call }) => call === 'POST /auth/register');
    expect(registrations).to.have.length(3);
    expect(new Set(registrations.map(({ headers }) => headers['idempotency-key']))).to.have.property('size', 1);
    expect(gateway.calls().filter((call) => call === 'PATCH /auth/me')).to.have.length(1);
  });

  const forms = programs.program(`
    LatchkeyClient client = builder().build();
    Registration registration = new Registration(email, password, "Ada");
    ProblemException registered = refusal(() -> client.registerUser(registration, new IdempotencyKey("8e03978e")));
    ProblemException signedIn = refusal(() -> client.signIn(email, password));
    return tell(signedIn.retryAfter().get().toSeconds(), registered.retryAfter().get().toSeconds(), refusal(client::getReadiness).status());
`);
  it('keeps nobody waiting at a form, and tells probes at once', async () => {
    gateway.answerInTurn({
      'POST /auth/login': [limited],
      'POST /auth/register': [limited],
      'GET /health/ready': [busy],
    });

    expect(await forms()).to.deep.equal([1, 1, 503]);
    expect(gateway.seen).to.have.length(3);
    expect(gateway.seen[0]?.headers['idempotency-key']).to.equal('8e03978e');
  });

  const refreshing = programs.program(`
    LatchkeyClient client = signedIn();
    age(Instant.EPOCH, kept().expiresAt());
    boolean early = client.getCurrentUser().email().equals(email);
    age(Instant.EPOCH, Instant.EPOCH);
    LatchkeyException failed = failure(LatchkeyException.class, client::getCurrentUser);
    return tell(early, failed.getClass().getSimpleName(), client.isSignedIn());
`);
  for (const [what, failure, error] of [
    ['a busy service', busy, 'ProblemException'],
    ['a gateway', badGateway, 'UnexpectedAnswerException'],
    ['a lost connection', 'hang up', 'NetworkException'],
  ] as const) {
    it(`never sends a refresh twice after ${what}`, async () => {
      gateway.answerInTurn({ 'POST /auth/refresh': [failure] });

      expect(await refreshing(await somebody())).to.deep.equal([true, error, true]);
      expect(gateway.calls()).to.deep.equal([
        'POST /auth/login',
        'POST /auth/refresh',
        'GET /auth/me',
        'POST /auth/refresh',
      ]);
    });
  }

  const cancelled = programs.program(`
    LatchkeyClient client = signedIn();
    String used = kept().refreshToken();
    age(Instant.EPOCH, kept().expiresAt());
    Future<User> first = client.async().getCurrentUser();
    client.getReadiness();
    Future<User> second = client.async().getCurrentUser();
    first.cancel(true);
    client.getHealth();
    return tell(second.get().email().equals(email), first.isCancelled(), used.equals(kept().refreshToken()));
`);
  it('finishes a refresh whose caller is cancelled', async () => {
    gateway.holdRefresh();

    expect(await cancelled(await somebody())).to.deep.equal([true, true, false]);
    const calls = gateway.calls();
    expect(calls.filter((call) => call === 'POST /auth/refresh')).to.have.length(1);
    expect(calls.filter((call) => call === 'GET /auth/me')).to.have.length(1);
  });

  const interrupted = programs.program(`
    Thread.currentThread().interrupt();
    NetworkException failed = failure(NetworkException.class, builder().build()::getHealth);
    return tell(failed.getCause().getClass().getSimpleName(), Thread.interrupted());
`);
  it('stops waiting when its thread is interrupted', async () => {
    gateway.answerInTurn({ 'GET /health': ['never'] });

    expect(await interrupted()).to.deep.equal(['InterruptedException', true]);
  });

  const strange = programs.program(`
    LatchkeyClient client = signedIn();
    List<Integer> statuses = new ArrayList<>();
    String message = null;
    String body = null;
    for (Work call : List.<Work>of(client::deleteCurrentUser, client::listOwnEvents, client::endOtherSessions, client::listSessions,
        client::getCurrentUser, client::getHealth)) {
      UnexpectedAnswerException failed = failure(UnexpectedAnswerException.class, call);
      statuses.add(failed.status());
      message = failed.getMessage().replace(url, "");
      body = failed.body() + failed.headers().firstValue("X-Gateway").orElse("");
    }
    return tell(statuses, message, body);
`);
  it('says that something else answered, whatever the status', async () => {
    const json = { 'Content-Type': 'application/json' };
    gateway.answerInTurn({
      'GET /health': [{ status: 502, headers: { 'X-Gateway': ' by us' }, body: '<h1>Bad gateway</h1>' }],
      'GET /auth/me': [{ status: 200, body: { id: '1' } }],
      'GET /auth/sessions': [{ status: 200, body: '<h1>Welcome</h1>' }],
      'DELETE /auth/sessions': [{ status: 200, body: '<h1>Welcome</h1>' }],
      'GET /auth/events': [{ status: 302, headers: { Location: 'https://example.com/' }, body: 'elsewhere' }],
      'DELETE /auth/me': [{ status: 404, headers: json, body: { error: 'no such app' } }],
    });

    expect(await strange(await somebody())).to.deep.equal([
      [404, 302, 200, 200, 200, 502],
      "/api/v1/health answered 502 with text/html, which is no answer of Latchkey's",
      '<h1>Bad gateway</h1>by us',
    ]);
  });

  const late = programs.program(`
    LatchkeyClient away = LatchkeyClient.builder("http://127.0.0.1:9").retry(new Retry(1, Duration.ZERO)).build();
    NetworkException refused = failure(NetworkException.class, away::getCurrentUser);
    LatchkeyClient slow = builder().timeout(Duration.ofMillis(300)).build();
    NetworkException over = failure(NetworkException.class, slow::getHealth);
    NetworkException stalled = failure(NetworkException.class, slow::getReadiness);
    ExecutionException asynchronous = failure(ExecutionException.class, () -> slow.async().getHealth().get());
    return tell(refused.getCause().getClass().getSimpleName(), over.getCause().getClass().getSimpleName(),
        stalled.getCause().getClass().getSimpleName(), asynchronous.getCause().getClass().getSimpleName());
`);
  it('gives up on a service that does not answer in time, or stops halfway', async () => {
    gateway.answerInTurn({ 'GET /health': ['never'], 'GET /health/ready': ['stall'] });

    expect(await late()).to.deep.equal([
      'ConnectException',
      'TimeoutException',
      'TimeoutException',
      'NetworkException',
    ]);
  });

  const nowhere = programs.program(`
    LatchkeyClient client = builder().build();
    HttpClient astray = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
    List<Work> calls = new ArrayList<>();
    List<String> places = List.of("", "accounts.example.com", "ftp://accounts.example.com", "https://", "https://ada:kites@accounts.example.com",
        "https://accounts.example.com?a=b", "https://accounts.example.com/#a");
    for (String place : places) calls.add(() -> LatchkeyClient.builder(place));
    for (String id : List.of("", ".", "..")) calls.add(() -> client.getUser(id));
    calls.add(() -> builder().http(astray));
    for (Work call : calls) failure(IllegalArgumentException.class, call);
    return tell(calls.size(), refusal(() -> client.getUser("a/../b?c#d")).status());
`);
  it('sends nothing without a URL, or with an id that would change the path', async () => {
    expect(await nowhere()).to.deep.equal([11, 401]);
    expect(gateway.calls()).to.deep.equal(['GET /users/a%2F..%2Fb%3Fc%23d']);
  });
});
