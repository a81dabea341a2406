/** What every operation that takes a new password refuses; the rules themselves are in test/unit/passwords. */
import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { useBreachServer } from '../../support/breach-server.ts';
import { countsOf } from '../../support/counters.ts';
import { newPerson, registration } from '../../support/people.ts';
import { brokenRules } from '../../support/problems.ts';

describe('a new password', () => {
  const app = useApp();
  const strict = useSecondApp(app, { env: { PASSWORD_MIN_LENGTH: '20' } });

  const register = (password: string, on = app) =>
    on.send('post', '/auth/register', { json: registration(newPerson({ password })) });

  for (const [what, password, rule] of [
    ['a common one', 'P@ssw0rd1!', 'password_common'],
    ['a repeat', '12341234', 'password_repeats'],
    ['a sequence', 'qwertyuiop', 'password_sequence'],
    ["the service's name", 'my latchkey 41', 'password_contains_service'],
  ] as const) {
    it(`must not be ${what}`, async () => {
      expect(brokenRules(await register(password))).to.deep.equal([`/body/password ${rule}`]);
    });
  }

  it('has at least as many characters as the service requires, and is told how many', async () => {
    const answer = await register('violet lantern 4711', strict);

    expect(brokenRules(answer)).to.deep.equal(['/body/password minLength']);
    expect(answer.body.errors[0]).to.include({ limit: 20, message: 'must have at least 20 characters' });
    expect((await register('violet lantern 47112', strict)).status).to.equal(201);
  });

  it('signs in in any compatible spelling', async () => {
    const person = newPerson({ password: 'zo\u00eb and 7 kites' });
    await app.signIn('user', person);

    for (const password of ['zoe\u0308 and 7 kites', 'ｚｏ\u00eb and ７ kites']) {
      expect((await app.login({ ...person, password })).status).to.equal(200);
    }
  });

  it('that an earlier release hashed as it was typed signs in as before, and then in any compatible spelling', async () => {
    const [decomposed, composed] = ['zoe\u0308 and 7 kites', 'zo\u00eb and 7 kites'];
    const person = newPerson();
    const { id } = await app.signIn('user', person);
    const condensed = createHmac('sha256', 'latchkey password').update(decomposed).digest('base64');
    await app.context.database
      .pool('users')
      .where({ id })
      .update({ password_hash: await bcrypt.hash(condensed, 4) });
    const statusFor = async (password: string) => (await app.login({ ...person, password })).status;

    expect(await statusFor(composed)).to.equal(401);
    expect(await statusFor(decomposed)).to.equal(200);
    expect(await statusFor(composed)).to.equal(200);
    expect(await statusFor(decomposed)).to.equal(200);
  });
});

describe('a new password that is searched in known breaches', () => {
  const breaches = useBreachServer();
  // Read when the server starts, after the service of breached passwords.
  const env: Record<string, string> = {
    get PWNED_PASSWORDS_URL() {
      return breaches.url;
    },
  };
  const app = useApp({ env });
  const register = (password: string) =>
    app.send('post', '/auth/register', { json: registration(newPerson({ password })) });

  const counted = () => countsOf(app, 'latchkey_breached_password_checks_total');

  it('is refused if it is there', async () => {
    breaches.breached.add('violet lantern 4711');

    expect(brokenRules(await register('violet lantern 4711'))).to.deep.equal(['/body/password password_breached']);
    expect((await register('violet lantern 4712')).status).to.equal(201);
  });

  it('is accepted when the service fails, which is counted', async () => {
    const { failed = 0 } = await counted();
    breaches.answer((response) => response.writeHead(503).end());

    expect((await register('violet lantern 4711')).status).to.equal(201);
    expect((await counted())['failed']).to.equal(failed + 1);
  });

  it('is not searched if it is refused anyhow, and never at a login', async () => {
    await register('password1');
    const person = newPerson();
    await app.signIn('user', person);
    breaches.asked.length = 0;

    await app.login(person);
    await register('12341234');

    expect(breaches.asked).to.deep.equal([]);
  });

  it('holds no connection of the pool while the service is silent', async () => {
    let used: number | undefined;
    breaches.answer((response) => {
      used = app.context.database.poolState().used;
      response.end('0'.repeat(35) + ':0');
    });

    expect((await register('violet lantern 4713')).status).to.equal(201);
    expect(used).to.equal(0);
  });
});
