/** The Java client signs in people who have a second factor, a mailed code or a passkey. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { enrolled } from '../support/challenges.ts';
import { anotherCode, mailedCode } from '../support/email-codes.ts';
import { enrolTotp } from '../support/factors.ts';
import { register } from '../support/passkeys.ts';
import { assertion, enrolledLongAgo } from './clients-second-factors.ts';
import { useJavaPrograms } from './java-programs.ts';

const connected = `
    LatchkeyClient client = builder().tokens(store).build();
`;
/** A client of somebody who signed in an hour ago, with their tokens. */
const signedInLongAgo = `${connected}
    Instant soon = Instant.now().plusSeconds(600);
    store.save(new Tokens("ada", given.get(0), given.get(1), soon, soon));
`;
const challengeOf = (call: string) => `failure(SecondFactorRequiredException.class, () -> ${call}).challenge()`;

describe('the Java client and second factors', function () {
  const app = useApp();
  const programs = useJavaPrograms(app);
  const { gateway, somebody } = programs;

  const challenged = programs.program(`${connected}
    SecondFactorRequiredException required =
        failure(SecondFactorRequiredException.class, () -> client.signIn(email, password));
    Challenge challenge = required.challenge();
    ProblemException wrong = refusal(() -> client.answerChallenge(challenge, SecondFactor.totp(given.get(1))));
    boolean wasSignedIn = client.isSignedIn();
    client.answerChallenge(challenge, SecondFactor.totp(given.get(0)));
    return tell(required.code().value(), challenge.factors().stream().map(ChallengeFactor::value).toList(),
        challenge.expiresAt().isAfter(Instant.now()), wrong.code().value(), wasSignedIn, client.getCurrentUser().email(),
        store.loadDeviceToken().isPresent());
`);
  it('throws the challenge, which takes wrong answers and a right one', async () => {
    const ada = await enrolled(app);
    const code = ada.app.code();

    const told = await challenged(ada, code, anotherCode(code));

    expect(told.slice(0, 3)).to.deep.equal(['second_factor_required', ['totp', 'recovery_code'], true]);
    expect(told.slice(3)).to.deep.equal(['invalid_second_factor', false, ada.email, true]);
    const challenges = gateway.calls().filter((call) => call === 'POST /auth/challenge');
    expect(challenges).to.have.length(2);
  });

  const recovered = programs.program(`${connected}
    client.async().signIn(email, password)
        .handle((nothing, failure) -> ((SecondFactorRequiredException) failure.getCause()).challenge())
        .thenCompose(challenge -> client.async().answerChallenge(challenge, SecondFactor.recoveryCode(given.get(0))))
        .join();
    return tell(client.listFactors().recoveryCodesLeft());
`);
  it('does so without waiting, and takes a recovery code', async () => {
    const ada = await enrolled(app);

    expect(await recovered(ada, ada.app.recoveryCodes[0]!)).to.deep.equal([9]);
  });

  const mailed = programs.program(`${connected}
    client.signInWithCode(email, given.get(0));
    return tell(client.getCurrentUser().email());
`);
  const mailedAndAsked = programs.program(`${connected}
    Challenge challenge = ${challengeOf('client.signInWithCode(email, given.get(0))')};
    client.answerChallenge(challenge, SecondFactor.totp(given.get(1)));
    return tell(client.getCurrentUser().email());
`);
  it('signs in with a mailed code, and asks for the second factor after it', async () => {
    const ben = await somebody();
    const ada = await enrolled(app);

    expect(await mailed(ben, await mailedCode(app, ben))).to.deep.equal([ben.email]);
    expect(await mailedAndAsked(ada, await mailedCode(app, ada), ada.app.code())).to.deep.equal([ada.email]);
  });

  const byPasskey = programs.program(`${connected}
    ObjectMapper json = new ObjectMapper();
    ProblemException problem = refusal(() -> client.signInWithPasskey(json.readTree(given.get(0))));
    client.signInWithPasskey(json.readTree(given.get(1)));
    Tokens before = kept();
    client.reauthenticateWithPasskey(json.readTree(given.get(2)));
    boolean isContinued = before.session().equals(kept().session()) && before.expiresAt().isBefore(kept().expiresAt());
    client.signOut();
    Challenge challenge = ${challengeOf('client.signIn(email, password)')};
    client.answerChallenge(challenge, SecondFactor.passkey(json.readTree(given.get(3))));
    return tell(problem.code().value(), isContinued, client.getCurrentUser().email());
`);
  it('signs in, and proves once more who it is, with what the passkey of a browser answered', async () => {
    const ada = await app.signIn();
    const { credential } = await register(app, ada);
    const given = [await assertion(app, credential, { isForged: true })];
    for (let count = 0; count < 3; count++) given.push(await assertion(app, credential));

    const told = await byPasskey(ada, ...given);

    expect(told).to.deep.equal(['invalid_passkey', true, ada.email]);
  });

  const continued = programs.program(`${signedInLongAgo}
    failure(ReauthenticationRequiredException.class, client::exportCurrentUser);
    Challenge challenge = ${challengeOf('client.reauthenticate(password)')};
    store.save(new Tokens("ada", given.get(0), "from another process", soon, soon));
    client.answerChallenge(challenge, SecondFactor.totp(given.get(2)));
    return tell(challenge.session(), kept().session(), kept().refreshToken(), client.exportCurrentUser().user().email());
`);
  it('continues the session after a challenge of reauthenticate, and keeps a refresh token that is newer', async () => {
    const ada = await enrolledLongAgo(app);

    const told = await continued(ada, ...ada.tokens, ada.app.code());

    expect(told).to.deep.equal(['ada', 'ada', 'from another process', ada.email]);
  });

  const anotherPerson = programs.program(`${signedInLongAgo}
    Challenge challenge = ${challengeOf('client.reauthenticate(password)')};
    client.signIn(given.get(3), given.get(4));
    client.answerChallenge(challenge, SecondFactor.totp(given.get(2)));
    return tell(client.getCurrentUser().email());
`);
  it('never gives the answer of one person to another who signed in meanwhile', async () => {
    const ada = await enrolledLongAgo(app);
    const ben = await somebody();

    const told = await anotherPerson(ada, ...ada.tokens, ada.app.code(), ben.email, ben.password);

    expect(told).to.deep.equal([ben.email]);
  });

  const adding = programs.program(`
    LatchkeyClient client = signedIn();
    ConfirmedFactor confirmed = client.confirmTotp(given.get(0), new TotpConfirmation(given.get(1)));
    client.getCurrentUser();
    return tell(confirmed.recoveryCodes().size());
`);
  it('refreshes the access token after an app was added, since the session has two factors then', async () => {
    const ada = await app.signIn();
    const phone = await enrolTotp(app, ada);

    const told = await adding(ada, phone.factorId, phone.code());

    expect(told).to.deep.equal([10]);
    expect(gateway.calls().slice(-2)).to.deep.equal(['POST /auth/refresh', 'GET /auth/me']);
  });
});
