import type { Platform } from '../../platform/platform.ts';
import type { ServedFeature } from '../feature.ts';
import { nobody } from '../users/joined-user.ts';
import * as repository from './one-time-secrets.repository.ts';
import { createOneTimeSecretsService } from './one-time-secrets.service.ts';
import { personalData } from './personal-data.ts';

/** Secrets that are mailed and work once. */
export function createOneTimeSecrets({ database }: Platform) {
  return {
    service: createOneTimeSecretsService({ database, secrets: repository }),
    handlers: {},
    expiry: [{ name: 'one_time_secrets', deleteSome: repository.deleteExpiredSecrets }],
    personalData,
    indexes: {
      one_time_secrets_pkey: `select * from one_time_secrets where secret_hash = '\\x00'`,
      one_time_secrets_user_id_idx: `delete from one_time_secrets where user_id = '${nobody}'`,
      one_time_secrets_registration_id_idx: `delete from one_time_secrets where registration_id = '${nobody}'`,
      one_time_secrets_email_idx: `select * from one_time_secrets where email = '' and created_at > now() - interval '1 hour'`,
      one_time_secrets_expires_at_idx: undefined,
    },
  } satisfies ServedFeature;
}
