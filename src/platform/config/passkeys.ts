import { isIP } from 'node:net';
import type { EnvironmentReader } from './env.ts';
import { exactOrigin } from './origins.ts';

/** Where passkeys work (WebAuthn, section 5.1.2 and 13.4.9). */
export interface PasskeysConfig {
  /** The domain that they belong to; `undefined` if the service has none, so that there are no passkeys. */
  readonly rpId: string | undefined;
  /** The origins of the pages and Android apps that may use them. */
  readonly origins: readonly string[];
}

const exampleDomain = 'example.com';

/** Reads WEBAUTHN_RP_ID and WEBAUTHN_ORIGINS. By default, passkeys belong to the host of PUBLIC_URL, and its pages may use them. */
export function readPasskeys(
  env: EnvironmentReader,
  { publicUrl, corsOrigins }: { readonly publicUrl: string; readonly corsOrigins: readonly string[] },
): PasskeysConfig {
  const own = withDomain(new URL(publicUrl));
  const rpId = readDomain(env, own);
  const listed = readOrigins(env);
  if (rpId === undefined && listed.length > 0) {
    env.refuse('WEBAUTHN_ORIGINS', 'is set, but the host of PUBLIC_URL is no domain', 'set WEBAUTHN_RP_ID too');
  }
  const all = [own.origin, ...corsOrigins].filter((origin) => URL.canParse(origin));
  const origins = all.filter((origin) => rpId !== undefined && isUsable(origin, rpId));
  return { rpId, origins: listed.length > 0 ? listed : [...new Set(origins)] };
}

/** Whether browsers let pages of an origin use the passkeys of a domain. */
export function isUsable(origin: string, rpId: string): boolean {
  const { hostname } = new URL(origin);
  return isTrustworthy(origin) && (hostname === rpId || hostname.endsWith(`.${rpId}`));
}

// Browsers know this machine by its name too, and addresses can't have passkeys.
function withDomain(url: URL): URL {
  const named = new URL(url);
  if (/^(127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(url.hostname)) named.hostname = 'localhost';
  return named;
}

function readDomain(env: EnvironmentReader, own: URL): string | undefined {
  const name = 'WEBAUTHN_RP_ID';
  const text = env.text(name);
  const fallback = isDomain(own.hostname) ? own.hostname : undefined;
  if (text === undefined) return fallback;
  if (isDomain(text)) return text;
  env.refuse(name, `is "${text}"`, `use a domain in lower case, such as ${exampleDomain}, without scheme or port`);
  return fallback;
}

function isDomain(text: string): boolean {
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
  return text.length <= 253 && isIP(text) === 0 && new RegExp(`^${label}(?:\\.${label})*$`).test(text);
}

function readOrigins(env: EnvironmentReader): string[] {
  const name = 'WEBAUTHN_ORIGINS';
  const origins = env.list(name);
  for (const origin of origins.filter((one) => !isAndroidApp(one))) {
    const exact = exactOrigin(origin);
    const remedy = `list exact origins, such as ${exact ?? `https://app.${exampleDomain}`}`;
    if (exact !== origin) env.refuse(name, `contains "${origin}"`, remedy);
    else if (!isTrustworthy(origin)) {
      env.refuse(name, `contains ${origin}, which is not https`, 'browsers have passkeys only there and on localhost');
    }
  }
  return origins;
}

/** The hash of the certificate that an Android app is signed with, as Android sends it for an origin. */
export function isAndroidApp(origin: string): boolean {
  return /^android:apk-key-hash:[A-Za-z0-9_-]{43}$/.test(origin);
}

function isTrustworthy(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'https:' || /(^|\.)localhost$/.test(hostname);
}
