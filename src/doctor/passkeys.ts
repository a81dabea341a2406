import type { Config } from '../platform/config/config.ts';
import { isAndroidApp, isUsable } from '../platform/config/passkeys.ts';
import { ok, warn, type Finding } from '../platform/findings.ts';

type Passkeys = Pick<Config, 'passkeys' | 'publicUrl' | 'corsOrigins'>;

/** Whether the pages that call may use passkeys. */
export function checkPasskeys({ passkeys: { rpId, origins }, publicUrl, corsOrigins }: Passkeys): Finding {
  if (rpId === undefined) {
    const reason = `there are none: they belong to a domain, and ${publicUrl} has an address`;
    return warn('passkeys', reason, 'set PUBLIC_URL to a domain, such as https://accounts.example.com');
  }
  const strange = origins.filter((origin) => !isAndroidApp(origin) && !isUsable(origin, rpId));
  if (strange.length > 0) {
    const reason = `${strange.join(', ')} in WEBAUTHN_ORIGINS is not under ${rpId}, so most browsers have none there`;
    return warn('passkeys', reason, 'set WEBAUTHN_RP_ID to a domain that is part of all of them');
  }
  const without = corsOrigins.filter((origin) => !origins.includes(origin));
  if (without.length > 0) {
    const reason = `those of ${rpId} can't be used on pages of ${without.join(', ')}, which may call`;
    const remedy =
      'set WEBAUTHN_RP_ID to a domain that is part of all of them, before anybody has a passkey: those of another stop working';
    return warn('passkeys', reason, remedy);
  }
  return ok('passkeys', `those of ${rpId} can be used at ${origins.join(', ')}`);
}
