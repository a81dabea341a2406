import type { Secrets } from '../config/secrets.ts';
import { fail, ok, warn, type Finding } from './findings.ts';
import { isContainerName, isThisMachine } from './hosts.ts';

/** Whether what leaves the machine is encrypted: requests, queries, counts. */
export function checkTls(publicUrl: string, { databaseUrl, redisUrl }: Secrets): Finding[] {
  const findings = [checkPublicUrl(publicUrl)];
  if (databaseUrl !== undefined && URL.canParse(databaseUrl)) findings.push(checkDatabase(new URL(databaseUrl)));
  if (redisUrl !== undefined && URL.canParse(redisUrl)) findings.push(checkRedis(new URL(redisUrl)));
  return findings;
}

function checkPublicUrl(publicUrl: string): Finding {
  if (publicUrl.startsWith('https://')) return ok('tls', `clients come by ${publicUrl}`);
  const remedy = 'set PUBLIC_URL to the address that clients use, such as https://accounts.example.com';
  return fail('tls', `the address of clients is ${publicUrl}, without TLS`, remedy);
}

function checkDatabase(url: URL): Finding {
  const host = url.searchParams.get('host') ?? url.hostname;
  const mode = url.searchParams.get('sslmode');
  if (host === '' || host.startsWith('/') || isThisMachine(host)) {
    return ok('tls', 'queries stay on this machine');
  }
  const remedy =
    'add sslmode=verify-full to DATABASE_URL, and sslrootcert=/path/to/ca.pem for an authority of your own';
  if (mode === null || mode === 'disable') return unencrypted(`queries to ${host}`, host, remedy);
  if (mode === 'no-verify' || (url.searchParams.get('uselibpqcompat') === 'true' && mode !== 'verify-full')) {
    return warn('tls', `queries to ${host} are encrypted, yet whoever answers there is believed`, remedy);
  }
  if (mode !== 'verify-full') {
    return warn('tls', `sslmode=${mode} is verify-full for today's driver, and weaker for a later one`, remedy);
  }
  return ok('tls', `queries to ${host} are encrypted, and its certificate is checked`);
}

function checkRedis(url: URL): Finding {
  if (url.protocol === 'rediss:') return ok('tls', `counts to ${url.hostname} are encrypted`);
  if (isThisMachine(url.hostname)) return ok('tls', 'counts stay on this machine');
  const remedy = 'use a rediss:// URL';
  // Redis holds addresses of clients and hashes of accounts, and no secret.
  return warn('tls', `counts to ${url.hostname} are not encrypted`, remedy);
}

function unencrypted(what: string, host: string, remedy: string): Finding {
  if (!isContainerName(host)) return fail('tls', `${what} are not encrypted`, remedy);
  return warn('tls', `${what} are not encrypted, which is right in a network of containers on one host only`, remedy);
}
