import type { Config } from '../platform/config/config.ts';
import { fail, ok, warn, type Finding } from '../platform/findings.ts';

/** Whether CORS_ORIGINS lists only production origins. */
export function checkOrigins(origins: readonly string[]): Finding {
  const local = origins.filter((origin) => isThisMachine(new URL(origin).hostname));
  const plain = origins.filter((origin) => origin.startsWith('http:') && !local.includes(origin));
  if (plain.length > 0) {
    const reason = `${plain.join(', ')} in CORS_ORIGINS has no TLS, so that anybody on the network path can change its pages`;
    return fail('origins', reason, 'serve it over https://, or remove it');
  }
  if (local.length > 0) {
    const reason = `${local.join(', ')} in CORS_ORIGINS lets any page on a visitor's own machine call the API`;
    return warn('origins', reason, "remove developers' origins");
  }
  return ok(
    'origins',
    `${origins.length > 0 ? `pages of ${origins.join(', ')}` : 'no page of another origin'} may call`,
  );
}

/** Whether clients connect with TLS. */
export function checkPublicUrl(publicUrl: string): Finding {
  const remedy = 'set PUBLIC_URL to the address that clients use, such as https://accounts.example.com';
  if (isThisMachine(new URL(publicUrl).hostname)) {
    return fail('tls', `clients use ${publicUrl}, which is each client's own machine`, remedy);
  }
  if (publicUrl.startsWith('https://')) return ok('tls', `clients use ${publicUrl}`);
  return fail('tls', `clients use ${publicUrl}, without TLS`, remedy);
}

/** Whether clients' addresses are known behind the proxy that terminates TLS. */
export function checkProxy(trustProxy: Config['trustProxy'], publicUrl: string): Finding {
  if (trustProxy === false) {
    if (!publicUrl.startsWith('https://')) return ok('proxy', 'no proxy is trusted');
    const reason = 'a proxy terminates TLS but none is trusted, so all clients share its address and its limits';
    return fail('proxy', reason, 'set TRUST_PROXY to the number of proxies in front, or to their networks');
  }
  if (typeof trustProxy === 'number') {
    return ok('proxy', trustProxy === 1 ? 'one proxy is trusted' : `${trustProxy} proxies are trusted`);
  }
  return ok('proxy', `proxies in ${trustProxy.join(', ')} are trusted`);
}

/** Whether queries are encrypted and the server is verified. The modes are the driver's, see pg-connection-string. */
export function checkDatabaseTls(databaseUrl: string): Finding {
  const url = new URL(databaseUrl);
  const host = url.searchParams.get('host') ?? decodeHost(url.hostname);
  if (host === '' || host.startsWith('/') || isThisMachine(host)) return ok('tls', 'queries stay on this machine');
  const remedy = 'add sslmode=verify-full to DATABASE_URL, and sslrootcert=/path/to/ca.pem for your own authority';
  switch (tlsMode(url.searchParams)) {
    case 'verify-full':
      return ok('tls', `queries to ${host} are encrypted, and its certificate is checked`);
    case 'no-verify':
      return warn('tls', `queries to ${host} are encrypted, but any server that answers is trusted`, remedy);
    case 'disable':
      break;
    default:
      return warn('tls', "what sslmode in DATABASE_URL checks depends on the driver's release", remedy);
  }
  const reason = `queries to ${host} are not encrypted`;
  if (!isContainerName(host)) return fail('tls', reason, remedy);
  if (url.searchParams.get('sslmode') === 'disable') {
    return ok('tls', `queries to ${host} stay in a network of containers, unencrypted as sslmode=disable says`);
  }
  return warn(
    'tls',
    `${reason}, which is right in a network of containers on one host only`,
    `${remedy}; on one host, sslmode=disable confirms that`,
  );
}

function tlsMode(parameters: URLSearchParams): string {
  const asked = /^(true|1)$/.test(parameters.get('ssl') ?? '') || parameters.has('sslrootcert');
  return parameters.get('sslmode') ?? (asked ? 'verify-full' : 'disable');
}

/** Whether counts are encrypted. They contain client addresses and hashes of e-mail addresses, but no secrets. */
export function checkRedisTls(redisUrl: string): Finding {
  const { protocol, hostname } = new URL(redisUrl);
  if (protocol === 'rediss:') return ok('tls', `counts to ${hostname} are encrypted`);
  if (isThisMachine(hostname)) return ok('tls', 'counts stay on this machine');
  if (isContainerName(hostname)) return ok('tls', `counts to ${hostname} stay in a network of containers`);
  return warn('tls', `counts to ${hostname} are not encrypted`, 'use a rediss:// URL in REDIS_URL');
}

function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[?::1?\]?|.*\.localhost)$/.test(host);
}

// A name without a dot resolves only in a container network.
function isContainerName(host: string): boolean {
  return /^[a-z0-9_-]+$/i.test(host);
}

// The host may be a socket's directory, such as %2Fvar%2Frun.
function decodeHost(host: string): string {
  return /^%2f/i.test(host) ? decodeURIComponent(host) : host;
}
