import { createHash, randomBytes } from 'node:crypto';
import { encodeBase32, recoveryAlphabet } from './base32.ts';

export const recoveryCodeCount = 10;

// A code of at least 112 bits may be stored as a plain SHA-256 (ASVS 6.5.2); these fill six groups of four characters.
const codeBytes = 15;

/** Ten recovery codes of 120 random bits each, such as `4T8K-9MZQ-…`. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => {
    const characters = encodeBase32(randomBytes(codeBytes), recoveryAlphabet);
    return (characters.match(/.{4}/g) ?? []).join('-');
  });
}

/** What is stored of a code. It may be typed in lower case, with or without separators, and with O for 0 and I or L for 1. */
export function hashRecoveryCode(typed: string): Buffer {
  const code = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return createHash('sha256').update(code).digest();
}
