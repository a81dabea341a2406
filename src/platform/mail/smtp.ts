import { isIP } from 'node:net';

// A server that takes longer is tried again later; without these bounds it would hold a place for ten minutes.
const timeouts = { dnsTimeout: 5000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/**
 * nodemailer's options for SMTP_URL. `smtps://` is TLS from the start. With `smtp://` STARTTLS is required, unless the server is this
 * machine or the URL says `?tls=optional`.
 */
export function smtpOptions(smtpUrl: string) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(smtpUrl);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = protocol === 'smtps:';
  const requireTLS = !secure && !isLoopback(host) && searchParams.get('tls') !== 'optional';
  return {
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS,
    // Where TLS is not required, a certificate that nobody signed is better than none.
    tls: { rejectUnauthorized: secure || requireTLS },
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...timeouts,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
