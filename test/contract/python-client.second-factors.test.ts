/** The Python client signs in people who have a second factor, a mailed code or a passkey. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { enrolled } from '../support/challenges.ts';
import { anotherCode, mailedCode } from '../support/email-codes.ts';
import { enrolTotp } from '../support/factors.ts';
import { register } from '../support/passkeys.ts';
import { assertion, enrolledLongAgo } from './clients-second-factors.ts';
import { signedIn, usePrograms } from './python-programs.ts';

/** A client of somebody who signed in an hour ago, with their tokens. */
const signedInLongAgo = `
client = Client(url, tokens=store)
soon = time.time() + 600
store.save(Tokens(session="ada", access_token=given[0], refresh_token=given[1], refresh_at=soon, expires_at=soon))
`;

describe('the Python client and second factors', function () {
  const app = useApp();
  const { gateway, run, somebody } = usePrograms(app);

  it('raises the challenge, which takes wrong answers and a right one', async () => {
    const ada = await enrolled(app);
    const code = ada.app.code();

    const told = await run(
      `
client = Client(url, tokens=store)
required = refusal(client.sign_in, email, password)
wrong = refusal(client.answer_challenge, required.challenge, totp=given[1])
was_signed_in = client.is_signed_in
client.answer_challenge(required.challenge, totp=given[0])
tell(type(required).__name__, required.code, required.challenge.factors, required.challenge.expires_at > datetime.now(timezone.utc),
   wrong.code, was_signed_in, client.get_current_user().email, store.load_device_token() is not None)
`,
      ada,
      code,
      anotherCode(code),
    );

    const factors = ['totp', 'recovery_code'];
    expect(told.slice(0, 4)).to.deep.equal(['SecondFactorRequired', 'second_factor_required', factors, true]);
    expect(told.slice(4)).to.deep.equal(['invalid_second_factor', false, ada.email, true]);
    expect(gateway.calls()).to.deep.equal([
      'POST /auth/login',
      'POST /auth/challenge',
      'POST /auth/challenge',
      'GET /auth/me',
    ]);
  });

  it('does so in an event loop, and takes a recovery code', async () => {
    const ada = await enrolled(app);

    const told = await run(
      `
async def main():
    async with AsyncClient(url, tokens=store) as client:
        try:
            await client.sign_in(email, password)
        except SecondFactorRequired as error:
            await client.answer_challenge(error.challenge, recovery_code=given[0])
        tell((await client.get_current_user()).email, (await client.list_factors()).recovery_codes_left)
asyncio.run(main())
`,
      ada,
      ada.app.recoveryCodes[0]!,
    );

    expect(told).to.deep.equal([ada.email, 9]);
  });

  it('signs in with a mailed code, and asks for the second factor after it', async () => {
    const ben = await somebody();
    const ada = await enrolled(app);
    const source = `
client = Client(url, tokens=store)
try:
    client.sign_in_with_code(email, given[0])
except SecondFactorRequired as error:
    client.answer_challenge(error.challenge, totp=given[1])
tell(client.get_current_user().email)
`;

    expect(await run(source, ben, await mailedCode(app, ben))).to.deep.equal([ben.email]);
    expect(await run(source, ada, await mailedCode(app, ada), ada.app.code())).to.deep.equal([ada.email]);
  });

  it('signs in, and proves once more who it is, with what the passkey of a browser answered', async () => {
    const ada = await app.signIn();
    const { credential } = await register(app, ada);

    const told = await run(
      `
client = Client(url, tokens=store)
forged, right, another, third = map(json.loads, given)
error = refusal(client.sign_in_with_passkey, forged)
client.sign_in_with_passkey(right)
before = store.load()
client.reauthenticate_with_passkey(another)
after = store.load()
tell(error.code, client.get_current_user().email, before.session == after.session, before.expires_at < after.expires_at)
client.sign_out()
required = refusal(client.sign_in, email, password)
client.answer_challenge(required.challenge, passkey=third)
`,
      ada,
      await assertion(app, credential, { isForged: true }),
      await assertion(app, credential),
      await assertion(app, credential),
      await assertion(app, credential),
    );

    expect(told).to.deep.equal(['invalid_passkey', ada.email, true, true]);
  });

  it('continues the session after a challenge of reauthenticate, and keeps a refresh token that is newer', async () => {
    const ada = await enrolledLongAgo(app);

    const told = await run(
      `${signedInLongAgo}
stale = refusal(client.export_current_user)
required = refusal(client.reauthenticate, password)
change(refresh_token="from another process")
client.answer_challenge(required.challenge, totp=given[2])
again = __import__("pickle").loads(__import__("pickle").dumps(required))
tell(type(stale).__name__, required.challenge.session, again.challenge == required.challenge, store.load().session, store.load().refresh_token,
   client.export_current_user().user.email)
`,
      ada,
      ...ada.tokens,
      ada.app.code(),
    );

    const kept = ['ada', true, 'ada', 'from another process'];
    expect(told).to.deep.equal(['ReauthenticationRequired', ...kept, ada.email]);
  });

  it('never gives the answer of one person to another who signed in meanwhile', async () => {
    const ada = await enrolledLongAgo(app);
    const ben = await somebody();

    const told = await run(
      `${signedInLongAgo}
required = refusal(client.reauthenticate, password)
client.sign_in(given[3], given[4])
client.answer_challenge(required.challenge, totp=given[2])
tell(client.get_current_user().email)
`,
      ada,
      ...ada.tokens,
      ada.app.code(),
      ben.email,
      ben.password,
    );

    expect(told).to.deep.equal([ben.email]);
  });

  it('refreshes the access token after an app was added, since the session has two factors then', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);

    const told = await run(
      `${signedIn}
codes = client.confirm_totp(given[0], code=given[1]).recovery_codes
client.get_current_user()
tell(len(codes))
`,
      ada,
      phone.factorId,
      phone.code(),
    );

    expect(told).to.deep.equal([10]);
    expect(gateway.calls().slice(-2)).to.deep.equal(['POST /auth/refresh', 'GET /auth/me']);
  });

  it('sends no answer that is none, or more than one', async () => {
    const told = await run(`
client = Client(url)
challenge = Challenge(token="lkc_nonsense", factors=[], expires_at=datetime.now())
said = []
for answer in ({}, {"totp": "1", "recovery_code": "2"}):
    try:
        client.answer_challenge(challenge, **answer)
    except ValueError as error:
        said.append(str(error))
tell(*said)
`);

    expect(new Set(told)).to.deep.equal(new Set(['give a totp, a recovery_code or a passkey']));
    expect(gateway.calls()).to.deep.equal([]);
  });
});
