import { domainToUnicode } from 'node:url';

// What is longer is no address (RFC 5321), and Node would take quadratic time to read its domain.
const maximumAddressLength = 254;

// The scripts in modern use (UAX 31, table 5); which characters are theirs is what Unicode says in Node.
const recommended = [
  ...[
    'Arabic',
    'Armenian',
    'Bengali',
    'Bopomofo',
    'Cyrillic',
    'Devanagari',
    'Ethiopic',
    'Georgian',
    'Greek',
    'Gujarati',
  ],
  ...['Gurmukhi', 'Han', 'Hangul', 'Hebrew', 'Hiragana', 'Kannada', 'Katakana', 'Khmer', 'Lao', 'Latin', 'Malayalam'],
  ...['Myanmar', 'Oriya', 'Sinhala', 'Tamil', 'Telugu', 'Thaana', 'Thai', 'Tibetan'],
];
// Chinese, Japanese and Korean are written in several, with Latin letters between them.
const writtenTogether = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

const lettersOf = (scripts: readonly string[]) => scripts.map((script) => `\\p{scx=${script}}`).join('');
const ofEveryScript = lettersOf(['Common', 'Inherited']);

const allowed = [
  ...[...recommended.map((script) => [script]), ...writtenTogether].map(
    (scripts) => `[${ofEveryScript}${lettersOf(scripts)}]*`,
  ),
  // Those in limited or historic use are not distinguished from each other, only from the ones above.
  `(?:[${ofEveryScript}]|[^${lettersOf(recommended)}])*`,
];
const together = new RegExp(`^(?:${allowed.join('|')})$`, 'u');
const word = /[\p{L}\p{M}\p{Join_Control}'’]+/gu;

/**
 * Whether the local part and each label of the domain of a normalised address are in one script, or in several that people write
 * together ("highly restrictive" in UTS 39, section 5.2): letters of others look alike, such as Cyrillic and Latin `a`.
 */
export function isAddressOfOneScript(address: string): boolean {
  if (address.length > maximumAddressLength) return false;
  const at = address.lastIndexOf('@');
  const labels = domainToUnicode(address.slice(at + 1)).split('.');
  return [address.slice(0, Math.max(at, 0)), ...labels].every((part) => together.test(part));
}

/** Whether each word of a name is in one script or in several that people write together. Different words may be in different ones. */
export function isNameOfOneScript(name: string): boolean {
  return (name.match(word) ?? []).every((part) => together.test(part));
}
