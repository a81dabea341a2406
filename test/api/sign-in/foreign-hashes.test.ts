import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { guessFromEverywhere } from '../../support/guesses.ts';
import { newPerson } from '../../support/people.ts';
import { expectProblem, withoutInstance } from '../../support/problems.ts';

describe('a password that another system hashed', () => {
  const app = useApp();
  /** Made by Django of `seven green kites, Zürich`. */
  const hash = 'pbkdf2_sha256$2000$SodiumChloride42$GT6q+CpLgeqwp5SbFDKe0X8PZrGHnfFVraklZ8+MWDA=';
  const password = 'seven green kites, Zürich';
  const users = () => app.context.database.pool('users');
  const login = (email: string, typed: string) => app.send('post', '/auth/login', { json: { email, password: typed } });

  async function addImported() {
    const person = { ...newPerson(), password };
    const { id } = await app.users.create({ ...person, role: 'user' });
    await users().where({ id }).update({ password_hash: hash });
    const storedHash = async () => (await users().where({ id }).first<{ password_hash: string }>()).password_hash;
    return { ...person, id, storedHash };
  }

  /** The owner's session, from before the hash was imported, so that it still is. */
  async function signedInAndImported() {
    const person = await app.signIn('user', { ...newPerson(), password });
    await users().where({ id: person.id }).update({ password_hash: hash });
    return person;
  }

  it('signs in, and is rehashed', async () => {
    const { email, storedHash } = await addImported();

    expect((await login(email, password)).status).to.equal(200);

    expect(await storedHash()).to.match(/^\$2b\$04\$/);
    expect((await login(email, password)).status).to.equal(200);
    expect((await login(email, `${password}!`)).status).to.equal(401);
  });

  it('signs in for simultaneous logins', async () => {
    const { email, storedHash } = await addImported();

    const statuses = (await Promise.all([1, 2, 3].map(() => login(email, password)))).map(({ status }) => status);

    expect(statuses).to.deep.equal([200, 200, 200]);
    expect(await storedHash()).to.match(/^\$2b\$04\$/);
  });

  it('signs in even if the policy would refuse it as a new one', async () => {
    const { email, id, storedHash } = await addImported();
    // bcrypt of "password".
    await users()
      .where({ id })
      .update({ password_hash: '$bcrypt$2b$04$KHWCWsH/L.2w6YoPBj4Q1.iviqIm1ZOJcN7iv1zEdZbtmIVL.3CPa' });

    expect((await login(email, 'password')).status).to.equal(200);
    expect(await storedHash()).to.match(/^\$2b\$04\$/);
  });

  it('differs from a wrong one, which looks the same as an unknown address', async () => {
    const { email, storedHash } = await addImported();

    const [wrong, unknown] = [
      await login(email, 'violet lantern'),
      await login('nobody@example.com', 'violet lantern'),
    ];

    expectProblem(wrong, 401, 'invalid_credentials');
    expect(withoutInstance(wrong)).to.deep.equal(withoutInstance(unknown));
    expect(await storedHash()).to.equal(hash);
  });

  it('signs nobody in if its hash would cost too much, and takes no longer than others', async () => {
    const { email, id } = await addImported();
    await users()
      .where({ id })
      .update({ password_hash: hash.replace('2000', '2000000000') });

    expectProblem(await login(email, password), 401, 'invalid_credentials');
  });

  it('can be guessed no more often than any other', async () => {
    const { email } = await addImported();

    await guessFromEverywhere(app, email, 100);

    expectProblem(await login(email, password), 403, 'password_reset_required');
  });

  it('can be changed', async () => {
    const { email, accessToken: token } = await signedInAndImported();
    const change = (current: string) =>
      app.send('post', '/auth/password', {
        token,
        json: { current_password: current, new_password: 'amber compass 4711' },
      });

    expectProblem(await change('violet lantern'), 400, 'validation_failed');
    expect((await change(password)).status).to.equal(204);
    expect((await login(email, 'amber compass 4711')).status).to.equal(200);
  });

  it('works for a reauthentication', async () => {
    const { accessToken: token } = await signedInAndImported();
    const prove = (typed: string) => app.send('post', '/auth/reauthenticate', { token, json: { password: typed } });

    expectProblem(await prove('violet lantern'), 400, 'validation_failed');
    expect((await prove(password)).status).to.equal(200);
  });
});
