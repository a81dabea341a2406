import { expect } from 'chai';
import { useApp, type SignedIn } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { deliverMails } from '../../support/mails.ts';
import { mailedSecret, told } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('changeEmail', () => {
  const app = useApp();
  const change = (token: string, email: string) => app.send('post', '/auth/email', { token, json: { email } });
  const verify = (token: string | undefined) => app.send('post', '/auth/email/verify', { json: { token } });
  const me = (token: string) => app.send('get', '/auth/me', { token });
  const mailsAfter = async (person: SignedIn, email: string) => {
    await change(person.accessToken, email);
    const mails = await deliverMails(app);
    return { toNew: mails.find(({ to }) => to === email), toOld: mails.find(({ to }) => to === person.email), mails };
  };
  afterEach('send what is left', () => deliverMails(app));

  it('changes nothing until the new address is confirmed, and tells the old one', async () => {
    const [person, { email }] = [await app.signIn(), newPerson()];

    const { status } = await change(person.accessToken, ` ${email.toUpperCase()}`);

    expect(status).to.equal(202);
    const mine = await me(person.accessToken);
    expect(mine.body).to.include({ email: person.email, pending_email: email });
    expect((await app.login(person)).status).to.equal(200);
    const mails = await deliverMails(app);
    expect(mails.map(({ name, to }) => `${name} ${to}`)).to.have.members([
      `email_change ${email}`,
      `email_change_undo ${person.email}`,
    ]);
    expect(mails.map(({ link }) => link?.split('#')[0])).to.have.members([
      'https://latchkey.test/verify-email',
      'https://latchkey.test/undo-email-change',
    ]);
  });

  it('shows the pending address to nobody else', async () => {
    const [admin, person] = [await app.signIn('admin'), await app.signIn()];
    await change(person.accessToken, newPerson().email);

    const { body } = await app.send('get', `/users/${person.id}`, { token: admin.accessToken });

    expect(body).to.include({ id: person.id }).and.not.to.have.property('pending_email');
  });

  it('is complete once the new address is confirmed: all sessions end, and the old address is told', async () => {
    const [person, { email }] = [await app.signIn(), newPerson()];
    const other = await mailedSecret(app, 'password_reset', person);
    const { toNew } = await mailsAfter(person, email);

    expect((await verify(toNew?.token)).status).to.equal(204);

    expectProblem(await me(person.accessToken), 401, 'invalid_token');
    expectProblem(await app.login(person), 401, 'invalid_credentials');
    const { body } = await app.login({ ...person, email });
    const mine = (await me(body.access_token)).body;
    expect(mine).to.include({ id: person.id, email, email_verified: true }).and.not.to.have.property('pending_email');
    const [notice] = await deliverMails(app);
    expect(notice).to.include({ name: 'email_changed', to: person.email });
    const json = { token: other, new_password: 'seven green kites over water' };
    expectProblem(await app.send('post', '/auth/password/reset', { json }), 400, 'invalid_one_time_secret');
    expect((await eventsOf(app, person.id)).map(({ type }) => type)).to.include.members([
      'email.change_requested',
      'email.changed',
    ]);
  });

  it('counts as verified from its own proof, not from that of the old address', async () => {
    const [person, { email }] = [await app.signIn(), newPerson()];
    const users = app.context.database.pool('users').where({ id: person.id });
    const lastYear = new Date('2025-11-26T08:00:00Z');
    await users.clone().update({ email_verified_at: lastYear });
    const { toNew } = await mailsAfter(person, email);
    const before = Date.now();

    await verify(toNew?.token);

    const [row] = (await users.clone()) as { email_verified_at: Date }[];
    expect(row?.email_verified_at.getTime()).to.be.within(before - 1000, Date.now() + 1000);
  });

  it('is never confirmed by half', async () => {
    const [person, { email }] = [await app.signIn(), newPerson()];
    const { toNew } = await mailsAfter(person, email);
    const { pool } = app.context.database;
    await pool.raw(
      `create function fail() returns trigger language plpgsql as $$ begin raise exception 'a fault'; end $$`,
    );
    await pool.raw('create trigger fail before insert on audit_events for each row execute function fail()');

    const { status } = await verify(toNew?.token);
    await pool.raw('drop trigger fail on audit_events');

    expect(status).to.equal(500);
    expect((await me(person.accessToken)).body).to.include({ email: person.email, pending_email: email });
    expect((await verify(toNew?.token)).status).to.equal(204);
  });

  it("doesn't reveal that an address is taken; confirming it does, and loses nothing", async () => {
    const [person, owner] = [await app.signIn(), await addUser(app)];
    const free = told(await change(person.accessToken, newPerson().email));

    const taken = told(await change(person.accessToken, owner.email));

    expect(taken).to.deep.equal(free);
    const toOwner = (await deliverMails(app)).find(({ to }) => to === owner.email);
    for (let count = 0; count < 2; count += 1) expectProblem(await verify(toOwner?.token), 409, 'email_taken');
    expect((await me(person.accessToken)).body).to.include({ email: person.email, pending_email: owner.email });
  });

  it('gives an address to one of two who confirm it at once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { email } = newPerson();
      const people = [await app.signIn(), await app.signIn()];
      for (const { accessToken } of people) await change(accessToken, email);
      const tokens = (await deliverMails(app)).filter(({ to }) => to === email).map(({ token }) => token);
      expect(tokens).to.have.length(2);

      const answers = await Promise.all(tokens.map(verify));

      expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 409]);
      const logins = await Promise.all(people.map((person) => app.login({ ...person, email })));
      expect(logins.map(({ status }) => status).sort()).to.deep.equal([200, 401]);
    }
  });

  it('goes to the latest address only', async () => {
    const [person, first, second] = [await app.signIn(), newPerson().email, newPerson().email];
    const { toNew: toFirst } = await mailsAfter(person, first);
    const { toNew: toSecond } = await mailsAfter(person, second);

    expectProblem(await verify(toFirst?.token), 400, 'invalid_one_time_secret');
    expect((await verify(toSecond?.token)).status).to.equal(204);
  });

  it('gives no way back to an address that somebody only claimed', async () => {
    const claimed = newPerson();
    await app.send('post', '/auth/register', { json: registration(claimed) });
    const { body } = await app.login(claimed);
    await deliverMails(app);
    const { email } = newPerson();
    await change(body.access_token, email);

    const mails = await deliverMails(app);

    expect(mails.map(({ to }) => to)).to.deep.equal([email]);
  });

  describe('refuses', () => {
    it('the address that the account has', async () => {
      const { accessToken, email } = await app.signIn();

      expect(brokenRules(await change(accessToken, email.toUpperCase()))).to.deep.equal(['/body/email unchanged']);
    });

    it('an address of mixed scripts', async () => {
      const { accessToken } = await app.signIn();

      expect(brokenRules(await change(accessToken, 'ver\u0430@example.com'))).to.deep.equal([
        '/body/email mixed_scripts',
      ]);
    });
  });
});
