import { expect } from 'chai';
import { mailsPerHour } from '../../../src/features/one-time-secrets/one-time-secrets.service.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { told } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('requestLoginCode', () => {
  const app = useApp();
  const without = useSecondApp(app, { env: { EMAIL_CODES: 'off' } });
  const elsewhere = useSecondApp(app, { env: { LINKS_URL: 'https://app.example.com/account' } });
  const ask = (email: string, headers: Record<string, string> = {}) =>
    app.send('post', '/auth/email-codes', { json: { email }, headers });
  const login = (email: string, code: string) => app.send('post', '/auth/email-codes/login', { json: { email, code } });
  afterEach('send what is left', () => deliverMails(app));

  it('mails six digits, and a link that carries them', async () => {
    const { email } = await addUser(app);

    const { status } = await ask(email);

    expect(status).to.equal(202);
    const [mail, ...others] = await deliverMails(app);
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ name: 'login_code', to: email });
    expect(mail!.code).to.match(/^\d{6}$/);
    const fragment = `email=${encodeURIComponent(email)}&code=${mail!.code}`;
    expect(mail!.link).to.equal(`https://latchkey.test/sign-in#${fragment}`);
    expect(mail!.subject).to.equal(`Latchkey: ${mail!.code} is your sign-in code`);
    expect(mail!.text).to.include(`The code is ${mail!.code}.`).and.to.include('10 minutes');
  });

  it('changes nothing until the code is used', async () => {
    const person = await app.signIn();

    await ask(person.email);
    await deliverMails(app);

    expect((await app.login(person)).status).to.equal(200);
    expect((await app.send('get', '/auth/me', { token: person.accessToken })).body).to.include({
      email_verified: false,
    });
  });

  it("doesn't reveal whether somebody has the address, by status, bytes or headers", async () => {
    const provisional = newPerson();
    await app.send('post', '/auth/register', { json: registration(provisional) });
    await deliverMails(app);
    const [known, inactive] = [await addUser(app), await addUser(app, { isActive: false })];
    await app.context.database.pool('users').where({ id: known.id }).update({ email_verified_at: new Date() });

    const answers = [];
    for (const { email } of [newPerson(), known, inactive, provisional, await addUser(app)]) {
      answers.push(told(await ask(email)));
    }

    for (const answer of answers) expect(answer).to.deep.equal(answers[0]);
    const reached = (await deliverMails(app)).map(({ to }) => to);
    expect(reached).to.have.length(3).and.to.include.members([known.email, provisional.email]);
    expect(reached).not.to.include(inactive.email);
  });

  it('writes the same for every address: one job, without a code', async () => {
    const [known, unknown] = [await addUser(app), newPerson()];

    for (const { email } of [known, unknown]) await ask(email);

    const { pool } = app.context.database;
    const jobs = await pool('jobs').where({ name: 'send_login_code' }).select<{ payload: { email: string } }[]>();
    expect(jobs.map(({ payload }) => payload.email)).to.have.members([known.email, unknown.email]);
    const [mail] = await deliverMails(app);
    expect(JSON.stringify(jobs.map(({ payload }) => payload))).not.to.include(mail!.code);
  });

  it('counts requests before the mail is sent as one, in any spelling', async () => {
    const { email } = await addUser(app);

    await Promise.all([email, email.toUpperCase(), email, email].map((spelled) => ask(spelled)));

    expect(await deliverMails(app)).to.have.length(1);
  });

  it('floods nobody: an address gets a few codes an hour, and the last one works', async () => {
    const { email } = await addUser(app);

    const sent = [];
    for (let count = 0; count < mailsPerHour + 2; count += 1) {
      await ask(email);
      sent.push(...(await deliverMails(app)));
    }

    expect(sent).to.have.length(mailsPerHour);
    expect((await login(email, sent.at(-1)!.code!)).status).to.equal(200);
  });

  it('leaves the limits of other mails alone', async () => {
    const { email } = await addUser(app);
    for (let count = 0; count <= mailsPerHour; count += 1) {
      await ask(email);
      await deliverMails(app);
    }

    await app.send('post', '/auth/password/forgot', { json: { email } });

    expect((await deliverMails(app)).map(({ name }) => name)).to.deep.equal(['password_reset']);
  });

  it('leads where the configuration says, whatever Host and X-Forwarded-Host are', async () => {
    const { email } = await addUser(app);

    await ask(email, { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' });

    const [mail] = await deliverMails(elsewhere);
    expect(mail?.link).to.match(/^https:\/\/app\.example\.com\/account\/sign-in#email=/);
    expect(mail!.text + mail!.html).not.to.include('evil.example');
  });

  it('records who is concerned and where the request came from, once', async () => {
    const { id, email } = await addUser(app);

    await ask(email);
    await deliverMails(app);

    const events = (await eventsOf(app, id)).filter(({ type }) => type === 'email_code.requested');
    expect(events).to.have.length(1);
    expect(events[0]).to.include({ outcome: 'success', actor_id: null });
    expect(String(events[0]?.['ip_address'])).to.include('127.0.0.1');
  });

  it('is refused where EMAIL_CODES is off, for every address, and mails nothing', async () => {
    const { email } = await addUser(app);

    for (const address of [email, newPerson().email]) {
      const answer = await without.send('post', '/auth/email-codes', { json: { email: address } });
      expectProblem(answer, 403, 'email_codes_off');
    }

    expect(await deliverMails(app)).to.deep.equal([]);
  });
});
