import { domainToASCII, domainToUnicode } from 'node:url';

const maximumLength = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets
const maximumLocalLength = 64; // RFC 5321, section 4.5.3.1.1, in octets
// Normalization turns at most four characters into one; without a bound it takes time quadratic in the length.
const maximumRawLength = 4 * maximumLength;
// A domain never gets shorter in ASCII, but a character may be two UTF-16 units here.
const maximumFoldedLength = 2 * maximumLength;

const domain = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// An atom of RFC 5322 with the letters of RFC 6531: no space, control, private or unassigned character, and nothing invisible (UTS 39),
// which would make an address look like somebody else's.
const atom =
  "(?!\\p{M})(?:[a-z0-9!#$%&'*+/=?^_`{|}~\\-]|[^\\p{ASCII}\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}\\u{16FE4}\\u2800\\uFFFC\\u{1D159}])+";
const local = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
// Node converts domains with its URL parser, which would cut them at `/`, decode `%41` and drop invisible characters.
const convertible =
  /^(?:[a-z0-9.-]|[^\p{ASCII}\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u{16FE4}\u2800\uFFFC\u{1D159}]|\u200c|\u200d)+$/iu;
const hyphenAtAnEnd = /^-|-$|\.-|-\./;
const aLabel = /(?:^|\.)xn--/;

/**
 * The canonical spelling of an address: trimmed, NFKC, lower case, its domain in ASCII (UTS 46). Two addresses are the same if their
 * normalised forms are. Text that is too long to be an address is only trimmed.
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

/** Whether a text is an e-mail address once normalised. */
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
 * Normalizes a part of an address, such as a search term, like whole addresses; `ofDomain` has the labels of the domain in ASCII, which
 * matches only complete international labels.
 */
export function normalizePartOfEmailAddress(text: string): { part: string; ofDomain: string } {
  const part = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  const at = part.lastIndexOf('@');
  const labels = part.slice(at + 1).split(/[.\u3002]/);
  return { part, ofDomain: part.slice(0, at + 1) + labels.map((label) => domainInAscii(label) ?? label).join('.') };
}

/** A domain in ASCII, in lower case; `undefined` if IDNA can't convert it. */
function domainInAscii(text: string): string | undefined {
  if (/^[a-z0-9.-]*$/i.test(text) && !/xn--/i.test(text)) return text.toLowerCase();
  if (!convertible.test(text)) return undefined;
  const ascii = domainToASCII(text);
  const unicode = domainToUnicode(ascii);
  // Some A-labels are invalid: `xn--ab-` would decode to `ab`, and Node 24 leaves `xn--a` as it is.
  const isValid =
    ascii !== '' && domainToASCII(unicode) === ascii && !aLabel.test(unicode) && !hyphenAtAnEnd.test(unicode);
  return isValid ? ascii : undefined;
}
