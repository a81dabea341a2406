/** The Java client on a live server. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { contract } from '../support/contract.ts';
import { problem } from '../support/gateway.ts';
import { newPerson } from '../support/people.ts';
import { aPng, pictures } from '../support/pictures.ts';
import { useJavaPrograms } from './java-programs.ts';

describe('the Java client', function () {
  const app = useApp();
  const programs = useJavaPrograms(app);
  const { gateway, somebody } = programs;
  const refreshes = () => gateway.calls().filter((call) => call === 'POST /auth/refresh');

  const wholeLife = programs.program(`
    LatchkeyClient client = LatchkeyClient.builder(url + "/api/v1/").tokens(store).build();
    User user = client.registerUser(new Registration(email, password, "Ada Lovelace")).get();
    client.signIn(email, password);
    User changed = client.updateCurrentUser(new ProfileChanges().withFullName("Ada King"), new IfMatch(user.etag()));
    User me = client.getCurrentUser();
    boolean wasSignedIn = client.isSignedIn();
    client.signOut();
    ProblemException refused = refusal(client::getCurrentUser);
    return tell(me.equals(changed), me.fullName(), me.email(), me.createdAt().isAfter(Instant.now().minusSeconds(60)),
        wasSignedIn, client.isSignedIn(), refused.code().value());
`);
  it('registers, signs in, reads and changes the account, and signs out', async () => {
    const person = newPerson();

    const told = await wholeLife(person);

    expect(told).to.deep.equal([true, 'Ada King', person.email, true, true, false, 'authentication_required']);
    const registration = gateway.seen.find(({ call }) => call === 'POST /auth/register');
    expect(registration?.headers['idempotency-key']).to.match(/^[\da-f-]{36}$/);
    expect(registration?.headers).not.to.have.property('upgrade');
  });

  const ofAPicture = programs.program(`
    LatchkeyClient client = signedIn();
    List<byte[]> shown = new ArrayList<>();
    for (String encoded : given) {
      client.setPicture(java.util.Base64.getDecoder().decode(encoded));
      shown.add(client.getPicture());
    }
    client.removePicture();
    ProblemException none = refusal(client::getPicture);
    ProblemException refused = refusal(() -> client.setPicture(new byte[] {1, 2, 3}));
    return tell(shown.get(0), shown.get(1).length, shown.get(2).length, none.code().value(), refused.code().value());
`);
  it('sets, gets and removes a picture, whose type it tells by the bytes', async () => {
    const sent = [aPng(), pictures.progressive, pictures.webpLossless].map((bytes) => bytes.toString('base64'));

    const told = await ofAPicture(await somebody(), ...sent);

    expect(told.slice(0, 3)).to.deep.equal([aPng().toString('base64'), 548, 60]);
    expect(told.slice(3)).to.deep.equal(['not_found', 'validation_failed']);
  });

  const concurrent = programs.program(`
    LatchkeyClient client = signedIn();
    refuseTokens(kept().refreshToken());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    Stream<Future<User>> waiting = IntStream.range(0, 4).mapToObj(index -> threads.submit(client::getCurrentUser));
    Stream<Future<User>> async = IntStream.range(0, 4).mapToObj(index -> client.async().getCurrentUser());
    List<String> ids = new ArrayList<>();
    for (Future<User> call : Stream.concat(waiting, async).toList()) ids.add(call.get().id());
    threads.shutdown();
    return tell(ids);
`);
  it('refreshes once when the access token of eight concurrent calls is refused, four of them asynchronous', async () => {
    const person = await somebody();

    const told = await concurrent(person);

    expect(told).to.deep.equal([Array(8).fill(person.id)]);
    expect(refreshes()).to.have.length(1);
  });

  const early = programs.program(`
    LatchkeyClient client = signedIn();
    age(Instant.now().minusSeconds(1), kept().expiresAt());
    client.getCurrentUser();
    return tell(client.accessToken().get().equals(kept().accessToken()));
`);
  it('refreshes an access token that is about to expire before it sends a call', async () => {
    expect(await early(await somebody())).to.deep.equal([true]);
    expect(gateway.calls()).to.deep.equal(['POST /auth/login', 'POST /auth/refresh', 'GET /auth/me']);
  });

  const refused = programs.program(`
    LatchkeyClient client = signedIn();
    refuseTokens("lkr_nonsense");
    ProblemException problem = refusal(client::getCurrentUser);
    boolean isTraced = Stream.of(problem.getSuppressed())
        .anyMatch(trace -> Stream.of(trace.getStackTrace()).anyMatch(frame -> frame.getClassName().equals("Programs")));
    return tell(problem.code().value(), client.isSignedIn(), isTraced);
`);
  it('forgets the tokens once the refresh token is refused', async () => {
    expect(await refused(await somebody())).to.deep.equal(['invalid_refresh_token', false, true]);
    expect(refreshes()).to.have.length(1);
  });

  const conflict = programs.program(`
    LatchkeyClient client = signedIn();
    User user = client.listUsers(new ListUsersQuery().withSearch(email)).items().get(0);
    client.updateUser(user.id(), new UserChanges().withFullName("Ada King"), new IfMatch(user.etag()));
    UserChanges late = new UserChanges().withFullName("Ada Byron");
    ProblemException problem = refusal(() -> client.updateUser(user.id(), late, new IfMatch(user.etag())));
    return tell(problem.status(), problem.code().value(), problem.code().equals(ProblemCode.PRECONDITION_FAILED),
        problem.headers().firstValue("X-Request-Id").get().equals(problem.requestId()), client.getUser(user.id()).fullName());
`);
  it('changes nobody who has changed meanwhile', async () => {
    const told = await conflict(await somebody('admin'));

    expect(told).to.deep.equal([412, 'precondition_failed', true, true, 'Ada King']);
  });

  const pages = programs.program(`
    LatchkeyClient client = signedIn();
    ListUsersQuery query = new ListUsersQuery().withSearch("paged person").withSortBy(UserSortField.EMAIL);
    Set<String> seen = new HashSet<>();
    for (User user : client.eachUser(query.withPage(7))) seen.add(user.id());
    long streamed = client.eachUser(query).stream().skip(1).count();
    UserPage page = client.listUsers(query.withLimit(1).withIsActive(true).withSortOrder(SortDirection.DESC));
    ProblemException refused = refusal(() -> builder().build().eachUser().iterator().hasNext());
    return tell(seen.size(), streamed, page.total(), page.items().size(), refused.status());
`);
  it('iterates over all pages', async () => {
    const paged = () => ({ ...newPerson(), fullName: 'Paged Person', role: 'user' as const });
    for (let count = 0; count < 101; count++) await app.users.create(paged());

    expect(await pages(await somebody('moderator'))).to.deep.equal([101, 100, 101, 1, 401]);
    expect(gateway.calls().filter((call) => call.includes('limit=100'))).to.have.length(5);
  });

  const events = programs.program(`
    LatchkeyClient client = signedIn();
    Instant soon = Instant.now().plusSeconds(60);
    ListOwnEventsQuery query = new ListOwnEventsQuery().withType(AuditEventType.SESSION_STARTED).withTo(soon);
    AuditEvent event = client.eachOwnEvent(query).iterator().next();
    return tell(event.type().value(), event.outcome().equals(AuditEventOutcome.SUCCESS), event.details().getClass().equals(HashMap.class),
        client.listOwnEvents(query.withFrom(soon.minusMillis(1))).items().size());
`);
  it('filters by type and time', async () => {
    expect(await events(await somebody())).to.deep.equal(['session.started', true, false, 0]);
  });

  const file = programs.program(`
    Path place = directory.resolve("kept").resolve("tokens.json");
    TokenStore files = new FileTokenStore(place);
    builder().tokens(files).build().signIn(email, password);
    Tokens kept = files.load().get();
    files.save(new Tokens(kept.session(), "not.a.token", kept.refreshToken(), kept.refreshAt(), kept.expiresAt()));
    List<String> modes = new ArrayList<>();
    for (Path one : List.of(place, place.resolveSibling("tokens.json.lock"), place.getParent())) {
      modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)));
    }
    return tell(modes);
`);
  const other = programs.program(`
    TokenStore files = new FileTokenStore(directory.resolve("kept").resolve("tokens.json"));
    TokenStore same = new FileTokenStore(directory.resolve("kept/../kept/tokens.json"));
    Future<User> user = builder().tokens(files).build().async().getCurrentUser();
    return tell(user.get().email(), builder().tokens(same).build().getCurrentUser().email());
`);
  it('shares a file of tokens with other processes, and with nobody else', async () => {
    const person = await somebody();

    const told = await file(person);
    const others = await Promise.all([other(person), other.elsewhere(person)]);

    expect(told).to.deep.equal([['rw-------', 'rw-------', 'rwx------']]);
    expect(others.flat()).to.deep.equal(Array(4).fill(person.email));
    expect(refreshes()).to.have.length(1);
  });

  const device = programs.program(`
    for (TokenStore tokens : List.of(store, new FileTokenStore(directory.resolve("device.json")))) {
      LatchkeyClient client = builder().tokens(tokens).build();
      client.signIn(email, password);
      client.signOut();
      client.signIn(email, password);
    }
    return tell();
`);
  it('is recognised at the next sign-in', async () => {
    await device(await somebody());

    const logins = gateway.seen.filter(({ call }) => call === 'POST /auth/login');
    const devices = logins.map(({ body }) => 'device_token' in (JSON.parse(body) as object));
    expect(devices).to.deep.equal([false, true, false, true]);
  });

  const proof = programs.program(`
    LatchkeyClient client = signedIn();
    Tokens before = kept();
    ProblemException problem = refusal(() -> client.reauthenticate("another password"));
    client.reauthenticate(password);
    boolean isTooLate = problem instanceof ReauthenticationRequiredException;
    Violation violation = problem.violations().get(0);
    return tell(violation.pointer(), violation.rule().equals(ViolationRule.PASSWORD_WRONG), isTooLate,
        before.refreshToken().equals(kept().refreshToken()), before.expiresAt().isBefore(kept().expiresAt()));
`);
  it('proves once more who is signed in', async () => {
    expect(await proof(await somebody())).to.deep.equal(['/body/password', true, false, true, true]);
  });

  const hidden = programs.program(`
    LatchkeyClient client = signedIn();
    Tokens tokens = kept();
    List<Object> shown = List.of(client, client.async(), store, tokens, new Registration(email, password, "Ada"), new Credentials(email, password),
        new PasswordChange(password, password), new RefreshGrant(tokens.refreshToken()), new AddressProof(password),
        new NewUser(email, "Ada", Role.USER).withPassword(password),
        new RecoveryCodes(List.of(password)), SecondFactor.totp(password), new Challenge(password, List.of(), Instant.now(), null),
        new TokenPair(tokens.accessToken(), tokens.refreshToken(), TokenType.BEARER, 900, password));
    String text = shown.toString();
    boolean isLeaking = Stream.of(password, tokens.accessToken(), tokens.refreshToken()).anyMatch(text::contains);
    return tell(isLeaking, text.contains("Registration[email=" + email + ", password=[hidden], fullName=Ada]"));
`);
  it('shows no passwords and tokens', async () => {
    expect(await hidden(await somebody())).to.deep.equal([false, true]);
  });

  const ownApi = programs.program(`
    LatchkeyClient client = signedIn();
    refuseTokens(kept().refreshToken());
    HttpRequest order = HttpRequest.newBuilder(URI.create(url + "/orders")).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
    HttpResponse<InputStream> response = client.sendAuthorized(order, HttpResponse.BodyHandlers.ofInputStream());
    String body = new String(response.body().readAllBytes());
    return tell(body.equals("{\\"authorization\\":\\"Bearer " + client.accessToken().get() + "\\"}"));
`);
  it('signs requests to an API of your own, and refreshes a refused token once', async () => {
    gateway.takeOrders();

    expect(await ownApi(await somebody())).to.deep.equal([true]);
  });

  const later = programs.program(`
    LatchkeyClient client = signedIn();
    ProblemException problem = refusal(client::getCurrentUser);
    User user = client.getUser("01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11");
    return tell(user.role().value(), user.role().equals(new UserRole("owner")), problem.status(), problem.code().toString(), problem.requestId());
`);
  it('passes on roles, codes and fields that it does not know', async () => {
    const { User } = contract.components['schemas'] as Record<string, { example: object }>;
    const owner = { ...User!.example, role: 'owner', hat: 'top' };
    gateway.answer(({ call }) => {
      if (call === 'GET /auth/me') return problem(409, 'teapot');
      return call.startsWith('GET /users/') ? { status: 200, body: owner } : undefined;
    });

    expect(await later(await somebody())).to.deep.equal(['owner', true, 409, 'teapot', '7']);
  });
});
