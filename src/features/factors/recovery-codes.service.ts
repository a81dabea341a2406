import type { Client } from '../../access/client.ts';
import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type * as codesRepository from './recovery-codes.repository.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';

export interface RecoveryCodesServiceParts {
  readonly codes: typeof codesRepository;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
}

export type RecoveryCodesService = ReturnType<typeof createRecoveryCodesService>;

/** From this number on, a user is told to renew them. */
const few = 3;

/** Codes that stand in for a lost factor, each once (NIST SP 800-63B, look-up secrets). */
export function createRecoveryCodesService({ codes, audit, notices }: RecoveryCodesServiceParts) {
  return {
    count: codes.countCodes,
    removeAll: codes.deleteCodes,

    /** Makes ten codes, which replace all earlier ones. They can't be shown again. */
    async renew(db: Db, userId: string): Promise<string[]> {
      const made = makeRecoveryCodes();
      await codes.replaceCodes(db, userId, made.map(hashRecoveryCode));
      return made;
    },

    /** Whether a code is one of a user's, however it was typed; it works once. Its owner is mailed, and told when few are left. */
    async verify(db: Db, user: Pick<User, 'id' | 'email'>, client: Client, code: string): Promise<boolean> {
      if (!(await codes.useCode(db, user.id, hashRecoveryCode(code)))) return false;
      const left = await codes.countCodes(db, user.id);
      const event = { type: 'recovery_code.used', outcome: 'success', userId: user.id, actorId: user.id } as const;
      await audit.record(db, { ...event, client, details: { left } });
      const notice = left > few ? 'recovery_code_used' : 'recovery_codes_low';
      const values = { at: new Date().toISOString(), left: String(left) };
      await notices.send(db, { userId: user.id, to: user.email, notice, values });
      return true;
    },
  };
}
