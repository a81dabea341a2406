/** A change to an address that somebody registered without ever proving it. */
import { expect } from 'chai';
import { useApp, useSecondApp, type SignedIn, type TestApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { holdUsers } from '../../support/held-table.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration, type Person } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('changeEmail, to an address that somebody else registered', () => {
  const app = useApp({ env: { REGISTRATION: 'open', REQUIRE_VERIFIED_EMAIL: 'off' } });
  const strict = useSecondApp(app, { env: { REGISTRATION: 'open', REQUIRE_VERIFIED_EMAIL: 'on' } });
  const holding = useSecondApp(app, { env: { REGISTRATION: 'verified' } });
  const closed = useSecondApp(app, { env: { REGISTRATION: 'closed' } });
  const register = (person: Person, on: TestApp = app) =>
    on.send('post', '/auth/register', { json: registration(person) });
  const verify = (token: string | undefined, on: TestApp = app) =>
    on.send('post', '/auth/email/verify', { json: { token } });
  const me = (token: string) => app.send('get', '/auth/me', { token });
  const holdersOf = (email: string) =>
    app.context.database.pool('users').where({ email, deleted_at: null }).pluck<string[]>('id');
  afterEach('send what is left', () => deliverMails(app));

  /** Registers somebody who never opens the link that is mailed to them. */
  const squatter = async (email = newPerson().email) => {
    const person = newPerson({ email });
    const { status, body } = await register(person);
    expect(status).to.equal(201);
    const token = (await deliverMails(app)).find(({ to }) => to === email)?.token;
    return { ...person, id: body.id as string, token };
  };
  /** Asks for the change; returns the token that is mailed to the new address. */
  const asked = async ({ accessToken }: Pick<SignedIn, 'accessToken'>, email: string, on: TestApp = app) => {
    const { status } = await on.send('post', '/auth/email', { token: accessToken, json: { email } });
    expect(status).to.equal(202);
    return (await deliverMails(app)).find(({ name, to }) => name === 'email_change' && to === email)?.token;
  };

  const signedIn = async (person: Person) => ({ accessToken: (await app.login(person)).body.access_token as string });

  const modes: [string, TestApp][] = [
    ['registration is open', app],
    ['registration is open and sign-in needs a verified address', strict],
    ['registration waits for a verified address', holding],
    ['registration is closed by now', closed],
  ];
  for (const [where, on] of modes) {
    it(`takes it from whoever never proved it, where ${where}`, async () => {
      const [owner, blocker] = [await app.signIn(), await squatter()];
      const { body: squatting } = await app.login(blocker);
      const token = await asked(owner, blocker.email, on);

      expect((await verify(token, on)).status).to.equal(204);

      expect(await holdersOf(blocker.email)).to.deep.equal([owner.id]);
      expectProblem(await me(squatting.access_token), 401, 'invalid_token');
      expectProblem(await on.login(blocker), 401, 'invalid_credentials');
      expectProblem(await verify(blocker.token, on), 400, 'invalid_one_time_secret');
      const { body } = await on.login({ ...owner, email: blocker.email });
      expect((await me(body.access_token)).body).to.include({ id: owner.id, email_verified: true });
      const event = (await eventsOf(app, blocker.id)).at(-1);
      expect(event).to.deep.include({
        type: 'user.deleted',
        outcome: 'success',
        details: { reason: 'address_proved' },
      });
    });
  }

  it('takes it from a registration that is waiting for the address, too, which then cannot be completed', async () => {
    const [owner, blocker] = [await app.signIn(), newPerson()];
    expect((await register(blocker, holding)).status).to.equal(202);
    const [waiting] = await deliverMails(app);
    const token = await asked(owner, blocker.email, holding);

    expect((await verify(token, holding)).status).to.equal(204);

    expectProblem(await verify(waiting?.token, holding), 409, 'email_taken');
    expect(await holdersOf(blocker.email)).to.deep.equal([owner.id]);
  });

  it('takes it from somebody who registered it after the link was mailed', async () => {
    const [owner, { email }] = [await app.signIn(), newPerson()];
    const token = await asked(owner, email);
    await squatter(email);

    expect((await verify(token)).status).to.equal(204);

    expect(await holdersOf(email)).to.deep.equal([owner.id]);
  });

  it('leaves it to somebody whom an administrator trusts with a role', async () => {
    const [owner, trusted, admin] = [await app.signIn(), await squatter(), await app.signIn('admin')];
    const { status } = await app.send('patch', `/users/${trusted.id}`, {
      token: admin.accessToken,
      json: { role: 'moderator' },
    });
    expect(status).to.equal(200);
    const token = await asked(owner, trusted.email);

    expectProblem(await verify(token), 409, 'email_taken');

    expect(await holdersOf(trusted.email)).to.deep.equal([trusted.id]);
  });

  it('leaves it to somebody who has proved it by then, and loses nothing', async () => {
    const [person, rightful] = [await app.signIn(), await squatter()];
    const token = await asked(person, rightful.email);
    expect((await verify(rightful.token)).status).to.equal(204);

    for (let count = 0; count < 2; count += 1) expectProblem(await verify(token), 409, 'email_taken');

    expect((await app.login(rightful)).status).to.equal(200);
    expect((await me(person.accessToken)).body).to.include({ email: person.email, pending_email: rightful.email });
  });

  describe('at the same time as', () => {
    const rounds = [0, 1, 2, 3, 4, 5];

    it('that one proves it: whoever is first gets it', async () => {
      for (const round of rounds) {
        const [person, rightful] = [await app.signIn(), await squatter()];
        const token = await asked(person, rightful.email);
        const proofs = [() => verify(token, strict), () => verify(rightful.token)];
        if (round % 2) proofs.reverse();

        const answers = await Promise.all(proofs.map((prove) => prove()));

        const [changed, verified] = round % 2 ? answers.reverse() : answers;
        if (changed!.status === 204) expectProblem(verified!, 400, 'invalid_one_time_secret');
        else {
          expectProblem(changed!, 409, 'email_taken');
          expect(verified!.status).to.equal(204);
        }
        const winner = changed!.status === 204 ? person : rightful;
        expect(await holdersOf(rightful.email)).to.deep.equal([winner.id]);
      }
    });

    it('somebody registers it: that never keeps the owner out', async () => {
      for (let round = 0; round < 12; round += 1) {
        const [owner, { email }] = [await app.signIn(), newPerson()];
        const token = await asked(owner, email);

        const [registered, changed] = await Promise.all([register(newPerson({ email }), strict), verify(token)]);

        expect(changed.status).to.equal(204);
        if (registered.status !== 201) expectProblem(registered, 409, 'email_taken');
        expect(await holdersOf(email)).to.deep.equal([owner.id]);
      }
    });

    it('another account changes to it: one of them gets it', async () => {
      for (const round of rounds) {
        const [people, blocker] = [[await app.signIn(), await app.signIn()], await squatter()];
        const tokens = [];
        for (const person of people) tokens.push(await asked(person, blocker.email));

        const answers = await Promise.all(
          tokens.map((token, index) => verify(token, (index + round) % 2 ? strict : app)),
        );

        expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 409]);
        const winner = people[answers.findIndex(({ status }) => status === 204)];
        expect(await holdersOf(blocker.email)).to.deep.equal([winner!.id]);
      }
    });

    it('the other, who never proved theirs either, changes to theirs: without a deadlock, one of them gets it', async () => {
      for (const round of [0, 1]) {
        const [one, other] = [await squatter(), await squatter()];
        const tokens = [await asked(await signedIn(one), other.email), await asked(await signedIn(other), one.email)];
        const held = await holdUsers(app.databaseUrl, [one.id, other.id]);

        const confirming = Promise.all(tokens.map((token, index) => verify(token, (index + round) % 2 ? strict : app)));
        await held.waiting(2);
        await held.release();

        const answers = await confirming;
        const isFirst = answers[0]!.status === 204;
        const [winner, loser] = isFirst ? [one, other] : [other, one];
        expect(answers[isFirst ? 0 : 1]!.status).to.equal(204);
        expectProblem(answers[isFirst ? 1 : 0]!, 400, 'invalid_one_time_secret');
        expect(await holdersOf(loser.email)).to.deep.equal([winner.id]);
        expect(await holdersOf(winner.email)).to.deep.equal([]);
      }
    });
  });
});
