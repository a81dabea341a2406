import { domainToASCII, domainToUnicode } from 'node:url';

const maximumLength = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets
const maximumLocalLength = 64; // RFC 5321, section 4.5.3.1.1, in octets
// Normalisation makes one character of four at the most; without a bound it takes time quadratic in the length.
const maximumRawLength = 4 * maximumLength;
// A domain never gets shorter in ASCII, but a character may be two units of UTF-16 here.
const maximumFoldedLength = 2 * maximumLength;

const domain = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// An atom of RFC 5322 with the letters of RFC 6531: no space, control, private or unassigned character, and nothing that can't be seen
// (UTS 39), since the address would look like somebody else's.
const atom =
  "(?!\\p{M})(?:[a-z0-9!#$%&'*+/=?^_`{|}~\\-]|[^\\p{ASCII}\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}\\u{16FE4}\\u2800\\uFFFC\\u{1D159}])+";
const local = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
// The parser of URLs, which Node converts domains with, would end one at `/`, decode `%41` and leave out what is invisible.
const convertible =
  /^(?:[a-z0-9.-]|[^\p{ASCII}\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u{16FE4}\u2800\uFFFC\u{1D159}]|\u200c|\u200d)+$/iu;
const hyphenAtAnEnd = /^-|-$|\.-|-\./;

/**
 * The one spelling of an address: trimmed, NFKC, lower case, its domain in ASCII (UTS 46). Two addresses are the same when their
 * normalised forms are. What is too long to be an address is only trimmed.
 */
export function normalizeEmailAddress(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length > maximumRawLength) return trimmed;
  const plain = trimmed.normalize('NFKC').trim();
  const at = plain.lastIndexOf('@');
  const mailbox = plain
    .slice(0, at + 1)
    .toLowerCase()
    .normalize('NFKC');
  const host = plain.slice(at + 1);
  if (mailbox.length + host.length > maximumFoldedLength) return mailbox + host;
  return mailbox + (domainInAscii(host) ?? host);
}

/** Whether an address is one after it was normalised. */
export function isEmailAddress(text: string): boolean {
  const address = normalizeEmailAddress(text);
  if (address.length > maximumLength) return false;
  const at = address.lastIndexOf('@');
  const mailbox = address.slice(0, Math.max(at, 0));
  const host = address.slice(at + 1);
  return (
    Buffer.byteLength(mailbox) <= maximumLocalLength &&
    local.test(mailbox) &&
    domain.test(host) &&
    domainInAscii(host) === host
  );
}

/**
 * A part of an address, such as somebody searches for, as normalised addresses have it; `ofDomain` is the same with the labels of a
 * domain in ASCII. Of an international label it takes the whole.
 */
export function normalizePartOfEmailAddress(text: string): { part: string; ofDomain: string } {
  const part = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  const at = part.lastIndexOf('@');
  const labels = part.slice(at + 1).split(/[.\u3002]/);
  return { part, ofDomain: part.slice(0, at + 1) + labels.map((label) => domainInAscii(label) ?? label).join('.') };
}

/** A domain as DNS knows it, in lower case; `undefined` for what IDNA does not make one of. */
function domainInAscii(text: string): string | undefined {
  if (/^[a-z0-9.-]*$/i.test(text) && !/xn--/i.test(text)) return text.toLowerCase();
  if (!convertible.test(text)) return undefined;
  const ascii = domainToASCII(text);
  const unicode = domainToUnicode(ascii);
  // Some A-labels are none: `xn--ab-` would read as `ab`.
  return ascii !== '' && domainToASCII(unicode) === ascii && !hyphenAtAnEnd.test(unicode) ? ascii : undefined;
}
