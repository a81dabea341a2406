// Normalisation takes time quadratic in the length.
const maxNormalizedLength = 1000;

/** The one spelling that represents all those that look alike (NIST SP 800-63B-4, section 3.1.1.2). */
export function normalize(text: string): string {
  return text.length > maxNormalizedLength ? text : text.normalize('NFKC');
}

/** The same however it was typed: in capitals, composed or not, in full width, with ligatures. */
export function fold(text: string): string {
  return normalize(normalize(text).toLowerCase());
}
