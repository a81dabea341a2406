import { expect } from 'chai';
import { mailsPerHour } from '../../../src/features/one-time-secrets/one-time-secrets.service.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { told } from '../../support/one-time-secrets.ts';
import { newPerson } from '../../support/people.ts';

describe('requestPasswordReset', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app, { env: { LINKS_URL: 'https://app.example.com/account' } });
  const forget = (email: string, headers: Record<string, string> = {}) =>
    app.send('post', '/auth/password/forgot', { json: { email }, headers });
  afterEach('send what is left', () => deliverMails(app));

  it('mails a link that works once for an hour', async () => {
    const { email, password, ...person } = await addUser(app);

    const { status } = await forget(email);

    expect(status).to.equal(202);
    const [mail, ...others] = await deliverMails(app);
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ name: 'password_reset', to: email });
    expect(mail?.link).to.match(/^https:\/\/latchkey\.test\/reset-password#token=lks_[\w-]{43}$/);
    expect(mail?.text).to.include('1 hour');
    expect((await app.login({ email, password, ...person })).status).to.equal(200);
  });

  it("doesn't reveal whether somebody has the address, by status, bytes or headers", async () => {
    const [known, inactive] = [await addUser(app), await addUser(app, { isActive: false })];

    const answers = [];
    for (const email of [known.email, inactive.email, newPerson().email]) answers.push(told(await forget(email)));

    expect(answers[1]).to.deep.equal(answers[0]);
    expect(answers[2]).to.deep.equal(answers[0]);
    expect((await deliverMails(app)).map(({ to }) => to)).to.deep.equal([known.email]);
  });

  it('writes the same for every address: one job, without a secret', async () => {
    const [known, unknown] = [await addUser(app), newPerson()];

    for (const { email } of [known, unknown]) await forget(email);

    const jobs = await app.context.database
      .pool('jobs')
      .where({ name: 'send_password_reset' })
      .select<{ payload: { email: string } }[]>('payload');
    expect(jobs.map(({ payload }) => payload.email)).to.have.members([known.email, unknown.email]);
    expect(JSON.stringify(jobs)).not.to.include('lks_');
  });

  it('reaches people whose address is not verified', async () => {
    const person = newPerson();
    const { email, password, fullName: full_name } = person;
    await app.send('post', '/auth/register', { json: { email, password, full_name } });
    await deliverMails(app);

    await forget(email.toUpperCase());

    expect((await deliverMails(app)).map(({ name, to }) => `${name} ${to}`)).to.deep.equal([`password_reset ${email}`]);
  });

  it('counts requests before the mail is sent as one', async () => {
    const { email } = await addUser(app);

    await Promise.all(Array.from({ length: 6 }, () => forget(email)));

    expect(await deliverMails(app)).to.have.length(1);
  });

  it('floods nobody: an address gets a few mails an hour', async () => {
    const { email } = await addUser(app);

    const sent = [];
    for (let count = 0; count < mailsPerHour + 2; count += 1) {
      await forget(email);
      sent.push(...(await deliverMails(app)));
    }

    expect(sent).to.have.length(mailsPerHour);
  });

  it('leads where the configuration says, whatever Host and X-Forwarded-Host are', async () => {
    const { email } = await addUser(app);

    await forget(email, { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' });

    const [mail] = await deliverMails(elsewhere);
    expect(mail?.link).to.match(/^https:\/\/app\.example\.com\/account\/reset-password#token=lks_/);
    expect(mail?.text).not.to.include('evil.example');
    expect(mail?.html).not.to.include('evil.example');
  });

  it('records who is concerned and where the request came from, once', async () => {
    const { id, email } = await addUser(app);

    await forget(email);
    await deliverMails(app);

    const events = (await eventsOf(app, id)).filter(({ type }) => type === 'password.reset_requested');
    expect(events).to.have.length(1);
    expect(events[0]).to.include({ outcome: 'success', actor_id: null });
    expect(String(events[0]?.['ip_address'])).to.include('127.0.0.1');
  });
});
