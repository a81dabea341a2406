/** A mailed code is one factor: it never stands in for the second. */
import { expect } from 'chai';
import { decode } from 'jsonwebtoken';
import { useApp } from '../../support/app.ts';
import { answerBy, challengeIn, enrolled } from '../../support/challenges.ts';
import { anotherCode, mailedCode } from '../../support/email-codes.ts';
import { deliverMails } from '../../support/mails.ts';
import { expectProblem } from '../../support/problems.ts';

describe('loginWithCode, by somebody with a second factor', () => {
  const app = useApp();
  const login = (email: string, code: string) => app.send('post', '/auth/email-codes/login', { json: { email, code } });
  const sessionsOf = (id: string) => app.context.database.pool('sessions').where({ user_id: id, ended_at: null });
  afterEach('send what is left', () => deliverMails(app));

  it('begins no session before the second factor is proved, and then one by both', async () => {
    const person = await enrolled(app);
    const code = await mailedCode(app, person);
    const before = await sessionsOf(person.id);

    const { token, factors } = challengeIn(await login(person.email, code));

    expect(factors).to.deep.equal(['totp', 'recovery_code']);
    expect(await sessionsOf(person.id)).to.have.length(before.length);
    expectProblem(await login(person.email, code), 401, 'invalid_code');
    const { status, body } = await answerBy(app, token, 'totp', person.app.code());
    expect(status).to.equal(200);
    expect(decode(String(body.access_token))).to.deep.include({ amr: ['otp', 'mfa'], acr: 'urn:latchkey:acr:2' });
    const { body: list } = await app.send('get', '/auth/sessions', { token: String(body.access_token) });
    const methods = (list.items as { methods: string[]; is_current: boolean }[]).find(({ is_current }) => is_current);
    expect(methods?.methods).to.deep.equal(['email_code', 'totp']);
  });

  it('is told nothing of it for a wrong code', async () => {
    const person = await enrolled(app);
    const code = await mailedCode(app, person);

    expectProblem(await login(person.email, anotherCode(code)), 401, 'invalid_code');
  });

  it('loses the code and the challenge when a factor changes', async () => {
    const person = await enrolled(app);
    const { token } = challengeIn(await login(person.email, await mailedCode(app, person)));
    const code = await mailedCode(app, person);
    const path = `/auth/factors/${person.app.factorId}`;
    expect((await app.send('delete', path, { token: person.accessToken })).status).to.equal(204);

    expectProblem(await login(person.email, code), 401, 'invalid_code');
    expectProblem(await answerBy(app, token, 'totp', person.app.code()), 401, 'invalid_challenge');
  });
});
