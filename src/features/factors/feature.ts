import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import type { Platform } from '../../platform/platform.ts';
import { createSealing } from '../../platform/sealing.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ServedFeature } from '../feature.ts';
import type { GuessingService } from '../guessing/guessing.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import { nobody } from '../users/joined-user.ts';
import { checkEnrolment } from './enrolment.check.ts';
import * as repository from './factors.repository.ts';
import { createFactorsService, factorChanges } from './factors.service.ts';
import { confirmTotp } from './operations/confirmTotp.ts';
import { enrolTotp } from './operations/enrolTotp.ts';
import { listFactors } from './operations/listFactors.ts';
import { listUserFactors } from './operations/listUserFactors.ts';
import { removeFactor } from './operations/removeFactor.ts';
import { renewRecoveryCodes } from './operations/renewRecoveryCodes.ts';
import { resetFactors } from './operations/resetFactors.ts';
import { personalData } from './personal-data.ts';
import * as codesRepository from './recovery-codes.repository.ts';
import { createRecoveryCodesService } from './recovery-codes.service.ts';
import { checkSeeds, createResealingJob } from './resealing.ts';
import * as seedsRepository from './totp-seeds.repository.ts';
import { createTotpService } from './totp.service.ts';

interface Needs {
  readonly audit: { readonly service: AuditService };
  readonly guessing: { readonly service: GuessingService };
  readonly notices: { readonly service: NoticesService };
  readonly sessions: { readonly service: SessionsService };
}

/** A code that was typed, and what it is said to come from. */
export interface TypedCode {
  readonly factor: 'totp' | 'recovery_code';
  readonly code: string;
}

/** Whether a code proves that somebody who has proved the first factor is that user. Uses it up in the given transaction. */
export type VerifyCode = (
  db: Db,
  who: { readonly user: Pick<User, 'id' | 'email'>; readonly client: Client },
  typed: TypedCode,
) => Promise<boolean>;

/** Second factors, and the recovery codes that stand in for them. */
export function createFactors(
  { config, database, keys, metrics }: Platform,
  { audit, guessing, notices, sessions }: Needs,
) {
  const parts = { audit: audit.service, notices: notices.service };
  const sealing = createSealing(keys.factorSeeds);
  const recoveryCodes = createRecoveryCodesService({ ...parts, codes: codesRepository });
  const service = createFactorsService({
    ...parts,
    database,
    factors: repository,
    recoveryCodes,
    sessions: sessions.service,
    guessing: guessing.service,
    count: metrics.labelledCounter({
      name: 'latchkey_factor_changes_total',
      help: 'Second factors added, removed by their user, and reset, by kind',
      label: 'change',
      values: factorChanges,
    }),
  });
  const { secondFactorFrom, serviceName } = config;
  const totp = createTotpService({ factors: service, seeds: seedsRepository, sealing, serviceName });
  const verify: VerifyCode = (db, { user, client }, { factor, code }) =>
    factor === 'totp' ? totp.verify(db, user.id, code) : recoveryCodes.verify(db, user, client, code);
  return {
    service,
    verify,
    handlers: {
      listFactors: listFactors(service),
      enrolTotp: enrolTotp(totp),
      confirmTotp: confirmTotp(totp),
      removeFactor: removeFactor(service),
      renewRecoveryCodes: renewRecoveryCodes(service),
      listUserFactors: listUserFactors(service),
      resetFactors: resetFactors(service),
    },
    jobs: [createResealingJob(database, sealing)],
    expiry: [{ name: 'factors', deleteSome: repository.deleteExpiredFactors }],
    checks: [
      (examined) => checkSeeds(examined, sealing),
      ...(secondFactorFrom ? [(examined: Database) => checkEnrolment(examined, secondFactorFrom)] : []),
    ],
    personalData,
    indexes: {
      factors_pkey: `select * from factors where id = '${nobody}'`,
      factors_user_id_idx: `select * from factors where user_id = '${nobody}' and confirmed_at is not null`,
      factors_unconfirmed_idx: undefined,
      totp_seeds_pkey: `select * from totp_seeds where factor_id = '${nobody}'`,
      recovery_codes_pkey: `select * from recovery_codes where code_hash = '\\x00'`,
      recovery_codes_user_id_idx: `select * from recovery_codes where user_id = '${nobody}' and used_at is null`,
    },
  } satisfies ServedFeature & { verify: VerifyCode };
}
