import { randomBytes } from 'node:crypto';
import { loadConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';

/** The configuration of a command that a person runs; warnings go to standard error. */
export function loadEnvironment(): ReturnType<typeof loadConfig> {
  const environment = processEnvironment();
  // Such a command signs nothing, so no secret is created for it, perhaps where no server will ever look.
  const { NODE_ENV, JWT_SECRETS, JWT_SECRETS_FILE } = environment;
  const isGiven = NODE_ENV === 'production' || [JWT_SECRETS, JWT_SECRETS_FILE].some(Boolean);
  const unusedSecret = { JWT_SECRETS: randomBytes(48).toString('base64url') };
  const loaded = loadConfig(isGiven ? environment : { ...environment, ...unusedSecret });
  for (const warning of loaded.warnings) process.stderr.write(`latchkey: ${warning}\n`);
  return loaded;
}
