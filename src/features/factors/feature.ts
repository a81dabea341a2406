import type { Platform } from '../../platform/platform.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ServedFeature } from '../feature.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import type { CredentialsService } from '../users/credentials.service.ts';
import * as repository from './factors.repository.ts';
import { createFactorsService } from './factors.service.ts';
import { personalData } from './personal-data.ts';
import * as codesRepository from './recovery-codes.repository.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly notices: { readonly service: NoticesService };
  readonly sessions: { readonly service: SessionsService };
  readonly users: { readonly credentials: CredentialsService };
}

/** Second factors, and the recovery codes that stand in for them. */
export function createFactors({ database }: Platform, { audit, notices, sessions, users }: Needs) {
  const service = createFactorsService({
    database,
    factors: repository,
    codes: codesRepository,
    credentials: users.credentials,
    sessions: sessions.service,
    audit: audit.service,
    notices: notices.service,
  });
  return {
    service,
    handlers: {},
    expiry: [{ name: 'factors', deleteSome: repository.deleteExpiredFactors }],
    personalData,
    indexes: {
      factors_pkey: `select * from factors where id = '${nobody}'`,
      factors_user_id_idx: `select * from factors where user_id = '${nobody}' and confirmed_at is not null`,
      factors_unconfirmed_idx: undefined,
      totp_seeds_pkey: `select * from totp_seeds where factor_id = '${nobody}'`,
      recovery_codes_pkey: `select * from recovery_codes where code_hash = '\\x00'`,
      recovery_codes_user_id_idx: `select * from recovery_codes where user_id = '${nobody}' and used_at is null`,
    },
  } satisfies ServedFeature;
}

const nobody = '00000000-0000-0000-0000-000000000000';
