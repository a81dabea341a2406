import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { sessionOf } from '../../support/access-tokens.ts';
import { useApp, useSecondApp, type SignedIn } from '../../support/app.ts';
import { expectTokensToWork } from '../../support/consequences.ts';
import { exhaustGuesses, guessFromEverywhere } from '../../support/guesses.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('reauthenticate', () => {
  const app = useApp();
  const other = useSecondApp(app);

  const reauthenticate = ({ accessToken: token, password }: SignedIn, typed = password) =>
    app.send('post', '/auth/reauthenticate', { token, json: { password: typed } });
  const authTime = (token: string) => (jwt.decode(token) as { auth_time: number }).auth_time;

  /** Signs somebody in an hour ago. */
  async function signInEarlier(): Promise<SignedIn> {
    const person = await app.signIn();
    await app.context.database
      .pool('sessions')
      .where({ user_id: person.id })
      .update({ authenticated_at: new Date(Date.now() - 3_600_000) });
    const { body } = await app.send('post', '/auth/refresh', { json: { refresh_token: person.refreshToken } });
    expect(authTime(body.access_token as string)).to.be.closeTo(Date.now() / 1000 - 3600, 5);
    return { ...person, accessToken: body.access_token as string, refreshToken: body.refresh_token as string };
  }

  it('gives tokens of the same session whose auth_time is now', async () => {
    const person = await signInEarlier();

    const { status, body } = await reauthenticate(person);

    expect(status).to.equal(200);
    expect(sessionOf(body.access_token as string)).to.equal(sessionOf(person.accessToken));
    expect(authTime(body.access_token as string)).to.be.closeTo(Date.now() / 1000, 5);
    await expectTokensToWork([app, other], { accessToken: body.access_token, refreshToken: body.refresh_token });
  });

  it('is remembered by the session: refreshed tokens have that auth_time too', async () => {
    const person = await signInEarlier();
    const { body } = await reauthenticate(person);

    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: body.refresh_token } });

    expect(authTime(refreshed.body.access_token as string)).to.equal(authTime(body.access_token as string));
  });

  it('replaces the methods of the session: its tokens name those of the last proof', async () => {
    const person = await app.signIn();
    const ofPerson = () => app.context.database.pool('sessions').where({ user_id: person.id });
    await ofPerson().update({ methods: ['password', 'totp'] });
    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: person.refreshToken } });
    expect(jwt.decode(refreshed.body.access_token as string)).to.deep.include({
      amr: ['pwd', 'otp', 'mfa'],
      acr: 'urn:latchkey:acr:2',
    });

    const { body } = await reauthenticate(person);

    expect(jwt.decode(body.access_token as string)).to.deep.include({ amr: ['pwd'], acr: 'urn:latchkey:acr:1' });
    expect(await ofPerson().first('methods')).to.deep.equal({ methods: ['password'] });
  });

  it('leaves the refresh token as it is, so that another tab may refresh at the same time', async () => {
    const person = await app.signIn();

    const { body } = await reauthenticate(person);

    expect(body.refresh_token).to.equal(person.refreshToken);
  });

  it('refuses a wrong password at its field, and leaves the session alone', async () => {
    const person = await signInEarlier();

    const answer = await reauthenticate(person, 'another password');

    expect(brokenRules(answer)).to.deep.equal(['/body/password password_wrong']);
    expect(answer.body.errors[0].message).to.equal('is not your current password');
    await expectTokensToWork([app], person);
    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: person.refreshToken } });
    expect(authTime(refreshed.body.access_token as string)).to.equal(authTime(person.accessToken));
  });

  it('counts wrong passwords as failed sign-ins, right ones included while it pauses', async () => {
    const person = await app.signIn();
    for (let guess = 0; guess < 5; guess++) await reauthenticate(person, `another password ${guess}`);

    const answer = await reauthenticate(person);

    expectProblem(answer, 429, 'rate_limited');
    expect(Number(answer.headers['retry-after'])).to.be.within(1, 15);
  });

  it('is not kept from the holder of a session by guesses of strangers', async () => {
    const person = await app.signIn();
    await guessFromEverywhere(app, person.email, 100);

    expect((await reauthenticate(person)).status).to.equal(200);
  });

  it('asks for a reset after too many guesses of both', async () => {
    const person = await app.signIn();
    await exhaustGuesses(app, { email: person.email, sessionId: sessionOf(person.accessToken) });

    expectProblem(await reauthenticate(person), 403, 'password_reset_required');
  });

  it('leaves an event, whether the password was right or wrong', async () => {
    const person = await app.signIn();
    await reauthenticate(person, 'another password');
    await reauthenticate(person);

    const events = await app.context.database
      .pool('audit_events')
      .where({ user_id: person.id })
      .whereLike('type', 'session.reauth%')
      .orderBy('id')
      .select('type', 'outcome', 'actor_id', 'session_id');

    const of = { actor_id: person.id, session_id: sessionOf(person.accessToken) };
    expect(events).to.deep.equal([
      { type: 'session.reauthentication_failed', outcome: 'failure', ...of },
      { type: 'session.reauthenticated', outcome: 'success', ...of },
    ]);
  });
});
