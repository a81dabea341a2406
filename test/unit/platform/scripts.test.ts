import { expect } from 'chai';
import { normalizeEmailAddress } from '../../../src/platform/formats/email-address.ts';
import { isAddressOfOneScript, isNameOfOneScript } from '../../../src/platform/formats/scripts.ts';

describe('the scripts of an address', () => {
  const good: [string, string][] = [
    ['only Latin letters', 'vera.stone+news@example.com'],
    ['accents, however they are typed', 'zoe\u0301.müller@example.com'],
    ['only Cyrillic letters', 'вера@example.com'],
    ['another script in each part', 'вера@παράδειγμα.example'],
    ['kanji, kana and Latin letters', 'vera山田やまだヤマダー@example.jp'],
    ['Han, Bopomofo and Latin letters', 'vera山ㄅ@example.tw'],
    ['Han, Hangul and Latin letters', 'vera山김@example.kr'],
    ['digits beside any letters', 'вера2026@example.com'],
    ['a script of limited use', 'ᏣᎳᎩ@example.com'],
    ['a middle dot between Latin letters', 'col·lega@example.cat'],
  ];
  for (const [what, email] of good) {
    it(`may be ${what}`, () => expect(isAddressOfOneScript(normalizeEmailAddress(email))).to.equal(true));
  }

  const bad: [string, string][] = [
    ['a Cyrillic letter among Latin ones', 'ver\u0430@example.com'],
    ['a Greek letter among Latin ones', 'ver\u03b1@example.com'],
    ['a Cyrillic letter in a label of the domain', 'vera@ex\u0430mple.com'],
    ['the same label in ASCII', normalizeEmailAddress('vera@ex\u0430mple.com')],
    ['a Latin letter among Cherokee ones', 'ᏣaᎩ@example.com'],
    ['Arabic digits among Latin letters', 'vera\u0661@example.com'],
    ['Devanagari and Latin letters', 'vera\u0905@example.com'],
    ['kana and Hangul', 'やま김@example.com'],
  ];
  for (const [what, email] of bad) {
    it(`must not be ${what}`, () => expect(isAddressOfOneScript(normalizeEmailAddress(email))).to.equal(false));
  }
});

describe('the scripts of a name', () => {
  const good = [
    'Vera Stone',
    'Вера Stone',
    'Vera (Вера)',
    'Anne-Мария',
    '山田 太郎 Taro',
    'محمد\u200cی',
    "O'Brien",
    'נועה',
  ];
  for (const name of good) {
    it(`may be those of ${name}`, () => expect(isNameOfOneScript(name)).to.equal(true));
  }

  const bad: [string, string][] = [
    ['Cyrillic among Latin letters', 'Ver\u0430 Stone'],
    ['Greek among Latin letters', 'Vera St\u03bfne'],
    ['Latin after an apostrophe in a Cyrillic word', "О'Брайеn"],
    ['a Latin letter around a joiner', 'محمد\u200ca'],
  ];
  for (const [what, name] of bad) {
    it(`must not be ${what}`, () => expect(isNameOfOneScript(name)).to.equal(false));
  }
});
