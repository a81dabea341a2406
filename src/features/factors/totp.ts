import { createHmac, timingSafeEqual } from 'node:crypto';
import { encodeBase32, seedAlphabet } from './base32.ts';

/** The bytes of a seed: as many as SHA-1 has (RFC 4226, section 4). */
export const seedBytes = 20;

const stepSeconds = 30;
const usualDigits = 6;
/** How many steps a clock may be off, either way. */
const drift = 1;

/** The step of a time in milliseconds (RFC 6238, section 4.2). */
export const stepAt = (time: number): number => Math.floor(time / 1000 / stepSeconds);

/** The code of a step (RFC 6238, by the truncation of RFC 4226, section 5.3). */
export function codeAt(seed: Buffer, step: number, digits = usualDigits): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', seed).update(counter).digest();
  const number = mac.readUInt32BE(mac.readUInt8(mac.length - 1) & 0xf) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The latest step near a time that a code belongs to; `undefined` if there is none. Takes the same time for every code of six digits. */
export function stepOf(seed: Buffer, code: string, time: number): number | undefined {
  const given = Buffer.from(code);
  const now = stepAt(time);
  let found: number | undefined;
  for (let step = now - drift; step <= now + drift; step += 1) {
    const expected = Buffer.from(codeAt(seed, step));
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = step;
  }
  return found;
}

/** How people type a seed that they can't scan. */
export const writeSeed = (seed: Buffer): string => encodeBase32(seed, seedAlphabet);

/** What an app scans: the address of a seed in the form that all apps read. */
export function seedUri(seed: Buffer, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const parameters = `secret=${writeSeed(seed)}&issuer=${encodeURIComponent(issuer)}`;
  return `otpauth://totp/${label}?${parameters}&algorithm=SHA1&digits=${usualDigits}&period=${stepSeconds}`;
}
