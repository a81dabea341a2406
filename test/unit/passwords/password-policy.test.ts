import { expect } from 'chai';
import { createPasswordPolicy } from '../../../src/features/passwords/password-policy.ts';
import { refusalOf, rulesOf } from '../platform/failures.ts';

const check = createPasswordPolicy({ minLength: 8, maxLength: 128 });
const person = { email: 'quillon@example.com', fullName: 'Vera Stone' };

describe('password policy', () => {
  const refused: [string, string, string[]][] = [
    ['7 characters', 'kW4!pq9', ['minLength']],
    ['7 characters of 4 bytes each', '🦊🦉🐢🐝🐙🦑🦀', ['minLength']],
    ['129 characters', 'kW4!pq9z'.repeat(16) + 'x', ['maxLength']],
    ['a common one', 'iloveyou', ['password_common']],
    ['a common one in capitals', 'PassWord1', ['password_common']],
    ["the address's local part", 'quillon4ever', ['password_contains_email']],
    ["the address's local part in another case", 'my-QuillOn-42', ['password_contains_email']],
    ['the full name', 'its vera stone!', ['password_contains_name']],
    ['the full name without its spaces', '42VeraStone42', ['password_contains_name']],
    ['a common one in full width', 'ｐａｓｓｗｏｒｄ１', ['password_common']],
    [
      'everything at once',
      'VeraStone quillon '.repeat(8),
      ['maxLength', 'password_contains_email', 'password_contains_name'],
    ],
  ];
  for (const [what, password, rules] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await rulesOf(() => check(password, person))).to.deep.equal(rules);
    });
  }

  for (const password of ['its ZOE\u0308 MU\u0308LLER', 'zo\u00ebmu\u0308ller99', 'Ｚｏë Ｍüller 1']) {
    it(`rejects the full name in any normalization form: ${JSON.stringify(password)}`, async () => {
      const zoe = { email: 'quillon@example.com', fullName: 'Zo\u00eb M\u00fcller' };

      expect(await rulesOf(() => check(password, zoe))).to.deep.equal(['password_contains_name']);
    });
  }

  it("rejects the address's local part in any normalization form", async () => {
    const jurgen = { email: 'j\u00fcrgen@example.com', fullName: 'Vera Stone' };

    expect(await rulesOf(() => check('JU\u0308RGEN-99', jurgen))).to.deep.equal(['password_contains_email']);
  });

  const accepted: [string, string][] = [
    ['8 characters', 'kW4!pq9z'],
    ['8 characters of 4 bytes each', '🦊🦉🐢🐝🐙🦑🦀🐌'],
    ['128 characters', 'kW4!pq9z'.repeat(16)],
    ['128 characters of 4 bytes each', '🦊🦉🐢🐝🐙🦑🦀🐌'.repeat(16)],
    ['lower case only', 'seven green kites'],
    ['digits only, when they are not common', '58204917360'],
    ['spaces and controls', ' \t\0 \u0007 \n\r '],
    ['one part of the full name', 'stone by stone'],
    ["the address's domain", 'i like example.com'],
    ['a common one with more around it', 'iloveyou and kites'],
  ];
  for (const [what, password] of accepted) {
    it(`accepts ${what}`, () => {
      expect(() => check(password, person)).not.to.throw();
    });
  }

  it('accepts parts of fewer than 3 characters, which occur by chance', () => {
    expect(() => check('about kites', { email: 'ab@example.com', fullName: 'Ki' })).not.to.throw();
  });

  it('rejects parts of 3 characters', async () => {
    const rules = await rulesOf(() => check('about kites', { email: 'abo@example.com', fullName: 'Kit' }));

    expect(rules).to.deep.equal(['password_contains_email', 'password_contains_name']);
  });

  it('knows at least the 10,000 most common', async () => {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    const long = createPasswordPolicy({ minLength: 1, maxLength: 1000 });
    const most = dictionary['passwords-common'].slice(0, 10_000);

    expect(most).to.have.length(10_000);
    for (const password of most) expect(() => long(password, person), password).to.throw();
  });

  it('explains the violation without the password', async () => {
    const { violations } = await refusalOf(() => check('iloveyou', person));

    expect(violations).to.deep.equal([
      { pointer: '/body/password', message: 'is one of the most common passwords', rule: 'password_common' },
    ]);
  });

  it('uses the configured bounds', async () => {
    const other = createPasswordPolicy({ minLength: 3, maxLength: 5 });

    expect(() => other('kW4!p', person)).not.to.throw();
    expect(await rulesOf(() => other('kW4!pq', person))).to.deep.equal(['maxLength']);
  });
});
