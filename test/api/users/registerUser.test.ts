import { expect } from 'chai';
import { useApp } from '../../support/app.ts';
import { newPerson, registration } from '../../support/people.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';
import { itReadsOnlyJson, itRefusesUnknownParameters } from '../../support/stories.ts';

describe('registerUser', () => {
  const app = useApp();
  const register = (json: unknown) => app.send('post', '/auth/register', { json });
  const usersWith = async (email: string) => {
    const rows = await app.context.database.pool('users').where({ email }).select<{ id: string }[]>('id');
    return rows.length;
  };
  const target = { method: 'post', path: '/auth/register', json: registration() } as const;

  describe('makes an account', () => {
    it('with the role user, active, and tells where it is', async () => {
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

    it('with the address in its one spelling', async () => {
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
        const person = newPerson({ password: '🦜'.repeat(count) });

        const { status } = await register(registration(person));

        expect(status).to.equal(201);
        expect((await app.login(person)).status).to.equal(200);
      });
    }

    it('with a password of spaces only: any character will do', async () => {
      const { status } = await register(registration(newPerson({ password: '         ' })));

      expect(status).to.equal(201);
    });
  });

  describe('refuses', () => {
    itReadsOnlyJson(app, target);
    itRefusesUnknownParameters(app, target);

    it('an empty object, naming every field', async () => {
      const answer = await register({});

      expect(brokenRules(answer)).to.deep.equal([
        '/body/email required',
        '/body/full_name required',
        '/body/password required',
      ]);
    });

    it('a role: nobody promotes themselves', async () => {
      const answer = await register({ ...registration(), role: 'admin' });

      expect(brokenRules(answer)).to.deep.equal(['/body/role additionalProperties']);
    });

    for (const email of ['ada', 'ada@', '@example.com', 'a b@example.com', 'ada@localhost', 'ada..x@example.com']) {
      it(`the address "${email}"`, async () => {
        const answer = await register(registration(newPerson({ email })));

        expect(brokenRules(answer)).to.deep.equal(['/body/email format']);
      });
    }

    it('an address of more than 254 characters', async () => {
      const answer = await register(registration(newPerson({ email: `ada@${'example.'.repeat(40)}com` })));

      expect(brokenRules(answer)).to.include('/body/email maxLength');
    });

    const hidden = [
      '\u034f',
      '\u115f',
      '\u3164',
      '\uffa0',
      '\ufe0f',
      '\u200b',
      '\u200d',
      '\u00ad',
      '\u202e',
      '\u2800',
      '\u{e0061}',
      '\u{1d159}',
      '\u{16fe4}',
      '\u0085',
    ];
    for (const sign of hidden) {
      it(`an address with what cannot be seen, ${JSON.stringify(sign)} (U+${sign.codePointAt(0)!.toString(16)})`, async () => {
        for (const email of [
          `ada${sign}@example.com`,
          `a${sign}da@example.com`,
          `${sign}ada@example.com`,
          `ada@b${sign}ü.com`,
        ]) {
          expect(brokenRules(await register(registration(newPerson({ email }))))).to.deep.equal(['/body/email format']);
        }
      });
    }

    for (const rest of ['/x', '?x', '#x', '\\x', '\tx', '\nx', '%41', ':80', '/ü']) {
      it(`an international domain and ${JSON.stringify(rest)}`, async () => {
        const { email } = newPerson();

        const answer = await register(registration(newPerson({ email: email.replace('example', 'ü') + rest })));

        expect(brokenRules(answer)).to.deep.equal(['/body/email format']);
      });
    }

    for (const fullName of [
      '\u200b',
      '\u3164',
      '\u2800',
      '\u{e0020}',
      'Ada\u202eecalevoL',
      'Ada\u2028King',
      'Ada\u0085',
      'Ada\u{e0041}',
    ]) {
      it(`a name that hides something, ${encodeURIComponent(fullName)}`, async () => {
        const answer = await register(registration(newPerson({ fullName })));

        expect(brokenRules(answer)).to.deep.equal(['/body/full_name pattern']);
      });
    }

    it('a name that has more than 100 characters when it is composed', async () => {
      const answer = await register(registration(newPerson({ fullName: '\u{1d160}'.repeat(100) })));

      expect(brokenRules(answer)).to.deep.equal(['/body/full_name maxLength']);
    });

    for (const fullName of ['', '   ', 'Ada\nLovelace', 'x'.repeat(101)]) {
      it(`the name ${JSON.stringify(fullName).slice(0, 20)}`, async () => {
        const answer = await register(registration(newPerson({ fullName })));

        expect(brokenRules(answer)[0]).to.match(/^\/body\/full_name (pattern|minLength|maxLength)$/);
      });
    }

    const passwords: [string, Parameters<typeof newPerson>[0], string][] = [
      ['of 7 characters, though they are 14 code units', { password: '🦜'.repeat(7) }, 'minLength'],
      ['of 129 characters', { password: '🦜'.repeat(129) }, 'maxLength'],
      ['that is common', { password: 'password123' }, 'password_common'],
      ['that is common in another case', { password: 'PassWord123' }, 'password_common'],
      [
        'that holds the name of the address, in any case',
        { email: 'lantern.keeper@example.com', password: 'xx LANTERN.Keeper xx' },
        'password_contains_email',
      ],
      [
        'that holds the full name',
        { fullName: 'Quince Meadow', password: '12 quince MEADOW 34' },
        'password_contains_name',
      ],
      [
        'that holds the full name without its spaces',
        { fullName: 'Quince Meadow', password: '12quincemeadow34' },
        'password_contains_name',
      ],
    ];
    for (const [what, changes, rule] of passwords) {
      it(`a password ${what}`, async () => {
        const answer = await register(registration(newPerson(changes)));

        expect(brokenRules(answer)).to.deep.equal([`/body/password ${rule}`]);
      });
    }

    it('a password for all its faults at once', async () => {
      const person = newPerson({ email: 'sunshine@example.com', fullName: 'Sunshine', password: 'sunshine' });

      const answer = await register(registration(person));

      expect(brokenRules(answer)).to.deep.equal([
        '/body/password password_common',
        '/body/password password_contains_email',
        '/body/password password_contains_name',
      ]);
    });

    for (const [what, text, rule] of [
      ['NUL', 'violet\0lantern', 'pattern'],
      ['half a surrogate pair', 'violet \ud83e lantern', 'well_formed'],
    ] as const) {
      it(`${what} in a text`, async () => {
        const answer = await register(registration(newPerson({ password: text })));

        expect(brokenRules(answer)).to.deep.equal([`/body/password ${rule}`]);
      });
    }
  });

  describe('keeps an address to one user', () => {
    const spellings: [string, (email: string) => string][] = [
      ['as it was', (email) => email],
      ['in another case', (email) => email.toUpperCase()],
      ['between spaces', (email) => ` ${email} `],
      ['in fullwidth letters', (email) => email.replace('person', 'ｐｅｒｓｏｎ')],
    ];
    for (const [what, spell] of spellings) {
      it(`when it comes again ${what}`, async () => {
        const { email } = newPerson();
        await register(registration(newPerson({ email })));

        const answer = await register(registration(newPerson({ email: spell(email) })));

        expectProblem(answer, 409, 'email_taken');
        expect(await usersWith(email)).to.equal(1);
      });
    }

    it('when two register it at the same time', async () => {
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
