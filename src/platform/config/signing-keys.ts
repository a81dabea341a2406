import path from 'node:path';
import { generateSigningKey, parseSigningKeys, SigningKeysError, type KeyPair } from '../signing-keys.ts';
import type { EnvironmentReader } from './env.ts';
import { readKeptFile } from './kept-file.ts';

const variable = 'JWT_SIGNING_KEYS';
const keptName = 'signing-keys.pem';

/** Where development keeps its signing keys. */
export function keptSigningKeys(dataDirectory: string): string {
  return path.join(dataDirectory, keptName);
}

/** Reads JWT_SIGNING_KEYS or, without it, the keys kept in a directory, if one is given; the first key there is created. */
export function readSigningKeys(env: EnvironmentReader, keptIn: string | undefined): readonly KeyPair[] {
  const given = env.secret(variable);
  if (given !== undefined) return parse(given, (problem, remedy) => env.refuse(variable, problem, remedy));
  if (keptIn === undefined) return [];
  const file = { directory: keptIn, name: keptName, make: () => generateSigningKey('ES256') };
  const kept = readKeptFile(env, file);
  return parse(kept ?? '', (problem, remedy) => {
    env.refuse('DATA_DIR', `contains a ${keptName} that ${problem}`, `${remedy}, or remove that file`);
  });
}

function parse(text: string, refuse: (problem: string, remedy: string) => void): readonly KeyPair[] {
  try {
    return parseSigningKeys(text);
  } catch (error) {
    if (!(error instanceof SigningKeysError)) throw error;
    refuse(error.message, error.remedy);
    return [];
  }
}
