/** The tokens of the person using the page. They survive a reload, but not closing the tab. */

/** The response of `login` and `refreshTokens`. */
export interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

interface Kept extends TokenPair {
  /** When to refresh the access token, before it expires, in milliseconds since 1970. */
  readonly renewAt: number;
}

export interface Person {
  readonly email: string;
  readonly role: string;
}

/** Why there is no session, in words for people. */
export class SignInError extends Error {}

const storageKey = 'latchkey-try';
const earlySeconds = 30;
let renewal: Promise<void> | undefined;

/** The API's base path, such as `/api/v1`. */
let api = '';
let changed = (_reason?: string): void => {};

/** Sets up the session; `onChange` is called when it starts and ends, with a reason if it ended by itself. */
export function openSession(basePath: string, onChange: (reason?: string) => void): void {
  api = basePath;
  changed = onChange;
}

export function isSignedIn(): boolean {
  return read() !== undefined;
}

export function refreshToken(): string | undefined {
  return read()?.refresh_token;
}

/** The access token, refreshed if it is about to expire; undefined if nobody is signed in. */
export async function accessToken(): Promise<string | undefined> {
  const kept = read();
  if (kept && Date.now() >= kept.renewAt) await renew();
  return read()?.access_token;
}

export async function signIn(email: string, password: string): Promise<void> {
  keep((await send('/auth/login', { email, password })) as TokenPair);
}

/** Ends the session, here even if the server can't be reached. */
export async function signOut(): Promise<void> {
  const token = await accessToken();
  forget();
  if (token) await fetch(`${api}/auth/logout`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
}

/** Who is signed in; undefined if the session has ended. */
export async function whoAmI(): Promise<Person | undefined> {
  let response = await readOwnAccount();
  if (response?.status === 401) {
    await renew();
    response = await readOwnAccount();
  }
  return response?.ok ? ((await response.json()) as Person) : undefined;
}

async function readOwnAccount(): Promise<Response | undefined> {
  const token = await accessToken();
  return token === undefined ? undefined : fetch(`${api}/auth/me`, { headers: { Authorization: `Bearer ${token}` } });
}

/** Stores the tokens of a sign-in. */
export function keep(pair: TokenPair): void {
  write(pair);
  changed();
}

/** Forgets the tokens. */
export function forget(reason?: string): void {
  sessionStorage.removeItem(storageKey);
  changed(reason);
}

/** Refreshes once for all callers. Forgets a session that has ended; keeps it if the server is unreachable. */
export function renew(): Promise<void> {
  renewal ??= exchange().finally(() => {
    renewal = undefined;
  });
  return renewal;
}

async function exchange(): Promise<void> {
  const token = refreshToken();
  if (token === undefined) return;
  try {
    write((await send('/auth/refresh', { refresh_token: token })) as TokenPair);
  } catch (error) {
    if (error instanceof SignInError && error.cause === 401) forget('Your session ended. Sign in again.');
  }
}

async function send(path: string, body: object): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json().catch(() => ({}))) as { detail?: string };
  if (response.ok) return answer;
  const wait = response.headers.get('Retry-After');
  const detail = answer.detail ?? `The server answered ${response.status}.`;
  throw new SignInError(wait ? `${detail} Try again in ${wait} seconds.` : detail, { cause: response.status });
}

function write(pair: TokenPair): void {
  const early = Math.min(earlySeconds, pair.expires_in / 2);
  const kept: Kept = { ...pair, renewAt: Date.now() + (pair.expires_in - early) * 1000 };
  sessionStorage.setItem(storageKey, JSON.stringify(kept));
}

function read(): Kept | undefined {
  const text = sessionStorage.getItem(storageKey);
  return text === null ? undefined : (JSON.parse(text) as Kept);
}
