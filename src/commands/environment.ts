import { loadConfig } from '../config/config.ts';
import { processEnvironment } from '../config/env.ts';

/** The environment of a command that a person runs; what is hardly meant as it is, is said on standard error. */
export function loadEnvironment(): ReturnType<typeof loadConfig> {
  const loaded = loadConfig(processEnvironment());
  for (const warning of loaded.warnings) process.stderr.write(`latchkey: ${warning}\n`);
  return loaded;
}
