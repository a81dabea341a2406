import { expect } from 'chai';
import { acrOf, amrOf, hasTwoFactors } from '../../../src/features/sessions/session-methods.ts';
import type { SessionMethod } from '../../../src/features/sessions/session.ts';

describe('the methods of a session', () => {
  const one: SessionMethod[][] = [
    [],
    ['password'],
    ['email_code'],
    ['totp'],
    ['recovery_code'],
    ['password', 'email_code'],
    ['totp', 'recovery_code'],
    ['password', 'password'],
    ['a_newer_method' as SessionMethod, 'password'],
  ];
  for (const methods of one) {
    it(`are one factor: ${methods.join(', ') || 'none'}`, () => {
      expect(hasTwoFactors(methods)).to.equal(false);
      expect(acrOf(methods)).to.equal('urn:latchkey:acr:1');
      expect(amrOf(methods)).not.to.include('mfa');
    });
  }

  const two: SessionMethod[][] = [
    ['passkey'],
    ['password', 'totp'],
    ['totp', 'password'],
    ['password', 'recovery_code'],
    ['password', 'passkey'],
    ['email_code', 'totp'],
    ['email_code', 'recovery_code'],
    ['email_code', 'passkey'],
  ];
  for (const methods of two) {
    it(`are two factors: ${methods.join(', ')}`, () => {
      expect(hasTwoFactors(methods)).to.equal(true);
      expect(acrOf(methods)).to.equal('urn:latchkey:acr:2');
      expect(amrOf(methods)).to.include('mfa');
    });
  }

  it('have the references of RFC 8176, each once', () => {
    expect(amrOf(['password'])).to.deep.equal(['pwd']);
    expect(amrOf(['email_code', 'totp'])).to.deep.equal(['otp', 'mfa']);
    expect(amrOf(['password', 'recovery_code'])).to.deep.equal(['pwd', 'otp', 'mfa']);
    expect(amrOf(['passkey'])).to.deep.equal(['pop', 'user', 'mfa']);
    expect(amrOf(['a_newer_method' as SessionMethod, 'password'])).to.deep.equal(['pwd']);
  });
});
