const maximumLength = 100;
// Composing turns at most four characters into one; without a bound it takes time quadratic in the length.
const maximumRawLength = 4 * maximumLength;

// Control characters and line breaks, characters that change the text direction, and invisible ones.
const refused =
  '\\u034F\\u17B4\\u17B5\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u115F\\u1160\\u180E\\u200B\\u200E\\u200F\\u2028-\\u202E' +
  '\\u2060-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF0-\\uFFFC\\uFFFE\\uFFFF';
const refusedBeyond = '\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E00FF}\\u{E01F0}-\\u{E0FFF}';
// Persian, Indic, Mongolian and Japanese names need variation selectors and joiners beside visible letters.
const selectors = '\\u180B-\\u180D\\u180F\\uFE00-\\uFE0F';
const selectorsBeyond = '\\u{E0100}-\\u{E01EF}';
const spaces = '\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u202F\\u205F\\u3000';
// A Braille pattern without dots, a filler, a null notehead and the format controls of hieroglyphs.
const blanks = '\\u2800\\u{16FE4}\\u{1D159}\\u{13430}-\\u{1343F}';
// A combining mark is visible only on a letter.
const neverAlone = `\\p{M}${selectors}${selectorsBeyond}\\u200C\\u200D${spaces}${blanks}`;

/**
 * The whole rule, as a regular expression with the flag `u`. The contract's pattern leaves out what dialects of regular expressions
 * write differently: characters beyond U+FFFF and combining marks.
 */
export const fullNamePattern = `^(?=[${neverAlone}]*[^${neverAlone}])[^${refused}${refusedBeyond}]*$`;

const space = new RegExp(`[${spaces}]`, 'u');

/** The canonical spelling of a name: trimmed, NFC. Text that is too long to be a name is only trimmed. */
export function normalizeFullName(text: string): string {
  const trimmed = trimSpaces(text);
  return trimmed.length > maximumRawLength ? trimmed : trimSpaces(trimmed.normalize('NFC'));
}

// Not `trim`, which would also drop line breaks: those are refused.
function trimSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && space.test(text.charAt(start))) start += 1;
  while (start < end && space.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
