import type { Secrets } from '../platform/config/secrets.ts';
import { ok, warn, type Finding } from '../platform/findings.ts';

/** Whether the secrets are safe, beyond what the configuration refuses (short or guessable ones). */
export function checkSecrets({ jwtSecrets, factorKeys, databaseUrl, adminPassword }: Secrets): Finding[] {
  const findings: Finding[] = [];
  if (jwtSecrets.length > 0) findings.push(checkSigning(jwtSecrets));
  if (jwtSecrets.length > 0) findings.push(checkFactorKeys(factorKeys.length));
  if (databaseUrl !== undefined) findings.push(checkDatabasePassword(new URL(databaseUrl)));
  if (adminPassword !== undefined) {
    const remedy = 'remove ADMIN_EMAIL and ADMIN_PASSWORD once the administrator exists';
    findings.push(warn('secrets', 'ADMIN_PASSWORD stays in the environment of every process', remedy));
  }
  return findings;
}

function checkSigning(secrets: readonly string[]): Finding {
  if (new Set(secrets).size < secrets.length) {
    return warn(
      'secrets',
      'JWT_SECRETS contains a secret twice',
      'to rotate, append a new one; move it to the front once every server has both',
    );
  }
  if (secrets.length > 2) {
    const remedy = 'remove those that signed nothing in the last ACCESS_TOKEN_TTL_SECONDS';
    return warn('secrets', `${secrets.length} secrets verify access tokens`, remedy);
  }
  const [, old] = secrets;
  return ok('secrets', old === undefined ? 'one secret signs access tokens' : 'the first secret signs, both verify');
}

function checkFactorKeys(count: number): Finding {
  if (count > 0) return ok('secrets', 'the seeds of authenticator apps have a key of their own');
  return warn(
    'secrets',
    "the seeds of authenticator apps depend on JWT_SECRETS, which can't be replaced at one stroke then",
    'set FACTOR_KEYS; generate a key with: openssl rand -base64 32',
  );
}

const usualPasswords = /^(|postgres|latchkey|password|secret|admin|root|test|changeme)$/i;

function checkDatabasePassword(url: URL): Finding {
  const password = url.searchParams.get('password') ?? url.password;
  if (usualPasswords.test(password) || password === url.username) {
    const remedy = 'generate one with openssl rand -hex 24, and set it with: alter role … password …';
    return warn('secrets', 'the password in DATABASE_URL is missing or guessable', remedy);
  }
  return ok('secrets', 'the password in DATABASE_URL is not a common one');
}
