import { createSecureContext, type SecureContextOptions } from 'node:tls';
import pg from 'pg';
import type { EnvironmentReader } from './env.ts';
import { holdsUnencoded, percentEncoding } from './url-credentials.ts';

const name = 'DATABASE_URL';
const remedy = 'give a URL such as postgres://user:password@host:5432/latchkey';
const tlsModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

// What the driver reads of a URL; libpq reads more.
const parameters = new Set([
  ...['host', 'port', 'user', 'password', 'options', 'application_name', 'fallback_application_name'],
  ...['ssl', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation', 'client_encoding', 'replication'],
  ...['uselibpqcompat', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'query_timeout'],
]);

/** The URL of the database as the driver takes it; `undefined` is the embedded PostgreSQL. It may hold a password: no problem quotes it. */
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
  // Without a host, the driver's usual one, or the socket of `?host=`; only the driver takes a user without a host.
  const url = sayWhatIsChecked(env, text.replace(/^([^/]+\/\/[^/?#]*@)(?=[/?]|$)/, '$1localhost'));
  const [wrong, help = remedy] = whatIsWrong(url) ?? [];
  if (wrong) env.refuse(name, wrong, help);
  else warnOfUnread(env, new URL(url));
  return url;
}

// The driver checks the certificate in these modes, unlike libpq; a later one will not.
function sayWhatIsChecked(env: EnvironmentReader, url: string): string {
  const [, before, mode] = /^(.*[?&]sslmode=)(prefer|require|verify-ca)(?=&|$)/.exec(url) ?? [];
  if (before === undefined || /[?&]uselibpqcompat=true(?=&|$)/.test(url)) return url;
  const help = 'write sslmode=verify-full, or no-verify to believe whoever answers';
  env.warn(name, `says sslmode=${mode}, and the certificate is checked all the same`, help);
  return `${before}verify-full${url.slice(`${before}${mode}`.length)}`;
}

function warnOfUnread(env: EnvironmentReader, url: URL): void {
  const unread = [...url.searchParams.keys()].filter((key) => !parameters.has(key));
  if (unread.length > 0) env.warn(name, `says ${unread.join(', ')}, which the driver does not know`, 'take it out');
  const shell = env.set(/^PG(HOST|HOSTADDR|PORT|USER|PASSWORD|DATABASE|OPTIONS|SSL[A-Z]+|APPNAME|CLIENTENCODING)$/);
  if (shell.length > 0) {
    env.warn(shell.join(', '), `${shell.length === 1 ? 'is' : 'are'} not read`, `${name} alone says how to connect`);
  }
}

/** What is wrong with the URL, and what would do, where that is not another URL. */
function whatIsWrong(text: string): [string, string?] | undefined {
  if (holdsUnencoded(text)) return ['holds a special character that ends the password or the user', percentEncoding];
  if (/^[^/]+\/\/(?:[^/?#]*@)?[^/?#@]*,|[?&]host=[^&]*(?:,|%2c)/i.test(text)) {
    return ['names several hosts, and the driver takes one', 'name the primary, or a name or a proxy that follows it'];
  }
  if (!URL.canParse(text)) return ['is not a postgres:// URL'];
  const { searchParams } = new URL(text);
  const mode = searchParams.get('sslmode');
  if (mode !== null && !tlsModes.includes(mode)) return [`says sslmode=${mode}`, `use one of ${tlsModes.join(', ')}`];
  if (!/^\d{0,5}$/.test(searchParams.get('port') ?? '')) return ['has a port that is no number'];
  return whatTheDriverSays(text);
}

// It reads the URL, and the certificates that it names, before it connects.
function whatTheDriverSays(connectionString: string): [string, string?] | undefined {
  try {
    const { ssl } = new pg.Client({ connectionString }) as unknown as { ssl: boolean | SecureContextOptions };
    if (typeof ssl !== 'object') return undefined;
    createSecureContext(ssl);
    // Node.js passes over a file without any.
    if (ssl.ca === undefined || /-----BEGIN [A-Z ]*CERTIFICATE-----/.test(String(ssl.ca))) return undefined;
    return ['names a sslrootcert without a certificate', 'give the file of the authority, in PEM'];
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (error instanceof URIError) return ['holds a % that encodes nothing', percentEncoding];
    const help = 'check sslrootcert, sslcert and sslkey; without sslrootcert the authorities that Node.js trusts count';
    if (code && path) return [`names ${path}, which can't be read (${code})`, help];
    // What it names is a folder, or holds no certificate or key.
    if (code) return [`can't be used (${message})`, help];
    return [`can't be used (${message})`];
  }
}
