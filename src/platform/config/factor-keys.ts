import { createSecretKey, type KeyObject } from 'node:crypto';
import { commaSeparated, type EnvironmentReader } from './env.ts';

const variable = 'FACTOR_KEYS';
const keyBytes = 32;

/** Reads the keys that the seeds of authenticator apps are encrypted under, the newest first; there may be none. */
export function readFactorKeys(env: EnvironmentReader): readonly KeyObject[] {
  const given = commaSeparated(env.secret(variable) ?? '');
  return given.flatMap((text, index) => {
    const bytes = Buffer.from(text, 'base64');
    const isKey = /^[A-Za-z0-9+/]+=*$/.test(text) && bytes.length === keyBytes;
    if (isKey) return [createSecretKey(bytes)];
    const which = given.length > 1 ? ` (number ${index + 1})` : '';
    env.refuse(variable, `is not ${keyBytes} bytes in base64${which}`, 'generate one with: openssl rand -base64 32');
    return [];
  });
}
