import { expect } from 'chai';
import { encodeBase32, recoveryAlphabet } from '../../../src/features/factors/base32.ts';
import { hashRecoveryCode, makeRecoveryCodes } from '../../../src/features/factors/recovery-codes.ts';

const bitsOf = (code: string) =>
  Array.from(code.replaceAll('-', ''), (letter) => recoveryAlphabet.indexOf(letter).toString(2).padStart(5, '0')).join(
    '',
  );

describe('recovery codes', () => {
  it('are ten, each of 120 bits in groups that are easy to type', () => {
    const codes = makeRecoveryCodes();

    expect(codes).to.have.length(10);
    for (const code of codes) {
      expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}$/);
      expect(bitsOf(code)).to.have.length(120);
    }
  });

  it('are random in every bit, so that no two are the same', () => {
    const codes = Array.from({ length: 40 }, makeRecoveryCodes).flat();

    expect(new Set(codes).size).to.equal(400);
    const ones = Array.from({ length: 120 }, (_, place) => codes.filter((code) => bitsOf(code)[place] === '1').length);
    // Of 400 fair bits, fewer than 120 or more than 280 are ones less than once in 10^15.
    expect(Math.min(...ones)).to.be.above(120);
    expect(Math.max(...ones)).to.be.below(280);
  });

  it('are the same however they are typed', () => {
    const code = '0123-45I7-89AB-CDEF-GHJK-MNPQ'.replace('I', '1');
    const typed = ['0123-4517-89ab-cdef-ghjk-mnpq', ' 01234517 89ABCDEF GHJKMNPQ ', 'oi23.45L7.89AB.CDEF.GHJK.MNPQ'];

    for (const text of typed) expect(hashRecoveryCode(text), text).to.deep.equal(hashRecoveryCode(code));
    expect(hashRecoveryCode('0123-4517-89AB-CDEF-GHJK-MNPR')).not.to.deep.equal(hashRecoveryCode(code));
  });

  it('are written in Crockford’s base32', () => {
    expect(encodeBase32(Buffer.from([0, 0, 0, 0, 1, 255, 255, 255, 255, 255]), recoveryAlphabet)).to.equal(
      '00000001ZZZZZZZZ',
    );
  });
});
