import { expect } from 'chai';
import fc from 'fast-check';
import { isEmailAddress, normalizeEmailAddress } from '../../../src/platform/formats/email-address.ts';

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
    ['an ideographic full stop in an international domain', 'vera@bücher。example', 'vera@xn--bcher-kva.example'],
    ['an international domain of decomposed letters', 'vera@bu\u0308cher.example', 'vera@xn--bcher-kva.example'],
    ['a domain half in ASCII', 'vera@xn--bcher-kva.bücher.example', 'vera@xn--bcher-kva.xn--bcher-kva.example'],
    ['a Greek domain in capitals', 'vera@ΒΌΛΟΣ.example', 'vera@xn--nxasmq6b.example'],
    ['a Greek domain with a final sigma', 'vera@βόλος.example', 'vera@xn--nxasmm1c.example'],
    ['a domain with a joiner, where IDNA has one', 'vera@نامه\u200cای.example', 'vera@xn--mgba3gch31f060k.example'],
  ];
  for (const [what, text, normal] of spellings) {
    it(`normalises ${what}`, () => {
      expect(normalizeEmailAddress(text)).to.equal(normal);
      expect(normalizeEmailAddress(normal), 'it stays').to.equal(normal);
      expect(isEmailAddress(text)).to.equal(true);
    });
  }

  it('keeps dots and tags in the local part', () => {
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
    it(`allows ${what}`, () => {
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
    ...[
      '/x',
      '?x',
      '#x',
      '\\x',
      '\tx',
      '\nx',
      '%41',
      ':80',
      '@x',
      '[x',
      ']x',
      ' x',
      '\u00a0x',
      '\u0085x',
      '<x',
      '|x',
      '^x',
      '；x',
    ].map((rest): [string, string] => [`${JSON.stringify(rest)} after an international domain`, `a@ü.com${rest}`]),
    ...['/', '?', '#', '\\', '\t', '%2f', ':', '@', '／', '？', '＃', '℀', '\u00ad', '\u200b', '\ufe0f'].map(
      (sign): [string, string] => [`${JSON.stringify(sign)} before an international end`, `a@victim.com${sign}ü`],
    ),
    ['what is left out of an international domain', 'vera@bü\u200bcher.example'],
    ['a soft hyphen in an international domain', 'vera@bü\u00adcher.example'],
    ['a joiner where IDNA has none', 'vera@bü\u200dcher.example'],
    ['an A-label that is none', 'vera@xn--a.example'],
    ['an A-label that reads as ASCII', 'vera@xn--example-.com'],
    ['an A-label of nothing', 'vera@xn--.example'],
    ['an A-label that ends in a hyphen when it is read', 'vera@xn----dha.example'],
    ['a hyphen last in an international label', 'vera@ü-.example'],
    ['an international label of more than 63 characters in ASCII', `vera@${'ü'.repeat(60)}.com`],
    ['letters of two directions in a label', 'vera@אa.example'],
    ['an address literal of full-width digits', 'vera@１９２.０.２.１'],
    ['a local part of 65 bytes', `${label(65)}@example.com`],
    ['a local part of 33 letters of 2 bytes', `${'ж'.repeat(33)}@example.com`],
    ['a label of 64 characters', `vera@${label(64)}.com`],
    ['255 characters', `${label(64)}@${label(63)}.${label(63)}.${label(58)}.com`],
  ];
  for (const [what, text] of bad) {
    it(`rejects ${what}`, () => {
      expect(isEmailAddress(text)).to.equal(false);
    });
  }

  const unseen = [
    ...['\u034f', '\u115f', '\u3164', '\uffa0', '\ufe0f', '\u200b', '\u200d', '\u00ad', '\u202e', '\u2800'],
    ...['\u{e0061}', '\u{1d159}', '\u{16fe4}', '\u0085'],
  ];
  for (const sign of unseen) {
    it(`rejects invisible U+${sign.codePointAt(0)!.toString(16)}`, () => {
      for (const text of [`vera${sign}@a.io`, `ve${sign}ra@a.io`, `${sign}vera@a.io`, `vera@b${sign}ü.com`]) {
        expect(isEmailAddress(text), text).to.equal(false);
      }
    });
  }

  it('is normalised idempotently, whatever the text', () => {
    const parts = fc.stringMatching(
      /^(?:[a-zA-ZÀ-ỿΑ-ώא-ת一-丿ﬀ-ﬆ０-ｚ.@/%#:。 -]|[\u0300-\u0345]|[\u00ad\u200b-\u200f]){0,12}$/u,
    );
    const address = fc.tuple(parts, parts).map((two) => two.join('@'));

    fc.assert(
      fc.property(fc.oneof(address, fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
        const normal = normalizeEmailAddress(text);
        expect(isEmailAddress(normal)).to.equal(isEmailAddress(text));
        if (isEmailAddress(text)) expect(normalizeEmailAddress(normal)).to.equal(normal);
      }),
      { numRuns: 3000 },
    );
  });
});
