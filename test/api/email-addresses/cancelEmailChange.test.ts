import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('cancelEmailChange', () => {
  const app = useApp();
  const change = (token: string, email: string) => app.send('post', '/auth/email', { token, json: { email } });
  const cancel = (token: string) => app.send('delete', '/auth/email', { token });

  it('withdraws the new address, and its link', async () => {
    const [person, { email }] = [await app.signIn(), newPerson()];
    await change(person.accessToken, email);
    const link = (await deliverMails(app)).find(({ to }) => to === email);

    const { status } = await cancel(person.accessToken);

    expect(status).to.equal(204);
    const { body } = await app.send('get', '/auth/me', { token: person.accessToken });
    expect(body).to.include({ email: person.email }).and.not.to.have.property('pending_email');
    const confirmed = await app.send('post', '/auth/email/verify', { json: { token: link?.token } });
    expectProblem(confirmed, 400, 'invalid_one_time_secret');
    expect((await eventsOf(app, person.id)).map(({ type }) => type)).to.include('email.change_cancelled');
  });

  it('keeps a mail that was not sent yet from being sent', async () => {
    const [person, { email }] = [await app.signIn(), newPerson()];
    await change(person.accessToken, email);

    await cancel(person.accessToken);

    expect((await deliverMails(app)).map(({ to }) => to)).not.to.include(email);
  });

  it('does nothing, and records nothing, when no change is pending', async () => {
    const person = await app.signIn();

    expect((await cancel(person.accessToken)).status).to.equal(204);

    expect((await eventsOf(app, person.id)).map(({ type }) => type)).not.to.include('email.change_cancelled');
  });
});
