import type { components } from '../../../generated/openapi.ts';
import type { Passkey } from './passkey.ts';
import type { BegunAuthentication, BegunRegistration } from './passkeys.service.ts';
import { algorithms, userHandleOf } from './webauthn.ts';

type Wire = components['schemas'];

const type = 'public-key';

/** The one place where a passkey becomes what clients see. */
export function toWirePasskey(passkey: Passkey): Wire['Passkey'] {
  return {
    id: passkey.id,
    name: passkey.name,
    created_at: passkey.createdAt.toISOString(),
    last_used_at: passkey.lastUsedAt?.toISOString() ?? null,
    credential_id: passkey.credentialId.toString('base64url'),
    transports: [...passkey.transports],
    aaguid: passkey.aaguid,
    is_synced: passkey.isBackedUp,
  };
}

/** What a browser makes a passkey of. */
export function toWireRegistration(begun: BegunRegistration): Wire['PasskeyRegistrationOptions'] {
  const { rpId, serviceName, user, known } = begun;
  return {
    public_key: {
      rp: { id: rpId, name: serviceName },
      user: { id: userHandleOf(user.id), name: user.email, displayName: user.fullName },
      ...toWireChallenge(begun),
      pubKeyCredParams: algorithms.map((alg) => ({ type, alg })),
      excludeCredentials: known.map(toWireDescriptor),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    },
    expires_at: begun.expiresAt.toISOString(),
  };
}

/** What a browser asks for a passkey with. */
export function toWireAuthentication(begun: BegunAuthentication): Wire['PasskeyLoginOptions'] {
  return {
    public_key: {
      ...toWireChallenge(begun),
      rpId: begun.rpId,
      allowCredentials: begun.known.map(toWireDescriptor),
      userVerification: 'required',
    },
    expires_at: begun.expiresAt.toISOString(),
  };
}

function toWireChallenge({ challenge, timeoutSeconds }: BegunAuthentication) {
  return { challenge, timeout: timeoutSeconds * 1000 };
}

function toWireDescriptor({ credentialId, transports }: Passkey): Wire['PublicKeyCredentialDescriptor'] {
  return { id: credentialId.toString('base64url'), type, transports: [...transports] };
}
