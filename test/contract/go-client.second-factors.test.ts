/** The Go client signs in people who have a second factor, a mailed code or a passkey. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { enrolled } from '../support/challenges.ts';
import { anotherCode, mailedCode } from '../support/email-codes.ts';
import { enrolTotp } from '../support/factors.ts';
import { register } from '../support/passkeys.ts';
import { assertion, enrolledLongAgo } from './clients-second-factors.ts';
import { useGoPrograms } from './go-programs.ts';

/** What refused the first factor, and a client of somebody who signed in an hour ago, with their tokens. */
const declarations = `
	required := func(err error) *latchkey.SecondFactorRequiredError {
		required := (*latchkey.SecondFactorRequiredError)(nil)
		if !errors.As(err, &required) {
			panic(fmt.Sprintf("%T %v", err, err))
		}
		return required
	}
	client := connect(latchkey.Options{Tokens: store})
	totp := func(code string) latchkey.SecondFactor { return latchkey.SecondFactor{TOTP: latchkey.Secret(code)} }
`;
const signedInLongAgo = `${declarations}
	soon := time.Now().Add(10 * time.Minute)
	tokens := latchkey.Tokens{Session: "ada", AccessToken: latchkey.Secret(given[0]), RefreshToken: latchkey.Secret(given[1]), RefreshAt: soon, ExpiresAt: soon}
	check(store.Save(&tokens))
`;

describe('the Go client and second factors', function () {
  const app = useApp();
  const programs = useGoPrograms(app);
  const { gateway, somebody } = programs;

  const challenged = programs.program(`${declarations}
	asked := required(client.SignIn(ctx, email, password))
	wrong := refusal(client.AnswerChallenge(ctx, asked.Challenge, totp(given[1])))
	wasSignedIn := must(client.IsSignedIn())
	check(client.AnswerChallenge(ctx, asked.Challenge, totp(given[0])))
	tell(refusal(asked).Code, asked.Challenge.Factors, asked.Challenge.ExpiresAt.After(time.Now()), wrong.Code, wasSignedIn,
		must(client.GetCurrentUser(ctx)).Email, must(store.LoadDeviceToken()) != "")
`);
  it('returns the challenge, which takes wrong answers and a right one', async () => {
    const ada = await enrolled(app);
    const code = ada.app.code();

    const told = await challenged(ada, code, anotherCode(code));

    expect(told.slice(0, 3)).to.deep.equal(['second_factor_required', ['totp', 'recovery_code'], true]);
    expect(told.slice(3)).to.deep.equal(['invalid_second_factor', false, ada.email, true]);
    const challenges = gateway.calls().filter((call) => call === 'POST /auth/challenge');
    expect(challenges).to.have.length(2);
  });

  const recovered = programs.program(`${declarations}
	_ = totp
	asked := required(client.SignIn(ctx, email, password))
	check(client.AnswerChallenge(ctx, asked.Challenge, latchkey.SecondFactor{RecoveryCode: latchkey.Secret(given[0])}))
	tell(must(client.ListFactors(ctx)).RecoveryCodesLeft)
`);
  it('takes a recovery code', async () => {
    const ada = await enrolled(app);

    expect(await recovered(ada, ada.app.recoveryCodes[0]!)).to.deep.equal([9]);
  });

  const mailed = programs.program(`${declarations}
	err := client.SignInWithCode(ctx, email, latchkey.Secret(given[0]))
	if len(given) > 1 {
		err = client.AnswerChallenge(ctx, required(err).Challenge, totp(given[1]))
	}
	check(err)
	tell(must(client.GetCurrentUser(ctx)).Email)
`);
  it('signs in with a mailed code, and asks for the second factor after it', async () => {
    const ben = await somebody();
    const ada = await enrolled(app);

    expect(await mailed(ben, await mailedCode(app, ben))).to.deep.equal([ben.email]);
    expect(await mailed(ada, await mailedCode(app, ada), ada.app.code())).to.deep.equal([ada.email]);
  });

  const byPasskey = programs.program(`${declarations}
	_ = totp
	credentials := make([]map[string]any, len(given))
	for index, text := range given {
		check(json.Unmarshal([]byte(text), &credentials[index]))
	}
	problem := refusal(client.SignInWithPasskey(ctx, credentials[0]))
	check(client.SignInWithPasskey(ctx, credentials[1]))
	before := *must(store.Load())
	check(client.ReauthenticateWithPasskey(ctx, credentials[2]))
	after := *must(store.Load())
	tell(problem.Code, must(client.GetCurrentUser(ctx)).Email, before.Session == after.Session, before.ExpiresAt.Before(after.ExpiresAt))
	check(client.SignOut(ctx))
	asked := required(client.SignIn(ctx, email, password))
	check(client.AnswerChallenge(ctx, asked.Challenge, latchkey.SecondFactor{Passkey: credentials[3]}))
`);
  it('signs in, and proves once more who it is, with what the passkey of a browser answered', async () => {
    const ada = await app.signIn();
    const { credential } = await register(app, ada);
    const given = [await assertion(app, credential, { isForged: true })];
    for (let count = 0; count < 3; count++) given.push(await assertion(app, credential));

    const told = await byPasskey(ada, ...given);

    expect(told).to.deep.equal(['invalid_passkey', ada.email, true, true]);
  });

  const continued = programs.program(`${signedInLongAgo}
	_, err := client.ExportCurrentUser(ctx)
	asked := required(client.Reauthenticate(ctx, password))
	change(func(tokens *latchkey.Tokens) { tokens.RefreshToken = "from another process" })
	check(client.AnswerChallenge(ctx, asked.Challenge, totp(given[2])))
	kept := must(store.Load())
	tell(errors.Is(err, latchkey.ErrReauthenticationRequired), asked.Challenge.Session, kept.Session, string(kept.RefreshToken),
		must(client.ExportCurrentUser(ctx)).User.Email)
`);
  it('continues the session after a challenge of Reauthenticate, and keeps a refresh token that is newer', async () => {
    const ada = await enrolledLongAgo(app);

    const told = await continued(ada, ...ada.tokens, ada.app.code());

    expect(told).to.deep.equal([true, 'ada', 'ada', 'from another process', ada.email]);
  });

  const anotherPerson = programs.program(`${signedInLongAgo}
	asked := required(client.Reauthenticate(ctx, password))
	check(client.SignIn(ctx, given[3], latchkey.Secret(given[4])))
	check(client.AnswerChallenge(ctx, asked.Challenge, totp(given[2])))
	tell(must(client.GetCurrentUser(ctx)).Email)
`);
  it('never gives the answer of one person to another who signed in meanwhile', async () => {
    const ada = await enrolledLongAgo(app);
    const ben = await somebody();

    const told = await anotherPerson(ada, ...ada.tokens, ada.app.code(), ben.email, ben.password);

    expect(told).to.deep.equal([ben.email]);
  });

  const adding = programs.program(`
	client := signedIn()
	confirmed := must(client.ConfirmTotp(ctx, given[0], latchkey.TotpConfirmation{Code: latchkey.Secret(given[1])}))
	must(client.GetCurrentUser(ctx))
	tell(len(confirmed.RecoveryCodes))
`);
  it('refreshes the access token after an app was added, since the session has two factors then', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);

    const told = await adding(ada, phone.factorId, phone.code());

    expect(told).to.deep.equal([10]);
    expect(gateway.calls().slice(-2)).to.deep.equal(['POST /auth/refresh', 'GET /auth/me']);
  });

  const misused = programs.program(`
	client := connect(latchkey.Options{})
	tell(client.AnswerChallenge(ctx, latchkey.Challenge{}, latchkey.SecondFactor{}).Error(),
		client.AnswerChallenge(ctx, latchkey.Challenge{}, latchkey.SecondFactor{TOTP: "1", RecoveryCode: "2"}).Error())
`);
  it('sends no answer that is none, or more than one', async () => {
    const told = await misused();

    expect(new Set(told)).to.deep.equal(new Set(['latchkey: give a TOTP, a RecoveryCode or a Passkey']));
    expect(gateway.calls()).to.deep.equal([]);
  });
});
