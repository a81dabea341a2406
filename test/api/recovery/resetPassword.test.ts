import { expect } from 'chai';
import { useApp, type SignedIn } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { addTotp } from '../../support/factors.ts';
import { deliverMails } from '../../support/mails.ts';
import { mailedSecret } from '../../support/one-time-secrets.ts';
import { newPerson, registration } from '../../support/people.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('resetPassword', () => {
  const app = useApp();
  const chosen = 'seven green kites over water';
  const reset = (token: string, password = chosen) =>
    app.send('post', '/auth/password/reset', { json: { token, new_password: password } });
  const me = (token: string) => app.send('get', '/auth/me', { token });
  const secretOf = (person: SignedIn) => mailedSecret(app, 'password_reset', person);
  const forget = (email: string) => app.send('post', '/auth/password/forgot', { json: { email } });
  afterEach('send what is left', () => deliverMails(app));

  it('replaces the password', async () => {
    const person = await app.signIn();

    const { status } = await reset(await secretOf(person));

    expect(status).to.equal(204);
    expect((await app.login(person)).status).to.equal(401);
    expect((await app.login({ ...person, password: chosen })).status).to.equal(200);
  });

  it('ends all sessions, and signs nobody in', async () => {
    const person = await app.signIn();
    const other = (await app.login(person)).body as { access_token: string; refresh_token: string };

    const { body } = await reset(await secretOf(person));

    expect(body).to.equal(undefined);
    for (const token of [person.accessToken, other.access_token]) expectProblem(await me(token), 401, 'invalid_token');
    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: other.refresh_token } });
    expectProblem(refreshed, 401, 'invalid_refresh_token');
  });

  it('works from the mailed link to the next login, and tells the user', async () => {
    const person = await app.signIn();
    await forget(person.email);
    const [mail] = await deliverMails(app);

    await reset(mail!.token!);

    expect((await app.login({ ...person, password: chosen })).status).to.equal(200);
    const [notice] = await deliverMails(app);
    expect(notice).to.include({ name: 'password_changed', to: person.email });
  });

  it('uses the link up, and all others with it', async () => {
    const person = await app.signIn();
    const [used, other] = [await secretOf(person), await secretOf(person)];
    await reset(used);

    for (const token of [used, other]) expectProblem(await reset(token), 400, 'invalid_one_time_secret');
  });

  it('works for one of several who send the link at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const person = await app.signIn();
      const token = await secretOf(person);
      const passwords = ['first green kite over water', 'other green kite over water'];

      const answers = await Promise.all(passwords.map((password) => reset(token, password)));

      expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 400]);
      const winner = passwords[answers.findIndex(({ status }) => status === 204)]!;
      expect((await app.login({ ...person, password: winner })).status).to.equal(200);
    }
  });

  it('leaves the link valid when the password is refused', async () => {
    const person = await app.signIn();
    const token = await secretOf(person);

    const refused = await reset(token, 'password1234567');
    const short = await reset(token, 'short');

    expect(brokenRules(refused)).to.deep.equal(['/body/new_password password_common']);
    expect(brokenRules(short)).to.deep.equal(['/body/new_password minLength']);
    expect((await app.login(person)).status).to.equal(200);
    expect((await reset(token)).status).to.equal(204);
  });

  it('leaves the link valid when the transaction fails', async () => {
    const person = await app.signIn();
    const token = await secretOf(person);
    const { pool } = app.context.database;
    await pool.raw(
      `create function fail() returns trigger language plpgsql as $$ begin raise exception 'a fault'; end $$`,
    );
    await pool.raw('create trigger fail before insert on audit_events for each row execute function fail()');

    const { status } = await reset(token);
    await pool.raw('drop trigger fail on audit_events');

    expect(status).to.equal(500);
    expect((await app.login(person)).status).to.equal(200);
    expect((await reset(token)).status).to.equal(204);
  });

  describe('refuses', () => {
    const refused: [string, (person: SignedIn) => Promise<string>][] = [
      ['a secret that was made up', async () => `lks_${'x'.repeat(43)}`],
      ['a secret for something else', (person) => mailedSecret(app, 'email_verification', person)],
      ['an access token', async ({ accessToken }) => accessToken.slice(0, 512)],
      [
        'a secret of a deactivated user',
        async (person) => {
          const secret = await secretOf(person);
          await app.users.update(person.id, { isActive: false });
          return secret;
        },
      ],
      [
        'a secret that was mailed to an earlier address',
        async (person) => {
          const secret = await secretOf(person);
          await app.context.database.pool('users').where({ id: person.id }).update({ email: newPerson().email });
          return secret;
        },
      ],
    ];
    for (const [what, make] of refused) {
      it(what, async () => {
        const person = await app.signIn();

        expectProblem(await reset(await make(person)), 400, 'invalid_one_time_secret');
      });
    }
  });

  it('is recorded', async () => {
    const person = await app.signIn();
    await reset(await secretOf(person));

    const types = (await eventsOf(app, person.id)).map(({ type }) => type);

    expect(types).to.include.members(['password.reset', 'email.verified']);
  });

  it('verifies the address', async () => {
    const person = await app.signIn();
    await reset(await secretOf(person));

    const { body } = await app.login({ ...person, password: chosen });

    expect((await me(body.access_token)).body).to.include({ email_verified: true, full_name: person.fullName });
  });

  it('leaves nothing to somebody who registered the address of another: password, sessions, name, links, kept replies, factors', async () => {
    const owner = newPerson();
    const squatter = { ...owner, password: 'the squatter was here first', fullName: 'Mallory Squatter' };
    const key = { 'Idempotency-Key': 'a-key-of-the-squatter' };
    const registered = await app.send('post', '/auth/register', { json: registration(squatter), headers: key });
    expect(registered.status).to.equal(201);
    const squatting = (await app.login(squatter)).body as { access_token: string; refresh_token: string };
    await addTotp(app, { accessToken: squatting.access_token });
    const away = newPerson().email;
    await app.send('post', '/auth/email', { token: squatting.access_token, json: { email: away } });
    const toSquatter = (await deliverMails(app)).find(({ to }) => to === away);
    await forget(owner.email);
    const [mail] = await deliverMails(app);

    expect((await reset(mail!.token!)).status).to.equal(204);

    expectProblem(await app.login(squatter), 401, 'invalid_credentials');
    expectProblem(await me(squatting.access_token), 401, 'invalid_token');
    const refresh = { json: { refresh_token: squatting.refresh_token } };
    expectProblem(await app.send('post', '/auth/refresh', refresh), 401, 'invalid_refresh_token');
    const taking = await app.send('post', '/auth/email/verify', { json: { token: toSquatter!.token } });
    expectProblem(taking, 400, 'invalid_one_time_secret');
    const again = await app.send('post', '/auth/register', { json: registration(squatter), headers: key });
    expectProblem(again, 409, 'email_taken');
    const { body } = await app.login({ ...owner, password: chosen });
    const mine = (await me(body.access_token)).body;
    expect(mine).to.include({ email: owner.email, email_verified: true, full_name: owner.email.split('@')[0] });
    expect(mine).not.to.have.property('pending_email');
    const factors = await app.send('get', '/auth/factors', { token: String(body.access_token) });
    expect(factors.body).to.deep.equal({ items: [], recovery_codes_left: 0 });
  });
});
