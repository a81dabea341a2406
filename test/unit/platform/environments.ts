/** Environments for tests of the configuration. */
import { tmpdir } from 'node:os';
import { loadConfig } from '../../../src/platform/config/config.ts';
import { ConfigurationError } from '../../../src/platform/config/env.ts';

export const secret = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';

export type Variables = Record<string, string>;

/** Valid environments, for tests and for production. */
export const usual: Variables = {
  NODE_ENV: 'test',
  DATA_DIR: tmpdir(),
  DATABASE_URL: 'postgres://latchkey:secret@db:5432/latchkey',
  JWT_SECRETS: secret,
};
export const production: Variables = {
  ...usual,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://accounts.example.com',
  SMTP_URL: 'off',
};

/** The problems of an environment, one per line. */
export function problems(variables: Variables): readonly string[] {
  try {
    loadConfig(variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}
