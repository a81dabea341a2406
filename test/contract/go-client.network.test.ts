/** The Go client behind a gateway that fails. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { badGateway, busy, limited, problem } from '../support/gateway.ts';
import { useGoPrograms } from './go-programs.ts';

describe('the Go client on an unreliable network', function () {
  const app = useApp();
  const programs = useGoPrograms(app);
  const { gateway, somebody } = programs;

  const reads = programs.program(`
	client := signedIn()
	began := time.Now()
	must(client.GetCurrentUser(ctx))
	tell(time.Since(began) >= time.Second, len(must(client.ListSessions(ctx)).Items))
`);
  it('repeats a read after a 429, a gateway or a lost connection, as Retry-After says', async () => {
    gateway.answerInTurn({
      'GET /auth/me': [limited, badGateway, undefined],
      'GET /auth/sessions': ['hang up', undefined],
    });

    expect(await reads(await somebody())).to.deep.equal([true, 1]);
    const calls = gateway.calls();
    expect(calls.filter((call) => call === 'GET /auth/me')).to.have.length(3);
    // Go itself repeats a read whose idle connection was closed.
    expect(calls.filter((call) => call === 'GET /auth/sessions').length).to.be.within(2, 3);
  });

  const givesUp = programs.program(`
	client := signedIn()
	_, long := client.GetCurrentUser(ctx)
	_, often := client.GetJWKS(ctx)
	brief, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	_, short := client.ListSessions(brief)
	tell(refusal(often).Code, refusal(long).Code, refusal(long).RetryAfter.Seconds(), refusal(short).Status)
`);
  it('gives up after three attempts, or at once when it would wait too long', async () => {
    gateway.answerInTurn({
      'GET /.well-known/jwks.json': [busy],
      'GET /auth/me': [problem(429, 'rate_limited', { 'Retry-After': '31' })],
      'GET /auth/sessions': [limited],
    });

    expect(await givesUp(await somebody())).to.deep.equal(['service_unavailable', 'rate_limited', 31, 429]);
    expect(gateway.calls().slice(1)).to.deep.equal([
      'GET /auth/me',
      ...Array<string>(3).fill('GET /.well-known/jwks.json'),
      'GET /auth/sessions',
    ]);
  });

  const creates = programs.program(`
	must(connect(latchkey.Options{}).RegisterUser(ctx, latchkey.Registration{Email: "new." + email, Password: password, FullName: "New Person"}))
	_, err := signedIn().UpdateCurrentUser(ctx, latchkey.ProfileChanges{FullName: "Ada King"})
	tell(refusal(err).Status, refusal(err).RetryAfter.Seconds())
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
	client := connect(latchkey.Options{})
	_, registered := client.RegisterUser(ctx, latchkey.Registration{Email: email, Password: password, FullName: "Ada"})
	_, ready := client.GetReadiness(ctx)
	tell(refusal(client.SignIn(ctx, email, password)).RetryAfter.Seconds(), refusal(registered).RetryAfter.Seconds(), refusal(ready).Status)
`);
  it('keeps nobody waiting at a form, and tells probes at once', async () => {
    gateway.answerInTurn({
      'POST /auth/login': [limited],
      'POST /auth/register': [limited],
      'GET /health/ready': [busy],
    });

    expect(await forms()).to.deep.equal([1, 1, 503]);
    expect(gateway.seen).to.have.length(3);
  });

  const refreshing = programs.program(`
	client := signedIn()
	change(func(tokens *latchkey.Tokens) { tokens.RefreshAt = time.Time{} })
	early := must(client.GetCurrentUser(ctx)).Email == email
	change(func(tokens *latchkey.Tokens) { tokens.ExpiresAt = time.Time{} })
	_, err := client.GetCurrentUser(ctx)
	tell(early, fmt.Sprintf("%T", err), must(client.IsSignedIn()))
`);
  for (const [what, failure, error] of [
    ['a busy service', busy, 'ProblemError'],
    ['a gateway', badGateway, 'UnexpectedAnswerError'],
    ['a lost connection', 'hang up', 'NetworkError'],
  ] as const) {
    it(`never sends a refresh twice after ${what}`, async () => {
      gateway.answerInTurn({ 'POST /auth/refresh': [failure] });

      expect(await refreshing(await somebody())).to.deep.equal([true, `*latchkey.${error}`, true]);
      expect(gateway.calls()).to.deep.equal([
        'POST /auth/login',
        'POST /auth/refresh',
        'GET /auth/me',
        'POST /auth/refresh',
      ]);
    });
  }

  const cancelled = programs.program(`
	client := signedIn()
	used := must(store.Load()).RefreshToken
	change(func(tokens *latchkey.Tokens) { tokens.RefreshAt = time.Time{} })
	brief, cancel := context.WithCancel(ctx)
	first, second := make(chan error, 1), make(chan error, 1)
	read := func(ctx context.Context, done chan<- error) {
		_, err := client.GetCurrentUser(ctx)
		done <- err
	}
	go read(brief, first)
	must(client.GetReadiness(ctx))
	go read(ctx, second)
	cancel()
	err := <-first
	must(client.GetHealth(ctx))
	check(<-second)
	tell(errors.Is(err, context.Canceled), used != must(store.Load()).RefreshToken)
`);
  it('finishes a refresh whose caller is cancelled', async () => {
    gateway.holdRefresh();

    expect(await cancelled(await somebody())).to.deep.equal([true, true]);
    expect(gateway.calls().filter((call) => call === 'POST /auth/refresh')).to.have.length(1);
  });

  const strange = programs.program(`
	client := signedIn()
	_, health := client.GetHealth(ctx)
	_, sessions := client.ListSessions(ctx)
	_, events := client.ListOwnEvents(ctx, latchkey.ListOwnEventsQuery{})
	errs := []error{health, sessions, client.EndOtherSessions(ctx), events, client.DeleteCurrentUser(ctx)}
	statuses := []int{}
	for _, err := range errs {
		unexpected := (*latchkey.UnexpectedAnswerError)(nil)
		if !errors.As(err, &unexpected) {
			panic(err)
		}
		statuses = append(statuses, unexpected.Status)
	}
	tell(statuses, strings.ReplaceAll(health.Error(), url, ""))
`);
  it('says that something else answered, whatever the status', async () => {
    const json = { 'Content-Type': 'application/json' };
    gateway.answerInTurn({
      'GET /health': [badGateway],
      'GET /auth/sessions': [{ status: 200, body: '<h1>Welcome</h1>' }],
      'DELETE /auth/sessions': [{ status: 200, body: '<h1>Welcome</h1>' }],
      'GET /auth/events': [{ status: 302, headers: { Location: 'https://example.com/' }, body: 'elsewhere' }],
      'DELETE /auth/me': [{ status: 404, headers: json, body: { error: 'no such app' } }],
    });

    expect(await strange(await somebody())).to.deep.equal([
      [502, 200, 200, 302, 404],
      "/api/v1/health answered 502 with text/html, which is no answer of Latchkey's",
    ]);
  });

  const late = programs.program(`
	_, away := must(latchkey.New("http://127.0.0.1:9", latchkey.Options{Retry: latchkey.Retry{Attempts: 1}})).GetCurrentUser(ctx)
	_, slow := connect(latchkey.Options{HTTP: &http.Client{Timeout: time.Second}}).GetHealth(ctx)
	brief, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	_, over := connect(latchkey.Options{}).GetHealth(brief)
	tell(fmt.Sprintf("%T %T", away, slow), errors.Is(over, context.DeadlineExceeded))
`);
  it('gives up on a service that does not answer in time', async () => {
    gateway.answerInTurn({ 'GET /health': ['never'] });

    expect(await late()).to.deep.equal(['*latchkey.NetworkError *latchkey.NetworkError', true]);
  });

  const nowhere = programs.program(`
	faults := []bool{}
	for _, place := range []string{"", "accounts.example.com", "ftp://accounts.example.com", "https://ada:kites@accounts.example.com", "https://accounts.example.com?a=b", "https://accounts.example.com/#a"} {
		_, err := latchkey.New(place, latchkey.Options{})
		faults = append(faults, err != nil)
	}
	client := connect(latchkey.Options{})
	for _, id := range []string{"", ".", ".."} {
		_, err := client.GetUser(ctx, id)
		faults = append(faults, err != nil)
	}
	_, err := client.GetUser(ctx, "a/../b?c#d")
	tell(faults, refusal(err).Status)
`);
  it('sends nothing without a URL, or with an id that would change the path', async () => {
    expect(await nowhere()).to.deep.equal([Array(9).fill(true), 401]);
    expect(gateway.calls()).to.deep.equal(['GET /users/a%2F..%2Fb%3Fc%23d']);
  });
});
