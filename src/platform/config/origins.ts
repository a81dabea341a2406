import { isIP } from 'node:net';
import type { EnvironmentReader } from './env.ts';

/** Where to listen: an address or name of this machine, IPv6 without brackets. */
export function readHost(env: EnvironmentReader, name: string): string {
  const fallback = '127.0.0.1';
  const text = env.text(name) ?? fallback;
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 || (/^[\w.-]+$/.test(text) && !/^[\d.]+$/.test(text) && URL.canParse(originOf(host))))
    return host;
  env.refuse(name, `is "${text}"`, 'use an address such as 127.0.0.1, ::1 or 0.0.0.0, without scheme or port');
  return fallback;
}

/** The origin of a server that listens on a host; a URL can't contain the zone of an IPv6 address. */
export function originOf(host: string, port?: number): string {
  const name = host.includes(':') ? `[${host.replace(/%.*$/, '')}]` : host;
  return port === undefined ? `http://${name}` : `http://${name}:${port}`;
}

/** A list of the origins of pages, each as a browser sends it. */
export function readOrigins(env: EnvironmentReader, name: string): string[] {
  const origins = env.list(name);
  for (const origin of origins) {
    const exact = exactOrigin(origin);
    if (exact === origin) continue;
    env.refuse(name, `contains "${origin}"`, `${remedyFor(origin)}, such as ${exact ?? exampleOrigin}`);
  }
  return origins;
}

const exampleOrigin = 'https://app.example.com';

function remedyFor(origin: string): string {
  if (origin.includes('*')) return 'list each origin: a wildcard matches none';
  return /[;\s]/.test(origin) ? 'list exact origins, separated by commas' : 'list exact origins';
}

/** An origin as a browser sends it; `undefined` if the text has none. */
export function exactOrigin(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && isHostName(url) ? url.origin : undefined;
}

// A URL's host may contain other characters, such as a wildcard or the comma before a second origin.
function isHostName({ hostname }: URL): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])$/.test(hostname);
}

/** The origin that clients use; by default, where the server listens. */
export function readPublicUrl(env: EnvironmentReader, production: boolean, fallback: string): string {
  const name = 'PUBLIC_URL';
  const text = env.text(name);
  const remedy = 'give the address that clients use, such as https://accounts.example.com';
  if (text === undefined) return fallback;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text) || !isHostName(url)) {
    env.refuse(name, `is "${text}"`, remedy);
    return fallback;
  }
  if (url.username || url.password) env.refuse(name, 'contains a user or a password', 'remove it: the URL is public');
  else if (/[?#]/.test(text)) env.refuse(name, 'has a query or a fragment', `write ${url.origin}`);
  else if (!/^\/*$/.test(url.pathname)) {
    const ownHost = `give Latchkey a host name of its own and write it without a path, such as ${url.origin}`;
    env.refuse(name, `has the path ${url.pathname}, but the API is served from /`, ownHost);
  } else if (production && url.protocol !== 'https:') env.refuse(name, 'is not https', remedy);
  return url.origin;
}

// So that a link with its page and secret stays below 200 characters, which mail clients don't wrap.
const maxLinksUrlLength = 100;

/** Where the pages are that mails link to, without a slash at its end. */
export function readLinksUrl(env: EnvironmentReader, production: boolean, fallback: string): string {
  const name = 'LINKS_URL';
  const text = env.text(name);
  const remedy = 'give the address of your pages, such as https://app.example.com/account';
  if (text === undefined) return fallback;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text) || !isHostName(url)) env.refuse(name, `is "${text}"`, remedy);
  else if (url.username || url.password)
    env.refuse(name, 'contains a user or a password', 'remove it: mails show the URL');
  else if (/[?#]/.test(text)) env.refuse(name, 'has a query or a fragment', `write ${url.origin}${url.pathname}`);
  else if (production && url.protocol !== 'https:') env.refuse(name, 'is not https', remedy);
  else if (url.href.length > maxLinksUrlLength) {
    env.refuse(
      name,
      `has more than ${maxLinksUrlLength} characters`,
      'give a shorter one, so that no mail client breaks links',
    );
  } else return url.href.replace(/\/+$/, '');
  return fallback;
}
