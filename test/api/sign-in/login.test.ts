import { expect } from 'chai';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import type { Answer } from '../../support/client.ts';
import { mailedSecret } from '../../support/one-time-secrets.ts';
import { newPerson } from '../../support/people.ts';
import { expect256RandomBits } from '../../support/random-bits.ts';
import { expectProblem, withoutInstance } from '../../support/problems.ts';

describe('login', () => {
  const app = useApp();
  const slow = useSecondApp(app, { env: { BCRYPT_COST: '9' } });
  const login = (email: string, password: string) => app.send('post', '/auth/login', { json: { email, password } });
  const addPerson = async (changes: Parameters<typeof newPerson>[0] = {}) => {
    const person = newPerson(changes);
    const { id } = await app.users.create({ ...person, role: 'user' });
    return { ...person, id };
  };
  const deactivate = (id: string) => app.users.update(id, { isActive: false });

  describe('begins a session', () => {
    it('with a working access token and a refresh token', async () => {
      const person = await addPerson();

      const { status, body, headers } = await app.login(person);

      expect(status).to.equal(200);
      expect(body).to.include({ token_type: 'Bearer', expires_in: 900 });
      expect(body.refresh_token).to.match(/^lkr_[\w-]{72}$/);
      expect(headers['cache-control']).to.equal('no-store');
      const me = await app.send('get', '/auth/me', { token: body.access_token });
      expect(me.body).to.include({ id: person.id, email: person.email });
    });

    it('that is new at each login', async () => {
      const person = await addPerson();

      const [first, second] = [await app.login(person), await app.login(person)];

      expect(first.body.access_token).not.to.equal(second.body.access_token);
      expect(first.body.refresh_token).not.to.equal(second.body.refresh_token);
    });

    it('with a secret of 256 random bits', async () => {
      const person = await addPerson();

      for (let count = 0; count < 40; count += 1) await app.login(person);

      const sessions = app.context.database.pool('sessions').where({ user_id: person.id });
      expect256RandomBits(await sessions.pluck<Buffer[]>('secret'));
    });

    it('and rehashes a password that was hashed at another cost', async () => {
      const person = await addPerson();
      const hash = async () =>
        (await app.context.database.pool('users').where({ id: person.id }).first<{ password_hash: string }>())
          .password_hash;
      const before = await hash();

      const { status } = await slow.login(person);

      expect([status, before.slice(0, 7), (await hash()).slice(0, 7)]).to.deep.equal([200, '$2b$04$', '$2b$09$']);
      expect((await app.login(person)).status).to.equal(200);
    });

    const spellings: [string, (email: string) => string][] = [
      ['in another case', (email) => email.toUpperCase()],
      ['between spaces', (email) => `  ${email} `],
      ['in fullwidth letters', (email) => email.replace('person', 'ｐｅｒｓｏｎ')],
    ];
    for (const [what, spell] of spellings) {
      it(`for the address ${what}`, async () => {
        const { email, password } = await addPerson();

        const { status } = await login(spell(email), password);

        expect(status).to.equal(200);
      });
    }
  });

  it('still knows an address of mixed scripts that was stored before those were refused', async () => {
    const { id, email, password } = await addPerson();
    const mixed = email.replace('person', 'pers\u043en');
    await app.context.database.pool('users').where({ id }).update({ email: mixed });

    const { status } = await login(mixed, password);

    expect(status).to.equal(200);
  });

  describe('where REQUIRE_VERIFIED_EMAIL is on', () => {
    const strict = useSecondApp(app, { env: { REQUIRE_VERIFIED_EMAIL: 'on' } });

    it('asks whoever knows the password to verify the address', async () => {
      const person = await addPerson();

      expectProblem(await strict.login(person), 403, 'email_not_verified');
      expectProblem(await strict.login({ ...person, password: 'another password' }), 401, 'invalid_credentials');
      expect((await app.login(person)).status).to.equal(200);
    });

    it('lets them in once they have', async () => {
      const person = await addPerson();
      const token = await mailedSecret(app, 'email_verification', person);
      await strict.send('post', '/auth/email/verify', { json: { token } });

      expect((await strict.login(person)).status).to.equal(200);
    });
  });

  describe('refuses', () => {
    it('a wrong password, with a challenge', async () => {
      const { email } = await addPerson();

      const answer = await login(email, 'amber compass 12');

      expectProblem(answer, 401, 'invalid_credentials');
      expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
    });

    it('a password in another case or with an extra space', async () => {
      const { email, password } = await addPerson();

      for (const wrong of [password.toUpperCase(), `${password} `, password.slice(0, -1)]) {
        expectProblem(await login(email, wrong), 401, 'invalid_credentials');
      }
    });

    it('a password that differs only after 72 bytes', async () => {
      const start = 'violet lantern '.repeat(6);
      const { email } = await addPerson({ password: `${start}one` });

      expectProblem(await login(email, `${start}two`), 401, 'invalid_credentials');
      expect((await login(email, `${start}one`)).status).to.equal(200);
    });
  });

  describe("doesn't reveal who has an account", () => {
    // Everything that doesn't differ between any two requests.
    const shape = (answer: Answer) => {
      const headers = { ...answer.headers, 'x-request-id': '', date: '' };
      return { status: answer.status, headers, text: withoutInstance(answer) };
    };

    it('by the answer: unknown, wrong and deactivated look the same', async () => {
      const known = await addPerson();
      const disabled = await addPerson();
      await deactivate(disabled.id);

      const unknown = shape(await login(newPerson().email, 'amber compass 12'));

      expect(unknown.status).to.equal(401);
      expect(shape(await login(known.email, 'amber compass 12'))).to.deep.equal(unknown);
      expect(shape(await login(disabled.email, 'amber compass 12'))).to.deep.equal(unknown);
    });

    it('for a deactivated account before the right password', async () => {
      const person = await addPerson();
      await deactivate(person.id);

      expectProblem(await login(person.email, 'amber compass 12'), 401, 'invalid_credentials');
      expectProblem(await app.login(person), 403, 'account_disabled');
    });

    it('for a deleted account, even with the right password', async () => {
      const person = await addPerson();
      await app.users.remove(person.id);

      expectProblem(await app.login(person), 401, 'invalid_credentials');
    });

    describe('by the time', () => {
      it('since unknown addresses take as long as wrong passwords', async () => {
        const times = { unknown: [] as number[], wrong: [] as number[] };

        for (let round = 0; round < 15; round += 1) {
          const person = newPerson();
          await slow.users.create({ ...person, role: 'user' });
          times.wrong.push(await timeOf(slow, person.email));
          times.unknown.push(await timeOf(slow, newPerson().email));
        }

        const ratio = median(times.unknown) / median(times.wrong);
        expect(ratio).to.be.within(1 / 3, 3);
      });
    });
  });
});

async function timeOf(app: TestApp, email: string): Promise<number> {
  const started = performance.now();
  await app.send('post', '/auth/login', { json: { email, password: 'amber compass 12' } });
  return performance.now() - started;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
