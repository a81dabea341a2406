import { createHash, randomBytes } from 'node:crypto';

/** A new refresh token: 256 random bits (ASVS 7.2.3), with a prefix that secret scanners can look for. */
export function createRefreshToken(): string {
  return `lkr_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token. Its entropy makes a fast hash enough (ASVS 6.5.2). */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
