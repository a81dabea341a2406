import { isIP } from 'node:net';
import type { EnvironmentReader } from './env.ts';

/** Where to listen: an address or a name of this machine, an IPv6 address without brackets. */
export function readHost(env: EnvironmentReader, name: string): string {
  const usual = '127.0.0.1';
  const text = env.text(name) ?? usual;
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 || (/^[\w.-]+$/.test(text) && !/^[\d.]+$/.test(text) && URL.canParse(originOf(host))))
    return host;
  env.refuse(name, `is "${text}"`, 'use an address such as 127.0.0.1, ::1 or 0.0.0.0, without a scheme and a port');
  return usual;
}

/** The address of what listens there; a URL knows no zone of an IPv6 address. */
export function originOf(host: string, port?: number): string {
  const name = host.includes(':') ? `[${host.replace(/%.*$/, '')}]` : host;
  return port === undefined ? `http://${name}` : `http://${name}:${port}`;
}

/** The origins of the pages that may call from a browser, each as a browser sends it. */
export function readCorsOrigins(env: EnvironmentReader): string[] {
  const origins = env.list('CORS_ORIGINS');
  for (const origin of origins) {
    const exact = exactOrigin(origin);
    if (exact === origin) continue;
    env.refuse('CORS_ORIGINS', `holds "${origin}"`, `${remedyFor(origin)}, such as ${exact ?? usualOrigin}`);
  }
  return origins;
}

const usualOrigin = 'https://app.example.com';

function remedyFor(origin: string): string {
  if (origin.includes('*')) return 'list each origin: a wildcard matches none';
  return /[;\s]/.test(origin) ? 'list exact origins with commas between them' : 'list exact origins';
}

function exactOrigin(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && isHostName(url) ? url.origin : undefined;
}

// A URL's host may hold more, such as a wildcard or the comma before another one.
function isHostName({ hostname }: URL): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])$/.test(hostname);
}

/** The origin that clients use. Without PUBLIC_URL it is where the server listens. */
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
  if (url.username || url.password) env.refuse(name, 'holds a user or a password', 'take it out: anybody reads it');
  else if (/[?#]/.test(text)) env.refuse(name, 'has a query or a fragment', `write ${url.origin}`);
  else if (!/^\/*$/.test(url.pathname)) {
    const ownName = `give Latchkey a host name of its own and write it without a path, such as ${url.origin}`;
    env.refuse(name, `has the path ${url.pathname}, and every address of the API begins at /`, ownName);
  } else if (production && url.protocol !== 'https:') env.refuse(name, 'is not https', remedy);
  return url.origin;
}
