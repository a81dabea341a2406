import { domainToASCII } from 'node:url';

const maximumLength = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets
const maximumLocalLength = 64; // RFC 5321, section 4.5.3.1.1, in octets

const domain = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// An atom of RFC 5322 with the letters of RFC 6531: no space, control, private or unassigned character.
const local =
  /^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]|[^\p{ASCII}\p{C}\p{Z}])+(?:\.(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]|[^\p{ASCII}\p{C}\p{Z}])+)*$/u;

/**
 * The one spelling of an address: trimmed, NFKC, lower case, its domain in ASCII (RFC 5891).
 * Two addresses are the same when their normalised forms are.
 */
export function normalizeEmailAddress(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().normalize('NFKC').trim();
  const at = folded.lastIndexOf('@');
  const host = folded.slice(at + 1);
  return /^\p{ASCII}*$/u.test(host) ? folded : folded.slice(0, at + 1) + domainToASCII(host);
}

/** Whether an address is one after it was normalised. */
export function isEmailAddress(text: string): boolean {
  const address = normalizeEmailAddress(text);
  const at = address.lastIndexOf('@');
  const mailbox = address.slice(0, Math.max(at, 0));
  return (
    address.length <= maximumLength &&
    Buffer.byteLength(mailbox) <= maximumLocalLength &&
    local.test(mailbox) &&
    domain.test(address.slice(at + 1))
  );
}
