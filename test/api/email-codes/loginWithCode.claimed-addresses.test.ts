/** Whoever registers the address of another first loses everything to the owner who signs in with a code. */
import { expect } from 'chai';
import { untilItWaits } from '../../integration/factories.ts';
import { useApp } from '../../support/app.ts';
import { mailedCode } from '../../support/email-codes.ts';
import { addTotp } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('loginWithCode, with an address that somebody else registered', () => {
  const app = useApp();
  const login = (email: string, code: string) => app.send('post', '/auth/email-codes/login', { json: { email, code } });
  const me = (token: unknown) => app.send('get', '/auth/me', { token: String(token) });
  afterEach('send what is left', () => deliverMails(app));

  it('leaves them nothing: password, sessions, name, links, kept replies, factors', async () => {
    const owner = newPerson();
    const squatter = { ...owner, password: 'the squatter was here first', fullName: 'Mallory Squatter' };
    const key = { 'Idempotency-Key': 'a-key-of-the-squatter' };
    const registered = await app.send('post', '/auth/register', { json: registration(squatter), headers: key });
    expect(registered.status).to.equal(201);
    const squatting = (await app.login(squatter)).body as Record<string, string>;
    await addTotp(app, { accessToken: squatting['access_token']! });
    const away = newPerson().email;
    await app.send('post', '/auth/email', { token: squatting['access_token'], json: { email: away } });
    const toSquatter = (await deliverMails(app)).find(({ to }) => to === away);

    const { status, body } = await login(owner.email, await mailedCode(app, owner));

    expect(status).to.equal(200);
    const mine = (await me(body.access_token)).body;
    expect(mine).to.include({ email: owner.email, email_verified: true, full_name: owner.email.split('@')[0] });
    expect(mine).not.to.have.property('pending_email');
    expectProblem(await app.login(squatter), 401, 'invalid_credentials');
    expectProblem(await me(squatting['access_token']), 401, 'invalid_token');
    const refresh = { json: { refresh_token: squatting['refresh_token'] } };
    expectProblem(await app.send('post', '/auth/refresh', refresh), 401, 'invalid_refresh_token');
    const taking = await app.send('post', '/auth/email/verify', { json: { token: toSquatter!.token } });
    expectProblem(taking, 400, 'invalid_one_time_secret');
    const again = await app.send('post', '/auth/register', { json: registration(squatter), headers: key });
    expectProblem(again, 409, 'email_taken');
    const sessions = await app.send('get', '/auth/sessions', { token: String(body.access_token) });
    expect(sessions.body.items).to.have.length(1);
    const factors = await app.send('get', '/auth/factors', { token: String(body.access_token) });
    expect(factors.body).to.deep.equal({ items: [], recovery_codes_left: 0 });
    expect((await me(body.access_token)).status).to.equal(200);
  });

  it('leaves them nothing either of a change of address that they ask for at the same time', async () => {
    const [owner, away] = [newPerson(), newPerson().email];
    const registered = await app.send('post', '/auth/register', { json: registration(owner) });
    const squatting = (await app.login(owner)).body as { access_token: string };
    const code = await mailedCode(app, owner);
    const { pool } = app.context.database;
    const held = await pool.transaction();
    await held('users').where({ id: registered.body.id }).forNoKeyUpdate();

    const taking = login(owner.email, code);
    await untilItWaits(pool, taking);
    const changing = app.send('post', '/auth/email', { token: squatting.access_token, json: { email: away } });
    await untilItWaits(pool, changing, 2);
    await held.rollback();

    const { status, body } = await taking;
    expect(status).to.equal(200);
    expectProblem(await changing, 401, 'invalid_token');
    expect((await me(body.access_token)).body).not.to.have.property('pending_email');
    expect((await deliverMails(app)).map(({ to }) => to)).not.to.include(away);
  });
});
