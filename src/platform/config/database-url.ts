import { createSecureContext, type SecureContextOptions } from 'node:tls';
import pg from 'pg';
import type { EnvironmentReader } from './env.ts';
import { hasUnescapedCredentials, percentEncoding } from './url-credentials.ts';

const name = 'DATABASE_URL';
const remedy = 'give a URL such as postgres://user:password@host:5432/latchkey';
const tlsModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

// The parameters of a URL that the driver supports; libpq supports more.
const parameters = new Set([
  ...['host', 'port', 'user', 'password', 'options', 'application_name', 'fallback_application_name'],
  ...['ssl', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation', 'client_encoding', 'replication'],
  ...['uselibpqcompat', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'query_timeout'],
]);

/** The database's URL for the driver; `undefined` means the embedded PostgreSQL. Problems never quote it, as it may contain a password. */
export function readDatabaseUrl(env: EnvironmentReader, production: boolean): string | undefined {
  const text = env.secret(name);
  if (text === undefined) {
    if (production) env.refuse(name, 'is missing', remedy);
    return undefined;
  }
  if (!/^postgres(ql)?:\/\//.test(text)) {
    env.refuse(name, 'is not a postgres:// URL', remedy);
    return text;
  }
  // A URL without a host means localhost or the socket in `?host=`; only the driver accepts a user without a host.
  const url = makeVerificationExplicit(env, text.replace(/^([^/]+\/\/[^/?#]*@)(?=[/?]|$)/, '$1localhost'));
  const [wrong, help = remedy] = findProblem(url) ?? [];
  if (wrong) env.refuse(name, wrong, help);
  else warnOfUnread(env, new URL(url));
  return url;
}

// In these modes the driver verifies the certificate, unlike libpq; a later version of the driver will not.
function makeVerificationExplicit(env: EnvironmentReader, url: string): string {
  const [, before, mode] = /^(.*[?&]sslmode=)(prefer|require|verify-ca)(?=&|$)/.exec(url) ?? [];
  if (before === undefined || /[?&]uselibpqcompat=true(?=&|$)/.test(url)) return url;
  const help = 'write sslmode=verify-full, or no-verify to trust any server';
  env.warn(name, `says sslmode=${mode}, but the certificate is verified all the same`, help);
  return `${before}verify-full${url.slice(`${before}${mode}`.length)}`;
}

function warnOfUnread(env: EnvironmentReader, url: URL): void {
  const unread = [...url.searchParams.keys()].filter((key) => !parameters.has(key));
  if (unread.length > 0) env.warn(name, `says ${unread.join(', ')}, which the driver does not support`, 'remove it');
  const shell = env.set(/^PG(HOST|HOSTADDR|PORT|USER|PASSWORD|DATABASE|OPTIONS|SSL[A-Z]+|APPNAME|CLIENTENCODING)$/);
  if (shell.length > 0) {
    env.warn(shell.join(', '), `${shell.length === 1 ? 'is' : 'are'} not read`, `only ${name} says how to connect`);
  }
}

/** What is wrong with the URL, and the remedy if it is not simply another URL. */
function findProblem(text: string): [string, string?] | undefined {
  if (hasUnescapedCredentials(text))
    return ['contains a special character that ends the user or the password', percentEncoding];
  if (/^[^/]+\/\/(?:[^/?#]*@)?[^/?#@]*,|[?&]host=[^&]*(?:,|%2c)/i.test(text)) {
    return [
      'names several hosts, but the driver supports one',
      'name the primary, or a DNS name or proxy that follows it',
    ];
  }
  if (!URL.canParse(text)) return ['is not a postgres:// URL'];
  const { searchParams } = new URL(text);
  const mode = searchParams.get('sslmode');
  if (mode !== null && !tlsModes.includes(mode)) return [`says sslmode=${mode}`, `use one of ${tlsModes.join(', ')}`];
  if (!/^\d{0,5}$/.test(searchParams.get('port') ?? '')) return ['has a port that is not a number'];
  return tryDriver(text);
}

// The driver parses the URL and reads the certificates that it names before it connects.
function tryDriver(connectionString: string): [string, string?] | undefined {
  try {
    const { ssl } = new pg.Client({ connectionString }) as unknown as { ssl: boolean | SecureContextOptions };
    if (typeof ssl !== 'object') return undefined;
    createSecureContext(ssl);
    // Node.js ignores a file that contains none.
    if (ssl.ca === undefined || /-----BEGIN [A-Z ]*CERTIFICATE-----/.test(String(ssl.ca))) return undefined;
    return ['names a sslrootcert without a certificate', "give the authority's certificate in PEM"];
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (error instanceof URIError) return ['contains a % that encodes nothing', percentEncoding];
    const help =
      'check sslrootcert, sslcert and sslkey; without sslrootcert, the authorities that Node.js trusts are used';
    if (code && path) return [`names ${path}, which can't be read (${code})`, help];
    // It names a folder, or a file without a certificate or key.
    if (code) return [`can't be used (${message})`, help];
    return [`can't be used (${message})`];
  }
}
