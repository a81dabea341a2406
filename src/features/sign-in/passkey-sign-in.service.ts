import type { components } from '../../../generated/openapi.ts';
import type { Client } from '../../access/client.ts';
import { RefusedPasskey } from '../passkeys/refused-passkey.ts';
import type { PasskeysService } from '../passkeys/passkeys.service.ts';
import type { AdmissionService, Login } from './admission.service.ts';
import type { DeviceTokens } from './device-tokens.ts';
import type { CountLogin } from './login-outcomes.ts';

export interface PasskeySignInServiceParts {
  readonly admission: Pick<AdmissionService, 'admit' | 'refusal'>;
  readonly passkeys: Pick<PasskeysService, 'prove'>;
  readonly devices: Pick<DeviceTokens, 'read'>;
  readonly count: CountLogin;
}

interface PasskeyProof {
  readonly credential: components['schemas']['AuthenticationCredential'];
  /** Of an earlier login on the same device. */
  readonly deviceToken?: string | undefined;
}

export type PasskeySignInService = ReturnType<typeof createPasskeySignInService>;

const methods = ['passkey'] as const;

/** Signing in with a passkey, which names its user and is two factors by itself. */
export function createPasskeySignInService({ admission, passkeys, devices, count }: PasskeySignInServiceParts) {
  async function prove(credential: PasskeyProof['credential'], client: Client) {
    try {
      return await passkeys.prove(credential, client);
    } catch (error) {
      if (!(error instanceof RefusedPasskey)) throw error;
      throw await admission.refusal(
        'invalid_passkey',
        { methods, client, details: { passkey: error.reason } },
        error.user,
      );
    }
  }

  return {
    /**
     * Throws `invalid_passkey` for any that can't be accepted, `account_disabled` and `email_not_verified` after the right one only, and
     * `passkeys_unavailable`.
     */
    login: ({ credential, deviceToken }: PasskeyProof, client: Client): Promise<Login> =>
      count(async () => {
        const { user, credentialsVersion } = await prove(credential, client);
        const device = devices.read(deviceToken, { id: user.id, credentialsVersion });
        return admission.admit({ user, credentialsVersion, methods, client, device, outdated: 'invalid_passkey' });
      }),
  };
}
