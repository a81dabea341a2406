/** Strangers who guess passwords are slowed down, and the owner is not. */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { raiseCredentialsVersion } from '../../../src/features/users/users.repository.ts';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { guessFromEverywhere } from '../../support/guesses.ts';
import { deliverMails } from '../../support/mails.ts';
import { newPerson, registration, type Person } from '../../support/people.ts';
import { expectProblem, withoutInstance } from '../../support/problems.ts';

const env = { TRUST_PROXY: '1' };
const home = '192.0.2.1';
const elsewhere = '198.51.100.7';
const wrong = 'amber compass 12';

interface EventRow {
  readonly user_id: string;
  readonly outcome: string;
}

describe('login, guessed at', () => {
  const app = useApp({ env });
  const other = useSecondApp(app, { env });
  interface From {
    readonly address?: string;
    readonly deviceToken?: string;
    readonly through?: TestApp;
  }
  const login = (email: string, password: string, { address = home, deviceToken, through = app }: From = {}) =>
    through.send('post', '/auth/login', {
      json: { email, password, ...(deviceToken !== undefined && { device_token: deviceToken }) },
      headers: { 'X-Forwarded-For': address },
    });
  const guess = (email: string, from?: From) => login(email, wrong, from);
  const fail = async (count: number, email: string, from?: From) => {
    for (let made = 0; made < count; made++) expectProblem(await guess(email, from), 401, 'invalid_credentials');
  };
  const addPerson = async (): Promise<Person & { id: string }> => {
    const person = newPerson();
    const { id } = await app.users.create({ ...person, role: 'user' });
    return { ...person, id };
  };
  const knownDevice = async ({ email, password }: Person) => {
    const { status, body } = await login(email, password);
    expect(status).to.equal(200);
    return body.device_token as string;
  };
  const expectDelayed = (answer: Answer) => {
    expectProblem(answer, 429, 'rate_limited');
    expect(Number(answer.headers['retry-after'])).to.be.within(1, 15);
  };

  it('slows strangers down, but not the owner on another network', async () => {
    const { email, password } = await addPerson();
    await fail(5, email, { address: elsewhere });

    expectDelayed(await guess(email, { address: elsewhere }));
    expectDelayed(await login(email, password, { address: elsewhere }));
    expect((await login(email, password)).status).to.equal(200);
  });

  it('counts every failure for all processes, although the request fails', async () => {
    const { email } = await addPerson();
    await fail(2, email);
    await fail(3, email, { through: other });

    expectDelayed(await guess(email));
  });

  it('checks no more simultaneous guesses than successive ones', async () => {
    const { email } = await addPerson();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => guess(email, { through: index % 2 ? app : other })),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).to.have.length(5);
    expect(statuses.filter((status) => status === 429)).to.have.length(45);
  });

  it('is not misled by a forged X-Forwarded-For, nor by addresses of one IPv6 /64', async () => {
    const { email } = await addPerson();
    for (let index = 0; index < 5; index++) await guess(email, { address: `203.0.113.${index}, ${home}` });
    expectDelayed(await guess(email, { address: `203.0.113.99, ${home}` }));

    for (let index = 0; index < 5; index++) await guess(email, { address: `2001:db8:1:1::${index}` });
    expectDelayed(await guess(email, { address: '2001:db8:1:1:ffff::1' }));
  });

  it('counts every spelling of an address as one', async () => {
    const { email } = await addPerson();
    for (const spelling of [email, email.toUpperCase(), ` ${email}`, email, `${email} `]) await guess(spelling);

    expectDelayed(await guess(email.replace('p', 'P')));
  });

  it('counts repeated registrations too, which reveal no more than before', async () => {
    const person = newPerson();
    const register = (password: string) =>
      app.send('post', '/auth/register', {
        json: registration({ ...person, password }),
        headers: { 'X-Forwarded-For': home, 'Idempotency-Key': key },
      });
    const key = randomUUID();
    expect((await register(person.password)).status).to.equal(201);
    await fail(3, person.email);
    for (const guessed of ['amber compass number twelve', 'amber compass number thirteen']) {
      expectProblem(await register(guessed), 409, 'email_taken');
    }

    expectDelayed(await login(person.email, person.password));
    expectProblem(await register(person.password), 409, 'email_taken');
  });

  describe('recognises a device that signed in before', () => {
    it('by its token, and as the same device from then on', async () => {
      const person = await addPerson();
      const deviceToken = await knownDevice(person);

      const { body } = await login(person.email, person.password, { deviceToken });

      expect(body.device_token).to.equal(deviceToken);
    });

    it('and does not slow it down for a hundred guesses by strangers, not even on the same network', async () => {
      const person = await addPerson();
      const deviceToken = await knownDevice(person);
      await fail(5, person.email);
      expectDelayed(await guess(person.email));
      await guessFromEverywhere(app, person.email, 95);
      expectProblem(await guess(person.email), 403, 'password_reset_required');

      expect((await login(person.email, person.password, { deviceToken })).status).to.equal(200);
    });

    it('and counts its own failures', async () => {
      const person = await addPerson();
      const deviceToken = await knownDevice(person);
      await fail(5, person.email, { deviceToken });

      expectDelayed(await login(person.email, person.password, { deviceToken, address: elsewhere }));
      expect((await login(person.email, person.password)).status).to.equal(200);
    });

    it("and no other user's device", async () => {
      const [person, stranger] = [await addPerson(), await addPerson()];
      const deviceToken = await knownDevice(stranger);
      await fail(5, person.email);

      expectDelayed(await guess(person.email, { deviceToken }));
      expectDelayed(await guess(person.email, { deviceToken: `${deviceToken}A` }));
    });

    it('until the credentials change', async () => {
      const person = await addPerson();
      const deviceToken = await knownDevice(person);
      await raiseCredentialsVersion(app.context.database.pool, person.id);
      await fail(5, person.email);

      expectDelayed(await login(person.email, person.password, { deviceToken }));
    });
  });

  describe('a hundred times in a row', () => {
    it('asks for a reset, whatever the password', async () => {
      const { email, password } = await addPerson();
      await guessFromEverywhere(app, email, 100);

      expectProblem(await login(email, password), 403, 'password_reset_required');
      expectProblem(await guess(email, { address: elsewhere }), 403, 'password_reset_required');
    });

    it('lets the owner in on a known device, and then on others', async () => {
      const person = await addPerson();
      const deviceToken = await knownDevice(person);
      await guessFromEverywhere(app, person.email, 100);

      expect((await login(person.email, person.password, { deviceToken })).status).to.equal(200);
      expect((await login(person.email, person.password)).status).to.equal(200);
    });
  });

  it('tells the owner once, and nobody else, and leaves an event', async () => {
    const [person, nobody] = [await addPerson(), newPerson()];
    await deliverMails(app);
    for (const { email } of [person, nobody]) {
      await guessFromEverywhere(app, email, 100);
      expectProblem(await guess(email), 403, 'password_reset_required');
    }

    const mails = await deliverMails(app);

    expect(mails.map(({ name, to }) => [name, to])).to.deep.equal([['password_guessed', person.email]]);
    expect(mails[0]?.text).to.include('Forgot password?');
    const events = await app.context.database.pool('audit_events').where({ type: 'password.reset_required' });
    expect(events.map(({ user_id: userId, outcome }: EventRow) => [userId, outcome])).to.deep.equal([
      [person.id, 'failure'],
    ]);
    expect(await app.context.database.pool('jobs').where({ name: 'notify_of_guesses' })).to.deep.equal([]);
  });

  it('tells whoever had the address when it was guessed at, not whoever has it when the mail is sent', async () => {
    const [person, email] = [await addPerson(), newPerson().email];
    await deliverMails(app);
    await guessFromEverywhere(app, person.email, 100);
    await app.context.database.pool('users').where({ id: person.id }).update({ email });
    const successor = await app.users.create({ ...newPerson({ email: person.email }), role: 'user' });

    const mails = await deliverMails(app);

    expect(mails.map(({ name, to }) => [name, to])).to.deep.equal([['password_guessed', person.email]]);
    const told = await app.context.database.pool('audit_events').where({ type: 'password.reset_required' });
    const ids = told.map(({ user_id: userId }: EventRow) => userId);
    expect(ids).to.include(person.id).and.not.to.include(successor.id);
  });

  describe("doesn't reveal who has an account", () => {
    const shape = ({ status, headers, ...answer }: Answer) => ({
      status,
      headers: { ...headers, 'x-request-id': '', date: '' },
      text: withoutInstance({ status, headers, ...answer }),
    });

    it('while it slows down', async () => {
      const [known, unknown] = [await addPerson(), newPerson()];
      const answers = [];
      for (const { email } of [known, unknown]) {
        await fail(5, email);
        answers.push(shape(await guess(email)));
      }

      expect(answers[0]).to.include({ status: 429 });
      expect(answers[1]).to.deep.equal(answers[0]);
    });

    it('when it asks for a reset', async () => {
      const [known, unknown] = [await addPerson(), newPerson()];
      for (const { email } of [known, unknown]) await guessFromEverywhere(app, email, 100);

      const asked = shape(await login(known.email, known.password));

      expect(asked.status).to.equal(403);
      expect(shape(await login(unknown.email, unknown.password))).to.deep.equal(asked);
    });
  });
});
