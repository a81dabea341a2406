import type { components } from '../../../generated/openapi.ts';
import type { Client } from '../../access/client.ts';
import type { Database } from '../../platform/database/database.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { RefusedPasskey } from '../passkeys/refused-passkey.ts';
import type { BegunAuthentication, PasskeysService } from '../passkeys/passkeys.service.ts';
import type { TokenPair } from '../sessions/token-pair.ts';
import type { AdmissionService, Login } from './admission.service.ts';
import type { ChallengesService } from './challenges.service.ts';
import type { DeviceTokens } from './device-tokens.ts';
import type { CountLogin } from './login-outcomes.ts';
import type { Asking } from './own-password.service.ts';

export interface PasskeySignInServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly admission: Pick<AdmissionService, 'admit' | 'continueSession' | 'refusal'>;
  readonly challenges: Pick<ChallengesService, 'find'>;
  readonly passkeys: Pick<PasskeysService, 'beginAuthentication' | 'prove'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly devices: Pick<DeviceTokens, 'read'>;
  readonly count: CountLogin;
}

type Credential = components['schemas']['AuthenticationCredential'];

interface PasskeyProof {
  readonly credential: Credential;
  /** Of an earlier login on the same device. */
  readonly deviceToken?: string | undefined;
}

export type PasskeySignInService = ReturnType<typeof createPasskeySignInService>;

const methods = ['passkey'] as const;

/** Signing in with a passkey, which names its user and is two factors by itself, and proving with one who is signed in. */
export function createPasskeySignInService(parts: PasskeySignInServiceParts) {
  const { database, admission, challenges, passkeys, audit, devices, count } = parts;

  async function prove(credential: Credential, client: Client) {
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

  /** Only a passkey of the session's user will do. */
  async function proveOwn({ principal, client }: Asking, credential: Credential) {
    const { id: userId, sessionId } = principal;
    try {
      return await passkeys.prove(credential, client, userId);
    } catch (error) {
      if (!(error instanceof RefusedPasskey)) throw error;
      const details = { method: 'passkey', passkey: error.reason };
      const event = { userId, actorId: userId, sessionId, client, details, outcome: 'failure' } as const;
      await audit.record(database.pool, { ...event, type: 'session.reauthentication_failed' });
      throw error.violationAt(['body', 'passkey']);
    }
  }

  return {
    /**
     * Asks for a passkey of anybody, or of whoever got a challenge. Throws `invalid_challenge` for one that can't be answered, and
     * `passkeys_unavailable`.
     */
    async begin(challengeToken?: string): Promise<BegunAuthentication> {
      const challenged = challengeToken === undefined ? undefined : await challenges.find(challengeToken);
      return passkeys.beginAuthentication(challenged?.userId);
    },

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

    /**
     * Throws a violation for a passkey that can't be accepted, `invalid_token` if the session ended meanwhile, or factors changed, and
     * `passkeys_unavailable`.
     */
    async reauthenticate(asking: Asking, credential: Credential): Promise<TokenPair> {
      const { principal, client } = asking;
      const { user, credentialsVersion } = await proveOwn(asking, credential);
      const proof = { user, credentialsVersion, methods, client };
      return database.transaction((db) => admission.continueSession(db, principal.sessionId, proof));
    },
  };
}
