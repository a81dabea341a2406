import { randomBytes } from 'node:crypto';
import { loadConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';

/** The environment of a command that a person runs; what is hardly meant as it is, is said on standard error. */
export function loadEnvironment(): ReturnType<typeof loadConfig> {
  const environment = processEnvironment();
  // Such a command signs nothing: no secret is made for it and kept, perhaps where no server ever looks.
  const { NODE_ENV, JWT_SECRETS, JWT_SECRETS_FILE } = environment;
  const isGiven = NODE_ENV === 'production' || [JWT_SECRETS, JWT_SECRETS_FILE].some(Boolean);
  const ofNobody = { JWT_SECRETS: randomBytes(48).toString('base64url') };
  const loaded = loadConfig(isGiven ? environment : { ...environment, ...ofNobody });
  for (const warning of loaded.warnings) process.stderr.write(`latchkey: ${warning}\n`);
  return loaded;
}
