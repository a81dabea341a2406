import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { loadConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';
import { developmentSecretIn } from '../platform/config/secrets.ts';

/** The configuration of a command that a person runs. */
export interface CommandEnvironment extends ReturnType<typeof loadConfig> {
  /** Whether JWT_SECRETS are the server's; otherwise they are made up. */
  readonly hasSecrets: boolean;
}

/** Reads the configuration of a command that a person runs; warnings go to standard error. */
export function loadEnvironment(): CommandEnvironment {
  const environment = processEnvironment();
  const hasSecrets = areSecretsGiven(environment);
  // Few commands need a secret, so none is created for them, perhaps where no server will ever look.
  const madeUp = { JWT_SECRETS: randomBytes(48).toString('base64url') };
  const loaded = loadConfig(hasSecrets ? environment : { ...environment, ...madeUp });
  for (const warning of loaded.warnings) process.stderr.write(`latchkey: ${warning}\n`);
  return { ...loaded, hasSecrets };
}

function areSecretsGiven({ NODE_ENV, JWT_SECRETS, JWT_SECRETS_FILE, DATA_DIR = '' }: NodeJS.ProcessEnv): boolean {
  if (NODE_ENV === 'production' || [JWT_SECRETS, JWT_SECRETS_FILE].some(Boolean)) return true;
  try {
    accessSync(developmentSecretIn(DATA_DIR === '' ? '.data' : DATA_DIR), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
