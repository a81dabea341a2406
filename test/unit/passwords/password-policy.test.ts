import { expect } from 'chai';
import { normalize } from '../../../src/features/passwords/fold.ts';
import { aPolicy } from './a-policy.ts';
import { badPasswords, goodPasswords } from './sample-passwords.ts';

const policy = aPolicy();
const person = { email: 'quillon@example.com', fullName: 'Vera Stone' };
const place = ['body', 'password'];

const rulesOf = (password: string, owner = person, rules = policy) =>
  rules(password, owner, place).map(({ rule }) => rule);

describe('password policy', () => {
  const refused: [string, string, string[]][] = [
    ['7 characters', 'kW4!pq9', ['minLength']],
    ['7 characters of 4 bytes each', '🦊🦉🐢🐝🐙🦑🦀', ['minLength']],
    ['7 characters of which one was typed as two', 'kW4!pqe\u0308', ['minLength']],
    ['7 characters that stand for many', '\ufdfa\ufdfb\ufc5e\ufcf2\ufdf4\ufc62\ufcf4', ['minLength']],
    ['129 characters', 'kW4!pq9z'.repeat(16) + 'x', ['maxLength']],
    ['a common one', 'iloveyou', ['password_common']],
    ['a common one in capitals', 'PassWord1', ['password_common']],
    ['a common one in full width', 'ｐａｓｓｗｏｒｄ１', ['password_common']],
    ['a common one behind digits and before signs', '2026 Sunshine!!', ['password_common']],
    ['a common one in signs for letters', 'P@$$w0rd', ['password_common']],
    ['a common one that ends in a sign for a letter', 'welc0m3!', ['password_common']],
    ['a common short word that was made longer', 'Dragon2026!', ['password_common']],
    ['one character', '00000000', ['password_repeats']],
    ['two characters', '0110100110010110', ['password_repeats']],
    ['four characters twice', '12341234', ['password_repeats']],
    ['a few characters and a part of them', 'xk7xk7xk', ['password_repeats']],
    ['a few characters, some times each', 'aaabbbcccddd', ['password_repeats']],
    ['digits downwards', '87654321', ['password_sequence']],
    ['letters, and a little more', 'abcdefgh1!', ['password_sequence']],
    ['keys', 'Qwertyuiop', ['password_sequence']],
    ['keys of another keyboard', 'йцукенгш', ['password_sequence']],
    ['columns of keys', 'zaq12wsx', ['password_sequence']],
    ['several sequences', 'abc123xyz789', ['password_sequence']],
    ["the address's local part", 'quillon4ever', ['password_contains_email']],
    ["the address's local part in another case", 'my-QuillOn-42', ['password_contains_email']],
    ['the full name', 'its vera stone!', ['password_contains_name']],
    ['the full name without its spaces', '42VeraStone42', ['password_contains_name']],
    ["the service's name", 'my Latchkey one', ['password_contains_service']],
    [
      'everything at once',
      'VeraStone quillon '.repeat(8),
      ['maxLength', 'password_contains_email', 'password_contains_name'],
    ],
  ];
  for (const [what, password, rules] of refused) {
    it(`refuses ${what}`, () => {
      expect(rulesOf(password)).to.deep.equal(rules);
    });
  }

  for (const password of ['its ZOE\u0308 MU\u0308LLER', 'zo\u00ebmu\u0308ller99', 'Ｚｏë Ｍüller 1']) {
    it(`rejects the full name in any normalisation form: ${JSON.stringify(password)}`, () => {
      const zoe = { email: 'quillon@example.com', fullName: 'Zo\u00eb M\u00fcller' };

      expect(rulesOf(password, zoe)).to.deep.equal(['password_contains_name']);
    });
  }

  it("rejects the address's local part in any normalization form", () => {
    const jurgen = { email: 'j\u00fcrgen@example.com', fullName: 'Vera Stone' };

    expect(rulesOf('JU\u0308RGEN & kites', jurgen)).to.deep.equal(['password_contains_email']);
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
    ['a common word with many digits that nobody could know', 'dragon 58204917360'],
    ['a sequence with more around it', 'abcdefgh kites'],
  ];
  for (const [what, password] of accepted) {
    it(`accepts ${what}`, () => {
      expect(rulesOf(password)).to.deep.equal([]);
    });
  }

  it('accepts parts of fewer than 3 characters, which occur by chance', () => {
    expect(rulesOf('about kites', { email: 'ab@example.com', fullName: 'Ki' })).to.deep.equal([]);
  });

  it('rejects parts of 3 characters', () => {
    const rules = rulesOf('about kites', { email: 'abo@example.com', fullName: 'Kit' });

    expect(rules).to.deep.equal(['password_contains_email', 'password_contains_name']);
  });

  it('accepts repeats of a part that is long enough by itself', () => {
    const long = aPolicy({ minLength: 15 });

    expect(rulesOf('kW4!pq9z kW4!pq9z', person, long)).to.deep.equal(['password_repeats']);
    expect(rulesOf('seven green kites seven green kites ', person, long)).to.deep.equal([]);
  });

  it('explains a violation without the password, where the password was', () => {
    expect(policy('iloveyou', person, ['body', 'new_password'])).to.deep.equal([
      {
        pointer: '/body/new_password',
        message: 'is one of the most common passwords, or nearly one',
        rule: 'password_common',
      },
    ]);
  });

  it('has the configured bounds', () => {
    const other = aPolicy({ minLength: 3, maxLength: 5 });

    expect(rulesOf('kW4!p', person, other)).to.deep.equal([]);
    expect(rulesOf('kW4!pq', person, other)).to.deep.equal(['maxLength']);
    expect(other('kW', person, place)).to.deep.include({
      pointer: '/body/password',
      message: 'must have at least 3 characters',
      rule: 'minLength',
      limit: 3,
    });
  });

  it(`refuses each of ${badPasswords.length} passwords that are known to be bad`, () => {
    expect(badPasswords.length).to.be.at.least(200);
    expect(badPasswords.filter((password) => rulesOf(password).length === 0)).to.deep.equal([]);
  });

  it(`accepts each of ${goodPasswords.length} that people might rightly choose, at either minimum`, () => {
    expect(goodPasswords.length).to.be.at.least(200);
    expect(goodPasswords.filter((password) => rulesOf(password).length > 0)).to.deep.equal([]);
    const long = goodPasswords.filter((password) => Array.from(normalize(password)).length >= 15);
    const strict = aPolicy({ minLength: 15 });
    expect(long.filter((password) => rulesOf(password, person, strict).length > 0)).to.deep.equal([]);
  });
});
