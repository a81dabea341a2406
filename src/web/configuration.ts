/** The settings of the server that pages show or depend on, as /pages/config.json has them. */
export interface Configuration {
  readonly service_name: string;
  readonly production: boolean;
  readonly registration: 'open' | 'verified' | 'closed';
  /** Whether people can sign in with a code that is mailed to them. */
  readonly email_codes: boolean;
  /** The domain that passkeys belong to; null if the service has none. */
  readonly passkey_domain: string | null;
  readonly password_min_length: number;
  /** How long a deleted account can be restored. */
  readonly erase_after_days: number;
  readonly has_logo: boolean;
  readonly links: Partial<Record<'terms' | 'privacy' | 'support', string>>;
  /** The origins that people may be sent back to. */
  readonly return_origins: readonly string[];
}

export async function loadConfiguration(): Promise<Configuration> {
  const response = await fetch('/pages/config.json');
  if (!response.ok) throw new Error(`the settings could not be loaded: ${response.status}`);
  return (await response.json()) as Configuration;
}

/** Whether this browser can use the passkeys of the service on this page. */
export function canUsePasskeys({ passkey_domain: domain }: Configuration): boolean {
  const { hostname } = location;
  const isOfDomain = domain !== null && (hostname === domain || hostname.endsWith(`.${domain}`));
  return isOfDomain && 'PublicKeyCredential' in window;
}
