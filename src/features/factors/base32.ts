/** RFC 4648, section 6: what authenticator apps read. */
export const seedAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Crockford's: no letter that looks like a digit. */
export const recoveryAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Encodes bytes, a multiple of five, so that there is no padding. */
export function encodeBase32(bytes: Buffer, alphabet: string): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 5) {
    const group = bytes.readUIntBE(start, 5);
    for (let place = 7; place >= 0; place -= 1) text += alphabet.charAt(Math.floor(group / 32 ** place) % 32);
  }
  return text;
}
