// Normalisation takes time quadratic in the length.
const maxNormalizedLength = 1000;

/** The normal form of all spellings that look alike (NIST SP 800-63B-4, section 3.1.1.2). */
export function normalize(text: string): string {
  return text.length > maxNormalizedLength ? text : text.normalize('NFKC');
}

/** The same however a text was typed: in capitals, composed or not, in full width, with ligatures. */
export function fold(text: string): string {
  return normalize(normalize(text).toLowerCase());
}
