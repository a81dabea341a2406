/** Environments for the configuration's tests, and what is wrong with one. */
import { tmpdir } from 'node:os';
import { loadConfig } from '../../../src/platform/config/config.ts';
import { ConfigurationError } from '../../../src/platform/config/env.ts';

export const secret = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';

export type Variables = Record<string, string>;

/** What nothing is wrong with, in a test and in production. */
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

/** What is wrong with the environment, a line a problem. */
export function problems(variables: Variables): readonly string[] {
  try {
    loadConfig(variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}
