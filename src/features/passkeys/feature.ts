import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { FactorsService } from '../factors/factors.service.ts';
import type { ServedFeature } from '../feature.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import { nobody } from '../users/joined-user.ts';
import { beginPasskeyRegistration } from './operations/beginPasskeyRegistration.ts';
import { listPasskeys } from './operations/listPasskeys.ts';
import { registerPasskey } from './operations/registerPasskey.ts';
import { removePasskey } from './operations/removePasskey.ts';
import { renamePasskey } from './operations/renamePasskey.ts';
import * as challengesRepository from './passkey-challenges.repository.ts';
import * as repository from './passkeys.repository.ts';
import { createPasskeysService } from './passkeys.service.ts';
import { personalData } from './personal-data.ts';
import { createWebAuthn } from './webauthn.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly factors: { readonly service: FactorsService };
  readonly notices: { readonly service: NoticesService };
}

/** Passkeys, a second factor that is two factors by itself. */
export function createPasskeys({ config, database }: Platform, { audit, factors, notices }: Needs) {
  const { rpId, origins } = config.passkeys;
  const service = createPasskeysService({
    database,
    audit: audit.service,
    notices: notices.service,
    factors: factors.service,
    challenges: challengesRepository,
    passkeys: repository,
    webAuthn: rpId === undefined ? undefined : createWebAuthn({ rpId, origins, serviceName: config.serviceName }),
  });
  return {
    service,
    handlers: {
      beginPasskeyRegistration: beginPasskeyRegistration(service),
      registerPasskey: registerPasskey(service),
      listPasskeys: listPasskeys(service),
      renamePasskey: renamePasskey(service),
      removePasskey: removePasskey(service),
    },
    expiry: [{ name: 'passkey_challenges', deleteSome: challengesRepository.deleteExpiredChallenges }],
    personalData,
    indexes: {
      passkeys_pkey: `select * from passkeys where factor_id = '${nobody}'`,
      passkeys_credential_id_key: `select * from passkeys where credential_id = '\\x00'`,
      passkey_challenges_pkey: `select * from passkey_challenges where challenge_hash = '\\x00'`,
      passkey_challenges_user_id_idx: `delete from passkey_challenges where user_id = '${nobody}'`,
      passkey_challenges_expires_at_idx: undefined,
    },
  } satisfies ServedFeature;
}
