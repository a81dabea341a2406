import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { nobodysId } from '../../support/ids.ts';
import { newPerson, registration } from '../../support/people.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('registerUser', () => {
  const app = useApp();
  const register = (json: unknown) => app.send('post', '/auth/register', { json });
  const usersWith = async (email: string) => {
    const rows = await app.context.database.pool('users').where({ email }).select<{ id: string }[]>('id');
    return rows.length;
  };

  describe('creates an account', () => {
    it('that is an active user, with its Location', async () => {
      const person = newPerson();

      const { status, body, headers } = await register(registration(person));

      expect(status).to.equal(201);
      expect(body).to.include({ email: person.email, full_name: person.fullName, role: 'user', is_active: true });
      expect(body.created_at).to.equal(body.updated_at);
      expect(headers).to.include({ location: `/api/v1/users/${body.id}`, etag: `"${body.id}.1"` });
      expect(body.etag).to.equal(headers['etag']);
      expect(headers).not.to.have.property('idempotency-replayed');
    });

    it('that can sign in at once', async () => {
      const person = newPerson();
      await register(registration(person));

      const { status } = await app.login(person);

      expect(status).to.equal(200);
    });

    it('and keeps only a hash of the password', async () => {
      const person = newPerson();

      const { body } = await register(registration(person));

      const row: unknown = await app.context.database.pool('users').where({ id: body.id }).first();
      expect(row)
        .to.have.property('password_hash')
        .that.matches(/^\$2b\$/);
      expect(JSON.stringify(row)).not.to.include(person.password);
    });

    it('with the address normalised', async () => {
      const { email } = newPerson();

      const { body } = await register(registration(newPerson({ email: `  ${email.toUpperCase()} ` })));

      expect(body.email).to.equal(email);
    });

    it('with the name trimmed and composed', async () => {
      const { body } = await register(registration(newPerson({ fullName: '  Zoe\u0301 Quince  ' })));

      expect(body.full_name).to.equal('Zo\u00e9 Quince');
    });

    for (const count of [8, 128]) {
      it(`with a password of ${count} characters outside the basic plane`, async () => {
        const person = newPerson({ password: '🦊🦉🐢🐝🐙🦑🦀🐌'.repeat(count / 8) });

        const { status } = await register(registration(person));

        expect(status).to.equal(201);
        expect((await app.login(person)).status).to.equal(200);
      });
    }

    it('with a password that begins and ends with spaces, which count', async () => {
      const person = newPerson({ password: '  kites 7  ' });

      expect((await register(registration(person))).status).to.equal(201);
      expect((await app.login(person)).status).to.equal(200);
      expect((await app.login({ ...person, password: 'kites 7' })).status).to.equal(401);
    });
  });

  describe('refuses', () => {
    for (const [field, value] of Object.entries({
      role: 'admin',
      is_active: true,
      email_verified: true,
      email_verified_at: '2026-01-01T00:00:00.000Z',
      id: nobodysId,
    })) {
      it(`to set ${field}`, async () => {
        const person = newPerson();

        const answer = await register({ ...registration(person), [field]: value });

        expect(brokenRules(answer)).to.deep.equal([`/body/${field} additionalProperties`]);
        expectProblem(await app.login(person), 401, 'invalid_credentials');
      });
    }

    for (const fullName of ['\u{e0020}', 'Ada\u202eecalevoL']) {
      it(`a name with hidden characters: ${encodeURIComponent(fullName)}`, async () => {
        const answer = await register(registration(newPerson({ fullName })));

        expect(brokenRules(answer)).to.deep.equal(['/body/full_name pattern']);
      });
    }

    it('an address and a name that mix scripts, in one answer', async () => {
      const { email } = newPerson();

      const answer = await register(
        registration(newPerson({ email: email.replace('person', 'pers\u043en'), fullName: 'Ad\u0430 Stone' })),
      );

      expect(brokenRules(answer)).to.deep.equal(['/body/email mixed_scripts', '/body/full_name mixed_scripts']);
    });

    it('a name of more than 100 characters after composition', async () => {
      const answer = await register(registration(newPerson({ fullName: '\u{1d160}'.repeat(100) })));

      expect(brokenRules(answer)).to.deep.equal(['/body/full_name maxLength']);
    });

    const passwords: [string, Parameters<typeof newPerson>[0], string][] = [
      ['of 7 characters, though they are 14 code units', { password: '🦊🦉🐢🐝🐙🦑🦀' }, 'minLength'],
      ['of 129 characters', { password: '🦜'.repeat(129) }, 'maxLength'],
    ];
    for (const [what, changes, rule] of passwords) {
      it(`a password ${what}`, async () => {
        const answer = await register(registration(newPerson(changes)));

        expect(brokenRules(answer)).to.deep.equal([`/body/password ${rule}`]);
      });
    }

    it('a password, naming every violation', async () => {
      const person = newPerson({ email: 'sunshine@example.com', fullName: 'Sunshine', password: 'sunshine' });

      const answer = await register(registration(person));

      expect(brokenRules(answer)).to.deep.equal([
        '/body/password password_common',
        '/body/password password_contains_email',
        '/body/password password_contains_name',
      ]);
    });
  });

  describe('keeps addresses unique', () => {
    const spellings: [string, (email: string) => string][] = [
      ['exactly', (email) => email],
      ['in another case', (email) => email.toUpperCase()],
      ['between spaces', (email) => ` ${email} `],
      ['in fullwidth letters', (email) => email.replace('person', 'ｐｅｒｓｏｎ')],
    ];
    for (const [what, spell] of spellings) {
      it(`when an address is repeated ${what}`, async () => {
        const { email } = newPerson();
        await register(registration(newPerson({ email })));

        const answer = await register(registration(newPerson({ email: spell(email) })));

        expectProblem(answer, 409, 'email_taken');
        expect(await usersWith(email)).to.equal(1);
      });
    }

    it('when two register one at the same time', async () => {
      for (let round = 0; round < 12; round += 1) {
        const { email } = newPerson();

        const answers = await Promise.all([
          register(registration(newPerson({ email }))),
          register(registration(newPerson({ email: email.toUpperCase() }))),
        ]);

        expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
        expect(await usersWith(email)).to.equal(1);
      }
    });
  });
});
