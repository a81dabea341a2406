import { expect } from 'chai';
import fc from 'fast-check';
import { normalizeFullName } from '../../../src/platform/formats/full-name.ts';
import { contract } from '../../support/contract.ts';
import { isFullName } from '../../support/full-names.ts';

const letters = 'Ada';

describe('full name', () => {
  for (const [what, text, normal] of [
    ['spaces around it', '  Ada Lovelace \u3000', 'Ada Lovelace'],
    ['decomposed letters', 'Zoe\u0308', 'Zo\u00eb'],
    ['a decomposed syllable', '\u1112\u1161\u11ab', '\ud55c'],
    ['spaces inside', 'Ada  King', 'Ada  King'],
    ['a joiner that Persian needs', 'علی\u200cرضا', 'علی\u200cرضا'],
    ['a joiner that Sinhala needs', 'ශ්\u200dරී', 'ශ්\u200dරී'],
    ['a variant of a Japanese letter', '葛\u{e0100}城', '葛\u{e0100}城'],
    ['a mark before its letter', '\u0301Ada', '\u0301Ada'],
    ['a picture', 'Ada ❤\ufe0f', 'Ada ❤\ufe0f'],
    ['letters beyond U+FFFF', '𠮷野', '𠮷野'],
    ['a dash and an apostrophe as printers set them', 'D\u2019Arcy\u2010King', 'D\u2019Arcy\u2010King'],
    ['100 letters in parts', 'e\u0301'.repeat(100), '\u00e9'.repeat(100)],
  ] as const) {
    it(`allows ${what}`, () => {
      expect(normalizeFullName(text)).to.equal(normal);
      expect(isFullName(text)).to.equal(true);
    });
  }

  const unseen = [
    '\u200b',
    '\u3164',
    '\u2800',
    '\u200d',
    '\ufe0f',
    '\u{e0100}',
    '\u00ad',
    '\ufeff',
    '\u{e0020}',
    ' ',
    '\u00a0',
    '\u115f',
    '\ufffc',
    '\u{1d159}',
    '\u{16fe4}',
    '\u{13430}',
    '\u0301',
    '\u093f',
    '\u20e3',
  ];
  for (const sign of unseen) {
    it(`rejects U+${codeOf(sign)} alone`, () => {
      expect(isFullName(sign)).to.equal(false);
      expect(isFullName(` ${sign}${sign} `)).to.equal(false);
    });
  }

  const everywhere = [
    ...['\u0000', '\t', '\n', '\r', '\u001f', '\u007f', '\u0080', '\u0085', '\u009f', '\u2028', '\u2029'],
    ...['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'],
    ...[
      '\u00ad',
      '\u034f',
      '\u115f',
      '\u1160',
      '\u17b4',
      '\u180e',
      '\u200b',
      '\u2060',
      '\u2064',
      '\u206f',
      '\u3164',
      '\ufeff',
      '\uffa0',
    ],
    ...['\ufff9', '\ufffc', '\ufffe', '\uffff', '\u{1bca0}', '\u{1d173}', '\u{e0001}', '\u{e007f}', '\u{e0fff}'],
  ];
  for (const sign of everywhere) {
    it(`rejects U+${codeOf(sign)} before, inside or after a name`, () => {
      for (const name of [sign + letters, `Ad${sign}a`, letters + sign]) expect(isFullName(name), name).to.equal(false);
    });
  }

  it('rejects every default-ignorable character but joiners and variation selectors', () => {
    const isKept = (code: number) =>
      [0x200c, 0x200d, 0x180f].includes(code) ||
      [
        [0x180b, 0x180d],
        [0xfe00, 0xfe0f],
        [0xe0100, 0xe01ef],
      ].some(([first = 0, last = 0]) => code >= first && code <= last);
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const sign = String.fromCodePoint(code);
      if (!/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Zl}\p{Zp}]/u.test(sign) || isKept(code)) continue;
      if (isFullName(`Ad${sign}a`)) expect.fail(`U+${codeOf(sign)} is taken`);
    }
  });

  it('has at most 100 characters after composition', () => {
    expect(isFullName('a'.repeat(101))).to.equal(false);
    expect(isFullName('\u{1d160}'.repeat(33)), '99 in parts').to.equal(true);
    expect(isFullName('\u{1d160}'.repeat(34)), '102 in parts').to.equal(false);
    expect(isFullName('\u{20bb7}'.repeat(100))).to.equal(true);
  });

  it("matches the contract's pattern up to U+FFFF, with and without its combining marks", () => {
    const { pattern } = contract.components['schemas']!['FullName'] as { pattern: string };
    for (const flag of ['', 'u']) {
      const written = new RegExp(pattern, flag);
      const matches = (name: string) => written.test(name) && written.test(name.replaceAll(/\p{M}/gu, ''));
      for (let code = 0; code <= 0xffff; code += 1) {
        if (code >= 0xd800 && code <= 0xdfff) continue;
        const sign = String.fromCharCode(code);
        for (const name of [sign, `A${sign}a`].filter((text) => normalizeFullName(text) === text)) {
          expect(matches(name), `U+${codeOf(sign)}`).to.equal(isFullName(name));
        }
      }
      const name = fc.string({
        unit: fc.integer({ min: 0, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
        minLength: 1,
      });
      fc.assert(
        fc.property(
          name,
          (text) =>
            isFullName(text) === matches(normalizeFullName(text)) || Array.from(normalizeFullName(text)).length > 100,
        ),
      );
    }
  });
});

function codeOf(sign: string): string {
  return sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}
