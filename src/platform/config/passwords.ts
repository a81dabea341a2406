import type { EnvironmentReader } from './env.ts';

/** What new passwords must be. */
export interface PasswordsConfig {
  /** In code points. */
  readonly minLength: number;
  /** A service that knows breached passwords, without a trailing slash; `undefined` if there is none. */
  readonly breachedUrl: string | undefined;
}

/** Where the password is the only factor, NIST SP 800-63B-4 asks for 15 characters (section 3.1.1.1); elsewhere 8 let people try things. */
export function readPasswords(env: EnvironmentReader, production: boolean): PasswordsConfig {
  return {
    minLength: env.integer('PASSWORD_MIN_LENGTH', production ? 15 : 8, 8, 64),
    breachedUrl: readBreachedUrl(env, production),
  };
}

function readBreachedUrl(env: EnvironmentReader, production: boolean): string | undefined {
  const name = 'PWNED_PASSWORDS_URL';
  const text = env.text(name);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const remedy = 'give the address that /range is under, such as https://api.pwnedpasswords.com';
  if (!url || !/^https?:$/.test(url.protocol) || /[?#]/.test(text))
    env.refuse(name, `is not an http:// or https:// URL`, remedy);
  else if (url.username || url.password) env.refuse(name, 'contains a user or a password', 'remove it');
  else if (production && url.protocol !== 'https:') env.refuse(name, 'is not https', remedy);
  return text.replace(/\/+$/, '');
}
