import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { mailedSecret } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('verifyEmail', () => {
  const app = useApp();
  const verify = (token: string | undefined) => app.send('post', '/auth/email/verify', { json: { token } });
  const me = async (token: string) => (await app.send('get', '/auth/me', { token })).body as object;
  const register = (person = newPerson()) => app.send('post', '/auth/register', { json: registration(person) });
  afterEach('send what is left', () => deliverMails(app));

  it('verifies the address of somebody who registered, and ends no session', async () => {
    const person = newPerson();
    const { body: user } = await register(person);
    const { body: tokens } = await app.login(person);
    const [mail] = await deliverMails(app);
    expect(mail).to.include({ name: 'email_verification', to: person.email });
    expect(mail?.link).to.match(/^https:\/\/latchkey\.test\/verify-email#token=lks_/);

    const { status } = await verify(mail?.token);

    expect([user.email_verified, status]).to.deep.equal([false, 204]);
    expect(await me(tokens.access_token)).to.include({ email_verified: true, full_name: person.fullName });
    expect((await eventsOf(app, user.id)).map(({ type }) => type)).to.include('email.verified');
  });

  it('verifies the address of somebody whom an administrator created', async () => {
    const [admin, person] = [await app.signIn('admin'), newPerson()];
    const json = { ...registration(person), role: 'user' };
    await app.send('post', '/users', { token: admin.accessToken, json });
    const [mail] = await deliverMails(app);

    await verify(mail?.token);

    const { body } = await app.login(person);
    expect(await me(body.access_token)).to.include({ email_verified: true });
  });

  it('works once; opening the link uses nothing up', async () => {
    await register();
    const [mail] = await deliverMails(app);
    for (const method of ['get', 'head'] as const) await app.sendOutside(method, new URL(mail!.link!).pathname);

    const answers = [await verify(mail?.token), await verify(mail?.token)];

    expect(answers.map(({ status }) => status)).to.deep.equal([204, 400]);
    expectProblem(answers[1]!, 400, 'invalid_one_time_secret');
  });

  it('refuses a secret for something else, and leaves it valid', async () => {
    const user = await addUser(app);
    const token = await mailedSecret(app, 'password_reset', user);

    expectProblem(await verify(token), 400, 'invalid_one_time_secret');

    const json = { token, new_password: 'seven green kites over water' };
    expect((await app.send('post', '/auth/password/reset', { json })).status).to.equal(204);
  });

  it('refuses a secret that was mailed to an earlier address', async () => {
    const user = await addUser(app);
    const token = await mailedSecret(app, 'email_verification', user);
    await app.context.database.pool('users').where({ id: user.id }).update({ email: newPerson().email });

    expectProblem(await verify(token), 400, 'invalid_one_time_secret');
  });
});
