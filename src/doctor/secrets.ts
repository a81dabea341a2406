import type { Secrets } from '../platform/config/secrets.ts';
import { ok, warn, type Finding } from '../platform/findings.ts';

/** Whether the secrets are safe, beyond what the configuration refuses (short or guessable ones). */
export function checkSecrets({ jwtSecrets, databaseUrl, adminPassword }: Secrets): Finding[] {
  const findings: Finding[] = [];
  if (jwtSecrets.length > 0) findings.push(checkSigning(jwtSecrets));
  if (databaseUrl !== undefined) findings.push(checkDatabasePassword(new URL(databaseUrl)));
  if (adminPassword !== undefined) {
    const remedy = 'take ADMIN_EMAIL and ADMIN_PASSWORD out when the administrator is there';
    findings.push(warn('secrets', 'ADMIN_PASSWORD stays in the environment of every process', remedy));
  }
  return findings;
}

function checkSigning(secrets: readonly string[]): Finding {
  if (new Set(secrets).size < secrets.length) {
    return warn(
      'secrets',
      'JWT_SECRETS holds one secret twice',
      'to rotate, put a new one behind the old one, and before it when every server knows both',
    );
  }
  if (secrets.length > 2) {
    const remedy = 'take out those that signed nothing in the last ACCESS_TOKEN_TTL_SECONDS';
    return warn('secrets', `${secrets.length} secrets verify access tokens`, remedy);
  }
  const [, old] = secrets;
  return ok('secrets', old === undefined ? 'one secret signs access tokens' : 'the first secret signs, both verify');
}

const usualPasswords = /^(|postgres|latchkey|password|secret|admin|root|test|changeme)$/i;

function checkDatabasePassword(url: URL): Finding {
  const password = url.searchParams.get('password') ?? url.password;
  if (usualPasswords.test(password) || password === url.username) {
    const remedy = 'give the role a made one: alter role … password …, from openssl rand -hex 24';
    return warn('secrets', 'the password in DATABASE_URL is missing or guessable', remedy);
  }
  return ok('secrets', 'the password in DATABASE_URL is not a common one');
}
