import type { TokenPair } from './token-pair.ts';

/** What cookies depend on. */
export interface SessionCookieOptions {
  /** The origin of the server. */
  readonly publicUrl: string;
  /** How long a session lasts without a refresh. */
  readonly idleSeconds: number;
}

export type SessionCookies = ReturnType<typeof createSessionCookies>;

/** The tokens of a browser session as cookies: what they are called, and how browsers treat them (ASVS 3.3). */
export function createSessionCookies({ publicUrl, idleSeconds }: SessionCookieOptions) {
  // Safari drops Secure cookies on http://localhost, and `__Host-` needs Secure. In production, the URL is https.
  const isSecure = publicUrl.startsWith('https:');
  const attributes = `; Path=/; HttpOnly${isSecure ? '; Secure' : ''}; SameSite=Strict`;
  const [session, device] = ['latchkey', 'latchkey-device'].map((name) => (isSecure ? `__Host-${name}` : name)) as [
    string,
    string,
  ];
  const write = (name: string, value: string, seconds: number) => `${name}=${value}${attributes}; Max-Age=${seconds}`;

  return {
    /** The refresh token that a `Cookie` header has. */
    refreshTokenIn: (header: string | undefined): string | undefined => valueOf(session, header),
    /** The device token that a `Cookie` header has. */
    deviceTokenIn: (header: string | undefined): string | undefined => valueOf(device, header),
    /** Keeps the refresh token for as long as the session lasts without another refresh. */
    keepSession({ refreshToken, sessionExpiresAt }: TokenPair): string {
      const left = Math.ceil((sessionExpiresAt.getTime() - Date.now()) / 1000);
      return write(session, refreshToken, Math.max(1, Math.min(left, idleSeconds)));
    },
    keepDevice: (deviceToken: string): string => write(device, deviceToken, longest),
    clearSession: (): string => write(session, '', 0),
  };
}

// 400 days, the most that browsers keep a cookie for.
const longest = 34_560_000;

function valueOf(name: string, header = ''): string | undefined {
  const own = header.split(';').find((cookie) => cookie.trimStart().startsWith(`${name}=`));
  const value = own?.slice(own.indexOf('=') + 1).trim();
  return value === '' ? undefined : value;
}
