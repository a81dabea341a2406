import { expect } from 'chai';
import { isEmailAddress, normalizeEmailAddress } from '../../src/identity/email-address.ts';

const label = (length: number) => 'a'.repeat(length);

describe('e-mail address', () => {
  const spellings: [string, string, string][] = [
    ['lower case already', 'vera@example.com', 'vera@example.com'],
    ['capitals', 'Vera.STONE@Example.COM', 'vera.stone@example.com'],
    ['space around it', ' \tvera@example.com\n', 'vera@example.com'],
    ['full-width letters', 'ｖｅｒａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'vera@example.com'],
    ['a ligature', 'o\ufb03ce@example.com', 'office@example.com'],
    ['a composed letter', 'zo\u00eb@example.com', 'zo\u00eb@example.com'],
    ['a decomposed letter', 'zoe\u0308@example.com', 'zo\u00eb@example.com'],
    ['a capital that is composed in lower case only', 'J\u030c@example.com', '\u01f0@example.com'],
    ['an international domain', 'vera@bücher.example', 'vera@xn--bcher-kva.example'],
    ['an international domain in capitals', 'vera@BÜCHER.Example', 'vera@xn--bcher-kva.example'],
    ['an international domain in ASCII', 'vera@XN--Bcher-KVA.example', 'vera@xn--bcher-kva.example'],
    ['an ideographic full stop', 'vera@example。com', 'vera@example.com'],
  ];
  for (const [what, text, normal] of spellings) {
    it(`has one spelling with ${what}`, () => {
      expect(normalizeEmailAddress(text)).to.equal(normal);
      expect(normalizeEmailAddress(normal), 'it stays').to.equal(normal);
      expect(isEmailAddress(text)).to.equal(true);
    });
  }

  it('keeps dots and tags of the local part: whose mailbox they are is not ours to know', () => {
    expect(normalizeEmailAddress('v.era+shop@example.com')).to.equal('v.era+shop@example.com');
  });

  const good: [string, string][] = [
    ['every sign that an atom may hold', "a!#$%&'*+/=?^_`{|}~-9@example.com"],
    ['one letter', 'a@b.io'],
    ['letters of other scripts', 'пётр@example.com'],
    ['a domain of many labels', 'vera@a.b.c.d.example.com'],
    ['digits in the domain', 'vera@123.example1'],
    ['a local part of 64 bytes', `${label(64)}@example.com`],
    ['a label of 63 characters', `vera@${label(63)}.com`],
    ['254 characters', `${label(64)}@${label(63)}.${label(63)}.${label(57)}.com`],
  ];
  for (const [what, text] of good) {
    it(`may have ${what}`, () => {
      expect(isEmailAddress(text)).to.equal(true);
    });
  }

  const bad: [string, string][] = [
    ['nothing', ''],
    ['only space', '   '],
    ['no @', 'vera.example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'vera@'],
    ['two @', 'vera@stone@example.com'],
    ['a dot first', '.vera@example.com'],
    ['a dot last', 'vera.@example.com'],
    ['two dots in a row', 've..ra@example.com'],
    ['a space', 've ra@example.com'],
    ['a no-break space', 've\u00a0ra@example.com'],
    ['a line end', 'vera\n@example.com'],
    ['a header after it', 'vera@example.com\nBcc: a@example.com'],
    ['a NUL', 'vera\0@example.com'],
    ['a zero-width joiner', 've\u200dra@example.com'],
    ['a right-to-left override', 've\u202era@example.com'],
    ['half a surrogate pair', 've\ud83dra@example.com'],
    ['quotes', '"vera stone"@example.com'],
    ['a name in front', 'Vera <vera@example.com>'],
    ['a comma', 'vera,stone@example.com'],
    ['one label only', 'vera@localhost'],
    ['an IP address', 'vera@192.0.2.1'],
    ['an address literal', 'vera@[192.0.2.1]'],
    ['a hyphen first in a label', 'vera@-example.com'],
    ['a hyphen last in a label', 'vera@example-.com'],
    ['an underscore in the domain', 'vera@exa_mple.com'],
    ['an empty label', 'vera@example..com'],
    ['a dot after the domain', 'vera@example.com.'],
    ['a domain that IDNA forbids', 'vera@exa\u2028mple.com'],
    ['a local part of 65 bytes', `${label(65)}@example.com`],
    ['a local part of 33 letters of 2 bytes', `${'ж'.repeat(33)}@example.com`],
    ['a label of 64 characters', `vera@${label(64)}.com`],
    ['255 characters', `${label(64)}@${label(63)}.${label(63)}.${label(58)}.com`],
  ];
  for (const [what, text] of bad) {
    it(`can not have ${what}`, () => {
      expect(isEmailAddress(text)).to.equal(false);
    });
  }

  it('is decided in no time, however long the text', () => {
    const started = performance.now();

    expect(isEmailAddress(`${'a.'.repeat(50_000)}@`)).to.equal(false);
    expect(isEmailAddress(`a@${'a-'.repeat(50_000)}`)).to.equal(false);

    expect(performance.now() - started).to.be.below(500);
  });
});
