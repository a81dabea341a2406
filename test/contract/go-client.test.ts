/** The Go client on a live server. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { problem } from '../support/gateway.ts';
import { newPerson } from '../support/people.ts';
import { aPng, pictures } from '../support/pictures.ts';
import { useGoPrograms } from './go-programs.ts';

describe('the Go client', function () {
  const app = useApp();
  const programs = useGoPrograms(app);
  const { gateway, somebody } = programs;
  const refreshes = () => gateway.calls().filter((call) => call === 'POST /auth/refresh');

  const wholeLife = programs.program(`
	client := must(latchkey.New(url+"/api/v1/", latchkey.Options{Tokens: store}))
	user := must(client.RegisterUser(ctx, latchkey.Registration{Email: email, Password: password, FullName: "Ada Lovelace"}))
	check(client.SignIn(ctx, email, password))
	changed := must(client.UpdateCurrentUser(ctx, latchkey.ProfileChanges{FullName: "Ada King"}, latchkey.IfMatch(user.ETag)))
	me := must(client.GetCurrentUser(ctx))
	wasSignedIn := must(client.IsSignedIn())
	check(client.SignOut(ctx))
	_, err := client.GetCurrentUser(ctx)
	tell(*me == *changed, me.FullName, me.Email, time.Since(me.CreatedAt) < time.Minute, wasSignedIn, must(client.IsSignedIn()), refusal(err).Code)
`);
  it('registers, signs in, reads and changes the account, and signs out', async () => {
    const person = newPerson();

    const told = await wholeLife(person);

    expect(told).to.deep.equal([true, 'Ada King', person.email, true, true, false, 'authentication_required']);
    expect(gateway.seen.find(({ call }) => call === 'POST /auth/register')?.headers['idempotency-key']).to.match(
      /^[\da-f]{32}$/,
    );
  });

  const ofAPicture = programs.program(`
	client := signedIn()
	var shown [3][]byte
	for index, encoded := range given {
		var picture []byte
		check(json.Unmarshal([]byte("\\""+encoded+"\\""), &picture))
		check(client.SetPicture(ctx, picture))
		shown[index] = must(client.GetPicture(ctx))
	}
	check(client.RemovePicture(ctx))
	_, none := client.GetPicture(ctx)
	tell(shown[0], len(shown[1]), len(shown[2]), refusal(none).Code, refusal(client.SetPicture(ctx, []byte{0x89, 'P', 'N', 'G', 13, 10, 26, 10})).Code)
`);
  it('sets, gets and removes a picture, whose type it tells by the bytes', async () => {
    const sent = [aPng(), pictures.progressive, pictures.webpLossless].map((bytes) => bytes.toString('base64'));

    const told = await ofAPicture(await somebody(), ...sent);

    expect(told.slice(0, 3)).to.deep.equal([aPng().toString('base64'), 548, 60]);
    expect(told.slice(3)).to.deep.equal(['not_found', 'validation_failed']);
  });

  const concurrent = programs.program(`
	client := signedIn()
	change(func(tokens *latchkey.Tokens) { tokens.AccessToken = "not.a.token" })
	ids := make([]string, 8)
	var group sync.WaitGroup
	for index := range ids {
		group.Add(1)
		go func() {
			defer group.Done()
			ids[index] = must(client.GetCurrentUser(ctx)).ID
		}()
	}
	group.Wait()
	tell(ids)
`);
  it('refreshes once when the access token of eight concurrent calls is refused', async () => {
    const person = await somebody();

    const told = await concurrent(person);

    expect(told).to.deep.equal([Array(8).fill(person.id)]);
    expect(refreshes()).to.have.length(1);
  });

  const early = programs.program(`
	client := signedIn()
	change(func(tokens *latchkey.Tokens) { tokens.RefreshAt = time.Now().Add(-time.Second) })
	must(client.GetCurrentUser(ctx))
	tell(must(client.AccessToken(ctx)) == must(store.Load()).AccessToken)
`);
  it('refreshes an access token that is about to expire before it sends a call', async () => {
    expect(await early(await somebody())).to.deep.equal([true]);
    expect(gateway.calls()).to.deep.equal(['POST /auth/login', 'POST /auth/refresh', 'GET /auth/me']);
  });

  const refused = programs.program(`
	client := signedIn()
	change(func(tokens *latchkey.Tokens) { tokens.AccessToken, tokens.RefreshToken = "not.a.token", "lkr_nonsense" })
	_, err := client.GetCurrentUser(ctx)
	tell(refusal(err).Code, must(client.IsSignedIn()))
`);
  it('forgets the tokens once the refresh token is refused', async () => {
    expect(await refused(await somebody())).to.deep.equal(['invalid_refresh_token', false]);
    expect(refreshes()).to.have.length(1);
  });

  const conflict = programs.program(`
	client := signedIn()
	user := must(client.ListUsers(ctx, latchkey.ListUsersQuery{Search: email})).Items[0]
	must(client.UpdateUser(ctx, user.ID, latchkey.UserChanges{FullName: "Ada King"}, latchkey.IfMatch(user.ETag)))
	_, err := client.UpdateUser(ctx, user.ID, latchkey.UserChanges{FullName: "Ada Byron"}, latchkey.IfMatch(user.ETag))
	problem := refusal(err)
	tell(problem.Status, problem.Code, problem.RequestID != "", must(client.GetUser(ctx, user.ID)).FullName)
`);
  it('changes nobody who has changed meanwhile', async () => {
    expect(await conflict(await somebody('admin'))).to.deep.equal([412, 'precondition_failed', true, 'Ada King']);
  });

  const pages = programs.program(`
	client := signedIn()
	seen := map[string]bool{}
	query := latchkey.ListUsersQuery{Search: "paged person", SortBy: latchkey.UserSortFieldEmail}
	for user, err := range client.EachUser(ctx, query) {
		check(err)
		seen[user.ID] = true
	}
	page := must(client.ListUsers(ctx, latchkey.ListUsersQuery{Search: "paged person", Limit: 1, IsActive: latchkey.Bool(true)}))
	for _, err := range connect(latchkey.Options{}).EachUser(ctx, query) {
		tell(len(seen), *page.Total, len(page.Items), refusal(err).Status)
	}
`);
  it('iterates over all pages', async () => {
    const paged = () => ({ ...newPerson(), fullName: 'Paged Person', role: 'user' as const });
    for (let count = 0; count < 101; count++) await app.users.create(paged());

    expect(await pages(await somebody('moderator'))).to.deep.equal([101, 101, 1, 401]);
    expect(gateway.calls().filter((call) => call.includes('limit=100'))).to.have.length(3);
  });

  const file = programs.program(`
	files := &latchkey.FileTokenStore{Path: filepath.Join(directory, "kept", "tokens.json")}
	client := connect(latchkey.Options{Tokens: files})
	check(client.SignIn(ctx, email, password))
	tokens := must(files.Load())
	tokens.AccessToken = "not.a.token"
	check(files.Save(tokens))
	modes := []string{}
	for _, name := range []string{"tokens.json", "tokens.json.lock", ""} {
		modes = append(modes, must(os.Stat(filepath.Join(directory, "kept", name))).Mode().Perm().String())
	}
	tell(modes)
`);
  const other = programs.program(`
	client := connect(latchkey.Options{Tokens: &latchkey.FileTokenStore{Path: filepath.Join(directory, "kept", "tokens.json")}})
	tell(must(client.GetCurrentUser(ctx)).Email)
`);
  it('shares a file of tokens with other processes, and with nobody else', async () => {
    const person = await somebody();

    const told = await file(person);
    const others = await Promise.all([other(person), other(person), other(person)]);

    expect(told).to.deep.equal([['-rw-------', '-rw-------', '-rwx------']]);
    expect(others).to.deep.equal(Array(3).fill([person.email]));
    expect(refreshes()).to.have.length(1);
  });

  const device = programs.program(`
	for _, tokens := range []latchkey.TokenStore{store, &latchkey.FileTokenStore{Path: filepath.Join(directory, "device.json")}} {
		client := connect(latchkey.Options{Tokens: tokens})
		check(client.SignIn(ctx, email, password))
		check(client.SignOut(ctx))
		check(client.SignIn(ctx, email, password))
	}
	tell()
`);
  it('is recognised at the next sign-in', async () => {
    await device(await somebody());

    const logins = gateway.seen.filter(({ call }) => call === 'POST /auth/login');
    const devices = logins.map(({ body }) => 'device_token' in (JSON.parse(body) as object));
    expect(devices).to.deep.equal([false, true, false, true]);
  });

  const proof = programs.program(`
	client := signedIn()
	before := *must(store.Load())
	problem := refusal(client.Reauthenticate(ctx, "another password"))
	check(client.Reauthenticate(ctx, password))
	after := must(store.Load())
	violation := problem.Violations()[0]
	tell(violation.Pointer, violation.Rule, errors.Is(problem, latchkey.ErrReauthenticationRequired), before.RefreshToken == after.RefreshToken, before.ExpiresAt.Before(after.ExpiresAt))
`);
  it('proves once more who is signed in', async () => {
    expect(await proof(await somebody())).to.deep.equal(['/body/password', 'password_wrong', false, true, true]);
  });

  const hidden = programs.program(`
	client := signedIn()
	tokens := must(store.Load())
	shown := &strings.Builder{}
	log := slog.New(slog.NewJSONHandler(shown, nil))
	for _, value := range []any{client, store, *tokens, tokens.AccessToken, latchkey.Credentials{Password: password}, latchkey.TokenPair{RefreshToken: tokens.RefreshToken}, latchkey.RecoveryCodes{RecoveryCodes: []latchkey.Secret{password}}, latchkey.Challenge{Token: password}, latchkey.SecondFactor{TOTP: password}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			fmt.Fprintf(shown, verb, value)
		}
	}
	log.Info("signed in", "password", password)
	found := []string{}
	for _, secret := range []latchkey.Secret{password, tokens.AccessToken, tokens.RefreshToken} {
		if strings.Contains(shown.String(), string(secret)) || strings.Contains(shown.String(), fmt.Sprintf("%x", string(secret))) {
			found = append(found, string(secret))
		}
	}
	tell(found, strings.Contains(shown.String(), "[hidden]"))
`);
  it('shows no passwords and tokens', async () => {
    expect(await hidden(await somebody())).to.deep.equal([[], true]);
  });

  const ownAPI = programs.program(`
	client := signedIn()
	change(func(tokens *latchkey.Tokens) { tokens.AccessToken = "not.a.token" })
	shop := &http.Client{Transport: client.Transport(nil)}
	response := must(shop.Post(url+"/orders", "application/json", strings.NewReader("{}")))
	var order struct{ Authorization string }
	check(json.NewDecoder(response.Body).Decode(&order))
	tell(order.Authorization == "Bearer "+string(must(client.AccessToken(ctx))))
`);
  it('signs requests to an API of your own, and refreshes a refused token once', async () => {
    gateway.takeOrders();

    expect(await ownAPI(await somebody())).to.deep.equal([true]);
  });

  const later = programs.program(`
	client := signedIn()
	_, err := client.GetCurrentUser(ctx)
	problem := refusal(err)
	tell(must(client.GetUser(ctx, "01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11")).Role, problem.Status, problem.Code, problem.RequestID)
`);
  it('passes on roles, codes and fields that it does not know', async () => {
    const owner = { id: '1', role: 'owner', created_at: '2026-01-15T09:30:00.000Z', hat: 'top' };
    gateway.answer(({ call }) => {
      if (call === 'GET /auth/me') return problem(409, 'teapot');
      return call.startsWith('GET /users/') ? { status: 200, body: owner } : undefined;
    });

    expect(await later(await somebody())).to.deep.equal(['owner', 409, 'teapot', '7']);
  });
});
