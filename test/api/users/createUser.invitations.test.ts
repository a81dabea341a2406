/** Users who get an account without a password, and a link to choose one. */
import { expect } from 'chai';
import { noPassword } from '../../../src/features/users/no-password.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { eventsOf } from '../../support/events.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, type Person } from '../../support/people.ts';
import { brokenRules, expectProblem, withoutInstance } from '../../support/problems.ts';

describe('createUser without a password', () => {
  const app = useApp();
  const unmailed = useSecondApp(app, { env: { SMTP_URL: 'off' } });

  const body = ({ email, fullName }: Person) => ({ email, full_name: fullName, role: 'user' });
  const invite = async (person: Person): Promise<Answer> => {
    const { accessToken: token } = await app.signIn('admin');
    return app.send('post', '/users', { token, json: body(person) });
  };
  const invitations = async () => (await deliverMails(app)).filter(({ name }) => name === 'invitation');
  const given = async () => {
    const person = newPerson();
    const { status, body: user } = await invite(person);
    expect(status).to.equal(201);
    const [mail, ...others] = (await deliverMails(app)).filter(({ to }) => to === person.email);
    expect(others).to.deep.equal([]);
    return { person, id: user.id as string, mail: mail!, token: mail!.token! };
  };
  const choose = (token: string, password: string) =>
    app.send('post', '/auth/password/reset', { json: { token, new_password: password } });
  const me = async (person: Person) =>
    app.send('get', '/auth/me', { token: (await app.login(person)).body.access_token });

  it('mails a link, by which the user chooses the first password and verifies the address', async () => {
    const { person, mail, token } = await given();
    expect(mail).to.include({ name: 'invitation' });
    expect(mail.link).to.match(/\/reset-password#token=lks_/);
    expect(mail.text).to.include('expires in 3 days');

    expect((await choose(token, person.password)).status).to.equal(204);

    expect((await me(person)).body).to.include({ email: person.email, email_verified: true });
    expect(await deliverMails(app)).to.deep.equal([]);
  });

  it('lets nobody in until then, and answers as for an address that nobody has', async () => {
    const { person } = await given();
    const shape = ({ status, headers, ...answer }: Answer) => ({
      status,
      headers: { ...headers, 'x-request-id': '', date: '', ratelimit: '' },
      text: withoutInstance({ status, headers, ...answer }),
    });

    const refused = await app.login(person);

    expectProblem(refused, 401, 'invalid_credentials');
    expect(shape(refused)).to.deep.equal(shape(await app.login(newPerson())));
    expectProblem(await app.login({ ...person, password: noPassword }), 401, 'invalid_credentials');
  });

  it('gives a link that works once, and leaves events', async () => {
    const { person, id, token } = await given();
    await choose(token, person.password);

    expectProblem(await choose(token, 'another green kettle boils'), 400, 'invalid_one_time_secret');

    expect((await app.login(person)).status).to.equal(200);
    const types = (await eventsOf(app, id)).map(({ type }) => type);
    expect(types).to.deep.equal(['user.created', 'password.reset', 'email.verified', 'session.started']);
  });

  it('gives a link that survives a password that is refused', async () => {
    const { person, token } = await given();

    const refused = await choose(token, '12341234');

    expectProblem(refused, 400, 'validation_failed');
    expect((await choose(token, person.password)).status).to.equal(204);
  });

  it('lets somebody who lost the mail choose a password by “Forgot password?”, after which the link is dead', async () => {
    const { person, token } = await given();
    await app.send('post', '/auth/password/forgot', { json: { email: person.email } });
    const [reset] = await deliverMails(app);

    expect((await choose(reset!.token!, person.password)).status).to.equal(204);

    expectProblem(await choose(token, 'another green kettle boils'), 400, 'invalid_one_time_secret');
    expect((await app.login(person)).status).to.equal(200);
  });

  it('invites nobody who was deactivated or deleted before the mail went out', async () => {
    for (const end of [
      (id: string) => app.users.update(id, { isActive: false }),
      (id: string) => app.users.remove(id),
    ]) {
      const { body: user } = await invite(newPerson());
      await end(user.id as string);

      expect(await invitations()).to.deep.equal([]);
    }
  });

  it('repeated with its key, answers the same and mails once', async () => {
    const person = newPerson();
    const { accessToken: token } = await app.signIn('admin');
    const send = () =>
      app.send('post', '/users', {
        token,
        json: body(person),
        headers: { 'Idempotency-Key': `invite-${person.email}` },
      });

    const [first, again] = [await send(), await send()];

    expect([first.status, again.status]).to.deep.equal([201, 201]);
    expect(again.bytes.equals(first.bytes)).to.equal(true);
    expect(await invitations()).to.have.length(1);
  });

  it('is refused where no mail is sent, since nobody could ever sign in', async () => {
    const { accessToken: token } = await unmailed.signIn('admin');

    const answer = await unmailed.send('post', '/users', { token, json: body(newPerson()) });

    expect(brokenRules(answer)).to.deep.equal(['/body/password required']);
  });

  it('is what invites: with a password, the user is mailed a link that only verifies the address', async () => {
    const { accessToken: token } = await app.signIn('admin');
    const person = newPerson();
    await app.send('post', '/users', { token, json: { ...body(person), password: person.password } });

    expect((await app.login(person)).status).to.equal(200);
    const mails = (await deliverMails(app)).filter(({ to }) => to === person.email);
    expect(mails.map(({ name }) => name)).to.deep.equal(['email_verification']);
  });
});
