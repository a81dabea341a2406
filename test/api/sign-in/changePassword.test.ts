import { expect } from 'chai';
import { sessionOf } from '../../support/access-tokens.ts';
import { useApp, useSecondApp, type SignedIn } from '../../support/app.ts';
import { expectTokensToBeDead, expectTokensToWork } from '../../support/consequences.ts';
import { aClient } from '../../support/a-client.ts';
import { exhaustGuesses } from '../../support/guesses.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson } from '../../support/people.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('changePassword', () => {
  const app = useApp();
  const other = useSecondApp(app);
  const chosen = 'amber compass 4711';

  const change = ({ accessToken: token }: SignedIn, current: string, next = chosen, on = app) =>
    on.send('post', '/auth/password', { token, json: { current_password: current, new_password: next } });
  const statusOfLogin = async (person: SignedIn, password: string) => (await app.login({ ...person, password })).status;

  /** Signs the same person in once more. */
  async function signInAgain(person: SignedIn): Promise<SignedIn> {
    const { body } = await app.login(person);
    return { ...person, accessToken: body.access_token as string, refreshToken: body.refresh_token as string };
  }

  it('replaces the password', async () => {
    const person = await app.signIn();

    expect((await change(person, person.password)).status).to.equal(204);

    expect(await statusOfLogin(person, person.password)).to.equal(401);
    expect(await statusOfLogin(person, chosen)).to.equal(200);
  });

  it('ends the other sessions on every server, and keeps this one with its tokens', async () => {
    const person = await app.signIn();
    const elsewhere = [await signInAgain(person), await signInAgain(person)];
    await expectTokensToWork([app, other], elsewhere[0]!);

    await change(person, person.password);

    for (const tokens of elsewhere) await expectTokensToBeDead([app, other], tokens);
    await expectTokensToWork([app, other], person);
    const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: person.refreshToken } });
    expect(refreshed.status).to.equal(200);
  });

  it('withdraws a change of address that waits, also if its mail is sent later', async () => {
    const [person, { email }] = [await app.signIn(), newPerson()];
    await app.send('post', '/auth/email', { token: person.accessToken, json: { email } });

    await change(person, person.password);

    expect((await deliverMails(app)).map(({ to }) => to)).not.to.include(email);
    const { body } = await app.send('get', '/auth/me', { token: person.accessToken });
    expect(body).to.include({ email: person.email }).and.not.to.have.property('pending_email');
  });

  it('tells the owner by mail, and leaves an event', async () => {
    const person = await app.signIn();
    const { pool } = app.context.database;

    await change(person, person.password);

    const [event] = await pool('audit_events').where({ user_id: person.id, type: 'password.changed' });
    expect(event).to.include({ outcome: 'success', actor_id: person.id, session_id: sessionOf(person.accessToken) });
    const jobs = await pool('jobs').where({ name: 'send_notice' }).whereRaw(`payload->>'user_id' = ?`, [person.id]);
    expect(jobs.map(({ payload }) => (payload as { notice: string }).notice)).to.deep.equal(['password_changed']);
    expect(JSON.stringify(jobs)).not.to.include(chosen);
  });

  describe('refuses, and changes nothing,', () => {
    async function expectNoChange(person: SignedIn): Promise<void> {
      expect(await statusOfLogin(person, person.password)).to.equal(200);
      const events = await app.context.database
        .pool('audit_events')
        .where({ user_id: person.id, type: 'password.changed' });
      expect(events).to.deep.equal([]);
    }

    it('a wrong current password, which leaves an event', async () => {
      const person = await app.signIn();
      const elsewhere = await signInAgain(person);

      const answer = await change(person, 'another password');

      expect(brokenRules(answer)).to.deep.equal(['/body/current_password password_wrong']);
      await expectTokensToWork([app], elsewhere);
      await expectNoChange(person);
      const events = await app.context.database
        .pool('audit_events')
        .where({ user_id: person.id, type: 'password.change_failed' });
      expect(events).to.have.length(1);
    });

    for (const [what, next, rule] of [
      ['a common new password', 'P@ssw0rd1!', 'password_common'],
      ['a short new password', 'kites', 'minLength'],
    ] as const) {
      it(what, async () => {
        const person = await app.signIn();

        expect(brokenRules(await change(person, person.password, next))).to.deep.equal([`/body/new_password ${rule}`]);
        await expectNoChange(person);
      });
    }

    it("a new password with the person's own name", async () => {
      const person = await app.signIn();

      const answer = await change(person, person.password, `42 ${person.fullName} 42`);

      expect(brokenRules(answer)).to.deep.equal(['/body/new_password password_contains_name']);
    });

    it('the current password in any spelling', async () => {
      const person = await app.signIn();
      const wide = person.password.replace('violet', 'ｖｉｏｌｅｔ');

      for (const next of [person.password, wide]) {
        expect(brokenRules(await change(person, person.password, next))).to.deep.equal([
          '/body/new_password password_unchanged',
        ]);
      }
      await expectNoChange(person);
    });
  });

  it('counts wrong current passwords as failed sign-ins', async () => {
    const person = await app.signIn();
    for (let guess = 0; guess < 5; guess++) await change(person, `another password ${guess}`);

    expectProblem(await change(person, person.password), 429, 'rate_limited');
  });

  it('asks for a reset after too many guesses', async () => {
    const person = await app.signIn();
    await exhaustGuesses(app, { email: person.email, sessionId: sessionOf(person.accessToken) });

    expectProblem(await change(person, person.password), 403, 'password_reset_required');
  });

  describe('at the same time as', () => {
    it('another change from another session, succeeds once, and only its session goes on', async () => {
      for (let round = 0; round < 5; round++) {
        const first = await app.signIn();
        const second = await signInAgain(first);
        const [ofFirst, ofSecond] = ['amber compass 4711', 'seven copper owls'];

        const answers = await Promise.all([
          change(first, first.password, ofFirst),
          change(second, first.password, ofSecond, other),
        ]);

        expect(answers.filter(({ status }) => status === 204)).to.have.length(1);
        const [winner, loser, password] =
          answers[0].status === 204 ? [first, second, ofFirst] : [second, first, ofSecond];
        await expectTokensToWork([app, other], winner);
        await expectTokensToBeDead([app, other], loser);
        expect(await statusOfLogin(first, password)).to.equal(200);
      }
    });

    it('a login with the old password, leaves no session of it', async () => {
      for (let round = 0; round < 5; round++) {
        const person = await app.signIn();

        const [changed, ...logins] = await Promise.all([
          change(person, person.password),
          ...Array.from({ length: 4 }, () => other.login(person)),
        ]);

        expect(changed.status).to.equal(204);
        for (const { status, body } of logins) {
          if (status === 200) {
            await expectTokensToBeDead([app, other], {
              accessToken: body.access_token as string,
              refreshToken: body.refresh_token as string,
            });
          } else expect(body.code).to.equal('invalid_credentials');
        }
      }
    });

    it('a login that had checked the old password already, lets it begin no session', async () => {
      const person = await app.signIn();
      const { features, database } = app.context;
      const proven = (await features.users.service.findByEmail(person.email))!;
      await change(person, person.password);

      const begun = database.transaction((db) => features.sessions.service.begin(db, proven, aClient(), ['password']));

      expect(await begun.catch((error: unknown) => error)).to.have.property('code', 'invalid_credentials');
    });
  });
});
