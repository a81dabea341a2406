/** What the pages say while somebody types a password is what the server says afterwards. */
import { expect } from 'chai';
import { createPasswordPolicy } from '../../../src/features/passwords/password-policy.ts';
import { checkPassword } from '../../../src/web/password-rules.ts';

const minLength = 12;
const policy = createPasswordPolicy({ minLength, maxLength: 128, isCommon: () => false, serviceNames: ['Latchkey'] });
const owner = { email: 'grace.hopper@example.com', fullName: 'Grace Brewster', service: 'Latchkey' };

function serverSays(password: string) {
  const rules = policy(password, owner, ['body', 'password']).map(({ rule }) => rule as string);
  return {
    length: !rules.includes('minLength'),
    personal: !rules.some((rule) => rule.startsWith('password_contains_')),
    pattern: !rules.some((rule) => rule === 'password_repeats' || rule === 'password_sequence'),
  };
}

describe('the rules for passwords on the pages', () => {
  for (const password of [
    'violet lantern harbour',
    'short',
    'exactly12chr',
    'ﬁnest ﬂour',
    '😀😀😀😀😀😀😀😀😀😀😀😀',
    'my grace.hopper password',
    'GRACE BREWSTER forever',
    'gracebrewster4ever',
    'my latchkey password',
    'LATCHKEY-2026-secret',
    'aaaaaaaaaaaaaaaa',
    'abababababababab',
    'abcabcabcabcabc',
    'abcdefghijklmnop',
    'ponmlkjihgfedcba',
    'zyxwvutsrqponmlk',
    'correct horse battery staple',
  ]) {
    it(`are the server's for "${password}"`, () => {
      expect(checkPassword(password, minLength, owner)).to.deep.equal(serverSays(password));
    });
  }

  it('are all open before somebody types', () => {
    expect(checkPassword('', minLength, owner)).to.deep.equal({ length: false, personal: false, pattern: false });
  });
});
