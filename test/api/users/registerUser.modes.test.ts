import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { mailsPerHour } from '../../../src/features/one-time-secrets/one-time-secrets.service.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { told } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('registerUser where REGISTRATION is verified', () => {
  const open = useApp();
  const app = useSecondApp(open, { env: { REGISTRATION: 'verified' } });
  const register = (person = newPerson(), headers: Record<string, string> = {}) =>
    app.send('post', '/auth/register', { json: registration(person), headers });
  const verify = (token: string | undefined) => app.send('post', '/auth/email/verify', { json: { token } });
  const usersWith = async (email: string) => (await app.context.database.pool('users').where({ email })).length;
  const held = async (email: string) =>
    (await app.context.database.pool('pending_registrations').where({ email })).length;
  afterEach('send what is left', () => deliverMails(app));

  it('creates the account when the address is proved', async () => {
    const person = newPerson();

    const answer = await register(person);

    expect([answer.status, answer.bytes.length]).to.deep.equal([202, 0]);
    expect(await usersWith(person.email)).to.equal(0);
    expectProblem(await app.login(person), 401, 'invalid_credentials');
    const [mail] = await deliverMails(app);
    expect(mail).to.include({ name: 'registration', to: person.email });
    expect((await verify(mail?.token)).status).to.equal(204);
    const { body } = await app.login(person);
    const me = (await app.send('get', '/auth/me', { token: body.access_token })).body;
    expect(me).to.include({ email: person.email, full_name: person.fullName, email_verified: true, role: 'user' });
    expect((await eventsOf(app, me.id)).map(({ type }) => type)).to.include.members([
      'user.registered',
      'email.verified',
    ]);
    expect(await held(person.email)).to.equal(0);
  });

  it("doesn't reveal whether somebody has the address, by status, bytes or headers", async () => {
    const known = await addUser(app);

    const answers = [told(await register(newPerson({ email: known.email }))), told(await register())];

    expect(answers[0]).to.deep.equal(answers[1]);
  });

  it('does the same work for every address', async () => {
    const known = await addUser(app);
    const addresses = [known.email, newPerson().email];
    for (const email of addresses) await register(newPerson({ email }));

    expect(await Promise.all(addresses.map(held))).to.deep.equal([1, 1]);
    const jobs = await app.context.database.pool('jobs').where({ name: 'send_registration' });
    expect(jobs).to.have.length(2);
    expect(JSON.stringify(jobs)).not.to.match(/\$2b\$|lks_/);
  });

  it('tells whoever has an account already, by mail', async () => {
    const known = await addUser(app);

    await register(newPerson({ email: known.email }));

    const [mail] = await deliverMails(app);
    expect(mail).to.include({ name: 'account_exists', to: known.email });
    const json = { token: mail?.token, new_password: 'seven green kites over water' };
    expect((await app.send('post', '/auth/password/reset', { json })).status).to.equal(204);
    expect((await app.login({ ...known, password: json.new_password })).status).to.equal(200);
  });

  it('still tells what is wrong with a request', async () => {
    const known = await addUser(app);

    const answer = await register(newPerson({ email: known.email, password: 'password1234567' }));

    expect(brokenRules(answer)).to.deep.equal(['/body/password password_common']);
  });

  it('floods nobody', async () => {
    const { email } = newPerson();

    for (let count = 0; count < mailsPerHour + 2; count += 1) await register(newPerson({ email }));

    expect(await deliverMails(app)).to.have.length(mailsPerHour);
  });

  it('sends the mail again when it is asked to', async () => {
    const person = newPerson();
    await register(person);
    await deliverMails(app);

    await app.send('post', '/auth/email/resend', { json: { email: person.email } });

    const [mail] = await deliverMails(app);
    expect(mail).to.include({ name: 'registration', to: person.email });
    expect((await verify(mail?.token)).status).to.equal(204);
    expect((await app.login(person)).status).to.equal(200);
  });

  it('gives the account to whose link was opened, of several who registered an address', async () => {
    const { email } = newPerson();
    const [squatter, owner] = [newPerson({ email }), newPerson({ email })];
    await register(squatter);
    await deliverMails(app);
    await register(owner);
    const [mail] = await deliverMails(app);

    expect((await verify(mail?.token)).status).to.equal(204);

    expect((await app.login(owner)).status).to.equal(200);
    expectProblem(await app.login(squatter), 401, 'invalid_credentials');
    expect(await held(email)).to.equal(0);
  });

  it('creates one account when two links of an address are opened at once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { email } = newPerson();
      await register(newPerson({ email }));
      await register(newPerson({ email }));
      const tokens = (await deliverMails(app)).map(({ token }) => token);

      const statuses = (await Promise.all(tokens.map(verify))).map(({ status }) => status);

      expect(statuses.sort()).to.deep.equal([204, 400]);
      expect(await usersWith(email)).to.equal(1);
    }
  });

  it('takes an account over that somebody registered without proving the address', async () => {
    const { email } = newPerson();
    const [squatter, owner] = [newPerson({ email }), newPerson({ email })];
    expect((await open.send('post', '/auth/register', { json: registration(squatter) })).status).to.equal(201);
    const squatting = (await app.login(squatter)).body as { access_token: string };
    await deliverMails(app);
    await register(owner);
    const [mail] = await deliverMails(app);
    expect(mail).to.include({ name: 'registration', to: email });

    expect((await verify(mail?.token)).status).to.equal(204);

    expectProblem(await app.login(squatter), 401, 'invalid_credentials');
    expectProblem(await app.send('get', '/auth/me', { token: squatting.access_token }), 401, 'invalid_token');
    const { body } = await app.login(owner);
    const me = (await app.send('get', '/auth/me', { token: body.access_token })).body;
    expect(me).to.include({ email, full_name: owner.fullName, email_verified: true });
  });

  it('repeats its answer for an Idempotency-Key, and mails once', async () => {
    const [person, key] = [newPerson(), { 'Idempotency-Key': randomUUID() }];

    const answers = [await register(person, key), await register(person, key)];

    expect(answers.map(({ status, bytes }) => [status, bytes.length])).to.deep.equal([
      [202, 0],
      [202, 0],
    ]);
    expect(answers.map(({ headers }) => headers['idempotency-replayed'])).to.deep.equal([undefined, 'true']);
    expect(await deliverMails(app)).to.have.length(1);
  });

  it('refuses an Idempotency-Key for another registration', async () => {
    const [person, key] = [newPerson(), { 'Idempotency-Key': randomUUID() }];
    await register(person, key);

    const answer = await register({ ...person, fullName: 'Somebody Else' }, key);

    expectProblem(answer, 409, 'idempotency_key_reused');
  });
});

describe('registerUser where REGISTRATION is closed', () => {
  const app = useApp({ env: { REGISTRATION: 'closed' } });

  it('lets nobody register, whether or not the address is known', async () => {
    const known = await addUser(app);

    for (const email of [known.email, newPerson().email]) {
      const answer = await app.send('post', '/auth/register', { json: registration(newPerson({ email })) });
      expectProblem(answer, 403, 'registration_closed');
    }
  });

  it('lets administrators create users', async () => {
    const { accessToken: token } = await app.signIn('admin');

    const { status } = await app.send('post', '/users', { token, json: { ...registration(), role: 'user' } });

    expect(status).to.equal(201);
  });
});
