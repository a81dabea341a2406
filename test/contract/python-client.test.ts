/** The Python client as users get it: installed with pip and run against a live server. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { problem } from '../support/gateway.ts';
import { newPerson } from '../support/people.ts';
import { aPng, pictures } from '../support/pictures.ts';
import { signedIn, usePrograms } from './python-programs.ts';

describe('the Python client', function () {
  const app = useApp();
  const { gateway, run, somebody } = usePrograms(app);

  it('registers, signs in, reads and changes the account, and signs out', async () => {
    const person = newPerson();

    const told = await run(
      `
with Client(url + "/api/v1/", tokens=store) as client:
  user = client.register_user(email=email, password=password, full_name="Ada Lovelace")
  client.sign_in(email, password)
  changed = client.update_current_user(full_name="Ada King", if_match=user.etag)
  me = client.get_current_user()
  age = datetime.now(timezone.utc) - me.created_at
  was_signed_in = client.is_signed_in
  client.sign_out()
  error = refusal(client.get_current_user)
  tell(me == changed, me.full_name, me.email, age < timedelta(minutes=1), was_signed_in, client.is_signed_in, error.code)
`,
      person,
    );

    expect(told).to.deep.equal([true, 'Ada King', person.email, true, true, false, 'authentication_required']);
    expect(gateway.seen.find(({ call }) => call === 'POST /auth/register')?.headers['idempotency-key']).to.match(
      /^[\da-f-]{36}$/,
    );
  });

  it('sets, gets and removes a picture, whose type it tells by the bytes', async () => {
    const sent = [aPng(), pictures.progressive, pictures.webpLossless].map((bytes) => bytes.toString('base64'));

    const told = await run(
      `${signedIn}
import base64
shown = []
for encoded in given:
  client.set_picture(picture=base64.b64decode(encoded))
  shown.append(client.get_picture())
client.remove_picture()
none = refusal(client.get_picture)
refused = refusal(client.set_picture, picture=b"no picture")
tell(base64.b64encode(shown[0]).decode(), len(shown[1]), len(shown[2]), none.code, refused.code)
`,
      await somebody(),
      ...sent,
    );

    expect(told.slice(0, 3)).to.deep.equal([aPng().toString('base64'), 548, 60]);
    expect(told.slice(3)).to.deep.equal(['not_found', 'validation_failed']);
  });

  it('does so in an event loop', async () => {
    const person = newPerson();

    const told = await run(
      `
async def main():
  async with AsyncClient(url, tokens=store) as client:
      await client.register_user(email=email, password=password, full_name="Ada Lovelace")
      await client.sign_in(email, password)
      me = await client.get_current_user()
      events = [event.type async for event in client.each_own_event(outcome="success")]
      await client.sign_out()
      tell(me.email, events, client.is_signed_in)
asyncio.run(main())
`,
      person,
    );

    expect(told).to.deep.equal([person.email, ['session.started', 'user.registered'], false]);
  });

  it('refreshes once when the access token of eight concurrent calls is refused', async () => {
    const person = await somebody();

    const told = await run(
      `${signedIn}
change(access_token="not.a.token")
with ThreadPoolExecutor(8) as pool:
  ids = {me.id for me in pool.map(lambda _: client.get_current_user(), range(8))}

async def main():
  async with AsyncClient(url, tokens=store) as other:
      change(access_token="not.a.token")
      answers = await asyncio.gather(*(other.get_current_user() for _ in range(8)))
      return {me.id for me in answers}
tell(list(ids), list(asyncio.run(main())))
`,
      person,
    );

    expect(told).to.deep.equal([[person.id], [person.id]]);
    expect(gateway.calls().filter((call) => call === 'POST /auth/refresh')).to.have.length(2);
  });

  it('refreshes an access token that is about to expire before it sends a call', async () => {
    const told = await run(
      `${signedIn}
change(refresh_at=time.time() - 1)
client.get_current_user()
tell(client.access_token() == store.load().access_token)
`,
      await somebody(),
    );

    expect(told).to.deep.equal([true]);
    expect(gateway.calls()).to.deep.equal(['POST /auth/login', 'POST /auth/refresh', 'GET /auth/me']);
  });

  it('forgets the tokens once the refresh token is refused, for all who wait', async () => {
    const told = await run(
      `${signedIn}
change(access_token="not.a.token", refresh_token="lkr_nonsense")
with ThreadPoolExecutor(8) as pool:
  codes = list(pool.map(lambda _: refusal(client.get_current_user).code, range(8)))
tell(codes.count("invalid_refresh_token") >= 1, client.is_signed_in)
`,
      await somebody(),
    );

    expect(told).to.deep.equal([true, false]);
    expect(gateway.calls().filter((call) => call === 'POST /auth/refresh')).to.have.length(1);
  });

  it('changes nobody who has changed meanwhile', async () => {
    const person = await somebody('admin');

    const told = await run(
      `${signedIn}
[user] = client.list_users(search=email).items
client.update_user(user.id, full_name="Ada King", if_match=user.etag)
error = refusal(client.update_user, user.id, full_name="Ada Byron", if_match=user.etag)
tell(error.status, error.code, len(error.request_id) > 0, client.get_user(user.id).full_name)
`,
      person,
    );

    expect(told).to.deep.equal([412, 'precondition_failed', true, 'Ada King']);
  });

  it('iterates over all pages', async () => {
    const person = await somebody('moderator');
    const paged = () => ({ ...newPerson(), fullName: 'Paged Person', role: 'user' as const });
    for (let count = 0; count < 101; count++) await app.users.create(paged());

    const told = await run(
      `${signedIn}
emails = [user.email for user in client.each_user(search="paged person", sort_by="email", sort_order="asc")]
page = client.list_users(search="paged person", limit=1)
tell(len(emails), emails == sorted(set(emails)), page.total, len(page.items))
`,
      person,
    );

    expect(told).to.deep.equal([101, true, 101, 1]);
    expect(gateway.calls().filter((call) => call.includes('limit=100'))).to.have.length(2);
  });

  it('shares a file of tokens with other processes, and with nobody else', async () => {
    const person = await somebody();
    const file = 'store = FileTokenStore(Path(directory) / "kept" / "tokens.json")\n';

    const told = await run(
      `${file}${signedIn}
change(access_token="not.a.token")
modes = [oct(stat.S_IMODE((Path(directory) / "kept" / name).stat().st_mode)) for name in ("tokens.json", "tokens.json.lock", "")]
tell(modes)
`,
      person,
    );
    const others = await Promise.all(
      Array.from({ length: 3 }, () =>
        run(`${file}client = Client(url, tokens=store)\ntell(client.get_current_user().email)`, person),
      ),
    );

    expect(told).to.deep.equal([['0o600', '0o600', '0o700']]);
    expect(others).to.deep.equal(Array(3).fill([person.email]));
    expect(gateway.calls().filter((call) => call === 'POST /auth/refresh')).to.have.length(1);
  });

  it('is recognised at the next sign-in', async () => {
    await run(
      `
for tokens in (store, FileTokenStore(f"{directory}/device.json")):
  client = Client(url, tokens=tokens)
  client.sign_in(email, password)
  client.sign_out()
  client.sign_in(email, password)
tell()
`,
      await somebody(),
    );

    const logins = gateway.seen.filter(({ call }) => call === 'POST /auth/login');
    const devices = logins.map(({ body }) => 'device_token' in (JSON.parse(body) as object));
    expect(devices).to.deep.equal([false, true, false, true]);
  });

  it('proves once more who is signed in', async () => {
    const told = await run(
      `${signedIn}
before = store.load()
error = refusal(client.reauthenticate, "another password")
client.reauthenticate(password)
after = store.load()
tell([v.pointer + " " + v.rule for v in error.violations], isinstance(error, ReauthenticationRequired),
   before.refresh_token == after.refresh_token, before.expires_at < after.expires_at)
`,
      await somebody(),
    );

    expect(told).to.deep.equal([['/body/password password_wrong'], false, true, true]);
  });

  it('says what is wrong with a request', async () => {
    const told = await run(`
error = refusal(Client(url).register_user, email="ada", password="short", full_name="Ada")
again = __import__("pickle").loads(__import__("pickle").dumps(error))
tell(error.status, error.code, [v.pointer for v in error.violations], str(again) == str(error))
`);

    expect(told).to.deep.equal([400, 'validation_failed', ['/body/email', '/body/password'], true]);
  });

  it('shows no passwords and tokens', async () => {
    const told = await run(
      `${signedIn}
from latchkey_client.calls import Call
from latchkey_client.models import RecoveryCodes, TokenPair
tokens = store.load()
call = Call(operation="login", method="POST", path="/", secured=False, typed=True, body={"password": password})
pair = TokenPair(access_token="lka", refresh_token="lkr", token_type="Bearer", expires_in=1, device_token="lkd")
codes = RecoveryCodes(recovery_codes=["lkc"])
challenge = Challenge(token="lkt", factors=["totp"], expires_at=datetime.now())
shown = " ".join(map(repr, [client, tokens, store, call, pair, codes, challenge, client.auth])) + f"{client} {tokens} {pair}"
tell([secret for secret in (password, tokens.access_token, tokens.refresh_token, "lka", "lkr", "lkd", "lkc", "lkt") if secret in shown])
`,
      await somebody(),
    );

    expect(told).to.deep.equal([[]]);
  });

  it('signs requests to an API of your own, and refreshes a refused token once', async () => {
    const refused = { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } };
    gateway.answer(({ call, headers }) =>
      call !== 'GET /orders'
        ? undefined
        : headers.authorization === 'Bearer not.a.token'
          ? refused
          : { status: 200, body: { authorization: headers.authorization } },
    );

    const told = await run(
      `${signedIn}
change(access_token="not.a.token")
with httpx.Client(base_url=url, auth=client.auth) as shop:
  order = shop.get("/orders").json()
tell(order["authorization"] == f"Bearer {client.access_token()}")
`,
      await somebody(),
    );

    expect(told).to.deep.equal([true]);
  });

  it('passes on roles, codes and fields that it does not know', async () => {
    gateway.answer(({ call }) =>
      call === 'GET /auth/me' ? problem(409, 'teapot') : call.startsWith('GET /users/') ? later : undefined,
    );
    const later = {
      status: 200,
      body: {
        id: '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11',
        email: 'ada@example.com',
        email_verified: true,
        full_name: 'Ada Lovelace',
        role: 'owner',
        is_active: true,
        created_at: '2026-01-15T09:30:00.000Z',
        updated_at: '2026-01-15T09:30:00.000Z',
        etag: '"1"',
        hat: 'top',
      },
    };

    const told = await run(
      `${signedIn}
error = refusal(client.get_current_user)
tell(client.get_user("01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11").role, error.status, error.code, error.request_id)
`,
      await somebody(),
    );

    expect(told).to.deep.equal(['owner', 409, 'teapot', '7']);
  });
});
